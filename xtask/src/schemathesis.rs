//! `cargo xtask schemathesis`: requests made out of the description, and the emulator's answers held
//! against it. Cases are counted and drawn from a seed, not timed, so that a run can be repeated.

#![allow(
    clippy::indexing_slicing,
    reason = "of JSON, where what is missing is null"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use lexopt::{Arg, Parser, ValueExt};
use serde_json::{Map, Value, json};

use crate::cargo::Built;
use crate::emulator::{self, Emulator};
use crate::{cargo, http, official, openapi_files, step};

pub(crate) const ABOUT: &str = "[--seed N] [--cases N]: hold the emulator against the description";

/// How many cases each operation is tried with, and what they are drawn from.
struct Budget {
    cases: u32,
    seed: u32,
}

/// What is part of every test.
const SHORT: Budget = Budget { cases: 40, seed: 1 };

const METHODS: &[&str] = &["get", "put", "post", "delete", "head", "patch"];
/// What an answer must keep to. That a wrong request is refused is no check: members that are not
/// described pass through, as they do on the platform.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";

pub(crate) fn run(arguments: Vec<String>) -> Result<()> {
    let mut budget = SHORT;
    let mut parser = Parser::from_args(arguments);
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("seed") => budget.seed = parser.value()?.parse()?,
            Arg::Long("cases") => budget.cases = parser.value()?.parse()?,
            other => return Err(other.unexpected()).context(ABOUT),
        }
    }
    explore(&emulator::build_with(&[])?, &budget)
}

pub(crate) fn test(programs: &Built) -> Result<()> {
    explore(programs, &SHORT)
}

fn explore(programs: &Built, budget: &Budget) -> Result<()> {
    let list = step::root().join("tests/schemathesis/requirements.txt");
    let folder = cargo::target_dir()?.join("schemathesis");
    let python = official::python_with(&folder.join("python"), &list, "schemathesis")?;
    let arguments = ["--port", "0", "--pace", "0"];
    let emulator = Emulator::start(&programs.program(emulator::NAME)?, &arguments)?;
    let url = emulator.get("url")?;
    let token = token(url, &emulator)?;
    for document in pangulm_openapi::documents()? {
        let file = concrete(document.name, &folder, &emulator)?;
        step::timed(format!("schemathesis, {}", document.name), || {
            step::run(
                // It leaves a folder of its own where it runs.
                command(&python, &file, url, &token, budget).current_dir(&folder),
                "see the failing case above",
            )
        })?;
    }
    Ok(())
}

fn command(python: &Path, file: &Path, url: &str, token: &str, budget: &Budget) -> Command {
    let mut command = Command::new(python);
    command
        .args(["-m", "schemathesis.cli", "run"])
        .arg(file)
        .args(["--url", url, "--checks", CHECKS])
        .args(["--phases", "examples,coverage,fuzzing"])
        .args(["--max-examples", &budget.cases.to_string()])
        .args(["--seed", &budget.seed.to_string()])
        .args(["--generation-database", "none"])
        .args([
            "--suppress-health-check",
            "all",
            "--no-color",
            "--warnings",
            "off",
        ])
        .args(["-H", &format!("X-Auth-Token: {token}")])
        .args(["-H", "Authorization: Bearer emulator-api-key"]);
    command
}

/// A token of the emulator's user.
fn token(url: &str, emulator: &Emulator) -> Result<String> {
    let (user, region) = (emulator.member("iam")?, emulator.get("region")?);
    let login = json!({"auth": {
        "identity": {"methods": ["password"], "password": {"user": {
            "name": user["user"], "password": user["password"], "domain": {"name": user["domain"]},
        }}},
        "scope": {"project": {"name": region}},
    }});
    let (head, _) = http::exchange(url, "POST", "/v3/auth/tokens", &login.to_string())?;
    let lines = head.lines().filter_map(|line| line.split_once(':'));
    let mut tokens = lines.filter(|(name, _)| name.eq_ignore_ascii_case("x-subject-token"));
    let (_, token) = tokens.next().context("the emulator gave no token")?;
    Ok(token.trim().to_owned())
}

/// The document with the emulator's own project and deployments in its paths, so that operations of
/// one path are apart and most requests find something.
fn concrete(name: &str, folder: &Path, emulator: &Emulator) -> Result<PathBuf> {
    let url = emulator.get("url")?;
    let info = http::get(url, "/_emulator/info")?;
    let text = fs::read_to_string(openapi_files::write()?.join(format!("{name}.json")))?;
    let mut document: Value = serde_json::from_str(&text)?;
    let paths = document.get("paths").and_then(Value::as_object).cloned();
    let mut told_apart = Map::new();
    for (key, item) in paths.context("a document without paths")? {
        for method in METHODS {
            let Some(operation) = item.get(*method) else {
                continue;
            };
            let id = operation
                .get("operationId")
                .and_then(Value::as_str)
                .unwrap_or_default();
            let own = info["deployments"].get(id).and_then(Value::as_str);
            let deployment = own.map_or_else(|| emulator.get("deploymentId"), Ok)?;
            let path = key.split('#').next().unwrap_or_default();
            let path = path
                .replace("{deployment_id}", deployment)
                .replace("{project_id}", emulator.get("projectId")?);
            let parameters = left(&document, &item, operation);
            let mut operation = operation.clone();
            operation["parameters"] = Value::Array(parameters);
            told_apart.entry(path).or_insert_with(|| json!({}))[*method] = operation;
        }
    }
    document["paths"] = Value::Object(told_apart);
    forget_events(&mut document);
    say_also(&mut document);
    let file = folder.join(format!("{name}.json"));
    fs::write(&file, document.to_string())?;
    Ok(file)
}

/// Drops the schemas of event streams, which describe the text of the whole stream: schemathesis would
/// hold them against each event.
fn forget_events(node: &mut Value) {
    match node {
        Value::Array(items) => items.iter_mut().for_each(forget_events),
        Value::Object(members) => {
            if let Some(Value::Object(events)) = members.get_mut("text/event-stream") {
                events.remove("schema");
            }
            members.values_mut().for_each(forget_events);
        }
        _ => {}
    }
}

/// Says in the words of JSON Schema that a number below the bound is allowed as well.
fn say_also(node: &mut Value) {
    match node {
        Value::Array(items) => items.iter_mut().for_each(say_also),
        Value::Object(members) => match members.remove("x-also") {
            Some(also) => *node = json!({"anyOf": [{"enum": [also]}, members]}),
            None => members.values_mut().for_each(say_also),
        },
        _ => {}
    }
}

/// The parameters that the path has not been given.
fn left(document: &Value, item: &Value, operation: &Value) -> Vec<Value> {
    let own = [item, operation]
        .into_iter()
        .filter_map(|it| it.get("parameters")?.as_array());
    let followed = own
        .flatten()
        .filter_map(|it| match it.get("$ref").and_then(Value::as_str) {
            Some(target) => document.pointer(target.trim_start_matches('#')),
            None => Some(it),
        });
    followed
        .filter(|it| it["name"] != "deployment_id" && it["name"] != "project_id")
        .cloned()
        .collect()
}
