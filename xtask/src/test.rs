//! `cargo xtask test`: every test there is, or one part of them.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::cargo::Built;
use crate::{
    build_npm, consumers, emulator, javascript_tests, npm_package, packages, python_tests,
    rust_tests, rust_web, size, soak, typedoc,
};

pub(crate) const ABOUT: &str = "run every test, or [lint | native | size | node | soak | browser | web | package | consumers | python]";

/// How a part ended, if nothing failed.
pub(crate) enum Outcome {
    Passed,
    /// So many suites did not run, for this reason.
    Skipped(usize, &'static str),
}

/// A part of the tests: its name on the command line, and what it does.
type Part = (&'static str, fn(&mut Workshop) -> Result<Outcome>);

/// What fails fast comes first.
const PARTS: &[Part] = &[
    ("lint", |_| rust_tests::lint()),
    ("native", |workshop| {
        rust_tests::native(workshop.programs()?)
    }),
    ("size", |workshop| {
        workshop.package()?;
        size::check()?;
        Ok(Outcome::Passed)
    }),
    ("node", |workshop| {
        workshop.package()?;
        javascript_tests::node(workshop.programs()?)
    }),
    ("soak", |workshop| {
        workshop.package()?;
        soak::short()?;
        Ok(Outcome::Passed)
    }),
    ("browser", |workshop| {
        workshop.package()?;
        javascript_tests::browser(workshop.programs()?)
    }),
    ("web", |workshop| rust_web::test(workshop.programs()?)),
    ("package", |workshop| {
        workshop.package()?;
        npm_package::check()?;
        typedoc::check()?;
        packages::test()?;
        javascript_tests::packages(workshop.programs()?)
    }),
    ("consumers", |workshop| {
        workshop.package()?;
        consumers::quick(&workshop.programs()?.program(emulator::NAME)?)?;
        Ok(Outcome::Passed)
    }),
    ("python", |workshop| python_tests::run(workshop.programs()?)),
];

pub(crate) fn run(arguments: Vec<String>) -> Result<()> {
    let chosen = choose(&arguments)?;
    let skips_fail = std::env::var("CI").is_ok_and(|value| value == "true");
    let mut workshop = Workshop::default();
    let mut report = Vec::new();
    for (name, test) in chosen {
        println!("\n#### {name}");
        let start = Instant::now();
        let outcome = test(&mut workshop);
        report.push(Line::new(name, outcome, start.elapsed(), skips_fail));
    }
    println!("\n#### summary");
    for line in &report {
        println!(
            "{:<9} {:>4} s  {}",
            line.name,
            line.took.as_secs(),
            line.text
        );
    }
    let failed = report.iter().filter(|line| line.failed).count();
    if failed > 0 {
        bail!(
            "{failed} of {} parts failed; their messages are above",
            report.len()
        );
    }
    Ok(())
}

/// The parts named on the command line; all, if none is.
fn choose(names: &[String]) -> Result<Vec<&'static Part>> {
    if names.is_empty() {
        return Ok(PARTS.iter().collect());
    }
    let find = |name: &String| match PARTS.iter().find(|(known, _)| known == name) {
        Some(part) => Ok(part),
        None => bail!("there is no part `{name}` of the tests; see `cargo xtask`"),
    };
    names.iter().map(find).collect()
}

/// What several parts need, built once and only when needed.
#[derive(Default)]
struct Workshop {
    programs: Option<Built>,
    package_is_built: bool,
}

impl Workshop {
    /// The emulator and the examples that the tests run.
    fn programs(&mut self) -> Result<&Built> {
        if self.programs.is_none() {
            self.programs = Some(emulator::build_with(&[rust_tests::VECTORS])?);
        }
        self.programs
            .as_ref()
            .ok_or_else(|| anyhow::anyhow!("the emulator is not built"))
    }

    /// The npm package in pkg/dist.
    fn package(&mut self) -> Result<()> {
        if !self.package_is_built {
            build_npm::build()?;
            self.package_is_built = true;
        }
        Ok(())
    }
}

/// A line of the summary.
struct Line {
    name: &'static str,
    took: Duration,
    text: String,
    failed: bool,
}

impl Line {
    fn new(name: &'static str, outcome: Result<Outcome>, took: Duration, skips_fail: bool) -> Self {
        let (text, failed) = match outcome {
            Ok(Outcome::Passed) => ("passed".into(), false),
            Ok(Outcome::Skipped(0, _)) => ("nothing to run".into(), false),
            Ok(Outcome::Skipped(count, why)) => (format!("{count} skipped: {why}"), skips_fail),
            Err(error) => {
                // Said at once as well, so that a long run need not be waited for.
                eprintln!("error: {error:#}");
                (format!("FAILED: {error:#}"), true)
            }
        };
        Self {
            name,
            took,
            text,
            failed,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Line, Outcome, PARTS, choose};

    fn fails(outcome: Outcome, in_ci: bool) -> bool {
        Line::new("python", Ok(outcome), Duration::ZERO, in_ci).failed
    }

    #[test]
    fn a_skip_fails_in_ci_alone() {
        assert!(!fails(Outcome::Skipped(2, "no Python"), false));
        assert!(fails(Outcome::Skipped(2, "no Python"), true));
        assert!(!fails(Outcome::Passed, true));
    }

    #[test]
    fn no_name_means_every_part_and_a_wrong_name_none() {
        assert_eq!(choose(&[]).unwrap().len(), PARTS.len());
        assert_eq!(choose(&["node".into()]).unwrap().len(), 1);
        assert!(choose(&["nodejs".into()]).is_err());
    }
}
