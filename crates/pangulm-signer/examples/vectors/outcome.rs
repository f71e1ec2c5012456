//! What comes of a case.

pub(crate) enum Outcome {
    Passed,
    /// The case is of an algorithm that this crate does not sign with.
    Skipped(String),
    Failed(Vec<Mismatch>),
}

pub(crate) struct Mismatch {
    pub(crate) stage: &'static str,
    pub(crate) expected: String,
    pub(crate) got: String,
}

/// A stage that the file may say nothing about: its name, what is expected, what came out.
pub(crate) type Stage<'a> = (&'static str, Option<&'a str>, &'a str);

impl Outcome {
    /// Compares stage by stage, so that a failure names the one where it begins.
    pub(crate) fn of<'a>(stages: impl IntoIterator<Item = Stage<'a>>) -> Self {
        let differs = |(stage, expected, got): Stage<'a>| {
            let expected = expected.filter(|expected| *expected != got)?;
            Some(Mismatch {
                stage,
                expected: expected.to_owned(),
                got: got.to_owned(),
            })
        };
        let mismatches: Vec<_> = stages.into_iter().filter_map(differs).collect();
        if mismatches.is_empty() {
            Self::Passed
        } else {
            Self::Failed(mismatches)
        }
    }

    /// A case that could not be signed at all.
    pub(crate) fn refused(expected: &str, got: impl ToString) -> Self {
        Self::Failed(vec![Mismatch {
            stage: "signing",
            expected: expected.to_owned(),
            got: got.to_string(),
        }])
    }
}
