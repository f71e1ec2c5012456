//! `cargo xtask reference`: docs/errors.md and the pages of docs/reference, one an area, written out of
//! the description.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use anyhow::{Context, Result, bail};
use pangulm_openapi::{Document, Location, Operation, ResponseKind, documents};
use serde_json::Value;

use crate::methods::{Methods, Row};
use crate::{errors_page, step};

pub(crate) const ABOUT: &str = "write docs/errors.md and the pages of docs/reference out of the description [--check: only compare]";

const MADE: &str = "<!-- Written by `cargo xtask reference` out of openapi/. Do not edit. -->\n\n";

pub(crate) fn run(arguments: Vec<String>) -> Result<()> {
    match arguments.as_slice() {
        [] => write(),
        [option] if option == "--check" => check(),
        _ => bail!("`cargo xtask reference` takes no argument but `--check`"),
    }
}

fn write() -> Result<()> {
    let folder = step::root().join("docs");
    fs::create_dir_all(folder.join("reference"))?;
    for (name, text) in pages()? {
        fs::write(folder.join(&name), text).with_context(|| name.clone())?;
        println!("docs/{name}");
    }
    Ok(())
}

/// Fails if a page is not what the description says today.
pub(crate) fn check() -> Result<()> {
    let folder = step::root().join("docs");
    let stale: Vec<String> = pages()?
        .into_iter()
        .filter(|(name, text)| fs::read_to_string(folder.join(name)).ok().as_ref() != Some(text))
        .map(|(name, _)| name)
        .collect();
    if !stale.is_empty() {
        bail!(
            "not up to date in docs: {}; run `cargo xtask reference`",
            stale.join(", ")
        );
    }
    Ok(())
}

/// The pages by their file names.
fn pages() -> Result<BTreeMap<String, String>> {
    let methods = Methods::read()?;
    let mut pages: BTreeMap<String, String> = BTreeMap::new();
    let mut index = format!("{MADE}# Reference\n\nEvery operation, by area.\n\n");
    for document in documents()? {
        let mut areas: Vec<(String, Vec<Operation>)> = Vec::new();
        for operation in document.operations()? {
            match areas.iter_mut().find(|(tag, _)| *tag == operation.tag) {
                Some((_, operations)) => operations.push(operation),
                None => areas.push((operation.tag.clone(), vec![operation])),
            }
        }
        for (tag, operations) in areas {
            let file = format!("{}-{tag}.md", document.name);
            writeln!(
                index,
                "- [{tag}]({file}) ({}, {} operations): {}",
                document.name,
                operations.len(),
                about(&document, &tag)
            )?;
            pages.insert(
                format!("reference/{file}"),
                page(&document, &tag, &operations, &methods)?,
            );
        }
    }
    pages.insert("reference/README.md".into(), index);
    pages.insert("errors.md".into(), errors_page::page(MADE)?);
    Ok(pages)
}

fn about(document: &Document, tag: &str) -> String {
    let tags = document.raw().get("tags").and_then(Value::as_array);
    let named = |it: &&Value| it.get("name").is_some_and(|name| name == tag);
    let tag = tags.into_iter().flatten().find(named);
    text(tag.unwrap_or(&Value::Null), "description")
}

