//! `cargo xtask typedoc`: the reference of the npm package, written out of its TypeScript.

use std::process::Command;

use anyhow::{Result, bail};

use crate::{build_npm, cargo, node, step};

pub(crate) const ABOUT: &str = "build the npm package and write its reference into target/typedoc";

/// What typedoc reads and what it refuses: an export that is not documented, a link that leads nowhere.
const SETTINGS: &str = "pkg/typedoc.json";

const REMEDY: &str =
    "document what typedoc names above, or mend its link; its settings are in pkg/typedoc.json";

pub(crate) fn run(arguments: Vec<String>) -> Result<()> {
    if let Some(unknown) = arguments.first() {
        bail!("`cargo xtask typedoc` takes no arguments, but got `{unknown}`");
    }
    // The types of the operations are written by the build.
    build_npm::build()?;
    let folder = cargo::target_dir()?.join("typedoc");
    step::announce("Writing the reference of the npm package");
    step::run(typedoc().arg("--out").arg(&folder), REMEDY)?;
    println!("{}", folder.join("index.html").display());
    Ok(())
}

/// Fails if something that is exported is not documented. Writes nothing; the package must be built.
pub(crate) fn check() -> Result<()> {
    step::timed("reference of the npm package, by typedoc", || {
        step::run(
            typedoc().args(["--emit", "none", "--logLevel", "Warn"]),
            REMEDY,
        )
    })
}

fn typedoc() -> Command {
    let mut command = node::tool("typedoc/bin/typedoc");
    command.args(["--options", SETTINGS]);
    command
}
