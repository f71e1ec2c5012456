//! `cargo xtask bench sse`: reading streamed answers, ours against others, in tokens a CPU second.

use std::collections::BTreeMap;

use anyhow::{Context, Result};

use super::clients::Clients;
use super::{Cells, fields, median, print_table};
use crate::step;

const ROUNDS: usize = 5;
/// The names that the programs use, and those of the table's columns.
const PIECES: [(&str, &str); 3] = [
    ("event", "an event each"),
    ("16k", "16 KiB"),
    ("7b", "7 bytes"),
];
/// What is compared, where; ours comes first.
const PLACES: [(&str, &[&str]); 4] = [
    (
        "memory",
        &[
            "pangulm",
            "sse-stream + serde",
            "eventsource-stream + serde",
        ],
    ),
    (
        "http",
        &[
            "pangulm",
            "sse-stream + serde",
            "eventsource-stream + serde",
            "async-openai",
        ],
    ),
    (
        "memory in Node",
        &["pangulm (npm)", "eventsource-parser", "openai-node"],
    ),
    (
        "http in Node",
        &["pangulm (npm)", "eventsource-parser", "openai-node"],
    ),
];

type Rates = BTreeMap<[String; 3], Vec<f64>>;

pub(super) fn run() -> Result<()> {
    let clients = Clients::prepare()?;
    let server = clients.serve()?;
    let mut rates = Rates::new();
    for round in 1..=ROUNDS {
        step::announce(format!("Round {round} of {ROUNDS}"));
        let (mut native, mut node) = (clients.native("sse"), clients.node("sse.mjs"));
        native.arg(&server.url);
        node.arg(&server.url);
        for command in [&mut native, &mut node] {
            for line in step::output(command, "see the message above")?.lines() {
                let [place, client, pieces, rate] = fields(line)?;
                let rate = rate
                    .parse()
                    .with_context(|| format!("no number in {line:?}"))?;
                rates.entry([place, client, pieces]).or_default().push(rate);
            }
        }
    }
    println!("\nthousand tokens a CPU second, one core, median of {ROUNDS} interleaved rounds");
    for (place, contestants) in PLACES {
        print_place(place, contestants, &rates)?;
    }
    Ok(())
}

fn print_place(place: &str, contestants: &[&str], rates: &Rates) -> Result<()> {
    let rate = |client: &str, pieces: &str| {
        let known = rates.get(&[place, client, pieces].map(str::to_owned));
        known
            .and_then(|rates| median(rates))
            .with_context(|| format!("{client} was not measured in {place} with {pieces}"))
    };
    let ours = contestants.first().context("nobody is measured")?;
    let mut rows = Vec::new();
    for client in contestants {
        let mut row = vec![(*client).to_owned()];
        for (pieces, _) in PIECES {
            let this = rate(client, pieces)?;
            row.push(if client == ours {
                "–".to_owned()
            } else {
                format!("{:.2} x", rate(ours, pieces)? / this)
            });
            row.push(format!("{:.0}", this / 1000.0));
        }
        rows.push(row);
    }
    let mut head = vec![place];
    for (_, title) in PIECES {
        head.extend(["ours is", title]);
    }
    print_table(Cells::Numbers, &head, &rows);
    Ok(())
}
