//! Rows judged by their numbers, which are compared within the request.

use serde_json::{Map, Value, json};

use super::numbers::{correlation, count, deviation, mean, median, rounded};
use super::{flag, items, time_cost};
use crate::reply::Refusal;
use crate::service::bad;

/// The column that the emulated models were trained to predict.
const TARGET: &str = "target";

pub(super) fn classify(body: &Value) -> Result<Value, Refusal> {
    let chances = chances(body)?;
    let mut answer = json!({"result": classes(&chances)});
    if let Some(answer) = answer
        .as_object_mut()
        .filter(|_| flag(body, "predict_proba"))
    {
        let pair = |chance: &f64| json!({"0": rounded(1.0 - chance), "1": rounded(*chance)});
        let pairs: Vec<Value> = chances.iter().map(pair).collect();
        answer.insert("pred_proba".to_owned(), json!(pairs));
    }
    Ok(answer)
}

pub(super) fn classify_unified(body: &Value) -> Result<Value, Refusal> {
    Ok(json!({"results": classes(&chances(body)?), "time_cost": time_cost()}))
}

pub(super) fn regress(body: &Value) -> Result<Value, Refusal> {
    Ok(json!({"result": means(body)?}))
}

pub(super) fn regress_unified(body: &Value) -> Result<Value, Refusal> {
    Ok(json!({"results": means(body)?, "time_cost": time_cost()}))
}

/// Rows whose mean is far from the usual one are of class 1.
pub(super) fn anomalies(body: &Value) -> Result<Value, Refusal> {
    let means = means(body)?;
    let usual = median(&means);
    let distances = means
        .iter()
        .map(|mean| (mean - usual).abs() / deviation(&means));
    let chances: Vec<f64> = distances.map(|far| 1.0 - (-far / 3.0).exp()).collect();
    let mut answer = json!({"result": classes(&chances)});
    if let Some(answer) = answer
        .as_object_mut()
        .filter(|_| flag(body, "predict_proba"))
    {
        let chances: Vec<f64> = chances.iter().copied().map(rounded).collect();
        answer.insert("pred_proba".to_owned(), json!(chances));
    }
    Ok(answer)
}

/// How closely each feature goes with the target.
pub(super) fn feature_importance(body: &Value) -> Result<Value, Refusal> {
    let rows: Vec<&Map<String, Value>> = items(body).collect();
    if rows.len() <= 1_000 {
        let message = format!("more than 1000 rows are needed; got {}", rows.len());
        return Err(bad("data", message));
    }
    let column = |name: &str| -> Vec<f64> {
        let values = rows.iter().map(|row| row.get(name));
        values.map(|value| value.map_or(0.0, weight)).collect()
    };
    let names = rows.first().into_iter().flat_map(|row| row.keys());
    let (target, features): (Vec<&String>, Vec<&String>) = names.partition(|name| *name == TARGET);
    if target.is_empty() {
        let message =
            format!("the emulated models were trained for the column {TARGET}, which is missing");
        return Err(bad("data", message));
    }
    let target = column(TARGET);
    let importance = features.into_iter().map(|name| {
        let importance = correlation(&column(name), &target).abs();
        (name.clone(), json!(rounded(importance)))
    });
    Ok(json!({"feature_importance": importance.collect::<Map<_, _>>()}))
}

/// Each number's distance from the reference's mean. The member with the rows to explain is not known,
/// so it is any other list of objects, else the first row of the reference.
pub(super) fn explain(body: &Value) -> Result<Value, Refusal> {
    let reference = objects(body.get("trainset_data"));
    let others = body.as_object().into_iter().flatten();
    let others = others.filter(|(name, _)| *name != "trainset_data");
    let rows = others.map(|(_, value)| objects(Some(value)));
    let rows = rows.into_iter().find(|rows| !rows.is_empty());
    let rows = rows.unwrap_or_else(|| reference.iter().copied().take(1).collect());
    if rows.is_empty() {
        return Err(bad("trainset_data", "has no rows"));
    }
    let usual = |name: &String| {
        let values = reference.iter().filter_map(|row| row.get(name));
        mean(&values.map(weight).collect::<Vec<f64>>())
    };
    let explain = |row: &Map<String, Value>| -> Value {
        let parts = row.iter().map(|(name, value)| {
            let part = (weight(value) - usual(name)) / count(row.len());
            (name.clone(), json!(rounded(part)))
        });
        Value::Object(parts.collect())
    };
    let rows: Vec<Value> = rows.into_iter().map(explain).collect();
    Ok(json!({"shapley_values": rows}))
}

fn objects(value: Option<&Value>) -> Vec<&Map<String, Value>> {
    let items = value.and_then(Value::as_array).into_iter().flatten();
    items.filter_map(Value::as_object).collect()
}

/// For each row the mean of its numbers.
fn means(body: &Value) -> Result<Vec<f64>, Refusal> {
    let mean_of = |row: &Map<String, Value>| {
        if row.is_empty() {
            return Err(bad("data", "a row has no features"));
        }
        Ok(rounded(mean(&row.values().map(weight).collect::<Vec<_>>())))
    };
    items(body).map(mean_of).collect()
}

/// For each row the chance of class 1: above a half, if it is above the mean of all.
fn chances(body: &Value) -> Result<Vec<f64>, Refusal> {
    let means = means(body)?;
    let (middle, spread) = (mean(&means), deviation(&means));
    let chance = |value: &f64| 1.0 / (1.0 + (-(value - middle) / spread).exp());
    Ok(means.iter().map(chance).collect())
}

fn classes(chances: &[f64]) -> Vec<&'static str> {
    let class = |chance: &f64| if *chance > 0.5 { "1" } else { "0" };
    chances.iter().map(class).collect()
}

/// A number for any value: itself, or something that differs from text to text.
pub(super) fn weight(value: &Value) -> f64 {
    match value {
        Value::Number(number) => number.as_f64().unwrap_or_default(),
        Value::Bool(flag) => f64::from(u8::from(*flag)),
        Value::String(text) => {
            let sum: u32 = text.bytes().map(u32::from).sum();
            f64::from(sum % 10) / 10.0
        }
        Value::Null | Value::Array(_) | Value::Object(_) => 0.0,
    }
}
