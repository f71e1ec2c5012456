//! Finds Chromium and its driver, or installs them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{node, step};

/// Tells where Chromium is; the tests read it too.
pub(crate) const VARIABLE: &str = "PANGULM_CHROMIUM";

/// What keeps Chromium headless, without a sandbox (which containers lack), and silent on the net.
pub(crate) const FLAGS: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

const NAMES: &[&str] = &[
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "chrome",
];

const APPLICATIONS: &[&str] = &[
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/// The path of Chromium or Chrome, installed if there is none.
pub(crate) fn ensure_browser() -> Result<PathBuf> {
    if let Some(chosen) = std::env::var_os(VARIABLE).map(PathBuf::from) {
        if !chosen.is_file() {
            bail!(
                "{VARIABLE} says {}, but no such file exists",
                chosen.display()
            );
        }
        return Ok(chosen);
    }
    if let Some(found) = find_browser() {
        return Ok(found);
    }
    if install_by_apt("chromium")?
        && let Some(found) = find_browser()
    {
        return Ok(found);
    }
    install_by_playwright().with_context(|| {
        format!("no Chromium: install Chromium or Chrome, or set {VARIABLE} to its path")
    })
}

/// The path of chromedriver, installed if there is none.
pub(crate) fn ensure_driver() -> Result<PathBuf> {
    if let Some(chosen) = std::env::var_os("CHROMEDRIVER").map(PathBuf::from) {
        return Ok(chosen);
    }
    if let Some(found) = find_driver() {
        return Ok(found);
    }
    install_by_apt("chromium-driver")?;
    find_driver().context(
        "no chromedriver: install the one of your Chromium's version (Debian: chromium-driver, \
         macOS: brew install chromedriver), or set CHROMEDRIVER to its path",
    )
}

fn find_browser() -> Option<PathBuf> {
    let application = || {
        APPLICATIONS
            .iter()
            .map(PathBuf::from)
            .find(|file| file.is_file())
    };
    step::on_path(NAMES).or_else(application)
}

fn find_driver() -> Option<PathBuf> {
    step::on_path(&["chromedriver"])
}

/// Installs a Debian package; false where that cannot be done without asking for a password.
pub(crate) fn install_by_apt(package: &str) -> Result<bool> {
    if step::on_path(&["apt-get"]).is_none() {
        return Ok(false);
    }
    let Some(prefix) = root_prefix() else {
        return Ok(false);
    };
    step::announce(format!("Installing the system package {package}"));
    let remedy = format!("install the package {package} by hand, then try again");
    for arguments in [
        &["update", "-qq"][..],
        &["install", "-qq", "-y", package][..],
    ] {
        let words = [prefix, &["apt-get"], arguments].concat();
        let mut words = words.into_iter();
        let mut command = Command::new(words.next().unwrap_or("apt-get"));
        command.args(words).env("DEBIAN_FRONTEND", "noninteractive");
        step::run(&mut command, &remedy)?;
    }
    Ok(true)
}

/// The words before a command that make it run as root, or nothing where that is not possible.
fn root_prefix() -> Option<&'static [&'static str]> {
    let user = step::output(Command::new("id").arg("-u"), "").ok()?;
    if user.trim() == "0" {
        return Some(&[]);
    }
    step::succeeds(Command::new("sudo").args(["-n", "true"])).then_some(&["sudo", "-n"])
}

/// Downloads the Chromium that playwright-core is made for, and returns its path.
fn install_by_playwright() -> Result<PathBuf> {
    node::ensure_packages()?;
    step::announce("Downloading Chromium with playwright");
    step::run(
        node::tool("playwright-core/cli.js").args(["install", "chromium"]),
        "install Chromium or Chrome by hand, then try again",
    )?;
    let script = "console.log(require('playwright-core').chromium.executablePath())";
    let path = step::output(node::node().args(["--eval", script]), "delete node_modules")?;
    Ok(PathBuf::from(path.trim()))
}

/// Writes the WebDriver capabilities that start `browser` with [`FLAGS`].
pub(crate) fn write_capabilities(browser: &Path, file: &Path) -> Result<()> {
    let capabilities = serde_json::json!({
        "goog:chromeOptions": { "binary": browser, "args": FLAGS }
    });
    fs::write(file, capabilities.to_string())
        .with_context(|| format!("{} cannot be written", file.display()))
}
