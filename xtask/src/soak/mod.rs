//! `cargo xtask soak`: 64 Rust and 64 JavaScript workers call the emulator under faults and with
//! tokens that expire all the time, and every call is accounted for.

mod judge;
mod memory;
mod plan;
mod report;
mod workers;

use std::process::Command;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};
use lexopt::Arg::Long;
use lexopt::ValueExt;
use serde_json::{Value, json};

use crate::emulator::{self, Emulator};
use crate::{build_npm, cargo, http, node, step};
use judge::{Judge, Promised, Tally};
use memory::Memory;
use plan::{Plan, QUESTIONS};
use workers::{News, Workers};

pub(crate) const ABOUT: &str = "call the emulator under faults and account for every call [--minutes N | --seconds N] [--seed N]";

/// The workers' program in Rust.
pub(crate) const WORKER: &str = "soak-worker";

/// Of each language.
const WORKERS: u64 = 64;
const LANGUAGES: [&str; 2] = ["rust", "node"];
/// A token serves for nine tenths of this.
const TOKEN_LIFETIME: &str = "3";
/// How long a stream may be silent, in milliseconds: longer than a busy machine takes.
const IDLE_TIMEOUT: u64 = 3_000;
/// After the last call is made, this much passes at most until all have ended.
const GRACE: Duration = Duration::from_secs(60);
/// The emulator is asked about so many calls at a time; it keeps the last 10,000 keys.
const BATCH: usize = 500;
const SAMPLE_EVERY: Duration = Duration::from_millis(200);

/// What the command line asks for.
#[derive(Debug, PartialEq)]
struct Options {
    length: Duration,
    seed: u64,
}

pub(crate) fn run(arguments: Vec<String>) -> Result<()> {
    let options = Options::parse(arguments)?;
    build_npm::build()?;
    soak(&options)
}

/// A short run, for the tests; the npm package is built.
pub(crate) fn short() -> Result<()> {
    soak(&Options {
        length: Duration::from_secs(10),
        seed: seed_of_now(),
    })
}

impl Options {
    fn parse(arguments: Vec<String>) -> Result<Self> {
        let mut options = Self {
            length: Duration::from_secs(60),
            seed: seed_of_now(),
        };
        let mut parser = lexopt::Parser::from_args(arguments);
        while let Some(argument) = parser.next()? {
            match argument {
                Long("minutes") => {
                    options.length = Duration::from_secs(60 * parser.value()?.parse::<u64>()?)
                }
                Long("seconds") => options.length = Duration::from_secs(parser.value()?.parse()?),
                Long("seed") => options.seed = parser.value()?.parse()?,
                other => bail!("{}; see `cargo xtask`", other.unexpected()),
            }
        }
        Ok(options)
    }
}

fn seed_of_now() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.unwrap_or_default().as_secs()
}

