//! Series and tables on their way into a request.

use pangulm_core::Error;
use serde::Serialize;
use serde_json::Value;

use super::{Columns, Row};

impl Columns {
    /// No columns yet.
    #[must_use]
    pub fn new() -> Self {
        Self(Default::default())
    }

    /// Adds a column: its name and its values, oldest first. It takes the place of one of that name.
    ///
    /// JSON has no NaN and no infinity: such values become null, which is a gap.
    ///
    /// ```
    /// use pangulm::prediction::Columns;
    ///
    /// let week = Columns::new()
    ///     .column("load", [864.16, 493.91, 252.77])
    ///     .column("holiday", [0, 0, 1]);
    /// assert_eq!(week["holiday"].len(), 3);
    /// ```
    #[must_use]
    pub fn column<V: Into<Value>>(
        mut self,
        name: impl Into<String>,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        let values = values.into_iter().map(Into::into).collect();
        self.0.insert(name.into(), values);
        self
    }
}

impl Default for Columns {
    fn default() -> Self {
        Self::new()
    }
}

/// Makes rows of anything that serializes to JSON objects: structs of yours, or `json!` values.
///
/// # Errors
/// An item does not serialize, or to something else than an object; the error gives its number.
///
/// ```
/// # fn demo() -> Result<(), pangulm::Error> {
/// #[derive(serde::Serialize)]
/// struct Customer {
///     age: u32,
///     region: &'static str,
/// }
///
/// let rows = pangulm::prediction::rows([Customer { age: 41, region: "north" }])?;
/// assert_eq!(rows[0]["age"], 41);
/// # Ok(())
/// # }
/// # demo().unwrap();
/// ```
pub fn rows<T: Serialize>(items: impl IntoIterator<Item = T>) -> Result<Vec<Row>, Error> {
    let row = |(number, item): (usize, T)| match serde_json::to_value(item) {
        Ok(Value::Object(members)) => Ok(Row(members)),
        Ok(_) => Err(refused(number, "is no object of names and values")),
        Err(error) => Err(refused(number, &error.to_string())),
    };
    (1..).zip(items).map(row).collect()
}

fn refused(number: usize, why: &str) -> Error {
    Error::invalid("data", format!("row {number}: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_row_that_is_no_object_is_refused_by_its_number() {
        let error = rows([json!({"a": 1}), json!([1])]).unwrap_err();
        assert_eq!(error.field(), Some("data"));
        assert!(error.to_string().contains("row 2"), "{error}");
    }

    #[test]
    fn what_is_no_number_becomes_a_gap() {
        let columns = Columns::new().column("a", [1.5, f64::NAN]);
        assert_eq!(
            serde_json::to_value(columns).unwrap(),
            json!({"a": [1.5, null]})
        );
    }
}
