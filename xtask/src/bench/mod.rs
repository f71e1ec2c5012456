//! `cargo xtask bench NAME`: measurements, one file each.
//!
//! CPU time, not wall time, on one core, in interleaved rounds: what else the machine does then
//! falls on all alike.

mod call;
mod clients;
mod faults;
mod sign;
mod sse;
mod start;

use std::ffi::OsStr;
use std::process::Command;

use anyhow::{Result, anyhow, bail};

use crate::step;

pub(crate) const ABOUT: &str =
    "NAME: measure ours against others: sign, sse, call, faults or start";

/// A measurement: its name, and what prints its table.
type Bench = (&'static str, fn() -> Result<()>);

const BENCHES: &[Bench] = &[
    ("sign", sign::run),
    ("sse", sse::run),
    ("call", call::run),
    ("faults", faults::run),
    ("start", start::run),
];

pub(crate) fn run(arguments: Vec<String>) -> Result<()> {
    let known = |name: &str| BENCHES.iter().find(|(known, _)| *known == name);
    if let [name] = arguments.as_slice()
        && let Some((_, bench)) = known(name)
    {
        return bench();
    }
    let names: Vec<&str> = BENCHES.iter().map(|(name, _)| *name).collect();
    bail!(
        "say what to measure, `cargo xtask bench NAME`; there is {}",
        names.join(", ")
    )
}

/// A command that stays on one core, where the system can do that.
fn pinned(program: impl AsRef<OsStr>) -> Command {
    pinned_to("0", program)
}

/// A command that stays on this core, where the system can do that and has it.
fn pinned_to(core: &str, program: impl AsRef<OsStr>) -> Command {
    if step::succeeds(Command::new("taskset").args(["-c", core, "true"])) {
        let mut command = Command::new("taskset");
        command.args(["-c", core]).arg(program);
        return command;
    }
    Command::new(program)
}

/// The fields of a line that a contestant prints, with tabs between them.
fn fields<const N: usize>(line: &str) -> Result<[String; N]> {
    let fields: Vec<String> = line.split('\t').map(str::to_owned).collect();
    let count = fields.len();
    let wrong = |_| anyhow!("a line of {count} fields instead of {N}: {line}");
    fields.try_into().map_err(wrong)
}

/// What the columns of a table after the first hold.
#[derive(Clone, Copy)]
enum Cells {
    Words,
    Numbers,
}

/// Prints a table in Markdown.
fn print_table(cells: Cells, head: &[&str], rows: &[Vec<String>]) {
    let line = |cells: Vec<&str>| println!("| {} |", cells.join(" | "));
    println!();
    line(head.to_vec());
    let rule = match cells {
        Cells::Words => "---",
        Cells::Numbers => "---:",
    };
    let mut rule = vec![rule; head.len()];
    if let Some(first) = rule.first_mut() {
        *first = "---";
    }
    line(rule);
    for row in rows {
        line(row.iter().map(String::as_str).collect());
    }
}

fn median(rates: &[f64]) -> Option<f64> {
    let mut sorted = rates.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn the_median_is_the_one_in_the_middle() {
        assert_eq!(median(&[9.0, 1.0, 5.0]), Some(5.0));
        assert_eq!(median(&[]), None);
    }
}
