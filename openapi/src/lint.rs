//! The rules that concern more than what [`read`](crate::read) must find to read an operation.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::named::{is_secret, several_values, variant_name};
use crate::reference::resolve;
use crate::site::{Site, sites};
use crate::{Document, Job, Problem, SpecError};

/// Checks documents against the rules at the top of this crate.
///
/// # Errors
///
/// All breaches of the rules, each with the operation or schema it is in.
pub fn lint(documents: &[Document]) -> Result<(), SpecError> {
    let mut problems = Vec::new();
    let mut owners = HashMap::new();
    for document in documents {
        if let Err(error) = document.operations() {
            problems.extend_from_slice(error.problems());
        }
        let found = Linter {
            root: document.raw(),
            found: Vec::new(),
        }
        .run(document, &mut owners);
        problems.extend(found.into_iter().map(|(place, message)| Problem {
            document: document.name.into(),
            place,
            message,
        }));
    }
    problems.extend(jobs_that_lead_nowhere(documents));
    if problems.is_empty() {
        Ok(())
    } else {
        Err(SpecError::new(problems))
    }
}

/// A job is followed by an operation that is described and takes its id.
fn jobs_that_lead_nowhere(documents: &[Document]) -> Vec<Problem> {
    let operations: Vec<_> = documents
        .iter()
        .filter_map(|document| document.operations().ok())
        .flatten()
        .collect();
    let followed = |job: &Job| {
        operations
            .iter()
            .any(|it| it.id == job.poll && it.parameters.iter().any(|it| it.name == job.parameter))
    };
    let lost = operations
        .iter()
        .filter_map(|it| Some((it, it.job.as_ref()?)))
        .filter(|(_, job)| !followed(job));
    lost.map(|(operation, job)| Problem {
        document: operation.document.into(),
        place: operation.id.clone(),
        message: format!(
            "x-pangu-job: there is no operation {} with a parameter {}",
            job.poll, job.parameter
        ),
    })
    .collect()
}

struct Linter<'a> {
    root: &'a Value,
    /// Place and message.
    found: Vec<(String, String)>,
}

impl<'a> Linter<'a> {
    fn run(
        mut self,
        document: &Document,
        owners: &mut HashMap<&'a str, &'static str>,
    ) -> Vec<(String, String)> {
        if !self.text("/openapi").starts_with("3.0.") {
            self.report("document", "openapi must be 3.0.x".into());
        }
        if !self
            .text("/info/version")
            .bytes()
            .all(|byte| byte.is_ascii_graphic())
        {
            self.report("document", "info.version must be visible ASCII".into());
        }
        for site in sites(self.root) {
            let place = site.name();
            self.operation_id(&site, document.name, owners);
            self.path_parameters(&site);
            self.fragment(&place, site.node);
            if let Some(parameters) = site.item.get("parameters") {
                self.fragment(&place, parameters);
            }
        }
        let components = self.root.get("components").and_then(Value::as_object);
        for (kind, components) in components.into_iter().flatten() {
            for (name, component) in components.as_object().into_iter().flatten() {
                self.fragment(&format!("{kind}/{name}"), component);
            }
        }
        self.found
    }

    fn report(&mut self, place: &str, message: String) {
        self.found.push((place.into(), message));
    }

    fn text(&self, pointer: &str) -> &'a str {
        self.root
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    fn operation_id(
        &mut self,
        site: &Site<'a>,
        document: &'static str,
        owners: &mut HashMap<&'a str, &'static str>,
    ) {
        let Some(id) = site.node.get("operationId").and_then(Value::as_str) else {
            return;
        };
        let camel = id.starts_with(|first: char| first.is_ascii_lowercase())
            && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !camel {
            self.report(id, "operationId must be camelCase".into());
        }
        if let Some(owner) = owners.insert(id, document) {
            self.report(
                id,
                format!("operationId is taken by another operation of {owner}.yaml"),
            );
        }
    }

    fn path_parameters(&mut self, site: &Site<'a>) {
        let shared = site.item.get("parameters").and_then(Value::as_array);
        let own = site.node.get("parameters").and_then(Value::as_array);
        let declared: HashSet<&str> = shared
            .into_iter()
            .chain(own)
            .flatten()
            .filter_map(|node| resolve(self.root, node))
            .filter(|node| node.get("in").is_some_and(|place| place == "path"))
            .filter_map(|node| node.get("name")?.as_str())
            .collect();
        let used: HashSet<&str> = site
            .path
            .split('{')
            .skip(1)
            .filter_map(|rest| Some(rest.split_once('}')?.0))
            .collect();
        for name in used.difference(&declared) {
            self.report(
                &site.name(),
                format!("path parameter {name} is not declared"),
            );
        }
        for name in declared.difference(&used) {
            self.report(
                &site.name(),
                format!("path parameter {name} is not in the path"),
            );
        }
    }

    /// What holds anywhere inside an operation or component.
    fn fragment(&mut self, place: &str, node: &'a Value) {
        match node {
            Value::Array(list) => list.iter().for_each(|child| self.fragment(place, child)),
            Value::Object(map) => {
                self.enum_names(place, node);
                for (key, child) in map {
                    if is_secret(child) {
                        self.report(place, format!("the secret {key} must be a named schema"));
                    }
                    match (key.as_str(), child) {
                        ("example", _) => {}
                        ("$ref", Value::String(target)) => {
                            if resolve(self.root, node).is_none() {
                                self.report(place, format!("{target} leads nowhere"));
                            }
                        }
                        ("description" | "summary", Value::String(text)) => self.prose(place, text),
                        (_, child) => self.fragment(place, child),
                    }
                }
            }
            _ => {}
        }
    }

    /// rustdoc would run a block of code in the documentation as a test.
    fn prose(&mut self, place: &str, text: &str) {
        let indented = |line: &str| line.starts_with("    ") || line.starts_with('\t');
        if text.contains("```") || text.lines().any(indented) {
            self.report(place, "a description must not hold a block of code".into());
        }
    }

    fn enum_names(&mut self, place: &str, schema: &Value) {
        let mut names: HashMap<String, String> = HashMap::new();
        for value in several_values(schema).unwrap_or_default() {
            let name = variant_name(&value);
            if !name.starts_with(|first: char| first.is_ascii_alphabetic()) || name == "Other" {
                self.report(place, format!("enum value {value:?} gives no usable name"));
            }
            if let Some(other) = names.insert(name, value.clone()) {
                self.report(
                    place,
                    format!("enum values {other:?} and {value:?} give one name"),
                );
            }
        }
    }
}
