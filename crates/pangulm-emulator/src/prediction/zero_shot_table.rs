//! A column predicted from a sample: by the rows most alike.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::items;
use super::numbers::{count, deviation, rounded};
use super::tables::weight;
use crate::reply::Refusal;
use crate::service::bad;

/// How many rows alike decide.
const NEIGHBOURS: usize = 3;

pub(super) fn predict(body: &Value) -> Result<Value, Refusal> {
    let sample = Sample::read(body)?;
    let regression = body.get("task_type").and_then(Value::as_str) == Some("regression");
    let mut results = Vec::new();
    for row in items(body) {
        if let Some(name) = row.keys().find(|name| !sample.columns.contains_key(*name)) {
            let message = format!("column {name} is not in the sample");
            return Err(bad("data", message));
        }
        let near = sample.nearest(row);
        results.push(if regression {
            let sum: f64 = near.iter().map(|value| weight(value)).sum();
            json!(rounded(sum / count(near.len())))
        } else {
            most_frequent(&near)
        });
    }
    Ok(json!({"results": results}))
}

struct Sample<'a> {
    columns: &'a Map<String, Value>,
    target: &'a [Value],
    /// By how much the values of a column differ.
    spreads: HashMap<&'a String, f64>,
}

impl<'a> Sample<'a> {
    fn read(body: &'a Value) -> Result<Self, Refusal> {
        let columns = body.get("sample").and_then(Value::as_object);
        let columns = columns.ok_or_else(|| bad("sample", "is missing"))?;
        let name = body
            .get("target")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let target = columns.get(name).and_then(Value::as_array);
        let target = target.ok_or_else(|| bad("target", "is no column of the sample"))?;
        let lengths = columns.values().filter_map(Value::as_array).map(Vec::len);
        if target.is_empty() || lengths.into_iter().any(|length| length != target.len()) {
            return Err(bad(
                "sample",
                "its columns must be of one length, at least 1",
            ));
        }
        if target.len() > 10_000 || columns.len() > 500 || target.len() * columns.len() > 1_000_000
        {
            return Err(bad(
                "sample",
                "may have 10000 rows, 500 columns and 1000000 values",
            ));
        }
        let spread = |(name, values): (&'a String, &Value)| {
            let values = values.as_array().into_iter().flatten();
            (name, deviation(&values.map(weight).collect::<Vec<_>>()))
        };
        Ok(Self {
            columns,
            target,
            spreads: columns.iter().map(spread).collect(),
        })
    }

    /// The target's values in the rows that are most like this one.
    fn nearest(&self, row: &Map<String, Value>) -> Vec<&'a Value> {
        let mut distances = vec![0.0; self.target.len()];
        for (name, value) in row {
            let column = self.columns.get(name).and_then(Value::as_array);
            let spread = self.spreads.get(name).copied().unwrap_or(1.0);
            for (distance, other) in distances.iter_mut().zip(column.into_iter().flatten()) {
                *distance += ((weight(value) - weight(other)) / spread).powi(2);
            }
        }
        let mut ranked: Vec<(f64, &Value)> = distances.into_iter().zip(self.target).collect();
        ranked.sort_by(|left, right| left.0.total_cmp(&right.0));
        ranked.truncate(NEIGHBOURS);
        ranked.into_iter().map(|(_, value)| value).collect()
    }
}

/// Of values equally frequent, the one of the nearest row.
fn most_frequent(values: &[&Value]) -> Value {
    let frequency = |value: &Value| values.iter().filter(|other| **other == value).count();
    let mut best = values.first().copied().unwrap_or(&Value::Null);
    for value in values {
        if frequency(value) > frequency(best) {
            best = value;
        }
    }
    best.clone()
}
