//! The parts of the tests that cargo runs natively.

use anyhow::Result;

use crate::cargo::{self, Built, WASM, cargo};
use crate::test::Outcome;
use crate::{coverage, reference, step};

/// The signer's example that checks signature vectors.
pub(crate) const VECTORS: &str = "vectors";

/// Format, lints and documentation.
pub(crate) fn lint() -> Result<Outcome> {
    cargo::ensure_wasm_target()?;
    step::timed("rustfmt", || {
        step::run(
            &mut cargo(["fmt", "--all", "--check"]),
            "run `cargo fmt --all`",
        )
    })?;
    clippy("native", &["--workspace", "--all-targets"])?;
    let bare = ["-p", "pangulm", "--lib", "--no-default-features"];
    clippy("native, no area of the platform", &bare)?;
    let wasm = ["-p", "pangulm-wasm", "--all-targets", "--target", WASM];
    clippy("wasm", &wasm)?;
    clippy(
        "wasm, Rust on the web",
        &[&wasm[..], &["--features", "web"]].concat(),
    )?;
    let signer = [
        "-p",
        "pangulm-signer-wasm",
        "--all-targets",
        "--target",
        WASM,
    ];
    clippy("wasm, the signer alone", &signer)?;
    step::timed("rustdoc", || {
        let mut rustdoc = cargo(["doc", "--workspace", "--no-deps", "--quiet"]);
        step::run(
            rustdoc.env("RUSTDOCFLAGS", "-D warnings"),
            "see the warning above",
        )
    })?;
    coverage::check()?;
    reference::check()?;
    if !cargo::has_subcommand("deny") {
        println!("cargo-deny is not installed: licences and advisories are not checked");
        return Ok(Outcome::Passed);
    }
    step::timed("licences and advisories", || {
        step::run(&mut cargo(["deny", "check"]), "the rules are in deny.toml")
    })?;
    Ok(Outcome::Passed)
}

/// The Rust tests, the documentation's examples and the signature vectors.
pub(crate) fn native(programs: &Built) -> Result<Outcome> {
    step::timed("Rust tests", || {
        let nextest = cargo::has_subcommand("nextest");
        let mut command = cargo(if nextest {
            ["nextest", "run"]
        } else {
            ["test", "--all-targets"]
        });
        step::run(command.arg("--workspace"), "see the failing test above")
    })?;
    step::timed("documentation examples", || {
        let mut command = cargo(["test", "--doc", "--workspace"]);
        step::run(&mut command, "see the failing example above")
    })?;
    step::timed("signature vectors", || {
        let mut command = std::process::Command::new(programs.program(VECTORS)?);
        command.current_dir(step::root()).args([
            "tests/vectors/sdk_hmac_sha256.json",
            "tests/vectors/obs.json",
        ]);
        step::run(&mut command, "see the mismatch above")
    })?;
    Ok(Outcome::Passed)
}

fn clippy(name: &str, arguments: &[&str]) -> Result<()> {
    step::timed(format!("clippy, {name}"), || {
        let mut command = cargo(["clippy", "--quiet"]);
        command.args(arguments).args(["--", "-D", "warnings"]);
        step::run(&mut command, "see the warning above")
    })
}
