//! `cargo xtask release --dry-run`: everything a release publishes, packed and tried, and nothing sent.
//!
//! The sending is done by .github/workflows/release.yml, from a tag, with provenance.

use std::fs;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{build_npm, cargo, consumers, emulator_npm, npm_pack, npm_package, packages, step};

pub(crate) const ABOUT: &str =
    "--dry-run: pack all that a release publishes, and try it everywhere";

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The npm packages' manifests; the crates share the version of the workspace.
const MANIFESTS: [&str; 2] = ["pkg/package.json", "pkg-emulator/package.json"];

const CHANGELOG: &str = "CHANGELOG.md";

pub(crate) fn run(arguments: Vec<String>) -> Result<()> {
    if arguments != ["--dry-run"] {
        bail!(
            "`cargo xtask release` knows --dry-run only: to publish, push a tag v{VERSION}; .github/workflows/release.yml does the rest"
        );
    }
    step::timed("versions in step", check_versions)?;
    packages::test()?;
    build_npm::build()?;
    npm_package::check()?;
    let place = cargo::target_dir()?.join("release-npm");
    build_npm::empty(&place)?;
    let mut tarballs = vec![npm_package::pack(&place)?];
    tarballs.extend(emulator_npm::pack_release()?);
    consumers::run(vec![consumers::ALL.into()])?;
    println!("\nWhat a release of {VERSION} publishes:");
    npm_pack::report(&packages::packed()?)?;
    npm_pack::report(&tarballs)
}

/// Whether crates, npm packages and changelog tell the same version.
fn check_versions() -> Result<()> {
    for file in MANIFESTS {
        let text = fs::read(step::root().join(file)).context(file)?;
        let manifest: Value = serde_json::from_slice(&text).context(file)?;
        let version = manifest.get("version").and_then(Value::as_str);
        if version != Some(VERSION) {
            bail!("{file} says version {version:?}, and Cargo.toml {VERSION}: set both alike");
        }
    }
    let changes = fs::read_to_string(step::root().join(CHANGELOG)).context(CHANGELOG)?;
    if !tells(&changes, VERSION) {
        bail!("{CHANGELOG} has no section \"## {VERSION}\": say there what users will notice");
    }
    Ok(())
}

/// Whether the changelog has a section of this version.
fn tells(changes: &str, version: &str) -> bool {
    let mut headings = changes.lines().filter_map(|line| line.strip_prefix("## "));
    headings.any(|heading| heading.split_whitespace().next() == Some(version))
}

#[cfg(test)]
mod tests {
    use super::tells;

    #[test]
    fn a_version_is_told_by_a_heading_of_its_own() {
        let changes = "# Changelog\n\n## 1.2.0 (2026-11-24)\n\n- 1.3.0 is next\n";
        assert!(tells(changes, "1.2.0"));
        assert!(!tells(changes, "1.3.0"));
        assert!(!tells(changes, "1.2"));
    }
}
