//! `cargo xtask coverage`: one line per operation, with what there is of it, and a failure for
//! what there is not.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use pangulm_openapi::{Document, Evidence, Operation, ResponseKind, documents};
use serde_json::Value;

use crate::methods::{Methods, Row};
use crate::step;

pub(crate) const ABOUT: &str =
    "list every operation with its source and what there is of it; fail if something is missing";

/// What there is of an operation in one place; nothing is a gap.
type Column = Option<&'static str>;

/// An operation of OBS, which speaks XML and bytes and so has no OpenAPI description.
struct OfObs {
    name: &'static str,
    evidence: Evidence,
    source: &'static str,
    /// What marks it in the sources of Rust, JavaScript and the emulator.
    rust: &'static str,
    javascript: &'static str,
    emulator: &'static str,
}

/// The requests that the official SDK makes; its pages were not read for them.
const SDK: &str = "esdk-obs-python 3.26.6";

const OBS: &[OfObs] = &[
    OfObs {
        name: "put an object",
        evidence: Evidence::Sdk,
        source: SDK,
        rust: "pub async fn put(",
        javascript: "  async put(",
        emulator: "objects::put(",
    },
    OfObs {
        name: "get an object, or a part of it",
        evidence: Evidence::Sdk,
        source: SDK,
        rust: "pub async fn get_range(",
        javascript: "  async get(",
        emulator: "objects::get(",
    },
    OfObs {
        name: "look at an object",
        evidence: Evidence::Sdk,
        source: SDK,
        rust: "pub async fn head(",
        javascript: "  async head(",
        emulator: "Operation::HeadObject",
    },
    OfObs {
        name: "list a bucket",
        evidence: Evidence::Sdk,
        source: SDK,
        rust: "pub fn list(",
        javascript: "  list(",
        emulator: "list::list(",
    },
    OfObs {
        name: "delete an object",
        evidence: Evidence::Sdk,
        source: SDK,
        rust: "pub async fn delete(",
        javascript: "  async delete(",
        emulator: "objects::delete(",
    },
    OfObs {
        name: "upload in parts",
        evidence: Evidence::Sdk,
        source: SDK,
        rust: "pub async fn upload<",
        javascript: "  upload(",
        emulator: "multipart::complete(",
    },
    OfObs {
        name: "presign a URL",
        evidence: Evidence::Documented,
        source: "https://support.huaweicloud.com/api-obs/obs_04_0011.html",
        rust: "pub async fn presign_get(",
        javascript: "presign(key: string",
        emulator: "\"Expires\"",
    },
    OfObs {
        name: "a bucket's CORS rules",
        evidence: Evidence::Documented,
        source: "https://support.huaweicloud.com/sdk-browserjs-devg-obs/obs_24_0107.html",
        rust: "pub async fn set_cors(",
        javascript: "  setCors(",
        emulator: "cors::set(",
    },
];

pub(crate) fn run(arguments: Vec<String>) -> Result<()> {
    if let Some(unknown) = arguments.first() {
        bail!("`cargo xtask coverage` takes no arguments, but got `{unknown}`");
    }
    check()
}

/// Prints the list and fails if anything is missing.
pub(crate) fn check() -> Result<()> {
    let sources = Sources::read()?;
    let methods = Methods::read()?;
    let mut gaps = Vec::new();
    println!(
        "{:<34} {:<12} {:<5} {:<12} {:<14} {:<9} source",
        "operation", "evidence", "spec", "Rust", "JavaScript", "emulator"
    );
    let documents = documents()?;
    let mut count = 0;
    for document in &documents {
        for operation in document.operations()? {
            let row = methods.of(&operation)?;
            let columns = [
                ("spec", examples(&operation)),
                ("Rust", sources.rust(&operation, row)),
                ("JavaScript", sources.javascript(&operation, row)),
                ("emulator", sources.emulator(document, &operation)),
            ];
            let [spec, rust, javascript, emulator] = columns.map(|(_, it)| it.unwrap_or("MISSING"));
            println!(
                "{:<34} {:<12} {spec:<5} {rust:<12} {javascript:<14} {emulator:<9} {}",
                operation.id,
                operation.evidence.as_str(),
                operation.source
            );
            let missing = columns.into_iter().filter(|(_, it)| it.is_none());
            gaps.extend(missing.map(|(name, _)| format!("{}: {name}", operation.id)));
            count += 1;
        }
    }
    println!("\nOBS, which has no OpenAPI description: the object storage of jobs' data");
    for operation in OBS {
        let columns = sources.obs(operation);
        let [rust, javascript, emulator] = columns.map(|(_, it)| it.unwrap_or("MISSING"));
        println!(
            "{:<34} {:<12} {:<5} {rust:<12} {javascript:<14} {emulator:<9} {}",
            operation.name,
            operation.evidence.as_str(),
            "–",
            operation.source
        );
        let missing = columns.into_iter().filter(|(_, it)| it.is_none());
        gaps.extend(missing.map(|(place, _)| format!("OBS, {}: {place}", operation.name)));
    }
    console_only(&documents)?;
    if !gaps.is_empty() {
        bail!("missing:\n  {}", gaps.join("\n  "));
    }
    println!("\n{count} operations, nothing missing");
    Ok(())
}

