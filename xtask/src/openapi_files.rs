//! The description, each document in one file of JSON, as tools of other languages want it.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::cargo;

/// Writes the documents and says where they are.
pub(crate) fn write() -> Result<PathBuf> {
    let folder = cargo::target_dir()?.join("openapi");
    fs::create_dir_all(&folder)?;
    for document in pangulm_openapi::documents()? {
        let file = folder.join(format!("{}.json", document.name));
        fs::write(&file, document.raw().to_string())
            .with_context(|| format!("{} cannot be written", file.display()))?;
    }
    Ok(folder)
}
