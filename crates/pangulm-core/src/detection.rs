//! Detected objects, in one shape for all generations of models.
//!
//! Generations spell members differently: `label` or `Label`, `X` or `x`. Spelling is all they
//! differ in, so names are compared without regard to case.

use crate::scan::{self, Kind, Value};
use crate::text::concat;

/// What is wrong with an answer that [`objects`] does not know.
pub const NONE: &str = "the answer holds no objects with boxes in its member \"result\"";

/// The objects of an answer as a JSON list: `{"label", "score", "box": {"x", "y", "width",
/// "height", "angle"}}`. What an object has no label or score for is an empty text or null; without
/// an angle it is 0. `None` if the answer holds no such objects.
///
/// ```
/// let answer = r#"{"result":[{"Box":{"X":8,"Y":1,"Width":6,"Height":5},"Score":0.9,"label":"car"}]}"#;
/// let objects = pangulm_core::detection::objects(answer).unwrap();
/// let expected = r#"[{"label":"car","score":0.9,"box":{"x":8,"y":1,"width":6,"height":5,"angle":0}}]"#;
/// assert_eq!(objects, expected);
/// ```
#[must_use]
pub fn objects(answer: &str) -> Option<String> {
    let result = member(scan::parse(answer)?, "result")?;
    let single = match result.kind() {
        Kind::Array => None,
        Kind::Object => Some(result),
        _ => return None,
    };
    let mut list = String::from("[");
    for object in result.items().chain(single) {
        if list.len() > 1 {
            list.push(',');
        }
        list.push_str(&one(object)?);
    }
    list.push(']');
    Some(list)
}

fn one(object: Value<'_>) -> Option<String> {
    let bounds = member(object, "box")?;
    let side = |name| number(bounds, name);
    let label = match member(object, "label") {
        Some(label) if label.kind() == Kind::String => label.raw().to_owned(),
        Some(label) if label.kind() == Kind::Number => concat(&["\"", label.raw(), "\""]),
        _ => "\"\"".to_owned(),
    };
    Some(concat(&[
        "{\"label\":",
        &label,
        ",\"score\":",
        number(object, "score").unwrap_or("null"),
        ",\"box\":{\"x\":",
        side("x")?,
        ",\"y\":",
        side("y")?,
        ",\"width\":",
        side("width")?,
        ",\"height\":",
        side("height")?,
        ",\"angle\":",
        side("angle").unwrap_or("0"),
        "}}",
    ]))
}

/// A number as it is written.
fn number<'a>(of: Value<'a>, name: &str) -> Option<&'a str> {
    let number = member(of, name)?;
    (number.kind() == Kind::Number).then(|| number.raw())
}

fn member<'a>(of: Value<'a>, name: &str) -> Option<Value<'a>> {
    of.members()
        .find(|member| member.name().eq_ignore_ascii_case(name))
        .map(|member| member.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOX: &str = r#"{"x":1,"y":2.5,"width":3,"height":4,"angle":0}"#;

    #[test]
    fn every_generation_comes_out_in_one_shape() {
        let expected = format!(r#"[{{"label":"car","score":0.88,"box":{BOX}}}]"#);
        for answer in [
            r#"{"result":[{"Box":{"Angle":0,"Height":4,"Width":3,"X":1,"Y":2.5},"Score":0.88,"label":"car"}]}"#,
            r#"{"result":[{"RegisterMatrix":[[1,0,0]],"Label":"car","Score":0.88,
                "Box":{"x":1,"y":2.5,"width":3,"height":4,"Angle":0}}]}"#,
            r#"{"result":{"Box":{"X":1,"Y":2.5,"Width":3,"Height":4},"score":0.88,"label":"car"}}"#,
        ] {
            assert_eq!(objects(answer).unwrap(), expected, "{answer}");
        }
    }

    #[test]
    fn what_an_object_lacks_is_told_and_what_is_no_object_is_not_made_one() {
        let bare = r#"{"result":[{"box":{"x":1,"y":2.5,"width":3,"height":4}},
            {"label":7,"box":{"x":1,"y":2.5,"width":3,"height":4}}]}"#;
        let expected = format!(
            r#"[{{"label":"","score":null,"box":{BOX}}},{{"label":"7","score":null,"box":{BOX}}}]"#
        );
        assert_eq!(objects(bare).unwrap(), expected);
        assert_eq!(objects(r#"{"result":[]}"#).unwrap(), "[]");
        for other in [
            "",
            "[]",
            "{}",
            r#"{"result":"none"}"#,
            r#"{"result":[{"label":"car"}]}"#,
            r#"{"result":[{"box":{"x":1,"y":2,"width":3}}]}"#,
            r#"{"result":[{"box":{"x":"1","y":2,"width":3,"height":4}}]}"#,
        ] {
            assert_eq!(objects(other), None, "{other}");
        }
    }
}
