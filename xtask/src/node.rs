//! Node, npm and the tools that come from npm.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::step;

const OLDEST: u32 = 20;
const GET_NODE: &str = "install Node.js 20 or newer, with npm";

/// A Node process in the workspace, given the script and its arguments later.
pub(crate) fn node() -> Command {
    let mut command = Command::new("node");
    command.current_dir(step::root());
    command
}

/// A tool installed from npm, by its script inside node_modules.
pub(crate) fn tool(script: &str) -> Command {
    let mut command = node();
    command.arg(step::root().join("node_modules").join(script));
    command
}

/// npm, given its arguments and its folder later.
pub(crate) fn npm() -> Command {
    Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" })
}

/// The version of Node.
pub(crate) fn version() -> Result<String> {
    let version = step::output(node().arg("--version"), GET_NODE)?;
    Ok(version.trim().trim_start_matches('v').to_owned())
}

/// Checks Node, and installs the npm packages of package-lock.json unless they are installed.
pub(crate) fn ensure_packages() -> Result<()> {
    check_version()?;
    let lock = fs::read(step::root().join("package-lock.json"))
        .context("package-lock.json cannot be read")?;
    if fs::read(stamp()).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    step::announce("Installing the npm packages of package-lock.json");
    step::run(
        npm()
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
            .current_dir(step::root()),
        "Node.js comes with npm; check that it is installed and that it reaches its registry",
    )?;
    fs::write(stamp(), lock).context("node_modules cannot be written")
}

/// The lock file as it was when node_modules was last filled.
fn stamp() -> PathBuf {
    step::root().join("node_modules/.installed-lock.json")
}

fn check_version() -> Result<()> {
    let version = version()?;
    let major = version.split('.').next();
    match major.and_then(|digits| digits.parse::<u32>().ok()) {
        Some(major) if major >= OLDEST => Ok(()),
        _ => bail!("Node.js {version} is too old: {GET_NODE}"),
    }
}
