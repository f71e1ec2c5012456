//! Named columns: series side by side, or the columns of a table.

use crate::condition::size;
use crate::operation::ColumnLimits;
use crate::scan::{Kind, Member, Value};
use crate::text::{concat, digits, first};

/// What is wrong with columns, or with one of a list of such. What has another form passes: the
/// rules of types are others.
#[inline(never)]
pub(crate) fn fault(body: Value<'_>, value: Value<'_>, limits: &ColumnLimits) -> Option<String> {
    let check = Check::of(body, limits);
    let sample = body.member("sample").filter(|_| limits.sampled);
    let mut names = sample.map_or_else(Vec::new, |sample| sample.members().collect());
    if value.kind() != Kind::Array {
        return check.fault_of(value, 1, &mut names);
    }
    let mut number = 0;
    for item in value.items() {
        number += 1;
        if let Some(fault) = check.fault_of(item, number, &mut names) {
            return Some(concat(&["item ", &digits(number), ": ", &fault]));
        }
    }
    None
}

/// The limits, and what the other members of the body make of them.
struct Check<'a> {
    limits: &'a ColumnLimits,
    /// How many values a column must have.
    least: u64,
    /// By how many values columns that are known ahead are longer than the others.
    horizon: u64,
    target: Option<Value<'a>>,
    past: Option<Value<'a>>,
    known: Option<Value<'a>>,
}

impl<'a> Check<'a> {
    /// Looks everything up once: the columns stand in the body too, and it may be long.
    fn of(body: Value<'a>, limits: &'a ColumnLimits) -> Self {
        let number = |name, wanted| {
            let member = body.member(name).filter(|_| wanted);
            member
                .and_then(|member| member.unsigned())
                .unwrap_or_default()
        };
        let role = |name| {
            body.member(name)
                .filter(|list| list.items().next().is_some())
        };
        Self {
            limits,
            least: number("context_len", limits.context).max(limits.min_rows.into()),
            horizon: number("prediction_len", limits.forecast),
            target: role("target_cols"),
            past: role("past_cov_cols"),
            known: role("known_cov_cols"),
        }
    }

    /// `names` holds the columns of the sample, or those of the first item once that is seen.
    fn fault_of(
        &self,
        item: Value<'a>,
        number: u64,
        names: &mut Vec<Member<'a>>,
    ) -> Option<String> {
        let limits = self.limits;
        let (mut columns, mut cells) = (0, 0);
        let mut length = None;
        for (at, member) in item.members().enumerate() {
            columns += 1;
            if limits.forecast && number == 1 {
                names.push(member);
            } else if !names.is_empty() && !holds(names, at, &member) {
                if limits.forecast {
                    return Some(OTHER_COLUMNS.to_owned());
                }
                let name = member.name();
                let column = first(&name, 40);
                return Some(concat(&["column \"", column, "\" is not in the sample"]));
            }
            if member.value.kind() != Kind::Array {
                continue;
            }
            let rows = size(member.value.items().count());
            cells += rows;
            let ahead = self.ahead(&member);
            let exact = *length.get_or_insert(rows.saturating_sub(ahead)) + ahead;
            let (words, limit) = if rows < self.least {
                ("must have at least ", self.least)
            } else if beyond(limits.max_rows, rows) {
                ("may have at most ", limits.max_rows.into())
            } else if limits.forecast && rows != exact {
                ("must have ", exact)
            } else {
                continue;
            };
            let name = member.name();
            let whose = concat(&["column \"", first(&name, 40), "\" "]);
            return Some(told(&[&whose, words], limit, " values", rows));
        }
        let most = "may have at most ";
        if beyond(limits.max_columns, columns) {
            Some(told(
                &[most],
                limits.max_columns.into(),
                " columns",
                columns,
            ))
        } else if beyond(limits.max_cells, cells) {
            Some(told(
                &[most],
                limits.max_cells.into(),
                " values in all",
                cells,
            ))
        } else if limits.forecast && columns != size(names.len()) {
            Some(OTHER_COLUMNS.to_owned())
        } else {
            None
        }
    }

    /// By how many values a column is longer than the targets.
    ///
    /// Documented: with roles that leave columns over, these are past covariates of given targets, or
    /// else targets; with targets and past covariates given, they are known ahead.
    fn ahead(&self, column: &Member<'_>) -> u64 {
        let is_known = match (self.known, self.target, self.past) {
            (Some(known), ..) => lists(known, column),
            (None, Some(target), Some(past)) => !lists(target, column) && !lists(past, column),
            _ => false,
        };
        if is_known { self.horizon } else { 0 }
    }
}

const OTHER_COLUMNS: &str = "must have the same columns as the first item";

/// Whether a column has one of these names, as a rule the one at its place.
fn holds(names: &[Member<'_>], at: usize, column: &Member<'_>) -> bool {
    let is_it = |name: &Member<'_>| name.is_called_as(column);
    names.get(at).is_some_and(is_it) || names.iter().any(is_it)
}

fn lists(names: Value<'_>, column: &Member<'_>) -> bool {
    names
        .items()
        .any(|name| name.string().is_some_and(|name| column.is_named(&name)))
}

fn beyond(limit: u32, found: u64) -> bool {
    limit > 0 && found > limit.into()
}

fn told(words: &[&str], limit: u64, unit: &str, found: u64) -> String {
    concat(&[
        &concat(words),
        &digits(limit),
        unit,
        "; got ",
        &digits(found),
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
            serde_json::json!([{}, {"a": [1]}]),
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
    fn rows_have_no_column_that_the_sample_lacks() {
        let refused = |row: serde_json::Value| {
            let body = serde_json::json!({"target": "price", "data": [{"area": 1}, row],
                "sample": {"area": [1], "rooms": [2], "price": [3]}, "task_type": "regression"});
            refusal("predictTable", &body)
        };
        for row in [
            serde_json::json!({"area": 1, "rooms": 2}),
            serde_json::json!({"rooms": 2, "area": 1}),
            serde_json::json!({}),
        ] {
            assert_eq!(refused(row), None);
        }
        let expected = "predictTable: data: item 2: column \"floors\" is not in the sample";
        let row = serde_json::json!({"area": 1, "floors": 2});
        assert_eq!(refused(row).as_deref(), Some(expected));
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
