//! Named columns: series side by side, or the columns of a table.

use crate::condition::size;
use crate::operation::ColumnLimits;
use crate::scan::{Kind, Member, Value};
use crate::text::{concat, digits, first};
use std::borrow::Cow;

/// What is wrong with columns, or with one of a list of such. What has another form passes: the
/// rules of types are others.
pub(crate) fn fault(body: Value<'_>, value: Value<'_>, limits: &ColumnLimits) -> Option<String> {
    let check = Check {
        limits,
        least: least(body, limits),
        roles: Roles { body },
    };
    if value.kind() != Kind::Array {
        return check.fault_of(value);
    }
    let mut names: Option<Vec<_>> = None;
    (1..).zip(value.items()).find_map(|(number, item)| {
        let fault = check.fault_of(item).or_else(|| {
            let names = names.get_or_insert_with(|| item.members().map(|it| it.name()).collect());
            check.fault_of_names(item, names)
        })?;
        Some(concat(&["item ", &digits(number), ": ", &fault]))
    })
}

/// How many values a column must have.
fn least(body: Value<'_>, limits: &ColumnLimits) -> u64 {
    let context = body.member("context_len").filter(|_| limits.context);
    let context = context.and_then(|context| context.unsigned());
    context.unwrap_or_default().max(limits.min_rows.into())
}

struct Check<'a> {
    limits: &'a ColumnLimits,
    least: u64,
    roles: Roles<'a>,
}

impl Check<'_> {
    fn fault_of(&self, item: Value<'_>) -> Option<String> {
        let (mut columns, mut cells) = (0, 0);
        let mut length = None;
        for member in item.members() {
            columns += 1;
            if member.value.kind() != Kind::Array {
                continue;
            }
            let rows = size(member.value.items().count());
            cells += rows;
            if rows < self.least {
                return Some(of_column(&member, "must have at least ", self.least, rows));
            }
            if beyond(self.limits.max_rows, rows) {
                let most = self.limits.max_rows.into();
                return Some(of_column(&member, "may have at most ", most, rows));
            }
            if self.limits.forecast {
                let ahead = self.roles.ahead(&member);
                let past = rows.checked_sub(ahead);
                let wanted = *length.get_or_insert(past.unwrap_or_default());
                if past != Some(wanted) {
                    return Some(of_column(&member, "must have ", wanted + ahead, rows));
                }
            }
        }
        if beyond(self.limits.max_columns, columns) {
            return Some(too_many(self.limits.max_columns, " columns", columns));
        }
        if beyond(self.limits.max_cells, cells) {
            return Some(too_many(self.limits.max_cells, " values in all", cells));
        }
        None
    }

    fn fault_of_names(&self, item: Value<'_>, names: &[Cow<'_, str>]) -> Option<String> {
        let known = |member: Member<'_>| names.iter().any(|name| member.is_named(name));
        let same = || item.members().count() == names.len() && item.members().all(known);
        (self.limits.forecast && !same())
            .then(|| "must have the same columns as the first item".to_owned())
    }
}

/// Which columns are known ahead of time, by the members of a request for a forecast.
///
/// Documented: with roles that leave columns over, these are past covariates of given targets, or
/// else targets; with targets and past covariates given, they are known ahead.
struct Roles<'a> {
    body: Value<'a>,
}

impl Roles<'_> {
    /// By how many values a column is longer than the targets.
    fn ahead(&self, column: &Member<'_>) -> u64 {
        let listed = |role| self.list(role).any(|name| column.is_named(&name));
        let given = |role| self.list(role).next().is_some();
        let (target, past, known) = ("target_cols", "past_cov_cols", "known_cov_cols");
        let is_known = if given(known) {
            listed(known)
        } else {
            given(target) && given(past) && !listed(target) && !listed(past)
        };
        let horizon = self.body.member("prediction_len").filter(|_| is_known);
        horizon
            .and_then(|horizon| horizon.unsigned())
            .unwrap_or_default()
    }

    fn list(&self, role: &str) -> impl Iterator<Item = Cow<'_, str>> {
        let list = self.body.member(role);
        list.into_iter()
            .flat_map(|list| list.items())
            .filter_map(|name| name.string())
    }
}

fn beyond(limit: u32, found: u64) -> bool {
    limit > 0 && found > limit.into()
}

fn too_many(limit: u32, what: &str, found: u64) -> String {
    let (limit, found) = (digits(limit.into()), digits(found));
    concat(&["may have at most ", &limit, what, "; got ", &found])
}

fn of_column(column: &Member<'_>, wanted: &str, limit: u64, found: u64) -> String {
    let (limit, found) = (digits(limit), digits(found));
    let name = column.name();
    let name = first(&name, 40);
    concat(&[
        "column \"",
        name,
        "\" ",
        wanted,
        &limit,
        " values; got ",
        &found,
    ])
}

#[cfg(test)]
mod tests {
    use crate::check::check_body;
    use crate::operation::Operation;

    fn refusal(id: &str, body: &serde_json::Value) -> Option<String> {
        let refused = check_body(
            Operation::find(id).unwrap(),
            Some(body.to_string().as_bytes()),
        );
        refused.err().map(|error| error.to_string())
    }

    fn values(count: usize) -> Vec<usize> {
        (0..count).collect()
    }

