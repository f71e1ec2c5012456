//! `cargo xtask bench call`: what a call costs a client, ours against others.

use std::collections::BTreeMap;

use anyhow::{Context, Result};

use super::clients::{Clients, Server};
use super::{Cells, fields, median, print_table};
use crate::step;

const ROUNDS: usize = 7;
/// How many calls, and how many of them at once.
const MODES: [(&str, &str); 2] = [("2000", "1"), ("8000", "64")];
/// The rows; each is compared with the first of its table.
const RUST: [&str; 4] = [
    "reqwest",
    "pangulm, signed",
    "pangulm, API key",
    "async-openai",
];
const NODE: [&str; 4] = [
    "fetch",
    "pangulm (npm), signed",
    "pangulm (npm), API key",
    "openai-node",
];

/// CPU time and memory, by contestant and mode.
type Costs = BTreeMap<(&'static str, &'static str), Vec<[f64; 2]>>;

pub(super) fn run() -> Result<()> {
    let clients = Clients::prepare()?;
    let server = clients.serve()?;
    let mut costs = Costs::new();
    for round in 1..=ROUNDS {
        step::announce(format!("Round {round} of {ROUNDS}"));
        for (calls, at_once) in MODES {
            for contestant in RUST.into_iter().chain(NODE) {
                let cost = measure(&clients, &server, contestant, calls, at_once)?;
                costs.entry((contestant, at_once)).or_default().push(cost);
            }
        }
    }
    println!(
        "\nCPU time a call (user and system), one core, median of {ROUNDS} interleaved rounds"
    );
    for contestants in [RUST, NODE] {
        print(contestants, &costs)?;
    }
    Ok(())
}

/// Each in a process of its own, for its memory.
fn measure(
    clients: &Clients,
    server: &Server,
    contestant: &str,
    calls: &str,
    at_once: &str,
) -> Result<[f64; 2]> {
    let mut command = if RUST.contains(&contestant) {
        clients.native("call")
    } else {
        clients.node("call.mjs")
    };
    command.args([contestant, &server.url, calls, at_once]);
    let text = step::output(&mut command, "see the message above")?;
    let [microseconds, megabytes] = fields(text.trim_end())?;
    Ok([microseconds.parse()?, megabytes.parse()?])
}

fn print(contestants: [&'static str; 4], costs: &Costs) -> Result<()> {
    let cost = |contestant, at_once, which: fn(&[f64; 2]) -> f64| {
        let known = costs.get(&(contestant, at_once));
        let known = known.map(|rounds| rounds.iter().map(which).collect::<Vec<_>>());
        known
            .and_then(|costs| median(&costs))
            .with_context(|| format!("{contestant} was not measured"))
    };
    let [plain, ..] = contestants;
    let mut rows = Vec::new();
    for contestant in contestants {
        let mut row = vec![contestant.to_owned()];
        for (_, at_once) in MODES {
            let this = cost(contestant, at_once, |[time, _]| *time)?;
            let first = cost(plain, at_once, |[time, _]| *time)?;
            row.push(format!("{:.2} x", this / first));
            row.push(format!("{:+.1} µs", this - first));
            row.push(format!("{this:.1} µs"));
            row.push(format!(
                "{:.1} MB",
                cost(contestant, at_once, |[_, size]| *size)?
            ));
        }
        rows.push(row);
    }
    let head = [
        "one after another",
        "ratio",
        "more",
        "CPU",
        "memory",
        "64 at once",
        "more",
        "CPU",
        "memory",
    ];
    print_table(Cells::Numbers, &head, &rows);
    Ok(())
}
