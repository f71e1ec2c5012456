//! The official Python and Node signers, installed beside what cargo builds, never into the
//! workspace's own packages. The versions stand in tests/witnesses.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::{cargo, step};

pub(crate) const NETWORK: &str = "check that the package registries can be reached";

/// Where the two are.
pub(crate) struct Official {
    /// A Python that can import the signer.
    pub(crate) python: PathBuf,
    /// The node_modules folder with the signer.
    pub(crate) node_modules: PathBuf,
}

/// Whether there is a Python to install one of them for.
pub(crate) fn has_python() -> bool {
    step::succeeds(Command::new("python3").arg("--version"))
}

/// Installs both, unless these versions are installed.
pub(crate) fn ensure() -> Result<Official> {
    let folder = cargo::target_dir()?.join("official-signers");
    Ok(Official {
        python: ensure_python(&folder)?,
        node_modules: ensure_node(&folder)?,
    })
}

fn ensure_python(folder: &Path) -> Result<PathBuf> {
    let list = pinned("requirements.txt");
    python_with(&folder.join("python"), &list, "the official Python signer")
}

/// A Python of its own with the packages of a list.
pub(crate) fn python_with(environment: &Path, list: &Path, what: &str) -> Result<PathBuf> {
    let python = environment.join(if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    });
    installed_once(list, &environment.join("installed.txt"), || {
        step::announce(format!("Installing {what}"));
        step::run(
            Command::new("python3")
                .args(["-m", "venv"])
                .arg(environment),
            "install Python's venv module (python3-venv in Debian and Ubuntu)",
        )?;
        step::run(
            Command::new(&python)
                .args(["-m", "pip", "install", "--quiet", "--requirement"])
                .arg(list),
            NETWORK,
        )
    })?;
    Ok(python)
}

fn ensure_node(folder: &Path) -> Result<PathBuf> {
    let home = folder.join("node");
    let list = pinned("packages.json");
    installed_once(&list, &home.join("installed.json"), || {
        step::announce("Installing the official Node signer");
        fs::create_dir_all(&home)?;
        fs::copy(&list, home.join("package.json"))?;
        let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
        step::run(
            Command::new(npm)
                .args(["install", "--ignore-scripts", "--no-audit", "--no-fund"])
                .current_dir(&home),
            NETWORK,
        )
    })?;
    Ok(home.join("node_modules"))
}

/// A list of packages with their versions.
fn pinned(name: &str) -> PathBuf {
    step::root().join("tests/witnesses").join(name)
}

/// Installs unless `stamp` says that exactly this list was installed.
pub(crate) fn installed_once(
    list: &Path,
    stamp: &Path,
    install: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let wanted = fs::read(list).with_context(|| format!("{} cannot be read", list.display()))?;
    if fs::read(stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    install()?;
    fs::write(stamp, wanted).with_context(|| format!("{} cannot be written", stamp.display()))
}
