//! Code that calls every operation of the typed clients, for the contract tests: nobody has to remember to add one.

use std::fmt::Write;

use pangulm_openapi::{Document, Location, ResponseKind};
use serde_json::Value;

use super::{Result, module_name};

/// The calls of a document, as items of a list of `Call`s.
pub(super) fn calls(document: &Document, spec: &Value) -> Result<String> {
    let mut code = String::new();
    for operation in document.operations()? {
        let id = &operation.id;
        if operation.response == ResponseKind::EventStream || node(spec, id).is_none() {
            continue;
        }
        let module = module_name(document);
        write!(
            code,
            "({id:?}, |client, example| Box::pin(async move {{ let answer = client.{module}().{}()",
            snake(id)
        )?;
        for parameter in operation.parameters.iter().filter(|it| it.required) {
            let name = &parameter.name;
            let of = match parameter.location {
                Location::Path => "text",
                _ => kind(spec, id, name),
            };
            write!(code, ".{}(example.{of}({name:?}))", snake(name))?;
        }
        if operation.body.is_some() {
            let body = body_type(spec, id)
                .ok_or_else(|| format!("{id}: its body must be a named schema"))?;
            write!(
                code,
                ".body(example.body::<pangulm::generated::{module}::types::{body}>())"
            )?;
        }
        writeln!(code, ".send().await?.into_inner(); Ok(json(answer)) }})),")?;
    }
    Ok(code)
}

/// The node of an operation.
fn node<'a>(spec: &'a Value, id: &str) -> Option<(&'a Value, &'a Value)> {
    let items = spec.get("paths")?.as_object()?.values();
    items
        .filter_map(|item| Some((item, item.as_object()?)))
        .flat_map(|(item, members)| members.values().map(move |node| (item, node)))
        .find(|(_, node)| node.get("operationId").is_some_and(|it| it == id))
}

fn body_type<'a>(spec: &'a Value, id: &str) -> Option<&'a str> {
    let (_, node) = node(spec, id)?;
    let target = node.pointer("/requestBody/content/application~1json/schema/$ref")?;
    target.as_str()?.rsplit('/').next()
}

/// Which of the example's methods gives a value of the parameter's type.
fn kind(spec: &Value, id: &str, name: &str) -> &'static str {
    let own = node(spec, id)
        .into_iter()
        .flat_map(|(item, node)| [item, node]);
    let all = own
        .filter_map(|it| it.get("parameters")?.as_array())
        .flatten()
        .map(|it| match it.get("$ref").and_then(Value::as_str) {
            Some(target) => spec.pointer(target.trim_start_matches('#')).unwrap_or(it),
            None => it,
        });
    let mut named = all.filter(|it| it.get("name").is_some_and(|it| it == name));
    match named.find_map(|it| it.pointer("/schema/type")?.as_str()) {
        Some("integer") => "integer",
        _ => "text",
    }
}

/// The name in generated code: `X-Subject-Token`, `x_subject_token`; `countTokens`, `count_tokens`.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    for character in name.chars() {
        if character.is_ascii_uppercase() && !snake.is_empty() && !snake.ends_with('_') {
            snake.push('_');
        }
        match character {
            '-' => snake.push('_'),
            other => snake.push(other.to_ascii_lowercase()),
        }
    }
    snake
}
