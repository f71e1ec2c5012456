//! Cargo and the Rust toolchain.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::step;

/// The target of everything that runs in a browser or in Node.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// A cargo command, run in the workspace.
pub(crate) fn cargo<const N: usize>(arguments: [&str; N]) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.current_dir(step::root()).args(arguments);
    command
}

/// Where cargo puts what it builds.
pub(crate) fn target_dir() -> Result<PathBuf> {
    let text = step::output(
        &mut cargo(["metadata", "--format-version=1", "--no-deps"]),
        "see cargo's message above",
    )?;
    let metadata: Value = serde_json::from_str(&text).context("cargo metadata is no JSON")?;
    let folder = metadata.get("target_directory").and_then(Value::as_str);
    folder
        .map(PathBuf::from)
        .context("cargo metadata names no target directory")
}

/// The files that one `cargo build` made or found fresh.
pub(crate) struct Built(Vec<(String, PathBuf)>);

/// Runs `cargo build` with `arguments`.
pub(crate) fn build(arguments: &[&str]) -> Result<Built> {
    let text = step::output(
        cargo(["build", "--message-format=json-render-diagnostics"]).args(arguments),
        "see the compiler's message above",
    )?;
    let messages = text
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    Ok(Built(
        messages.flat_map(|message| artifacts(&message)).collect(),
    ))
}

/// The files of one message of cargo, each with the name of its target.
fn artifacts(message: &Value) -> Vec<(String, PathBuf)> {
    let name = message
        .pointer("/target/name")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let files = message.get("filenames").and_then(Value::as_array);
    let files = files.into_iter().flatten().filter_map(Value::as_str);
    files
        .map(|file| (name.to_owned(), PathBuf::from(file)))
        .collect()
}

impl Built {
    /// The program of the binary or example `name`.
    pub(crate) fn program(&self, name: &str) -> Result<PathBuf> {
        self.file(name, std::env::consts::EXE_EXTENSION)
    }

    /// The file of the target `name` that has this extension.
    pub(crate) fn file(&self, name: &str, extension: &str) -> Result<PathBuf> {
        let mut files = self
            .0
            .iter()
            .filter(|(target, _)| target == name)
            .map(|(_, file)| file);
        files
            .find(|file| file.extension().unwrap_or_default() == extension)
            .cloned()
            .with_context(|| format!("cargo made no file .{extension} of {name}"))
    }
}

/// Sees to it that the standard library for wasm32 is there.
pub(crate) fn ensure_wasm_target() -> Result<()> {
    let folder = step::output(
        Command::new("rustc").args(["--print=target-libdir", "--target", WASM]),
        "install Rust with rustup",
    )?;
    if PathBuf::from(folder.trim()).is_dir() {
        return Ok(());
    }
    step::announce(format!("Adding the Rust target {WASM}"));
    if !step::succeeds(Command::new("rustup").arg("--version")) {
        bail!(
            "the Rust target {WASM} is missing and there is no rustup to add it: install Rust \
             with rustup, or your distribution's package of the standard library for {WASM}"
        );
    }
    step::run(
        Command::new("rustup")
            .args(["target", "add", WASM])
            .current_dir(step::root()),
        "check the network connection, then run the same command by hand",
    )
}

/// Whether `cargo NAME` is installed.
pub(crate) fn has_subcommand(name: &str) -> bool {
    step::succeeds(cargo([name, "--version"]).stdin(Stdio::null()))
}
