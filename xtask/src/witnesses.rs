//! The independent witnesses: the official Python and Node signers against ours.

use anyhow::Result;

use crate::cargo::cargo;
use crate::{official, step};

/// Installs the two and lets them sign.
pub(crate) fn test() -> Result<()> {
    let official = official::ensure()?;
    step::timed("independent witnesses", || {
        let mut command = cargo(["run", "--quiet", "--package", "witnesses", "--"]);
        command
            .arg("--python")
            .arg(&official.python)
            .arg("--node-modules")
            .arg(&official.node_modules);
        step::run(&mut command, "see the failures above")
    })
}
