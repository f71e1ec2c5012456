//! Finds Firefox, which opens the pages of built consumers, too.

use std::path::PathBuf;

use anyhow::Result;

use crate::{chromium, step};

/// Tells where Firefox is.
const VARIABLE: &str = "PANGULM_FIREFOX";

/// The path of Firefox, if it is installed.
pub(crate) fn find() -> Option<PathBuf> {
    let chosen = std::env::var_os(VARIABLE).map(PathBuf::from);
    chosen.or_else(|| step::on_path(&["firefox-esr", "firefox"]))
}

/// The path of Firefox, installed where a system package can be.
pub(crate) fn ensure() -> Result<Option<PathBuf>> {
    if find().is_none() {
        chromium::install_by_apt("firefox-esr")?;
    }
    Ok(find())
}
