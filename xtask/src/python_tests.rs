//! The suites that need Python: the independent witnesses, schemathesis, and the programs
//! tests/python/*.py.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::cargo::Built;
use crate::test::Outcome;
use crate::{official, schemathesis, step, witnesses};

pub(crate) fn run(programs: &Built) -> Result<Outcome> {
    let suites = suites()?;
    let count = suites.len() + 2;
    println!("{count} Python suites");
    if !official::has_python() {
        return Ok(Outcome::Skipped(count, "there is no python3"));
    }
    witnesses::test()?;
    schemathesis::test(programs)?;
    for suite in &suites {
        step::timed(suite.display(), || {
            let mut command = Command::new("python3");
            step::run(
                command.arg(suite).current_dir(step::root()),
                "see the failing test above",
            )
        })?;
    }
    Ok(Outcome::Passed)
}

fn suites() -> Result<Vec<PathBuf>> {
    let folder = step::root().join("tests/python");
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let file = entry?.path();
        if file.extension().is_some_and(|extension| extension == "py") {
            found.push(file);
        }
    }
    found.sort_unstable();
    Ok(found)
}
