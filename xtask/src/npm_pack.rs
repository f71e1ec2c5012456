//! Packing npm packages, as `npm publish` would.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::{node, step};

/// Packs the package in the folder `home` into the folder `into`, and returns the tarball.
pub(crate) fn pack(home: &Path, into: &Path) -> Result<PathBuf> {
    let packed = said(home, &["--pack-destination", &into.display().to_string()])?;
    let name = packed.pointer("/0/filename").and_then(Value::as_str);
    Ok(into.join(name.context("npm pack names no file")?))
}

/// What `npm pack` says of the package in the folder `home`.
pub(crate) fn said(home: &Path, options: &[&str]) -> Result<Value> {
    let mut command = node::npm();
    command
        .args(["pack", "--json", "--silent", "--ignore-scripts"])
        .args(options)
        .current_dir(home);
    let text = step::output(&mut command, "see npm's message above")?;
    serde_json::from_str(&text).context("npm pack says no JSON")
}

/// Prints each tarball with its size.
pub(crate) fn report(tarballs: &[PathBuf]) -> Result<()> {
    for tarball in tarballs {
        let size = fs::metadata(tarball)?.len();
        println!("{size:>9} bytes  {}", tarball.display());
    }
    Ok(())
}
