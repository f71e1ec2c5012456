//! The packed npm package: what is in it, and whether every tool finds its entries and types.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{cargo, node, npm_pack, step};

/// Every file of the package, a line each. Hashes in names are left out.
const FILES: &str = "pkg/files.txt";

/// All that the package exports, by its declarations.
const SURFACE: &str = "pkg/api.txt";

/// Files to fetch, and no modules of JavaScript.
const ASSETS: &[&str] = &["pangulm.wasm", "pangulm-signing.wasm", "signer.wasm"];

/// Packs the package into a folder as it would be published.
pub(crate) fn pack(into: &Path) -> Result<PathBuf> {
    npm_pack::pack(&home(), into)
}

fn home() -> PathBuf {
    step::root().join("pkg")
}

/// Checks the package that stands in pkg/dist.
pub(crate) fn check() -> Result<()> {
    let place = cargo::target_dir()?.join("npm-package");
    fs::create_dir_all(&place)?;
    step::timed("files and surface of the npm package", || {
        compare(FILES, &files()?)?;
        compare(SURFACE, &surface(&place.join("api.txt"))?)
    })?;
    let tarball = pack(&place)?;
    step::timed("publint", || {
        let mut publint = node::tool("publint/src/cli.js");
        step::run(publint.arg(&tarball).arg("--strict"), "see publint above")
    })?;
    step::timed("types of every entry, by attw", || {
        let mut attw = node::tool("@arethetypeswrong/cli/dist/index.js");
        attw.arg(&tarball).arg("--quiet");
        attw.arg("--exclude-entrypoints").args(ASSETS);
        step::run(&mut attw, "run attw without --quiet to see what it found")
    })
}

fn files() -> Result<String> {
    let packed = npm_pack::said(&home(), &["--dry-run"])?;
    let files = packed.pointer("/0/files").and_then(Value::as_array);
    let files = files.context("npm pack lists no files")?;
    let paths = files.iter().filter_map(|file| file.get("path")?.as_str());
    let mut paths: Vec<String> = paths.map(without_hash).collect();
    paths.sort_unstable();
    paths.dedup();
    Ok(paths.join("\n") + "\n")
}

fn surface(report: &Path) -> Result<String> {
    let package = home();
    step::run(
        node::node()
            .arg(package.join("tools/api-report.mjs"))
            .arg(package.join("dist/types"))
            .arg(report),
        "see the message above",
    )?;
    Ok(fs::read_to_string(report)?)
}

/// Compares with what was agreed on. Where it differs, the file is written anew for the review.
fn compare(agreed: &str, found: &str) -> Result<()> {
    let file = step::root().join(agreed);
    if fs::read_to_string(&file).is_ok_and(|known| known == found) {
        return Ok(());
    }
    fs::write(&file, found)?;
    bail!(
        "the package is not what {agreed} said; the file is written anew: see by `git diff` whether that was meant, and commit it"
    )
}

/// The path of a chunk without the hash of its content.
fn without_hash(path: &str) -> String {
    let chunk = path
        .strip_suffix(".js")
        .filter(|path| path.starts_with("dist/chunks/"));
    match chunk.and_then(|path| path.rsplit_once('-')) {
        Some((name, _)) => format!("{name}-*.js"),
        None => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::without_hash;

    #[test]
    fn only_the_names_of_chunks_have_hashes() {
        assert_eq!(
            without_hash("dist/chunks/inlined-engine-SQBECPDT.js"),
            "dist/chunks/inlined-engine-*.js"
        );
        assert_eq!(without_hash("dist/edge-light.js"), "dist/edge-light.js");
    }
}
