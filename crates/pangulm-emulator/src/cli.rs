//! The command line.

use std::env;
use std::str::FromStr;
use std::time::Duration;

use lexopt::{Arg, Parser, ValueExt};
use pangulm_emulator::{Options, Seed, Upstream};

pub(crate) const HELP: &str = "\
The Pangu platform on your own machine: IAM tokens, the gateway, chats in both dialects.
Prints its addresses, ids and credentials as one line of JSON, then serves on 127.0.0.1.

Usage: pangulm-emulator [OPTIONS]

Options:
  --port PORT               TCP port; 0 takes any free one (default 0)
  --cors                    allow calls from other origins; off by default, as on the platform
  --site DIR                serve the files of DIR under /site/
  --upstream URL            let an OpenAI-compatible server at URL answer the chats
                            (URL/chat/completions; its key in PANGULM_UPSTREAM_API_KEY)
  --upstream-model NAME     the model to ask for there
  --token-lifetime SECONDS  how long an IAM token lives (default 86400)
  --qps N                   refuse more than N requests a second to the models (default: no limit)
  --pace MS                 pause before each streamed chunk (default 25)
  --seed demo               begin with jobs, objects, users, groups and a conversation
                            to look at (default: nothing)
  --until-stdin-closes      stop when stdin ends
  --help                    print this
  --version                 print the version
";

const PACE: Duration = Duration::from_millis(25);

pub(crate) enum Command {
    Help,
    Version,
    Start(Start),
}

pub(crate) struct Start {
    pub(crate) options: Options,
    pub(crate) until_stdin_closes: bool,
}

pub(crate) fn parse(mut parser: Parser) -> Result<Command, lexopt::Error> {
    let mut options = Options {
        pace: PACE,
        ..Options::default()
    };
    let mut until_stdin_closes = false;
    let (mut url, mut model) = (None, None);
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("port") => options.port = number(&mut parser, "--port")?,
            Arg::Long("cors") => options.cors = true,
            Arg::Long("site") => options.site = Some(parser.value()?.into()),
            Arg::Long("upstream") => url = Some(parser.value()?.string()?),
            Arg::Long("upstream-model") => model = Some(parser.value()?.string()?),
            Arg::Long("token-lifetime") => {
                let seconds: u32 = number(&mut parser, "--token-lifetime")?;
                options.token_lifetime = Duration::from_secs(u64::from(seconds));
            }
            Arg::Long("qps") => options.qps = number(&mut parser, "--qps")?,
            Arg::Long("pace") => {
                let milliseconds: u32 = number(&mut parser, "--pace")?;
                options.pace = Duration::from_millis(u64::from(milliseconds));
            }
            Arg::Long("seed") => options.seed = Some(seed(&parser.value()?.string()?)?),
            Arg::Long("until-stdin-closes") => until_stdin_closes = true,
            Arg::Long("help") | Arg::Short('h') => return Ok(Command::Help),
            Arg::Long("version") | Arg::Short('V') => return Ok(Command::Version),
            other => return Err(other.unexpected()),
        }
    }
    options.upstream = match (url, model) {
        (Some(url), Some(model)) => Some(Upstream {
            url,
            model,
            api_key: env::var("PANGULM_UPSTREAM_API_KEY").ok(),
        }),
        (None, None) => None,
        _ => return Err("--upstream and --upstream-model go together".into()),
    };
    Ok(Command::Start(Start {
        options,
        until_stdin_closes,
    }))
}

/// The content that has this name.
fn seed(name: &str) -> Result<Seed, lexopt::Error> {
    match name {
        "demo" => Ok(Seed::Demo),
        other => Err(format!("--seed knows demo only; got \"{other}\"").into()),
    }
}

/// The number after a flag.
fn number<T: FromStr>(parser: &mut Parser, flag: &str) -> Result<T, lexopt::Error> {
    let value = parser.value()?.string()?;
    value.parse().map_err(|_| {
        let most = (1_u64 << (8 * size_of::<T>())) - 1;
        format!("{flag} must be a whole number from 0 to {most}; got \"{value}\"").into()
    })
}
