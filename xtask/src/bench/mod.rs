//! `cargo xtask bench NAME`: measurements, one file each.
//!
//! CPU time, not wall time, on one core, in interleaved rounds: what else the machine does then
//! falls on all alike.

mod sign;

use std::ffi::OsStr;
use std::process::Command;

use anyhow::{Result, bail};

use crate::step;

pub(crate) const ABOUT: &str = "NAME: measure ours against others; there is sign";

/// A measurement: its name, and what prints its table.
type Bench = (&'static str, fn() -> Result<()>);

const BENCHES: &[Bench] = &[("sign", sign::run)];

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
    if step::succeeds(Command::new("taskset").args(["-c", "0", "true"])) {
        let mut command = Command::new("taskset");
        command.args(["-c", "0"]).arg(program);
        return command;
    }
    Command::new(program)
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
