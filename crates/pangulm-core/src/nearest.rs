//! Guessing what somebody meant.

/// The candidate with the fewest letters to change; empty if there are none.
pub(crate) fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> &'a str {
    candidates
        .min_by_key(|candidate| distance(word, candidate))
        .unwrap_or_default()
}

/// How many letters must be changed, added or removed, upper and lower case being the same.
fn distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (1..=to.len()).collect();
    for (line, letter) in from.bytes().enumerate() {
        let (mut diagonal, mut left) = (line, line + 1);
        for (cell, other) in row.iter_mut().zip(to.bytes()) {
            let changed = usize::from(!other.eq_ignore_ascii_case(&letter));
            left = (diagonal + changed).min(*cell + 1).min(left + 1);
            diagonal = std::mem::replace(cell, left);
        }
    }
    row.last().copied().unwrap_or(from.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_found() {
        let names = ["countTokens", "createToken", "listProjects"];
        assert_eq!(nearest("counttoken", names.into_iter()), "countTokens");
        assert_eq!(nearest("project", names.into_iter()), "listProjects");
    }
}
