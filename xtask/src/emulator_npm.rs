//! `cargo xtask emulator-npm`: the emulator as npm packages, for people without Rust.
//!
//! `pangulm-emulator` is a launcher that names a package for each platform as an optional
//! dependency; npm installs the one that fits. One machine builds one of those. A release gathers
//! the folders of all of them under `target/emulator-npm` and then runs this with `--assemble`.

use std::env::consts::{ARCH, EXE_SUFFIX, OS};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};

use crate::{build_npm, cargo, emulator, npm_pack, step};

pub(crate) const ABOUT: &str =
    "build the emulator's npm packages into target/emulator-npm; [--assemble]: the launcher only";

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Where the packages of the platforms begin.
const SCOPED: &str = "@pangulm/emulator-";

pub(crate) fn run(arguments: Vec<String>) -> Result<()> {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        [] => {
            pack_release()?;
            Ok(())
        }
        ["--assemble"] => npm_pack::report(&[assemble(&folder()?)?]),
        other => bail!("`cargo xtask emulator-npm` takes --assemble or nothing, but got {other:?}"),
    }
}

/// Builds the program for this platform as it is published, and packs it with the launcher.
pub(crate) fn pack_release() -> Result<[PathBuf; 2]> {
    step::announce("Building the emulator as it is published");
    let built = cargo::build(&[
        "--release",
        "--config",
        "profile.release.strip=true",
        "--bin",
        emulator::NAME,
    ])?;
    let tarballs = pack(&built.program(emulator::NAME)?, &folder()?)?;
    npm_pack::report(&tarballs)?;
    Ok(tarballs)
}

fn folder() -> Result<PathBuf> {
    Ok(cargo::target_dir()?.join("emulator-npm"))
}

/// Packs this program as the one for this platform, and the launcher; both below `folder`.
pub(crate) fn pack(program: &Path, folder: &Path) -> Result<[PathBuf; 2]> {
    let platform = platform()?;
    let home = folder.join(&platform);
    build_npm::empty(&home)?;
    let name = format!("{SCOPED}{platform}");
    let (os, cpu) = platform
        .split_once('-')
        .context("a platform is two words")?;
    let manifest = json!({
        "name": name,
        "version": VERSION,
        "description": format!("The program of pangulm-emulator for {platform}"),
        "license": "MIT OR Apache-2.0",
        "repository": launcher_manifest()?.get("repository"),
        "os": [os],
        "cpu": [cpu],
        "preferUnplugged": true,
    });
    write(&home, &manifest)?;
    let readme = format!(
        "The program of [pangulm-emulator](https://github.com/pangulm/pangulm#readme) for {platform}.\n"
    );
    fs::write(home.join("README.md"), readme)?;
    let file = format!("{}{EXE_SUFFIX}", emulator::NAME);
    build_npm::copy(program, &home.join(file))?;
    Ok([npm_pack::pack(&home, &home)?, assemble(folder)?])
}

/// Packs the launcher for the platforms whose packages are in `folder`.
fn assemble(folder: &Path) -> Result<PathBuf> {
    let home = folder.join("launcher");
    build_npm::empty(&home)?;
    let mut manifest = launcher_manifest()?;
    manifest.insert("optionalDependencies".into(), platforms(folder)?.into());
    write(&home, &manifest.into())?;
    for file in ["bin.mjs", "README.md"] {
        build_npm::copy(&source().join(file), &home.join(file))?;
    }
    npm_pack::pack(&home, &home)
}

/// The packages of the platforms in `folder`, each with its version.
fn platforms(folder: &Path) -> Result<Map<String, Value>> {
    let mut found = Map::new();
    for entry in fs::read_dir(folder)? {
        let manifest = entry?.path().join("package.json");
        let Ok(text) = fs::read(&manifest) else {
            continue;
        };
        let manifest: Value = serde_json::from_slice(&text)?;
        let name = manifest.get("name").and_then(Value::as_str);
        if let Some(name) = name.filter(|name| name.starts_with(SCOPED)) {
            found.insert(name.to_owned(), VERSION.into());
        }
    }
    Ok(found)
}

fn source() -> PathBuf {
    step::root().join("pkg-emulator")
}

fn launcher_manifest() -> Result<Map<String, Value>> {
    let text = fs::read(source().join("package.json"))?;
    serde_json::from_slice(&text).context("pkg-emulator/package.json is no JSON object")
}

/// Writes a package's manifest, and the licences beside it.
fn write(home: &Path, manifest: &Value) -> Result<()> {
    fs::write(
        home.join("package.json"),
        serde_json::to_vec_pretty(manifest)?,
    )?;
    for licence in build_npm::LICENCES {
        build_npm::copy(&step::root().join(licence), &home.join(licence))?;
    }
    Ok(())
}

/// This platform as Node calls it: `process.platform`, a hyphen, `process.arch`.
fn platform() -> Result<String> {
    let os = match OS {
        "macos" => "darwin",
        "windows" => "win32",
        other => other,
    };
    let cpu = match ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        other => bail!("no package is made for processors of the kind {other}"),
    };
    Ok(format!("{os}-{cpu}"))
}