    #[test]
    fn a_window_of_wrong_length_is_named_with_its_item_and_column() {
        let cases = [
            ("detectSeriesAnomalies", 100, None),
            (
                "detectSeriesAnomalies",
                99,
                Some("item 2: column \"b\" must have at least 100 values; got 99"),
            ),
            ("detectSeriesAnomaliesV2", 10_000, None),
            (
                "detectSeriesAnomaliesV2",
                10_001,
                Some("item 2: column \"b\" may have at most 10000 values; got 10001"),
            ),
        ];
        for (id, count, expected) in cases {
            let body = serde_json::json!({"data": [{"a": values(500)}, {"b": values(count)}]});
            let expected = expected.map(|fault| format!("{id}: data: {fault}"));
            assert_eq!(refusal(id, &body), expected);
        }
    }

    #[test]
    fn a_series_is_no_shorter_than_the_context() {
        let refused = |length: usize, context: i64| {
            let body = serde_json::json!({"data": [{"a": values(length)}], "context_len": context});
            refusal("classifySeries", &body)
        };
        assert_eq!(refused(40, 40), None);
        assert_eq!(refused(4, -1), None);
        for (length, context, fault) in [
            (
                40,
                41,
                "data: item 1: column \"a\" must have at least 41 values; got 40",
            ),
            (
                40,
                31,
                "context_len: must be at least 32, or -1 for the service's own; got 31",
            ),
            (600, 513, "context_len: may be at most 512; got 513"),
        ] {
            let expected = format!("classifySeries: {fault}");
            assert_eq!(refused(length, context).unwrap(), expected);
        }
    }

    #[test]
    fn lengths_of_a_forecast_follow_the_roles_of_the_columns() {
        let id = "forecastSeriesZeroShot";
        let body = |known: usize, roles: serde_json::Value| {
            let mut body = serde_json::json!({"prediction_len": 2,
                "data": [{"load": values(4), "sun": values(known), "wind": values(4)}]});
            let members = roles.as_object().unwrap().clone();
            body.as_object_mut().unwrap().extend(members);
            body
        };
        for (known, roles, fits) in [
            (4, serde_json::json!({}), true),
            (6, serde_json::json!({}), false),
            (6, serde_json::json!({"known_cov_cols": ["sun"]}), true),
            (4, serde_json::json!({"known_cov_cols": ["sun"]}), false),
            (1, serde_json::json!({"known_cov_cols": ["sun"]}), false),
            (
                6,
                serde_json::json!({"target_cols": ["load"], "past_cov_cols": ["wind"]}),
                true,
            ),
            (
                4,
                serde_json::json!({"target_cols": ["load"], "past_cov_cols": ["wind", "sun"]}),
                true,
            ),
            (6, serde_json::json!({"target_cols": ["load"]}), false),
        ] {
            let refused = refusal(id, &body(known, roles.clone()));
            assert_eq!(refused.is_none(), fits, "{known} {roles}: {refused:?}");
        }
        let refused = refusal(id, &body(6, serde_json::json!({}))).unwrap();
        assert_eq!(
            refused,
            format!("{id}: data: item 1: column \"sun\" must have 4 values; got 6"),
        );
    }

    #[test]
    fn items_of_a_batch_have_the_same_columns() {
        let id = "forecastSeriesZeroShot";
        let body = |data| serde_json::json!({"prediction_len": 1, "data": data});
        let good = serde_json::json!([{"a": [1], "b": [2]}, {"b": [2], "a": [1]}]);
        assert_eq!(refusal(id, &body(good)), None);
        for bad in [
            serde_json::json!([{"a": [1], "b": [2]}, {"a": [1]}]),
            serde_json::json!([{"a": [1]}, {"a": [1], "b": [2]}]),
            serde_json::json!([{"a": [1]}, {"b": [1]}]),
        ] {
            assert_eq!(
                refusal(id, &body(bad)).unwrap(),
                format!("{id}: data: item 2: must have the same columns as the first item")
            );
        }
    }

    #[test]
    fn a_sample_is_bounded_in_rows_columns_and_cells() {
        let sample = |columns: usize, rows: usize| {
            let column = |number: usize| (format!("c{number}"), serde_json::json!(vec![1; rows]));
            let sample: serde_json::Map<_, _> = (0..columns).map(column).collect();
            serde_json::json!({"target": "c0", "sample": sample, "data": [{}],
                "task_type": "regression"})
        };
        let refused = |columns, rows| refusal("predictTable", &sample(columns, rows));
        assert_eq!(refused(100, 10_000), None);
        for (columns, rows, fault) in [
            (
                1,
                10_001,
                "column \"c0\" may have at most 10000 values; got 10001",
            ),
            (501, 1, "may have at most 500 columns; got 501"),
            (
                101,
                10_000,
                "may have at most 1000000 values in all; got 1010000",
            ),
        ] {
            assert_eq!(
                refused(columns, rows).unwrap(),
                format!("predictTable: sample: {fault}")
            );
        }
    }

    #[test]
    fn a_body_that_is_too_long_is_refused_with_its_size() {
        let mut body = serde_json::json!({"target": "a", "sample": {"a": [1]}, "data": [{}],
            "task_type": "regression"});
        body["note"] = "x".repeat(12 * 1024 * 1024).into();
        let length = body.to_string().len();
        assert_eq!(
            refusal("predictTable", &body).unwrap(),
            format!("predictTable: body: may have at most 12582912 bytes; got {length} bytes")
        );
    }
}
