//! Guessing what somebody meant.

/// The candidate with the fewest letters to change; empty if there are none.
pub(crate) fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> &'a str {
    candidates
        .min_by_key(|candidate| distance(word, candidate))
        .unwrap_or_default()
}

/// How many letters must be changed, added or removed, upper and lower case being the same.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.to_ascii_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (line, letter) in from.to_ascii_lowercase().chars().enumerate() {
        let mut next = vec![line + 1];
        for (other, pair) in to.iter().zip(row.windows(2)) {
            let [diagonal, above] = pair else { continue };
            let left = next.last().copied().unwrap_or_default();
            next.push(
                (diagonal + usize::from(letter != *other))
                    .min(above + 1)
                    .min(left + 1),
            );
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
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
