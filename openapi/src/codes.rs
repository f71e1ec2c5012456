//! The platform's error codes.

use serde_json::Value;

use crate::{Evidence, SpecError};

/// What the description knows of one error code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorCode {
    /// The code, as `PANGU.3267`.
    pub code: String,
    /// Whether it comes from OBS, the object storage, alone.
    pub is_of_obs: bool,
    /// The platform's own words; empty if they were not seen.
    pub says: String,
    /// What it means.
    pub means: String,
    /// What to do about it: a sentence without its full stop.
    pub remedy: String,
    /// Whether a client sends the call again.
    pub again: Again,
    /// The HTTP status that it comes with, and how sure that is; `None` if no source tells.
    pub status: Option<(u16, Evidence)>,
    /// The page that lists it; empty if no page does.
    pub source: String,
    /// How sure its meaning is.
    pub evidence: Evidence,
}

/// Whether a client sends a call again after an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// After a wait, whatever the call does.
    Wait,
    /// Once, with a new token or a corrected clock.
    Credential,
    /// After a wait, if the call only reads.
    Reads,
    /// Never.
    No,
}

/// The documented error codes, in the order of their file.
///
/// # Errors
///
/// Every entry that lacks something or stands there twice.
pub fn error_codes() -> Result<Vec<ErrorCode>, SpecError> {
    read(include_str!("../errors.yaml"))
}

fn read(text: &str) -> Result<Vec<ErrorCode>, SpecError> {
    let broken = |place: &str, why: &str| SpecError::one("errors", place, why.to_owned());
    let root: Value =
        serde_yaml_ng::from_str(text).map_err(|error| broken("file", &error.to_string()))?;
    let mut codes: Vec<ErrorCode> = Vec::new();
    for node in root
        .get("codes")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let code = entry(&root, node).map_err(|(place, why)| broken(&place, why))?;
        if codes.iter().any(|known| known.code == code.code) {
            return Err(broken(&code.code, "stands there twice"));
        }
        codes.push(code);
    }
    Ok(codes)
}

fn entry(root: &Value, node: &Value) -> Result<ErrorCode, (String, &'static str)> {
    let text = |name: &str| node.get(name).and_then(Value::as_str).unwrap_or_default();
    let code = text("code");
    let broken = |why| (code.to_owned(), why);
    let evidence = |name: &str| Evidence::parse(text(name));
    let status = node.get("status").and_then(Value::as_u64);
    let status = status.and_then(|status| u16::try_from(status).ok());
    let source = root.pointer(&format!("/sources/{}", text("source")));
    let code = ErrorCode {
        code: code.into(),
        is_of_obs: match text("service") {
            "" => false,
            "obs" => true,
            _ => return Err(broken("service must be obs, or left out")),
        },
        says: text("says").into(),
        means: text("means").into(),
        remedy: text("remedy").into(),
        again: match node.get("again") {
            Some(Value::String(again)) if again == "wait" => Again::Wait,
            Some(Value::String(again)) if again == "credential" => Again::Credential,
            Some(Value::String(again)) if again == "reads" => Again::Reads,
            // YAML 1.1 reads `no` as false.
            Some(Value::Bool(false)) => Again::No,
            Some(Value::String(again)) if again == "no" => Again::No,
            _ => return Err(broken("again must be wait, credential, reads or no")),
        },
        status: status.map(|it| {
            (
                it,
                evidence("statusEvidence").unwrap_or(Evidence::Documented),
            )
        }),
        source: source.and_then(Value::as_str).unwrap_or_default().into(),
        evidence: evidence("evidence").ok_or_else(|| broken("evidence is missing or unknown"))?,
    };
    match code.means.is_empty() || code.remedy.is_empty() {
        true => Err(broken("means and remedy must say something")),
        false => Ok(code),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_whole_and_stands_there_once() {
        let codes = error_codes().unwrap();
        assert!(codes.len() > 20, "{}", codes.len());
        for code in codes {
            assert!(!code.remedy.ends_with('.'), "{}", code.code);
            let seen = code.evidence == Evidence::Documented;
            assert!(
                !seen || code.source.starts_with("https://"),
                "{}",
                code.code
            );
        }
    }

    #[test]
    fn what_is_missing_or_doubled_is_named() {
        let whole = "{code: A.1, means: m, remedy: r, again: no, evidence: inferred}";
        for (codes, expected) in [
            (format!("[{whole}, {whole}]"), "A.1: stands there twice"),
            (whole.replace("remedy: r, ", ""), "A.1: means and remedy"),
            (
                whole.replace("again: no", "again: maybe"),
                "A.1: again must be",
            ),
            (
                whole.replace("means", "service: ops, means"),
                "A.1: service must be",
            ),
            (whole.replace("inferred", "guessed"), "A.1: evidence is"),
        ] {
            let codes = match codes.starts_with('[') {
                true => codes,
                false => format!("[{codes}]"),
            };
            let error = read(&format!("codes: {codes}")).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