fn page(
    document: &Document,
    tag: &str,
    operations: &[Operation],
    methods: &Methods,
) -> Result<String> {
    let mut page = format!("{MADE}# {tag}\n\n{}\n", about(document, tag));
    for operation in operations {
        let row = methods.of(operation)?;
        writeln!(page, "\n## {}\n\n{}.\n", operation.id, operation.summary)?;
        writeln!(page, "`{} {}`\n", operation.method, operation.path)?;
        writeln!(page, "{}\n", operation.description.trim())?;
        writeln!(
            page,
            "| | |\n|---|---|\n| Rust | {} |\n| JavaScript | {} |\n| credentials | {} |\n| sent again | {} |\n| source | [page]({}), {} |",
            rust(document, operation, row),
            javascript(operation, row),
            credentials(operation),
            if operation.idempotent {
                "after any passing failure"
            } else {
                "only if it did not start, or is throttled"
            },
            operation.source,
            operation.evidence.as_str(),
        )?;
        parameters(&mut page, operation)?;
        let node = node(document, &operation.id);
        let body = node.and_then(|it| it.pointer("/requestBody/content/application~1json/schema"));
        members(&mut page, document, "Body", body)?;
        let answer = node
            .and_then(success)
            .and_then(|it| it.pointer("/content/application~1json/schema"));
        if operation.response == ResponseKind::Json {
            members(&mut page, document, "Answer", answer)?;
        }
    }
    Ok(page)
}

/// The method, and what is underneath it.
fn rust(document: &Document, operation: &Operation, row: &Row) -> String {
    if operation.response == ResponseKind::EventStream {
        return row.rust.clone();
    }
    let module = if document.name == "pangulm" {
        "pangu"
    } else {
        document.name
    };
    let typed = format!("`client.{module}().{}()`", snake(&operation.id));
    let by_id = format!("`client.request({:?}, …)`", operation.id);
    apart([row.rust.clone(), typed, by_id])
}

fn javascript(operation: &Operation, row: &Row) -> String {
    let method = row.javascript.clone();
    match (operation.response, operation.id.ends_with("Stream")) {
        (ResponseKind::EventStream, true) => format!("{method}, `stream: true`"),
        (ResponseKind::EventStream, false) => method,
        _ => apart([method, format!("`client.request({:?}, …)`", operation.id)]),
    }
}

/// The names, each once.
fn apart<const N: usize>(names: [String; N]) -> String {
    let mut all: Vec<String> = Vec::new();
    for name in names {
        if !all.iter().any(|it| it.contains(&name)) {
            all.push(name);
        }
    }
    all.join("; ")
}

fn credentials(operation: &Operation) -> String {
    if operation.security.is_empty() {
        return "none".into();
    }
    let each = operation.security.iter().zip(&operation.security_evidence);
    let each =
        each.map(|(scheme, evidence)| format!("{} ({})", scheme.as_str(), evidence.as_str()));
    each.collect::<Vec<_>>().join(", ")
}

fn parameters(page: &mut String, operation: &Operation) -> Result<()> {
    if operation.parameters.is_empty() {
        return Ok(());
    }
    writeln!(page, "\n| parameter | in | required | |\n|---|---|---|---|")?;
    for parameter in &operation.parameters {
        let place = match parameter.location {
            Location::Path => "path",
            Location::Query => "query",
            Location::Header => "header",
        };
        writeln!(
            page,
            "| `{}` | {place} | {} | {} |",
            parameter.name,
            yes(parameter.required),
            cell(&parameter.description)
        )?;
    }
    Ok(())
}

/// The members of a schema, with those of nested ones below them.
fn members(
    page: &mut String,
    document: &Document,
    title: &str,
    schema: Option<&Value>,
) -> Result<()> {
    let mut rows = String::new();
    if let Some(schema) = schema {
        rows_of(&mut rows, document, schema, "", 0)?;
    }
    if !rows.is_empty() {
        write!(
            page,
            "\n| {title} | type | required | |\n|---|---|---|---|\n{rows}"
        )?;
    }
    Ok(())
}

/// Deeper than this, a reader looks at the description itself.
const DEPTH: usize = 4;

