//! Independent witnesses: the official Python and Node signers sign generated requests, and our
//! signer and verifier must agree wherever those two agree with each other. Where they do not, a
//! rule must say why, and docs/signing.md must show the rule.
//!
//! `cargo xtask test python` installs the two and runs this.

mod canonical;
mod classes;
mod generate;
mod judge;
mod ours;
mod request;
mod rules;
mod table;
mod witness;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};
use lexopt::{Arg, ValueExt};

use classes::CLASSES;
use generate::Generator;
use judge::Verdict;
use request::Request;
use witness::Testimony;

const USAGE: &str =
    "witnesses --python PROGRAM --node-modules FOLDER [--count N] [--seed N], or witnesses --table";
const SHOWN_FAILURES: usize = 20;

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

struct Options {
    python: PathBuf,
    node_modules: PathBuf,
    count: usize,
    seed: u64,
}

fn run() -> Result<bool> {
    let Some(options) = parse()? else {
        print!("{}", table::markdown());
        return Ok(true);
    };
    let mut generator = Generator(options.seed);
    let requests: Vec<Request> = (0..options.count).map(|_| generator.request()).collect();

    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let ask_python = |requests: &[Request]| {
        let usual = [("Content-Type", "Content-Type"), ("Host", "Host")];
        let mut python = Command::new(&options.python);
        let python = python.arg(here.join("sign.py"));
        witness::ask(python, &spelled(requests, usual))
    };
    let ask_node = |requests: &[Request]| {
        let usual = [("Content-Type", "content-type"), ("Host", "host")];
        let mut node = Command::new("node");
        let node = node.arg(here.join("sign.cjs")).arg(&options.node_modules);
        witness::ask(node, &spelled(requests, usual))
    };

    let mut tally = Tally::default();
    let witnesses = ask_python(&requests)?.into_iter().zip(ask_node(&requests)?);
    for (request, (python, node)) in requests.iter().zip(witnesses) {
        tally.count(request, judge::judge(request, &python, &node));
    }
    let derived: Vec<Request> = requests.iter().map(Request::derived).collect();
    tally.count_derived("Python", &derived, &ask_python(&derived)?);
    tally.count_derived("Node", &derived, &ask_node(&derived)?);
    tally.count_checks(here)?;
    println!(
        "{} requests: the witnesses agree on {}, disagree on {} (each by a rule of \
         docs/signing.md), and we refuse {}",
        requests.len(),
        tally.agreed,
        tally.disagreed,
        tally.refused
    );
    println!("{} passed, {} failed", tally.passed(), tally.failed);
    Ok(tally.failed == 0)
}

fn spelled(requests: &[Request], usual: [(&str, &str); 2]) -> Vec<Request> {
    requests
        .iter()
        .map(|request| request.spelled(usual))
        .collect()
}

/// Nothing, when only the table is wanted.
fn parse() -> Result<Option<Options>> {
    let (mut python, mut node_modules, mut count, mut seed) = (None, None, 10_000, 1);
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("table") => return Ok(None),
            Arg::Long("python") => python = Some(parser.value()?.into()),
            Arg::Long("node-modules") => node_modules = Some(parser.value()?.into()),
            Arg::Long("count") => count = parser.value()?.parse()?,
            Arg::Long("seed") => seed = parser.value()?.parse()?,
            other => return Err(other.unexpected()).context(USAGE),
        }
    }
    Ok(Some(Options {
        python: python.context(USAGE)?,
        node_modules: node_modules.context(USAGE)?,
        count,
        seed,
    }))
}

#[derive(Default)]
struct Tally {
    agreed: usize,
    disagreed: usize,
    refused: usize,
    /// Checks beside the requests that passed.
    checks: usize,
    failed: usize,
    seen: Vec<usize>,
}

impl Tally {
    fn passed(&self) -> usize {
        self.agreed + self.disagreed + self.refused + self.checks
    }

    fn count(&mut self, request: &Request, verdict: Result<Verdict, String>) {
        match verdict {
            Ok(Verdict::Agreed) => self.agreed += 1,
            Ok(Verdict::Disagreed(classes)) => {
                self.disagreed += 1;
                self.seen.extend(classes);
            }
            Ok(Verdict::Refused(classes)) => {
                self.refused += 1;
                self.seen.extend(classes);
            }
            Err(problem) => {
                let shown = serde_json::to_string(request).unwrap_or_default();
                self.fail(&format!("{problem}\n  {shown}"));
            }
        }
    }

    /// The signatures with a derived key, which are compared where the canonical requests are one.
    fn count_derived(&mut self, name: &str, requests: &[Request], theirs: &[Testimony]) {
        let mut compared = 0;
        for (request, theirs) in requests.iter().zip(theirs) {
            match judge::judge_derived(request, theirs) {
                Ok(is_same) => compared += usize::from(is_same),
                Err(problem) => {
                    let shown = serde_json::to_string(request).unwrap_or_default();
                    self.fail(&format!("{name}: {problem}\n  {shown}"));
                }
            }
        }
        println!("{compared:>6}  with a derived key, as {name} signs them");
        if compared < requests.len() / 4 {
            self.fail(&format!(
                "only {compared} derived signatures of {name} could be compared"
            ));
        } else {
            self.checks += 1;
        }
    }

    /// Every class was met, and the documentation shows them as they are.
    fn count_checks(&mut self, here: &Path) -> Result<()> {
        for (index, class) in CLASSES.iter().enumerate() {
            let met = self.seen.iter().filter(|seen| **seen == index).count();
            println!("{met:>6}  {}", class.when);
            if met == 0 {
                self.fail(&format!("no request is of the class `{}`", class.when));
            } else {
                self.checks += 1;
            }
        }
        let page = here.join("../../docs/signing.md");
        let text = std::fs::read_to_string(&page).context("docs/signing.md cannot be read")?;
        if text.contains(&table::markdown()) {
            self.checks += 1;
        } else {
            self.fail("docs/signing.md does not show the table that `witnesses --table` prints");
        }
        Ok(())
    }

    fn fail(&mut self, problem: &str) {
        self.failed += 1;
        if self.failed <= SHOWN_FAILURES {
            println!("FAILED: {problem}");
        }
    }
}
