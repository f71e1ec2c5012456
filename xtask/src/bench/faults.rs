//! `cargo xtask bench faults`: what the users of several clients see when a stream goes wrong.

use std::collections::BTreeMap;

use anyhow::Result;
use serde_json::{Value, json};

use super::clients::Clients;
use super::{Cells, fields, print_table};
use crate::emulator::{self, Emulator};
use crate::{http, step};

/// A name for people, and what the emulator is asked for.
const FAULTS: [(&str, &str); 5] = [
    ("connection dropped", "drop-after=8"),
    ("clean end without an end mark", "truncate-after=8"),
    ("service error inside the stream", "error-after=8"),
    ("silence", "stall-after=8"),
    ("HTML page, status 502", "html=502"),
];
/// The columns, by the names that the programs use.
const CLIENTS: [&str; 4] = ["pangulm", "async-openai", "pangulm (npm)", "openai-node"];
/// After so many milliseconds a client is said to hang.
const LIMIT: &str = "8000";
const LONGEST_CELL: usize = 110;

pub(super) fn run() -> Result<()> {
    let clients = Clients::prepare()?;
    let built = emulator::build_with(&[])?;
    let emulator = Emulator::start(&built.program(emulator::NAME)?, &["--pace", "0"])?;
    step::announce("Streaming through every client, one fault after the other");
    let mut cells = BTreeMap::new();
    for mut command in [clients.native("faults"), clients.node("faults.mjs")] {
        for member in ["url", "model", "apiKey"] {
            command.arg(emulator.get(member)?);
        }
        command.arg(LIMIT).args(FAULTS.map(|(_, fault)| fault));
        for line in step::output(&mut command, "see the message above")?.lines() {
            let [client, fault, chunks, end] = fields(line)?;
            let requests = requests(&emulator, &format!("{client}/{fault}"))?;
            cells.insert((client, fault), cell(&chunks, &end, requests));
        }
    }
    let head: Vec<&str> = std::iter::once("fault").chain(CLIENTS).collect();
    let row = |(name, fault): (&str, &str)| {
        let cell = |client: &str| {
            let found = cells.get(&(client.to_owned(), fault.to_owned()));
            found.cloned().unwrap_or_else(|| "did not run".to_owned())
        };
        std::iter::once(name.to_owned())
            .chain(CLIENTS.map(cell))
            .collect()
    };
    println!("\nwhat arrived, then what the user's loop saw; a client hangs after {LIMIT} ms");
    print_table(Cells::Words, &head, &FAULTS.map(row));
    Ok(())
}

/// How many requests the emulator got with this key.
fn requests(emulator: &Emulator, key: &str) -> Result<u64> {
    let body = json!({"keys": [key]});
    let counted = http::post(emulator.get("url")?, "/_emulator/tallies", &body)?;
    let tally = counted.get("tallies").and_then(|tallies| tallies.get(key));
    let requests = tally
        .and_then(|tally| tally.get("requests"))
        .and_then(Value::as_u64);
    Ok(requests.unwrap_or_default())
}

fn cell(chunks: &str, end: &str, requests: u64) -> String {
    let mut end: String = end.replace('|', "/");
    if end.chars().count() > LONGEST_CELL {
        end = end.chars().take(LONGEST_CELL).chain(['…']).collect();
    }
    let again = match requests {
        1 => String::new(),
        _ => format!(" ({requests} requests)"),
    };
    format!("{chunks} chunks, {end}{again}")
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_CELL, cell};

    #[test]
    fn a_cell_tells_of_further_requests_and_stays_short() {
        assert_eq!(cell("8", "normal end", 1), "8 chunks, normal end");
        let long = cell("0", &"x".repeat(1_000), 3);
        assert!(
            long.ends_with("…  (3 requests)".replace("  ", " ").as_str()),
            "{long}"
        );
        assert!(long.chars().count() < LONGEST_CELL + 40);
    }
}
