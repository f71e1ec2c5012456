//! `cargo xtask coverage`: one line per operation, with what there is of it, and a failure for
//! what there is not.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use pangulm_openapi::{Document, Operation, ResponseKind, documents};
use serde_json::Value;

use crate::step;

pub(crate) const ABOUT: &str =
    "list every operation with its source and what there is of it; fail if something is missing";

/// What there is of an operation in one place; nothing is a gap.
type Column = Option<&'static str>;

/// Operations of OBS, which speaks XML and bytes and so has no OpenAPI description: the name, then
/// what marks it in the sources of Rust, JavaScript and the emulator.
const OBS: &[(&str, &str, &str, &str)] = &[
    ("put an object", "pub async fn put(", "put(", "Put"),
    (
        "get an object, or a part of it",
        "pub async fn get_range(",
        "get(",
        "range",
    ),
    ("look at an object", "pub async fn head(", "head(", "HEAD"),
    ("list a bucket", "pub fn list(", "list(", "list"),
    (
        "delete an object",
        "pub async fn delete(",
        "delete(",
        "DELETE",
    ),
    ("upload in parts", "upload", "upload", "multipart"),
    (
        "presign a URL",
        "pub async fn presign_get(",
        "presign",
        "presign",
    ),
    ("a bucket's CORS rules", "cors", "cors", "cors"),
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
    let mut gaps = Vec::new();
    println!(
        "{:<34} {:<12} {:<5} {:<12} {:<14} {:<9} source",
        "operation", "evidence", "spec", "Rust", "JavaScript", "emulator"
    );
    let documents = documents()?;
    let mut count = 0;
    for document in &documents {
        for operation in document.operations()? {
            let columns = [
                ("spec", examples(&operation)),
                ("Rust", sources.rust(&operation)),
                ("JavaScript", sources.javascript(&operation)),
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
    for (name, rust, javascript, emulator) in OBS {
        let places = [
            ("Rust", &sources.rust_obs, rust),
            ("JavaScript", &sources.javascript_obs, javascript),
            ("emulator", &sources.emulator_obs, emulator),
        ];
        let there = places.map(|(_, text, mark)| {
            if text.contains(*mark) {
                "yes"
            } else {
                "MISSING"
            }
        });
        let [rust, javascript, emulator] = there;
        println!(
            "{name:<34} {:<12} {:<5} {rust:<12} {javascript:<14} {emulator}",
            "documented", "–"
        );
        let missing = places
            .iter()
            .filter(|(_, text, mark)| !text.contains(**mark));
        gaps.extend(missing.map(|(place, ..)| format!("OBS, {name}: {place}")));
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
    fn rust(&self, operation: &Operation) -> Column {
        match (is_stream(operation), names(&self.rust, &operation.id)) {
            (_, true) => Some("method"),
            (false, false) => Some("typed"),
            (true, false) => None,
        }
    }

    /// As for Rust: `client.request` takes every id whose answer is whole.
    fn javascript(&self, operation: &Operation) -> Column {
        let named = names(&self.javascript, &operation.id);
        match (is_stream(operation), named) {
            (_, true) => Some("method"),
            (false, false) => Some("client.request"),
            // The engine names the stream of a chat; see `chatTarget`.
            (true, false) => names(&self.rust, &operation.id).then_some("method"),
        }
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
fn text_of(folder: &Path) -> Result<String> {
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
