//! Building requests.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::ser::{Error as _, Serialize, Serializer};
use serde_json::Value;

/// What the signature's rules encode, everywhere.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// A value as one segment of a path.
#[must_use]
pub fn encode_path(segment: &str) -> String {
    utf8_percent_encode(segment, ENCODED).to_string()
}

/// Bodies other than JSON. The generated code names it, no operation has one.
pub trait RequestBuilderExt {}

/// A query parameter: nothing, a pair, or a pair for each item of a list.
pub struct QueryParam<'a, T> {
    name: &'a str,
    value: &'a T,
}

impl<'a, T> QueryParam<'a, T> {
    /// Names a value.
    pub fn new(name: &'a str, value: &'a T) -> Self {
        Self { name, value }
    }
}

impl<T: Serialize> Serialize for QueryParam<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let items = match serde_json::to_value(self.value).map_err(S::Error::custom)? {
            Value::Null => Vec::new(),
            Value::Array(items) => items,
            item => vec![item],
        };
        let pairs = items.into_iter().map(|item| match item {
            Value::String(text) => Ok((self.name, text)),
            Value::Bool(_) | Value::Number(_) => Ok((self.name, item.to_string())),
            _ => Err(S::Error::custom(format!(
                "query parameter {} must be plain",
                self.name
            ))),
        });
        pairs.collect::<Result<Vec<_>, _>>()?.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_value_stays_one_segment() {
        assert_eq!(encode_path("p/1 é?#%~-_."), "p%2F1%20%C3%A9%3F%23%25~-_.");
    }

    #[test]
    fn a_query_parameter_is_nothing_a_pair_or_a_pair_for_each_item() {
        let query = |value: Value| {
            let request = reqwest::Client::new()
                .get("https://example.com/")
                .query(&QueryParam::new("q", &value))
                .build()
                .unwrap();
            request.url().query().unwrap_or_default().to_owned()
        };
        assert_eq!(query(Value::Null), "");
        assert_eq!(query("a b".into()), "q=a+b");
        assert_eq!(query(true.into()), "q=true");
        assert_eq!(query(7.into()), "q=7");
        assert_eq!(query(serde_json::json!(["a", 1])), "q=a&q=1");
    }
}
