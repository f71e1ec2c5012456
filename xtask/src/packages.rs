//! Whether every crate packages, and whether the packages build with nothing else at hand.
//!
//! Not by `cargo package` alone: what it unpacks for its own check it keeps by name and version,
//! so that a second run would build one crate's new package against another's old one.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::cargo::{self, cargo};
use crate::test::Outcome;
use crate::{build_npm, step};

/// What follows a crate's name in its package's name: all crates share one version.
const SUFFIX: &str = concat!("-", env!("CARGO_PKG_VERSION"));

/// What is for developers only (`publish = false`).
const UNPUBLISHED: [&str; 3] = ["xtask", "soak", "witnesses"];

/// Where cargo puts the packages, in its target folder.
const PACKED: &str = "package";

pub(crate) fn test() -> Result<Outcome> {
    let target = cargo::target_dir()?;
    build_npm::empty(&target.join(PACKED))?;
    step::timed("packaging of every crate", || {
        let mut command = cargo(["package", "--workspace", "--quiet"]);
        command.args(UNPUBLISHED.map(|name| format!("--exclude={name}")));
        step::run(
            command.args(["--allow-dirty", "--no-verify"]),
            "see cargo's message above",
        )
    })?;
    let unpacked = target.join("unpacked");
    build_npm::empty(&unpacked)?;
    step::timed("check of the packages by themselves", || {
        let names = unpack(&unpacked)?;
        fs::write(unpacked.join("Cargo.toml"), workspace_of(&names))?;
        // The same versions as in the tests, which are then compiled already.
        fs::copy(step::root().join("Cargo.lock"), unpacked.join("Cargo.lock"))?;
        let mut command = cargo(["check", "--workspace", "--quiet"]);
        command
            .current_dir(&unpacked)
            .env("CARGO_TARGET_DIR", &target);
        step::run(
            &mut command,
            "does the crate's package hold every file it needs?",
        )
    })?;
    Ok(Outcome::Passed)
}

/// The packages that were made, sorted.
pub(crate) fn packed() -> Result<Vec<PathBuf>> {
    let folder = cargo::target_dir()?.join(PACKED);
    let mut packages = Vec::new();
    for entry in fs::read_dir(folder)? {
        let file = entry?.path();
        if file
            .extension()
            .is_some_and(|extension| extension == "crate")
        {
            packages.push(file);
        }
    }
    packages.sort_unstable();
    Ok(packages)
}

/// Unpacks every package and returns their names.
fn unpack(unpacked: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for file in packed()? {
        let stem = file
            .file_stem()
            .context("a package without a name")?
            .to_string_lossy();
        names.push(stem.trim_end_matches(SUFFIX).to_owned());
        let mut tar = Command::new("tar");
        // As of now: packages date their files alike, and cargo would take a changed one for the old.
        tar.arg("-xzmf").arg(&file).arg("-C").arg(unpacked);
        step::run(&mut tar, "install tar")?;
    }
    Ok(names)
}

/// A workspace in which the packages find each other, and nothing of the source tree.
fn workspace_of(names: &[String]) -> String {
    let mut members = String::new();
    let mut patches = String::new();
    for name in names {
        let _ = write!(members, "\"{name}{SUFFIX}\", ");
        let _ = writeln!(patches, "{name} = {{ path = \"{name}{SUFFIX}\" }}");
    }
    format!("[workspace]\nresolver = \"3\"\nmembers = [{members}]\n\n[patch.crates-io]\n{patches}")
}

#[cfg(test)]
mod tests {
    use super::{SUFFIX, workspace_of};

    #[test]
    fn packages_find_each_other() {
        let text = workspace_of(&["a".into()]);
        assert!(
            text.contains(&format!("members = [\"a{SUFFIX}\", ]")),
            "{text}"
        );
        assert!(
            text.contains(&format!("a = {{ path = \"a{SUFFIX}\" }}")),
            "{text}"
        );
    }
}