/// What nobody can call, by the description.
fn console_only(documents: &[Document]) -> Result<()> {
    println!("\nin the console only: no API is documented");
    let lists = documents
        .iter()
        .filter_map(|it| it.raw().get("x-console-only")?.as_array());
    let mut none = true;
    for entry in lists.flatten() {
        let text = |key: &str| entry.get(key).and_then(Value::as_str).unwrap_or_default();
        println!("{:<34} {}", text("name"), text("source"));
        none = false;
    }
    if none {
        bail!("the description lists nothing under x-console-only");
    }
    Ok(())
}

/// A description without examples would leave the contract tests nothing to send.
fn examples(operation: &Operation) -> Column {
    let asks = operation.body.is_none() || operation.request_example.is_some();
    let answers = operation.response == ResponseKind::Empty || operation.response_example.is_some();
    (asks && answers).then_some("yes")
}

/// The hand-written sources, as text.
struct Sources {
    rust: String,
    rust_obs: String,
    javascript: String,
    javascript_obs: String,
    emulator: String,
    emulator_obs: String,
}

impl Sources {
    fn read() -> Result<Self> {
        let of = |folder: &str| text_of(&step::root().join(folder));
        Ok(Self {
            rust: of("crates/pangulm/src")? + &of("crates/pangulm-core/src")?,
            rust_obs: of("crates/pangulm/src/obs")?,
            javascript: of("pkg/src")?,
            javascript_obs: of("pkg/src/obs")?,
            emulator: of("crates/pangulm-emulator/src")?,
            emulator_obs: of("crates/pangulm-emulator/src/obs")?,
        })
    }

    /// Every whole answer has a generated type; a stream needs code of its own.
    fn rust(&self, operation: &Operation, row: &Row) -> Column {
        if is_stream(operation) {
            return names(&self.rust, &operation.id).then_some("method");
        }
        // IAM has its generated client alone.
        let typed = row.rust.starts_with("`client.iam()");
        Some(if typed { "typed" } else { "method" })
    }

    /// As for Rust: `client.request` takes every id whose answer is whole.
    fn javascript(&self, operation: &Operation, row: &Row) -> Column {
        if is_stream(operation) {
            // The engine names the stream of a chat; see `chatTarget`.
            let named = names(&self.javascript, &operation.id) || names(&self.rust, &operation.id);
            return named.then_some("method");
        }
        let by_id = row.javascript.contains("client.request(");
        Some(if by_id { "client.request" } else { "method" })
    }

    /// Where an operation of OBS is.
    fn obs(&self, operation: &OfObs) -> [(&'static str, Column); 3] {
        [
            ("Rust", &self.rust_obs, operation.rust),
            ("JavaScript", &self.javascript_obs, operation.javascript),
            ("emulator", &self.emulator_obs, operation.emulator),
        ]
        .map(|(place, text, mark)| (place, text.contains(mark).then_some("yes")))
    }

    /// One route serves both kinds of answer.
    fn emulator(&self, document: &Document, operation: &Operation) -> Column {
        let whole = operation.id.strip_suffix("Stream").unwrap_or(&operation.id);
        let id = if raw_has(document, &operation.id) {
            &operation.id
        } else {
            whole
        };
        names(&self.emulator, id).then_some("yes")
    }
}

fn is_stream(operation: &Operation) -> bool {
    operation.response == ResponseKind::EventStream
}

fn raw_has(document: &Document, id: &str) -> bool {
    document
        .raw()
        .to_string()
        .contains(&format!("\"operationId\":\"{id}\""))
}

/// Whether the text has the id as a string.
fn names(text: &str, id: &str) -> bool {
    text.contains(&format!("\"{id}\"")) || text.contains(&format!("'{id}'"))
}

/// All Rust and TypeScript below a folder, without what is generated.
pub(crate) fn text_of(folder: &Path) -> Result<String> {
    let mut text = String::new();
    let entries = fs::read_dir(folder).with_context(|| format!("{}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        let is = |name: &str| path.file_name().is_some_and(|it| it == name);
        if path.is_dir() {
            if !is("generated") && !is("wasm") {
                text += &text_of(&path)?;
            }
        } else if path.extension().is_some_and(|it| it == "rs" || it == "ts") {
            text += &fs::read_to_string(&path)?;
        }
    }
    Ok(text)
}
