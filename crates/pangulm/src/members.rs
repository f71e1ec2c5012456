//! Members of requests.

use serde_json::{Number, Value};

/// JSON has no NaN and no infinity. As text they are refused by name before anything is sent; as the
/// null they would become they would pass for not set.
pub(crate) fn number(value: f64) -> Value {
    Number::from_f64(value).map_or_else(|| Value::String(value.to_string()), Value::Number)
}
