//! Series classified, and looked through for anomalies.

use serde_json::{Map, Value, json};

use super::numbers::{count, deviation, mean, median, rounded};
use super::{flag, items, time_cost};
use crate::reply::Refusal;
use crate::service::bad;

/// From this many robust deviations on, a point is an anomaly.
const FAR: f64 = 3.5;

/// Points on either side that a reconstruction looks at.
const NEAR: usize = 2;

/// Rising series are of class 1.
pub(super) fn classify(body: &Value) -> Result<Value, Refusal> {
    let class = |item: &Map<String, Value>| -> Result<Value, Refusal> {
        let mut rise = 0.0;
        for (name, values) in item {
            let values = numbers(body, name, values)?;
            let context = body.get("context_len").and_then(Value::as_i64);
            let length = i64::try_from(values.len()).unwrap_or(i64::MAX);
            if context.is_some_and(|context| length < context) {
                let message = format!("column {name} has {length} values, less than context_len");
                return Err(bad("data", message));
            }
            let values = window(body, &values);
            let (early, late) = values.split_at(values.len() / 2);
            rise += (mean(late) - mean(early)) / deviation(values);
        }
        Ok(json!({"class": if rise > 0.0 { "1" } else { "0" }}))
    };
    let data: Result<Vec<Value>, Refusal> = items(body).map(class).collect();
    Ok(json!({"data": data?, "time_cost": time_cost()}))
}

pub(super) fn anomalies_zero_shot(body: &Value) -> Result<Value, Refusal> {
    by_column(
        body,
        100,
        usize::MAX,
        |seen| json!({"anomaly_score": seen.scores(), "reconstruction": seen.reconstruction}),
    )
}

pub(super) fn anomalies(body: &Value) -> Result<Value, Refusal> {
    let details = flag(body, "get_details");
    by_column(body, 100, usize::MAX, |seen| {
        let mut answer = json!({"label": seen.classes(), "reconstruction": seen.reconstruction});
        if let Some(answer) = answer.as_object_mut().filter(|_| details) {
            answer.insert("anomaly_score".to_owned(), json!(seen.scores()));
        }
        answer
    })
}

pub(super) fn anomalies_v2(body: &Value) -> Result<Value, Refusal> {
    by_column(
        body,
        2,
        10_000,
        |seen| json!({"anomaly_probability": seen.scores()}),
    )
}

/// The last values that a model looks at.
pub(super) fn window<'a>(body: &Value, values: &'a [f64]) -> &'a [f64] {
    let context = body.get("context_len").and_then(Value::as_u64);
    let context = context.and_then(|context| usize::try_from(context).ok());
    let from = context.map_or(0, |context| values.len().saturating_sub(context));
    values.get(from..).unwrap_or(values)
}

/// The numbers of a column. Gaps are filled with the value before, where that is asked for.
pub(super) fn numbers(body: &Value, name: &str, values: &Value) -> Result<Vec<f64>, Refusal> {
    let values = values.as_array().map(Vec::as_slice).unwrap_or_default();
    if values.is_empty() {
        return Err(bad("data", format!("column {name} has no values")));
    }
    let fill = flag(body, "auto_fill");
    let mut last = values.iter().find_map(Value::as_f64).unwrap_or_default();
    let number = |value: &Value| {
        last = match value {
            Value::Null if fill => last,
            value => value.as_f64().ok_or_else(|| {
                let message = format!(
                    "column {name} holds something else than numbers; auto_fill fills nulls"
                );
                bad("data", message)
            })?,
        };
        Ok(last)
    };
    values.iter().map(number).collect()
}

/// A column as a model sees it.
struct Seen {
    /// For each point the median of its neighbourhood.
    reconstruction: Vec<f64>,
    /// How far each point is from that, in robust deviations.
    distances: Vec<f64>,
}

impl Seen {
    fn of(values: &[f64]) -> Self {
        let near = |at: usize| {
            let end = values.len().min(at + NEAR + 1);
            median(values.get(at.saturating_sub(NEAR)..end).unwrap_or_default())
        };
        let reconstruction: Vec<f64> = (0..values.len()).map(near).collect();
        let errors: Vec<f64> = values
            .iter()
            .zip(&reconstruction)
            .map(|(value, near)| (value - near).abs())
            .collect();
        // 1.4826 makes a median of distances comparable to a standard deviation.
        let usual = (1.4826 * median(&errors)).max(deviation(values) / count(10));
        Self {
            reconstruction,
            distances: errors.iter().map(|error| error / usual).collect(),
        }
    }

    fn scores(&self) -> Vec<f64> {
        let scores = self.distances.iter();
        scores
            .map(|far| rounded(1.0 - (-far / FAR).exp()))
            .collect()
    }

    fn classes(&self) -> Vec<u8> {
        let classes = self.distances.iter();
        classes.map(|far| u8::from(*far > FAR)).collect()
    }
}

fn by_column(
    body: &Value,
    least: usize,
    most: usize,
    form: impl Fn(&Seen) -> Value,
) -> Result<Value, Refusal> {
    let look = |item: &Map<String, Value>| -> Result<Value, Refusal> {
        let mut columns = Map::new();
        for (name, values) in item {
            let values = numbers(body, name, values)?;
            if !(least..=most).contains(&values.len()) {
                let message = format!("a window of {} values is out of range", values.len());
                return Err(bad("data", message));
            }
            columns.insert(name.clone(), form(&Seen::of(&values)));
        }
        Ok(Value::Object(columns))
    };
    let data: Result<Vec<Value>, Refusal> = items(body).map(look).collect();
    Ok(json!({"data": data?}))
}
