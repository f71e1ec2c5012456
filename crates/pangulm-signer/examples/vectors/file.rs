//! A file of vectors: of signed API requests, or of the object storage's.

use serde::{
    Deserialize,
    de::{DeserializeOwned, IgnoredAny},
};

use crate::{obs, outcome::Outcome, signer};

pub(crate) enum Case {
    Signer(Box<signer::Case>),
    Obs(Box<obs::Case>),
}

#[derive(Deserialize)]
struct File<T> {
    vectors: Vec<T>,
}

/// What tells the two sorts of file apart: the object storage's cases have a kind.
#[derive(Deserialize)]
struct Sort {
    kind: Option<IgnoredAny>,
}

impl Case {
    pub(crate) fn id(&self) -> &str {
        match self {
            Self::Signer(case) => &case.id,
            Self::Obs(case) => &case.id,
        }
    }

    pub(crate) fn check(&self) -> Outcome {
        match self {
            Self::Signer(case) => case.check(),
            Self::Obs(case) => case.check(),
        }
    }
}

pub(crate) fn parse(text: &str) -> Result<Vec<Case>, String> {
    let sorts: Vec<Sort> = read(text)?;
    if sorts.iter().any(|sort| sort.kind.is_some()) {
        let cases = read(text)?.into_iter();
        Ok(cases.map(|case| Case::Obs(Box::new(case))).collect())
    } else {
        let cases = read(text)?.into_iter();
        Ok(cases.map(|case| Case::Signer(Box::new(case))).collect())
    }
}

fn read<T: DeserializeOwned>(text: &str) -> Result<Vec<T>, String> {
    serde_json::from_str(text)
        .map(|file: File<T>| file.vectors)
        .map_err(|error| format!("not a file of signature vectors: {error}"))
}
