//! `cargo xtask demo`: one question, answered by the native client, in Node and on a web page, and the
//! playground beside that page.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};
use lexopt::Arg::{Long, Value};
use lexopt::ValueExt;

use crate::consumers::copy_folder;
use crate::emulator::{self, Emulator};
use crate::http::percent_encoded;
use crate::{build_npm, cargo, node, openapi_files, step};

pub(crate) const ABOUT: &str = "ask the emulator a question from Rust, from Node and from a web \
    page, and try every area in a playground [--upstream URL --upstream-model NAME] [--port P] \
    [--once] [-- QUESTION]";

const QUESTION: &str = "介绍一下长江";

/// What the command line asks for.
struct Options {
    /// Passed on to the emulator.
    emulator: Vec<String>,
    question: String,
    /// Leave after the answers, without serving the page.
    once: bool,
}

pub(crate) fn run(arguments: Vec<String>) -> Result<()> {
    let options = Options::parse(arguments)?;
    build_npm::build()?;
    let built = emulator::build_with(&["ask"])?;
    let site = stage_site()?;

    step::announce("Starting the emulator");
    let mut arguments = options.emulator;
    arguments.extend(["--site".into(), site.display().to_string()]);
    // Something to look at in the playground.
    arguments.extend(["--seed".into(), "demo".into()]);
    let mut emulator = Emulator::start(&built.program(emulator::NAME)?, &arguments)?;
    println!("{}", emulator.info.trim());

    step::announce(format!("Native Rust: {}", options.question));
    ask(
        &mut Command::new(built.program("ask")?),
        &options.question,
        &emulator,
    )?;
    step::announce(format!("Node: {}", options.question));
    ask(
        node::node().arg("pkg/demo/ask.mjs"),
        &options.question,
        &emulator,
    )?;

    let site = format!("{}/site", emulator.get("url")?);
    let query = percent_encoded(&options.question);
    step::announce(format!("Web page: {site}/?q={query}"));
    step::announce(format!("Playground: {site}/playground/"));
    if options.once {
        return Ok(());
    }
    println!("Open one of them in a browser; Ctrl-C ends the demo.");
    emulator.wait()
}

impl Options {
    fn parse(arguments: Vec<String>) -> Result<Self> {
        let mut options = Self {
            emulator: Vec::new(),
            question: String::new(),
            once: false,
        };
        let mut parser = lexopt::Parser::from_args(arguments);
        while let Some(argument) = parser.next()? {
            match argument {
                Long(name @ ("upstream" | "upstream-model" | "port")) => {
                    let name = format!("--{name}");
                    options.emulator.extend([name, parser.value()?.string()?]);
                }
                Long("once") => options.once = true,
                Value(word) if options.question.is_empty() => options.question = word.string()?,
                Value(word) => options.question = [options.question, word.string()?].join(" "),
                other => bail!("{}; see `cargo xtask`", other.unexpected()),
            }
        }
        if options.question.is_empty() {
            options.question = QUESTION.into();
        }
        Ok(options)
    }
}

/// Runs a client with the settings a user would have in the environment.
fn ask(client: &mut Command, question: &str, emulator: &Emulator) -> Result<()> {
    step::run(
        client
            .arg(question)
            .current_dir(step::root())
            .env("PANGU_ENDPOINT", emulator.get("url")?)
            .env("PANGU_API_KEY", emulator.get("apiKey")?)
            .env("PANGU_PROJECT_ID", emulator.get("projectId")?)
            .env("PANGU_DEPLOYMENT_ID", emulator.get("deploymentId")?)
            .env_remove("PANGU_MODEL")
            .env_remove("PANGU_TOKEN"),
        "see the client's message above",
    )
}

/// Puts the pages, the package they import and the description that the playground lists operations by
/// into one folder to serve.
fn stage_site() -> Result<PathBuf> {
    let site = cargo::target_dir()?.join("demo-site");
    let package = step::root().join("pkg");
    build_npm::empty(&site)?;
    copy_folder(&package.join("demo/site"), &site)?;
    copy_folder(&package.join("dist"), &site.join("dist"))?;
    copy_folder(&openapi_files::write()?, &site.join("openapi"))?;
    Ok(site)
}

#[cfg(test)]
mod tests {
    use super::{Options, QUESTION};

    fn parsed(arguments: &[&str]) -> Options {
        Options::parse(arguments.iter().map(ToString::to_string).collect()).unwrap()
    }

    #[test]
    fn everything_after_the_dashes_is_the_question() {
        let options = parsed(&["--port", "9", "--", "How", "--long?"]);
        assert_eq!(options.question, "How --long?");
        assert_eq!(options.emulator, ["--port", "9"]);
        assert!(!options.once);
    }

    #[test]
    fn a_question_is_asked_even_if_none_is_given() {
        assert_eq!(parsed(&["--once"]).question, QUESTION);
    }

    #[test]
    fn an_unknown_option_is_refused() {
        assert!(Options::parse(vec!["--browser".into()]).is_err());
    }
}
