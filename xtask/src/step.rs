//! Announcing a step and running the tool behind it.

use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

/// The folder of the workspace.
pub(crate) fn root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_path_buf()
}

/// Says what is about to happen.
pub(crate) fn announce(what: impl Display) {
    println!("==> {what}");
}

/// Announces `what`, does it, and says how long it took.
pub(crate) fn timed<T>(what: impl Display, work: impl FnOnce() -> Result<T>) -> Result<T> {
    announce(&what);
    let start = Instant::now();
    let done = work()?;
    println!("    {what}: done in {:.1} s", start.elapsed().as_secs_f32());
    Ok(done)
}

/// Runs a tool with its output shown; `remedy` says what to do when it fails.
pub(crate) fn run(command: &mut Command, remedy: &str) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("could not start `{}`: {remedy}", shown(command)))?;
    if !status.success() {
        bail!("`{}` failed ({status}): {remedy}", shown(command));
    }
    Ok(())
}

/// Runs a tool and returns what it wrote to its standard output.
pub(crate) fn output(command: &mut Command, remedy: &str) -> Result<String> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("could not start `{}`: {remedy}", shown(command)))?;
    if !output.status.success() {
        bail!("`{}` failed ({}): {remedy}", shown(command), output.status);
    }
    String::from_utf8(output.stdout)
        .with_context(|| format!("`{}` wrote something that is not UTF-8", shown(command)))
}

/// Whether a tool can be started and succeeds; its output is dropped.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// The first place on PATH that holds one of `names`.
pub(crate) fn on_path(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .map(|file| file.with_extension(std::env::consts::EXE_EXTENSION))
        .find(|file| file.is_file())
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}