fn soak(options: &Options) -> Result<()> {
    step::announce("Building the emulator and the Rust workers");
    let built = cargo::build(&["--workspace", "--bin", emulator::NAME, "--bin", WORKER])?;
    let commands = [Command::new(built.program(WORKER)?), {
        let mut command = node::node();
        command.arg(step::root().join("tests/soak/worker.mjs"));
        command
    }];
    let flags = ["--pace", "0", "--token-lifetime", TOKEN_LIFETIME];
    let emulator = Emulator::start(&built.program(emulator::NAME)?, &flags)?;
    let promised = promised(&emulator)?;

    let (length, seed) = (options.length.as_secs(), options.seed);
    step::announce(format!(
        "{WORKERS} workers in Rust and {WORKERS} in Node for {length} s, with the seed {seed}"
    ));
    let settings = json!({
        "emulator": serde_json::from_str::<Value>(&emulator.info)?,
        "workers": WORKERS,
        "idleTimeout": IDLE_TIMEOUT,
    });
    let deadline = Instant::now() + options.length;
    let (sender, news) = sync_channel(BATCH);
    let mut workers = Vec::new();
    for (who, (command, language)) in commands.into_iter().zip(LANGUAGES).enumerate() {
        let plan = Plan::new(language, seed);
        let who = (who, settings.clone());
        workers.push(Workers::start(
            command,
            who,
            plan,
            deadline,
            sender.clone(),
        )?);
    }
    drop(sender);

    let mut judges = LANGUAGES.map(|_| Judge::new(&promised));
    let mut memories: Vec<Memory> = workers.iter().map(|it| Memory::of(it.process())).collect();
    memories.push(Memory::of(emulator.process()));
    let mut next_sample = Instant::now();
    let late = loop {
        if Instant::now() >= next_sample && Instant::now() < deadline {
            memories.iter_mut().for_each(Memory::sample);
            next_sample += SAMPLE_EVERY;
        }
        match news.recv_timeout(SAMPLE_EVERY) {
            Ok(News::Planned(who, call)) => of(&mut judges, who)?.planned(call),
            Ok(News::Answered(who, line)) => {
                let judge = of(&mut judges, who)?;
                judge.answered(&line)?;
                if judge.untallied().len() >= BATCH {
                    tally(judge, &emulator)?;
                }
            }
            Ok(News::Ended(who)) => {
                let judge = of(&mut judges, who)?;
                tally(judge, &emulator)?;
                judge.ended();
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break false,
        }
        if Instant::now() > deadline + GRACE {
            break true;
        }
    };
    for judge in &mut judges {
        judge.ended();
    }
    let crashed = !late && !workers.iter_mut().all(Workers::ended_well);
    let clean = report::print(options.length, (&judges, LANGUAGES), &memories);
    if late || crashed || !clean {
        let how = match (late, crashed) {
            (true, _) => "workers did not end",
            (_, true) => "workers crashed",
            _ => "not every call is accounted for, or memory grows",
        };
        bail!("{how}; the same calls are made with --seed {seed}");
    }
    println!("Every call is accounted for.");
    Ok(())
}

fn of<'j, 'p>(judges: &'j mut [Judge<'p>], who: usize) -> Result<&'j mut Judge<'p>> {
    judges.get_mut(who).context("news of nobody")
}

/// What the emulator will answer to each question.
fn promised(emulator: &Emulator) -> Result<Vec<Promised>> {
    let url = emulator.get("url")?;
    let ask = |question: &&str| {
        let question = http::percent_encoded(question);
        let json = http::get(url, &format!("/_emulator/answer?question={question}"))?;
        let content = json.get("content").and_then(Value::as_str);
        let tokens = json.get("questionTokens").and_then(Value::as_u64);
        Ok(Promised {
            content: content.context("no answer is promised")?.to_owned(),
            question_tokens: tokens.context("no count is promised")?,
        })
    };
    QUESTIONS.iter().map(ask).collect()
}

/// Asks the emulator how it counted what was answered since the last time.
fn tally(judge: &mut Judge<'_>, emulator: &Emulator) -> Result<()> {
    let keys = judge.untallied();
    let body = json!({"keys": keys});
    let counted = http::post(emulator.get("url")?, "/_emulator/tallies", &body)?;
    let tallies = counted
        .get("tallies")
        .context("the emulator counts nothing")?;
    for key in keys {
        let tally = tallies.get(&key).map(Tally::read).unwrap_or_default();
        judge.tallied(&key, tally);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Options;

    fn parsed(arguments: &[&str]) -> anyhow::Result<Options> {
        Options::parse(arguments.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn the_length_is_told_in_minutes_or_seconds() {
        let options = parsed(&["--minutes", "2", "--seed", "9"]).unwrap();
        let expected = Options {
            length: Duration::from_secs(120),
            seed: 9,
        };
        assert_eq!(options, expected);
        assert_eq!(parsed(&["--seconds", "5"]).unwrap().length.as_secs(), 5);
        assert!(parsed(&["--hours", "1"]).is_err());
        assert!(parsed(&["--minutes", "-1"]).is_err());
    }
}