fn rows_of(
    rows: &mut String,
    document: &Document,
    schema: &Value,
    before: &str,
    depth: usize,
) -> Result<()> {
    let schema = follow(document, schema);
    let arms = ["oneOf", "anyOf", "allOf"];
    for arm in arms
        .iter()
        .filter_map(|key| schema.get(*key)?.as_array())
        .flatten()
    {
        rows_of(rows, document, arm, before, depth + 1)?;
    }
    let required: Vec<&str> = schema
        .get("required")
        .and_then(Value::as_array)
        .map(|all| all.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
        return Ok(());
    };
    for (name, property) in properties.iter().filter(|_| depth < DEPTH) {
        let whole = follow(document, property);
        let path = format!("{before}{name}");
        writeln!(
            rows,
            "| `{path}` | {} | {} | {} |",
            kind(document, whole),
            yes(required.contains(&name.as_str())),
            cell(&described(property, whole))
        )?;
        let inner = whole.get("items").unwrap_or(whole);
        let mark = if whole.get("items").is_some() {
            "[]."
        } else {
            "."
        };
        rows_of(rows, document, inner, &format!("{path}{mark}"), depth + 1)?;
    }
    Ok(())
}

/// The description, with the limits that are checked or known.
fn described(property: &Value, whole: &Value) -> String {
    let mut parts = Vec::new();
    let own = text(property, "description");
    parts.push(if own.is_empty() {
        text(whole, "description")
    } else {
        own
    });
    let limits = [
        ("minimum", "at least"),
        ("maximum", "at most"),
        ("minLength", "characters at least"),
        ("maxLength", "characters at most"),
        ("minItems", "items at least"),
        ("maxItems", "items at most"),
        ("default", "default"),
    ];
    let limits = limits
        .iter()
        .filter_map(|(key, words)| Some(format!("{words} {}", whole.get(*key)?)));
    parts.extend(limits);
    if let Some(values) = whole.get("enum").and_then(Value::as_array) {
        let values: Vec<String> = values
            .iter()
            .map(|it| format!("`{it}`").replace('"', ""))
            .collect();
        parts.push(format!("one of {}", values.join(", ")));
    }
    parts.retain(|part| !part.is_empty());
    parts.join("; ").replace(".; ", "; ")
}

fn kind(document: &Document, schema: &Value) -> String {
    let own = text(schema, "type");
    match schema.get("items") {
        Some(items) => format!("list of {}", kind(document, follow(document, items))),
        None if own.is_empty() => "any".into(),
        None => own,
    }
}

fn follow<'a>(document: &'a Document, schema: &'a Value) -> &'a Value {
    let mut schema = schema;
    // A reference that is made nullable stands in a list of one.
    if let Some([only]) = schema
        .get("allOf")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
    {
        schema = only;
    }
    for _ in 0..8 {
        match schema.get("$ref").and_then(Value::as_str) {
            Some(target) => {
                let found = document.raw().pointer(target.trim_start_matches('#'));
                schema = found.unwrap_or(&Value::Null);
            }
            None => break,
        }
    }
    schema
}

/// The node of an operation; both halves of one with two kinds of answer have the same.
fn node<'a>(document: &'a Document, id: &str) -> Option<&'a Value> {
    let items = document.raw().get("paths")?.as_object()?.values();
    let all: Vec<&Value> = items
        .filter_map(Value::as_object)
        .flat_map(|item| item.values())
        .collect();
    let named = |id: &str| {
        all.iter()
            .find(|it| it.get("operationId").is_some_and(|it| it == id))
    };
    named(id)
        .or_else(|| named(id.strip_suffix("Stream")?))
        .copied()
}

fn success(node: &Value) -> Option<&Value> {
    let responses = node.get("responses")?.as_object()?;
    responses
        .iter()
        .find(|(status, _)| status.starts_with('2'))
        .map(|(_, it)| it)
}

fn text(node: &Value, key: &str) -> String {
    node.get(key)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .trim()
        .to_owned()
}

fn yes(holds: bool) -> &'static str {
    if holds { "yes" } else { "" }
}

/// A text that keeps to its cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

fn snake(id: &str) -> String {
    let mut snake = String::new();
    for character in id.chars() {
        if character.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(character.to_ascii_lowercase());
    }
    snake
}
