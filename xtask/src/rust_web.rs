//! The tests of the Rust-on-the-web client, compiled to wasm and run in Node and in Chromium.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::cargo::Built;
use crate::emulator::{self, Emulator};
use crate::test::Outcome;
use crate::{cargo, chromium, step};

const FAILED: &str = "see the failing test above";

/// Runs the tests twice, against one emulator.
pub(crate) fn test(programs: &Built) -> Result<Outcome> {
    cargo::ensure_wasm_target()?;
    let browser = chromium::ensure_browser()?;
    let driver = chromium::ensure_driver()?;
    let runner = build_runner()?;
    let capabilities = cargo::target_dir()?.join("webdriver.json");
    chromium::write_capabilities(&browser, &capabilities)?;
    let emulator = Emulator::start::<&str>(&programs.program(emulator::NAME)?, &[])?;

    step::timed("Rust on the web, in Node", || {
        let mut command = tests(&runner, &emulator);
        step::run(command.env("WASM_BINDGEN_TEST_ONLY_NODE", "1"), FAILED)
    })?;
    step::timed("Rust on the web, in Chromium", || {
        let mut command = tests(&runner, &emulator);
        command
            .env("WASM_BINDGEN_USE_BROWSER", "1")
            .env("WASM_BINDGEN_TEST_ONLY_WEB", "1")
            .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", &capabilities)
            .env("CHROMEDRIVER", &driver);
        step::run(&mut command, FAILED)
    })?;
    Ok(Outcome::Passed)
}

fn build_runner() -> Result<PathBuf> {
    step::announce("Building the wasm test runner");
    let arguments = [
        "-p",
        "xtask",
        "--features",
        "wasm-runner",
        "--bin",
        "wasm-runner",
    ];
    cargo::build(&arguments)?.program("wasm-runner")
}

fn tests(runner: &Path, emulator: &Emulator) -> Command {
    let mut command = cargo::cargo(["test", "-p", "pangulm-wasm", "--features", "web"]);
    command
        .args(["--target", cargo::WASM, "--tests"])
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner)
        // In seconds, on a busy machine: for all tests of a file, and for the start of chromedriver.
        .env("WASM_BINDGEN_TEST_TIMEOUT", "900")
        .env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "120")
        // Read when the tests are compiled: a page has no environment.
        .env("PANGULM_EMULATOR_INFO", emulator.info.trim());
    command
}
