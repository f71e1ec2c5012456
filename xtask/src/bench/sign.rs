//! `cargo xtask bench sign`: signing speed, ours against the official signers and AWS's.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::{median, pinned};
use crate::cargo::cargo;
use crate::official::{self, Official};
use crate::{build_npm, node, step};

const ROUNDS: usize = 5;
const OURS: &str = "ours";
/// The rows, in the order of the table.
const ROWS: [&str; 9] = [
    OURS,
    "aws-sigv4",
    "official Python",
    "official Node",
    "hand-written node:crypto",
    "SHA-256 alone",
    "node:crypto SHA-256 alone",
    "ours, sign in Node",
    "ours, signRequest in Node",
];
const COLUMNS: [&str; 2] = ["1 KB", "100 KB"];

pub(super) fn run() -> Result<()> {
    let contestants = Contestants::prepare()?;
    contestants.check()?;
    let mut rates: BTreeMap<(String, String), Vec<f64>> = BTreeMap::new();
    for round in 1..=ROUNDS {
        step::announce(format!("Round {round} of {ROUNDS}"));
        for (row, column, rate) in contestants.measure()? {
            rates.entry((row, column)).or_default().push(rate);
        }
    }
    print_table(&rates)
}

/// The programs that measure themselves.
struct Contestants {
    native: PathBuf,
    official: Official,
}

impl Contestants {
    fn prepare() -> Result<Self> {
        let official = official::ensure()?;
        build_npm::build()?;
        let target = crate::cargo::target_dir()?.join("bench");
        step::timed("building the native signers", || {
            let mut build = cargo(["build", "--release", "--quiet", "--locked"]);
            build
                .args(["--manifest-path", "bench/Cargo.toml", "--target-dir"])
                .arg(&target);
            step::run(&mut build, "see the compiler's message above")
        })?;
        let native = target
            .join("release/pangulm-bench")
            .with_extension(std::env::consts::EXE_EXTENSION);
        Ok(Self { native, official })
    }

    fn commands(&self) -> [Command; 3] {
        let bench = step::root().join("bench");
        let mut python = pinned(&self.official.python);
        python.arg(bench.join("official.py"));
        let mut node = pinned(node::node().get_program());
        node.arg(bench.join("node.cjs"))
            .arg(&self.official.node_modules);
        [pinned(&self.native), python, node]
    }

    /// All signers of the same algorithm must make the same signature: nobody is measured doing
    /// less.
    fn check(&self) -> Result<()> {
        let mut known: BTreeMap<String, String> = BTreeMap::new();
        for mut command in self.commands() {
            let text = step::output(command.arg("--check"), "see the message above")?;
            for line in text.lines() {
                let (body, signature) = line.split_once('\t').context("a line without a tab")?;
                let first = known.entry(body.into()).or_insert_with(|| signature.into());
                if first != signature {
                    bail!("two signers make different signatures of the {body} request");
                }
            }
        }
        println!("all signers of SDK-HMAC-SHA256 make the same signatures");
        Ok(())
    }

    fn measure(&self) -> Result<Vec<(String, String, f64)>> {
        let mut measured = Vec::new();
        for mut command in self.commands() {
            let text = step::output(&mut command, "see the message above")?;
            for line in text.lines() {
                let mut fields = line.split('\t');
                let mut field = || fields.next().context("a line of less than three fields");
                let (row, column) = (field()?.to_owned(), field()?.to_owned());
                measured.push((row, column, field()?.parse()?));
            }
        }
        Ok(measured)
    }
}

fn print_table(rates: &BTreeMap<(String, String), Vec<f64>>) -> Result<()> {
    let rate = |row: &str, column: &str| {
        let key = (row.to_owned(), column.to_owned());
        rates
            .get(&key)
            .and_then(|rates| median(rates))
            .with_context(|| format!("{row} was not measured with {column}"))
    };
    println!("\nsignatures a CPU second, one core, median of {ROUNDS} interleaved rounds\n");
    println!("| signer | 1 KB | ours is | 100 KB | ours is |");
    println!("|---|---:|---:|---:|---:|");
    for row in ROWS {
        let mut cells = Vec::new();
        for column in COLUMNS {
            let this = rate(row, column)?;
            cells.push(format!("{:.1} k", this / 1000.0));
            cells.push(match row {
                OURS => "–".to_owned(),
                _ => format!("{:.2} x", rate(OURS, column)? / this),
            });
        }
        println!("| {row} | {} |", cells.join(" | "));
    }
    Ok(())
}
