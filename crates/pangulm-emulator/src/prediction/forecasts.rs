//! Series continued: the period that fits best goes on, else the last value stays.

use serde_json::{Map, Value, json};

use super::numbers::correlation;
use super::series::{numbers, window};
use super::{items, time_cost};
use crate::reply::Refusal;
use crate::service::bad;

/// The default of the page's older edition; the current one takes what was trained.
const HORIZON: u64 = 96;

/// How well a period must fit to be taken.
const FITS: f64 = 0.6;

pub(super) fn trained(body: &Value) -> Result<Value, Refusal> {
    let horizon = body.get("prediction_len").and_then(Value::as_u64);
    let horizon = horizon.unwrap_or(HORIZON);
    let predict = |item: &Map<String, Value>| -> Result<Value, Refusal> {
        let columns = item.get("context").and_then(Value::as_object);
        let mut prediction = Map::new();
        for (name, values) in columns.into_iter().flatten() {
            let values = numbers(body, name, values)?;
            prediction.insert(name.clone(), json!(go_on(window(body, &values), horizon)));
        }
        Ok(json!({"prediction": prediction}))
    };
    let data: Result<Vec<Value>, Refusal> = items(body).map(predict).collect();
    Ok(json!({"data": data?, "time_cost": time_cost()}))
}

pub(super) fn zero_shot(body: &Value) -> Result<Value, Refusal> {
    let horizon = body.get("prediction_len").and_then(Value::as_u64);
    let horizon = horizon.ok_or_else(|| bad("prediction_len", "must be a positive number"))?;
    let roles = Roles { body };
    let mut names: Option<Vec<&String>> = None;
    let mut data = Vec::new();
    for item in items(body) {
        let mut given: Vec<&String> = item.keys().collect();
        given.sort();
        if names.get_or_insert_with(|| given.clone()) != &given {
            return Err(bad("data", "its items have different columns"));
        }
        let mut past = None;
        let mut prediction = Map::new();
        for (name, values) in item {
            let values = numbers(body, name, values)?;
            let length = u64::try_from(values.len()).unwrap_or_default();
            let role = roles.of(name);
            let ahead = if role == Role::Known { horizon } else { 0 };
            if length.checked_sub(ahead) != Some(*past.get_or_insert(length.saturating_sub(ahead)))
            {
                let message = format!(
                    "column {name} has {length} values, which is not the length of its role"
                );
                return Err(bad("data", message));
            }
            let context = body.get("context_len").and_then(Value::as_u64);
            if context.is_some_and(|context| length < context) {
                return Err(bad(
                    "data",
                    format!("column {name} is shorter than context_len"),
                ));
            }
            if role == Role::Target {
                prediction.insert(name.clone(), json!(go_on(window(body, &values), horizon)));
            }
        }
        data.push(json!({"prediction": prediction}));
    }
    Ok(json!({"data": data}))
}

/// What a column is for.
#[derive(Clone, Copy, PartialEq)]
enum Role {
    Target,
    Past,
    Known,
}

struct Roles<'a> {
    body: &'a Value,
}

impl Roles<'_> {
    fn list(&self, member: &str) -> Vec<&str> {
        let list = self.body.get(member).and_then(Value::as_array);
        list.into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect()
    }

    /// As listed; what is in no list has the role that the page gives it.
    fn of(&self, column: &str) -> Role {
        let target = self.list("target_cols");
        let past = self.list("past_cov_cols");
        let known = self.list("known_cov_cols");
        let listed = [
            (&target, Role::Target),
            (&past, Role::Past),
            (&known, Role::Known),
        ];
        let mut listed = listed.into_iter();
        if let Some((_, role)) = listed.find(|(list, _)| list.contains(&column)) {
            return role;
        }
        match (target.is_empty(), past.is_empty(), known.is_empty()) {
            (true, ..) => Role::Target,
            (false, false, true) => Role::Known,
            (false, ..) => Role::Past,
        }
    }
}

/// The values that follow.
fn go_on(values: &[f64], horizon: u64) -> Vec<f64> {
    let period = period(values);
    let last = values.get(values.len() - period.min(values.len())..);
    let repeated = last.unwrap_or_default().iter().copied().cycle();
    repeated
        .take(usize::try_from(horizon).unwrap_or_default())
        .collect()
}

/// After how many values a series repeats itself best; 1 where it does not.
fn period(values: &[f64]) -> usize {
    let fit = |lag: usize| {
        let (early, late) = (values.len().saturating_sub(lag), lag);
        let (early, late) = (values.get(..early), values.get(late..));
        correlation(early.unwrap_or_default(), late.unwrap_or_default())
    };
    let mut best = (1, FITS);
    for lag in 2..=values.len() / 2 {
        let fit = fit(lag);
        // A multiple of a period fits as well as itself does.
        if fit > best.1 + 1e-3 {
            best = (lag, fit);
        }
    }
    best.0
}
