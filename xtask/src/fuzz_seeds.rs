//! Seeds for the fuzzer from the signature vectors.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::step;

/// Writes the seeds that the vectors give a target; most targets get none.
pub(crate) fn write(target: &str, folder: &Path) -> Result<()> {
    let (vectors, seed): (&str, fn(&Value) -> Option<String>) = match target {
        "sign" => ("sdk_hmac_sha256", |case| message(case, false)),
        "verify" => ("sdk_hmac_sha256", |case| message(case, true)),
        "authorization" => ("sdk_hmac_sha256", |case| {
            Some(authorization(case)?.to_owned())
        }),
        "obs" => ("obs", object),
        _ => return Ok(()),
    };
    let file = step::root().join(format!("tests/vectors/{vectors}.json"));
    let text = fs::read_to_string(&file).with_context(|| format!("{}", file.display()))?;
    let vectors: Value = serde_json::from_str(&text)?;
    let cases = vectors.get("vectors").and_then(Value::as_array);
    fs::create_dir_all(folder)?;
    for case in cases.into_iter().flatten() {
        let id = case.get("id").and_then(Value::as_str).unwrap_or_default();
        if let Some(seed) = seed(case) {
            fs::write(folder.join(id), seed)?;
        }
    }
    Ok(())
}

fn authorization(case: &Value) -> Option<&str> {
    case.pointer("/expected/authorization")?.as_str()
}

/// The request of a case as the targets read it; `signed` with what a server receives besides.
fn message(case: &Value, signed: bool) -> Option<String> {
    let request = case.get("request")?;
    let text = |name: &str| request.get(name)?.as_str();
    let path = text("path")?;
    let target = case
        .pointer("/expected/wire_target")
        .and_then(Value::as_str);
    let mut seed = format!("{} {}", text("method")?, target.unwrap_or(path));
    for header in request.get("headers")?.as_array()? {
        let (name, value) = (header.get(0)?.as_str()?, header.get(1)?.as_str()?);
        let _ = write!(seed, "\n{name}:{value}");
    }
    if signed {
        let _ = write!(seed, "\nhost:{}", text("host")?);
        let _ = write!(seed, "\nauthorization:{}", authorization(case)?);
    }
    let body = request.pointer("/body/value").and_then(Value::as_str);
    let _ = write!(seed, "\n\n{}", body.unwrap_or_default());
    Some(seed)
}

/// The request of a case of the object storage, its query as it stands in the vectors: raw.
fn object(case: &Value) -> Option<String> {
    let text = |name: &str| case.get(name).and_then(Value::as_str);
    let mut seed = format!("{} /{}", text("method")?, text("key").unwrap_or_default());
    let members = |name: &str| case.get(name).and_then(Value::as_object).cloned();
    let mut separator = '?';
    for (name, value) in members("query").unwrap_or_default() {
        let _ = write!(seed, "{separator}{name}");
        separator = '&';
        if let Some(value) = value.as_str() {
            let _ = write!(seed, "={value}");
        } else if !value.is_null() {
            let _ = write!(seed, "={value}");
        }
    }
    for (name, value) in members("headers").unwrap_or_default() {
        let _ = write!(seed, "\n{name}:{}", value.as_str()?);
    }
    Some(seed)
}
