//! The string to sign as a server rebuilds it.

use std::collections::BTreeMap;

use super::{
    received::{Parameter, header},
    refusal::Refusal,
};
use crate::{
    obs::{dialect::Dialect, sub_resources},
    received::{decode, encode},
    verify::ReceivedRequest,
};

/// What stands in the place of a token when the text is shown.
const HIDDEN: &[u8] = b"***";

pub(super) struct Text<'a> {
    pub(super) request: &'a ReceivedRequest<'a>,
    pub(super) parameters: &'a [Parameter],
    pub(super) dialect: Dialect,
    /// The line of the date.
    pub(super) date: &'a str,
    pub(super) resource: String,
}

impl Text<'_> {
    pub(super) fn write(&self, hide_tokens: bool) -> Result<Vec<u8>, Refusal> {
        let mut lines: Vec<Vec<u8>> = vec![
            self.request.method.to_ascii_uppercase().into_bytes(),
            self.own_line("content-md5")?,
            self.own_line("content-type")?,
            self.date.as_bytes().to_vec(),
        ];
        for (name, values) in self.headers() {
            let value = values.join(",");
            let shown = show(&name, value.as_bytes(), hide_tokens);
            lines.push([name.as_bytes(), b":", shown].concat());
        }
        let mut last = self.resource.clone().into_bytes();
        for (index, parameter) in self.sub_resources()?.into_iter().enumerate() {
            last.push(if index == 0 { b'?' } else { b'&' });
            let encoded: Vec<String> = parameter
                .name
                .split('/')
                .map(|it| encode(it.as_bytes()))
                .collect();
            last.extend_from_slice(encoded.join("/").as_bytes());
            if let Some(value) = &parameter.value {
                last.push(b'=');
                last.extend_from_slice(show(&parameter.name, value, hide_tokens));
            }
        }
        lines.push(last);
        Ok(lines.join(&b'\n'))
    }

    fn own_line(&self, name: &str) -> Result<Vec<u8>, Refusal> {
        let value = header(self.request, name)?.unwrap_or_default();
        Ok(value.as_bytes().to_vec())
    }

    /// The dialect's headers by name, each with its values in the order they came.
    fn headers(&self) -> BTreeMap<String, Vec<&str>> {
        let mut headers: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for (name, value) in self.request.headers {
            if self.dialect.owns(name) {
                let values = headers.entry(name.to_ascii_lowercase()).or_default();
                values.push(value.trim_matches([' ', '\t']));
            }
        }
        headers
    }

    fn sub_resources(&self) -> Result<Vec<&Parameter>, Refusal> {
        let mut signed: Vec<&Parameter> = self
            .parameters
            .iter()
            .filter(|it| sub_resources::is_signed(&it.name, self.dialect))
            .collect();
        signed.sort_by(|a, b| a.name.cmp(&b.name));
        for pair in signed.windows(2) {
            if let [one, next] = pair
                && one.name == next.name
            {
                return Err(Refusal::DuplicateParameter(one.name.clone()));
            }
        }
        Ok(signed)
    }
}

/// The signed path: with the bucket in front where the host names it, with the domain where it is
/// none of the service's own.
pub(super) fn resource(host: &str, path: &str, endpoints: &[&str]) -> String {
    let decoded = decode(if path.is_empty() { "/" } else { path });
    let segments: Vec<String> = decoded.split(|byte| *byte == b'/').map(encode).collect();
    let path = segments.join("/");
    let host = host.to_ascii_lowercase();
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => &host,
    };
    if endpoints.contains(&name) {
        return path;
    }
    let bucket = endpoints
        .iter()
        .find_map(|endpoint| name.strip_suffix(endpoint)?.strip_suffix('.'));
    format!("/{}{path}", bucket.unwrap_or(name))
}

fn show<'a>(name: &str, value: &'a [u8], hide_tokens: bool) -> &'a [u8] {
    let is_token = name.to_ascii_lowercase().ends_with("-security-token");
    if hide_tokens && is_token {
        HIDDEN
    } else {
        value
    }
}
