//! The tests of the npm package, by Node's own test runner.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::cargo::{self, Built};
use crate::test::Outcome;
use crate::{chromium, emulator, emulator_npm, node, openapi_files, step};

/// How long a file of tests may take, in milliseconds, before it counts as hanging. Node 20 measures whole
/// files by it, some of which take two minutes on a machine that is busy.
const LONGEST: u32 = 15 * 60 * 1000;

/// Folders inside pkg that hold no tests of ours.
const NOT_OURS: &[&str] = &["dist", "node_modules", "src"];

/// The package in Node.
pub(crate) fn node(programs: &Built) -> Result<Outcome> {
    let mut files = test_files(&step::root().join("tests/node"))?;
    files.extend(test_files(&step::root().join("pkg"))?);
    step::timed("npm package in Node", || run(&files, programs, |_| ()))?;
    let parted = step::root().join("tests/support/parted.mjs");
    step::timed("npm package in Node, its engine in two files", || {
        run(&files, programs, |command| {
            command.arg("--import").arg(&parted);
        })
    })
}

/// The package in Chromium, driven by playwright.
pub(crate) fn browser(programs: &Built) -> Result<Outcome> {
    let files = test_files(&step::root().join("tests/browser"))?;
    let browser = chromium::ensure_browser()?;
    step::timed("npm package in Chromium", || {
        run(&files, programs, |command| {
            // Browsers are heavy: one file at a time.
            command
                .arg("--test-concurrency=1")
                .env(chromium::VARIABLE, &browser);
        })
    })
}

/// The packages as npm installs them. The emulator's program is the one of the tests here.
pub(crate) fn packages(programs: &Built) -> Result<Outcome> {
    let files = test_files(&step::root().join("tests/package"))?;
    let folder = cargo::target_dir()?.join("emulator-npm-tested");
    let tarballs = emulator_npm::pack(&programs.program(emulator::NAME)?, &folder)?;
    let tarballs = tarballs.map(|tarball| tarball.display().to_string());
    step::timed("npm packages as they are installed", || {
        run(&files, programs, |command| {
            command.env("PANGULM_EMULATOR_TARBALLS", tarballs.join("\n"));
        })
    })
}

fn run(files: &[PathBuf], programs: &Built, prepare: impl Fn(&mut Command)) -> Result<Outcome> {
    if files.is_empty() {
        bail!("there are no test files (*.test.mjs)");
    }
    let mut command = node::node();
    command
        .args(["--test", "--test-reporter=spec"])
        .arg(format!("--test-timeout={LONGEST}"));
    prepare(&mut command);
    command
        .args(files)
        .env("PANGULM_EMULATOR_BIN", programs.program(emulator::NAME)?)
        .env("PANGULM_OPENAPI", openapi_files::write()?);
    step::run(&mut command, "see the failing test above")?;
    Ok(Outcome::Passed)
}

/// The `*.test.mjs` files in `folder` and below, sorted; Node 20 cannot search for them itself.
fn test_files(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("{}", folder.display()))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_dir() && !NOT_OURS.contains(&name.as_str()) {
            found.extend(test_files(&entry.path())?);
        } else if name.ends_with(".test.mjs") {
            found.push(entry.path());
        }
    }
    found.sort_unstable();
    Ok(found)
}
