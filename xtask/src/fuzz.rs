//! `cargo xtask fuzz --seconds N`: every fuzz target for its share of the time.
//!
//! libFuzzer on the stable toolchain: its instrumentation is a pass of LLVM that stable rustc can
//! be told to run. A sanitizer would need a nightly one, and would look for what code without
//! `unsafe` cannot do. The same targets work with `cargo fuzz run`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use lexopt::{Arg, ValueExt};

use crate::cargo::{self, cargo};
use crate::{fuzz_seeds, step};

pub(crate) const ABOUT: &str = "--seconds N: look for inputs that break a promise";

const DEFAULT_SECONDS: u64 = 60;

/// What cargo-fuzz tells rustc when it uses no sanitizer.
const INSTRUMENTATION: &str = "--cfg fuzzing -Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares \
    -Ccodegen-units=1";

pub(crate) fn run(arguments: Vec<String>) -> Result<()> {
    let seconds = parse(arguments)?;
    let targets = targets()?;
    let work = cargo::target_dir()?.join("fuzz");
    let programs = build(&work)?;
    // libFuzzer knows whole seconds; a share of none would be no end at all.
    let share = u64::try_from(targets.len())
        .ok()
        .and_then(|count| seconds.checked_div(count))
        .unwrap_or_default()
        .max(1);
    let mut summary = Vec::new();
    for target in &targets {
        step::announce(format!("{target}, {share} s"));
        let outcome = fuzz(target, &programs.join(target), &work, share)?;
        println!("    {}", outcome.line());
        summary.push((target, outcome));
    }
    println!("\n#### summary");
    for (target, outcome) in &summary {
        println!("{target:<16} {}", outcome.line());
    }
    let broken = summary.iter().filter(|(_, outcome)| outcome.is_broken());
    match broken.count() {
        0 => {
            println!("{} targets, no input broke a promise", summary.len());
            Ok(())
        }
        count => bail!("{count} of {} targets broke a promise", summary.len()),
    }
}

fn parse(arguments: Vec<String>) -> Result<u64> {
    let mut seconds = DEFAULT_SECONDS;
    let mut parser = lexopt::Parser::from_args(arguments);
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("seconds") => seconds = parser.value()?.parse()?,
            other => return Err(other.unexpected()).context(ABOUT),
        }
    }
    Ok(seconds)
}

/// The targets, by the files in fuzz/targets.
fn targets() -> Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(step::root().join("fuzz/targets"))? {
        let file = entry?.path();
        let stem = file.file_stem().and_then(|stem| stem.to_str());
        found.extend(stem.map(str::to_owned));
    }
    found.sort_unstable();
    Ok(found)
}

/// Builds all targets, and returns the folder they are in.
fn build(work: &Path) -> Result<PathBuf> {
    let version = step::output(Command::new("rustc").arg("-vV"), "install Rust")?;
    let host = version
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .context("rustc does not name its host")?;
    step::timed("building the fuzz targets", || {
        // With a target named, the flags do not reach build scripts and macros.
        let mut build = cargo(["build", "--release", "--quiet", "--bins", "--target", host]);
        build
            .args(["--manifest-path", "fuzz/Cargo.toml", "--target-dir"])
            .arg(work)
            .env("RUSTFLAGS", INSTRUMENTATION);
        step::run(
            &mut build,
            "libFuzzer needs a C++ compiler; see the message above",
        )
    })?;
    Ok(work.join(host).join("release"))
}

struct Outcome {
    runs: Option<String>,
    /// The input that broke a promise, and what was said about it.
    crash: Option<(PathBuf, String)>,
}

impl Outcome {
    fn is_broken(&self) -> bool {
        self.crash.is_some() || self.runs.is_none()
    }

    fn line(&self) -> String {
        match (&self.crash, &self.runs) {
            (Some((input, said)), _) => format!("BROKEN by {}: {said}", input.display()),
            (None, Some(runs)) => format!("{runs} runs"),
            (None, None) => "BROKEN: the fuzzer ended without a word".to_owned(),
        }
    }
}

fn fuzz(target: &str, program: &Path, work: &Path, seconds: u64) -> Result<Outcome> {
    let corpus = work.join("corpus").join(target);
    let crashes = work.join("crashes").join(target);
    for folder in [&corpus, &crashes] {
        fs::create_dir_all(folder)?;
    }
    let seeds = step::root().join("fuzz/seeds").join(target);
    let made = work.join("seeds").join(target);
    fuzz_seeds::write(target, &made)?;
    let output = Command::new(program)
        .arg(&corpus)
        .args([&seeds, &made].into_iter().filter(|folder| folder.is_dir()))
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-artifact_prefix={}/", crashes.display()))
        .args(["-max_len=4096", "-timeout=10", "-rss_limit_mb=1024"])
        .args(["-print_final_stats=1", "-verbosity=0"])
        .output()
        .with_context(|| format!("could not start {}", program.display()))?;
    let said = String::from_utf8_lossy(&output.stderr);
    let after = |mark: &str| {
        let line = said.lines().find_map(|line| line.split_once(mark));
        line.map(|(_, rest)| rest.trim().to_owned())
    };
    let crash = (!output.status.success()).then(|| {
        let input = after("Test unit written to ").unwrap_or_default();
        (PathBuf::from(input), problem(&said))
    });
    Ok(Outcome {
        runs: after("stat::number_of_executed_units:"),
        crash,
    })
}

/// The panic's message, or the fuzzer's own finding.
fn problem(said: &str) -> String {
    let mut lines = said
        .lines()
        .skip_while(|line| !line.contains("panicked at"));
    let panic: Vec<&str> = lines.by_ref().take(3).collect();
    if !panic.is_empty() {
        return panic.join(" ");
    }
    let error = said.lines().find(|line| line.contains("ERROR: libFuzzer"));
    error.unwrap_or("no reason was given").to_owned()
}
