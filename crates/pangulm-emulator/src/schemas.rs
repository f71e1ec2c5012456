//! The spec's JSON schemas, compiled once, and the documented codes for what breaks them.

use std::collections::HashMap;
use std::sync::LazyLock;

use jsonschema::Validator;
use jsonschema::error::ValidationErrorKind;
use pangulm_openapi::{Document, Part};
use serde_json::Value;

use crate::error::Error;
use crate::reply::Refusal;
use crate::routes;
use crate::whole;

const LONGEST_REASON: usize = 300;

/// Compiled once in a process, however many emulators it starts.
static COMPILED: LazyLock<Result<Schemas, Error>> = LazyLock::new(Schemas::compile);

pub(crate) struct Schemas(HashMap<&'static str, Validator>);

impl Schemas {
    pub(crate) fn load() -> Result<&'static Self, Error> {
        COMPILED.as_ref().map_err(Error::clone)
    }

    fn compile() -> Result<Self, Error> {
        let documents = pangulm_openapi::documents().map_err(|error| Error::spec(&error))?;
        let schema = |id| {
            let of_document = |document: &Document| document.json_schema(id, Part::Request);
            documents.iter().find_map(of_document)
        };
        let mut validators = HashMap::new();
        for route in routes::all() {
            if let Some(schema) = schema(route.operation_id) {
                let validator = jsonschema::options()
                    .with_keyword("format", whole::of_format)
                    .build(&schema)
                    .map_err(|error| Error::schema(route.operation_id, &error))?;
                validators.insert(route.operation_id, validator);
            }
        }
        Ok(Self(validators))
    }

    /// Refuses a body that breaks the schema, with a message that names the member.
    pub(crate) fn check_request(&self, operation: &str, body: &Value) -> Result<(), Refusal> {
        let Some(validator) = self.0.get(operation) else {
            return Ok(());
        };
        let Err(error) = validator.validate(body) else {
            return Ok(());
        };
        let place = error.instance_path().to_string();
        if let ValidationErrorKind::Required { property } = error.kind() {
            let name = property.as_str().unwrap_or_default();
            let message = format!("required api parameter is not present. {place}/{name}");
            return Err(Refusal::bad("PANGU.3278", message));
        }
        let code = match place.as_str() {
            "/max_tokens" => "PANGU.3317",
            "/n" if body.get("stream") == Some(&Value::Bool(true)) => "PANGU.3321",
            "/n" => "PANGU.3320",
            _ => "PANGU.0010",
        };
        let place = if place.is_empty() { "the body" } else { &place };
        // The reason quotes the offending value, which may be as long as the body.
        let reason: String = error
            .masked()
            .to_string()
            .chars()
            .take(LONGEST_REASON)
            .collect();
        Err(Refusal::bad(
            code,
            format!("parameter illegal. {place}: {reason}"),
        ))
    }
}
