//! A generated request, in the form every signer gets it in.

use serde::Serialize;
use serde_json::Value;

/// The date of every request that brings its own: 2025-03-01T08:00:00Z.
pub(crate) const DATE: &str = "20250301T080000Z";

#[derive(Clone, Serialize)]
pub(crate) struct Request {
    pub(crate) method: &'static str,
    pub(crate) host: &'static str,
    pub(crate) path: String,
    /// Each name once, with all its values.
    pub(crate) query: Vec<(String, Vec<Value>)>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Body,
    pub(crate) key: Key,
    /// Signed with a derived key (V11-HMAC-SHA256) for these, if they are there.
    pub(crate) derived: Option<Derived>,
}

#[derive(Clone, Copy, Serialize)]
pub(crate) struct Derived {
    pub(crate) region: &'static str,
    pub(crate) service: &'static str,
}

#[derive(Clone, Serialize)]
#[serde(tag = "kind", content = "value", rename_all = "lowercase")]
pub(crate) enum Body {
    None,
    /// Compact JSON: the Node signer is given the value, the others the text.
    Json(String),
    /// A text that is given to all as it is.
    Text(String),
    Bytes(Blob),
}

/// Bytes that are no text; written in Base64.
#[derive(Clone, Copy, Default, Serialize)]
#[serde(transparent)]
pub(crate) struct Blob {
    pub(crate) base64: &'static str,
    #[serde(skip)]
    pub(crate) bytes: &'static [u8],
}

#[derive(Clone, Serialize)]
pub(crate) struct Key {
    pub(crate) ak: &'static str,
    pub(crate) sk: &'static str,
    /// Whether `scope` is a domain id; else it is a project id.
    pub(crate) global: bool,
    pub(crate) scope: Option<&'static str>,
    pub(crate) token: Option<&'static str>,
}

impl Request {
    /// The request as one official signer's own client writes it: each knows some headers under
    /// one spelling only.
    pub(crate) fn spelled(&self, usual: [(&str, &str); 2]) -> Self {
        let mut request = self.clone();
        for (name, _) in &mut request.headers {
            if let Some((_, theirs)) = usual.iter().find(|(ours, _)| ours == name) {
                (*theirs).clone_into(name);
            }
        }
        request
    }

    /// The same request, to be signed with a derived key.
    pub(crate) fn derived(&self) -> Self {
        // The official Python signer knows no other region for global services.
        let region = if self.key.global {
            "globe"
        } else {
            "cn-southwest-2"
        };
        let service = "iotda";
        Self {
            derived: Some(Derived { region, service }),
            ..self.clone()
        }
    }

    /// The value of the first header of this name, in any spelling.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let is_it = |(other, _): &&(String, String)| other.eq_ignore_ascii_case(name);
        self.headers
            .iter()
            .find(is_it)
            .map(|(_, value)| value.as_str())
    }

    /// Whether there is a header of this name in exactly this spelling.
    pub(crate) fn spells(&self, name: &str) -> bool {
        self.headers.iter().any(|(other, _)| other == name)
    }

    /// The headers with those that belong to the key.
    pub(crate) fn all_headers(&self) -> Vec<(&str, &str)> {
        let scope = if self.key.global {
            "X-Domain-Id"
        } else {
            "X-Project-Id"
        };
        let of_key = [
            (scope, self.key.scope),
            ("X-Security-Token", self.key.token),
        ];
        let given = self.headers.iter().map(|(name, value)| (&**name, &**value));
        given
            .chain(
                of_key
                    .into_iter()
                    .filter_map(|(name, value)| Some((name, value?))),
            )
            .collect()
    }

    /// The query as pairs of texts.
    pub(crate) fn pairs(&self) -> Vec<(&str, String)> {
        let text = |value: &Value| match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        self.query
            .iter()
            .flat_map(|(name, values)| values.iter().map(move |value| (&**name, text(value))))
            .collect()
    }
}

impl Body {
    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Self::None => &[],
            Self::Json(text) | Self::Text(text) => text.as_bytes(),
            Self::Bytes(blob) => blob.bytes,
        }
    }
}
