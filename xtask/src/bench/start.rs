//! `cargo xtask bench start`: what starting costs in Node and in a page, ours against others.
//!
//! Time on the clock, for that is what is waited for; each start is a process or a page of its own.

use std::collections::BTreeMap;

use anyhow::{Context, Result};

use super::clients::Clients;
use super::{Cells, fields, median, print_table};
use crate::{build_npm, cargo, chromium, step};

const ROUNDS: usize = 15;
/// The rows; all are compared with the first.
const NODE: [&str; 6] = [
    "fetch",
    "pangulm (npm), API key",
    "pangulm (npm), signed",
    "openai-node",
    "@anthropic-ai/sdk",
    "aws4fetch",
];
const PAGE: [&str; 3] = ["fetch", "pangulm (npm)", "openai-node"];

pub(super) fn run() -> Result<()> {
    let clients = Clients::prepare()?;
    let server = clients.serve()?;
    let mut imports = Times::default();
    let mut calls = Times::default();
    for round in 1..=ROUNDS {
        step::announce(format!("Round {round} of {ROUNDS} in Node"));
        for contestant in NODE {
            let mut command = clients.node("start.mjs");
            command.args([contestant, &server.url]);
            let text = step::output(&mut command, "see the message above")?;
            let [import, call] = fields(text.trim_end())?;
            imports.add(contestant, &import)?;
            calls.add(contestant, &call)?;
        }
    }
    println!("\nNode, one core, median of {ROUNDS} interleaved starts");
    let mut rows = Vec::new();
    let plain = calls.median("fetch")?;
    for contestant in NODE {
        let (import, call) = (imports.median(contestant)?, calls.median(contestant)?);
        let more = import + call - plain;
        rows.push(
            [contestant.to_owned()]
                .into_iter()
                .chain([import, call, call - plain, more].map(shown))
                .collect(),
        );
    }
    print_table(
        Cells::Numbers,
        &[
            "client",
            "import",
            "first call",
            "more than fetch",
            "both, more than fetch",
        ],
        &rows,
    );
    pages(&clients)
}

fn pages(clients: &Clients) -> Result<()> {
    let folder = cargo::target_dir()?.join("bench-pages");
    build_npm::empty(&folder)?;
    step::announce(format!("{ROUNDS} rounds in Chromium"));
    let mut command = clients.node_unpinned("start-page.mjs");
    command
        .arg(&folder)
        .arg(ROUNDS.to_string())
        .env(chromium::VARIABLE, chromium::ensure_browser()?);
    let text = step::output(&mut command, "see the message above")?;
    let mut times = Times::default();
    for line in text.lines() {
        let [contestant, took] = fields(line)?;
        times.add(&contestant, &took)?;
    }
    println!(
        "\nChromium, from the opening of a page to its first answer, median of {ROUNDS} interleaved starts"
    );
    let plain = times.median("fetch")?;
    let mut rows = Vec::new();
    for contestant in PAGE {
        let took = times.median(contestant)?;
        rows.push(vec![
            contestant.to_owned(),
            shown(took),
            shown(took - plain),
        ]);
    }
    print_table(
        Cells::Numbers,
        &["client", "first answer", "more than fetch"],
        &rows,
    );
    Ok(())
}

fn shown(milliseconds: f64) -> String {
    format!("{milliseconds:.1} ms")
}

/// What each contestant took, in milliseconds.
#[derive(Default)]
struct Times(BTreeMap<String, Vec<f64>>);

impl Times {
    fn add(&mut self, contestant: &str, took: &str) -> Result<()> {
        self.0
            .entry(contestant.to_owned())
            .or_default()
            .push(took.parse()?);
        Ok(())
    }

    fn median(&self, contestant: &str) -> Result<f64> {
        let known = self.0.get(contestant).and_then(|times| median(times));
        known.with_context(|| format!("{contestant} was not measured"))
    }
}
