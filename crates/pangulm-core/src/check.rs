//! Checking a request body against what the reference documents, before anything is sent.

use crate::condition::shape;
use crate::error::Error;
use crate::operation::{BodyKind, Check, Endpoint, Operation, Rule};
use crate::scan::{self, Kind, Value};
use crate::text::{before, concat, digits};

/// Checks a body against the rules of its operation.
pub(crate) fn check_body(operation: &'static Operation, body: Option<&[u8]>) -> Result<(), Error> {
    find_fault(operation, body)
        .map_err(|error| error.into_builder().operation(operation.id).build())
}

fn find_fault(operation: &Operation, body: Option<&[u8]>) -> Result<(), Error> {
    let body = match (operation.body, body) {
        (BodyKind::None, None) | (BodyKind::OptionalJson, None) => return Ok(()),
        (BodyKind::None, Some(_)) => {
            return Err(Error::invalid("body", "this operation takes no body"));
        }
        (BodyKind::Json, None) => {
            return Err(Error::invalid(
                "body",
                "is missing; this operation takes a JSON object",
            ));
        }
        (_, Some(body)) => body,
    };
    let text =
        std::str::from_utf8(body).map_err(|_| Error::invalid("body", "is not UTF-8 text"))?;
    let value = scan::parse(text)
        .ok_or_else(|| Error::invalid("body", "is not JSON, or nests deeper than 128 levels"))?;
    if value.kind() != Kind::Object {
        return Err(Error::invalid(
            "body",
            concat(&["must be a JSON object; got ", &shape(value)]),
        ));
    }
    check_delivery(operation, value)?;
    match (Walk { body: value }).inside(operation.rules, value) {
        None => Ok(()),
        Some(fault) => Err(Error::invalid(&fault.place, fault.reason)),
    }
}

/// What breaks a rule: the path to it from where the walk stands, and what is wrong.
struct Fault {
    place: String,
    reason: String,
}

impl Fault {
    /// The same, seen from one step further out.
    fn behind(self, step: &str) -> Self {
        let dot = match self.place.bytes().next() {
            None | Some(b'[') => "",
            Some(_) => ".",
        };
        let place = concat(&[step, dot, &self.place]);
        Self { place, ..self }
    }
}

/// The walk through a body, along its rules.
struct Walk<'a> {
    body: Value<'a>,
}

impl<'a> Walk<'a> {
    /// What is wrong inside a value.
    fn inside(&self, rules: &[Rule], value: Value<'a>) -> Option<Fault> {
        rules.iter().find_map(|rule| {
            let name = rule.field;
            if name == "*" {
                return self.items(rule, value);
            }
            if let Some(tag) = name.strip_prefix('=') {
                let kind = value.member("type").and_then(|kind| kind.raw_string());
                let value = (kind == Some(tag)).then_some(value);
                return self.at(rule, value?, value);
            }
            // A value of another kind has no members to miss.
            let is_object = value.kind() == Kind::Object;
            let fault = is_object.then(|| self.at(rule, value, value.member(name)));
            Some(fault??.behind(before(name, b'|')))
        })
    }

    fn items(&self, rule: &Rule, list: Value<'a>) -> Option<Fault> {
        (0..).zip(list.items()).find_map(|(index, item)| {
            let fault = self.at(rule, list, Some(item))?;
            Some(fault.behind(&concat(&["[", &digits(index), "]"])))
        })
    }

    /// What is wrong with a member or item, or inside it.
    fn at(&self, rule: &Rule, parent: Value<'a>, value: Option<Value<'a>>) -> Option<Fault> {
        // A null member is as good as none: services read both alike.
        let value = value.filter(|value| !value.is_null());
        if let Check::Inside(rules) = rule.check {
            return self.inside(rules, value?);
        }
        let place = String::new();
        let reason = rule
            .check
            .broken_by(self.body, (parent, rule.field), value)?;
        Some(Fault { place, reason })
    }
}

/// `stream` must say the same as the operation: an answer of the other kind could not be read.
fn check_delivery(operation: &Operation, body: Value<'_>) -> Result<(), Error> {
    if operation.switches_by_header() {
        return Ok(());
    }
    let streams = body
        .member("stream")
        .is_some_and(|stream| stream.raw() == "true");
    if operation.is_stream() && !streams {
        return Err(Error::invalid(
            "stream",
            "must be true for this operation; its other half answers whole",
        ));
    }
    // Nothing is documented of V2 (facts: inference 3.1).
    let one_answer = operation.is_stream() && operation.endpoint != Endpoint::V2;
    let answers = body.member("n").filter(|_| one_answer);
    if answers.and_then(|n| n.unsigned()).is_some_and(|n| n > 1) {
        return Err(Error::invalid("n", "must be 1 in a stream"));
    }
    if streams && operation.has_stream_half() {
        return Err(Error::invalid(
            "stream",
            "must not be true for this operation; its half whose id ends in \"Stream\" streams",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(id: &str, body: &str) -> Option<String> {
        let operation = Operation::find(id).unwrap();
        check_body(operation, Some(body.as_bytes()))
            .err()
            .map(|error| error.to_string())
    }

    #[test]
    fn a_wrong_member_is_named_with_its_shape_and_what_would_do() {
        let chat = "createChatCompletionV1";
        let message = r#""messages":[{"role":"user","content":"hi"}]"#;
        assert_eq!(refusal(chat, &format!("{{{message}}}")), None);
        let cases = [
            (
                "{}".to_owned(),
                "createChatCompletionV1: messages: is missing",
            ),
            (
                r#"{"messages":[]}"#.to_owned(),
                "createChatCompletionV1: messages: must have at least one item; got an empty list",
            ),
            (
                r#"{"messages":"hi"}"#.to_owned(),
                "createChatCompletionV1: messages: must be a list; got a text of 2 characters",
            ),
            (
                format!(r#"{{{message},"temperature":1.5}}"#),
                "createChatCompletionV1: temperature: may be at most 1; got 1.5",
            ),
            (
                format!(r#"{{{message},"top_p":0}}"#),
                "createChatCompletionV1: top_p: must be more than 0; got 0",
            ),
            (
                format!(r#"{{{message},"user":""}}"#),
                "createChatCompletionV1: user: must not be empty; got a text of 0 characters",
            ),
            (
                "[]".to_owned(),
                "createChatCompletionV1: body: must be a JSON object; got an empty list",
            ),
            (
                "{".to_owned(),
                "createChatCompletionV1: body: is not JSON, or nests deeper than 128 levels",
            ),
        ];
        for (body, expected) in cases {
            assert_eq!(refusal(chat, &body).as_deref(), Some(expected), "{body}");
        }
    }

    #[test]
    fn one_of_two_members_is_enough_and_none_or_empty_ones_are_not() {
        let video = "createImageVideo";
        for body in [
            r#"{"image":"https://example.com/a.png"}"#,
            r#"{"image":null,"image_tail":"AAAA"}"#,
        ] {
            assert_eq!(refusal(video, body), None, "{body}");
        }
        for body in ["{}", r#"{"image":"","image_tail":null}"#] {
            assert_eq!(
                refusal(video, body).as_deref(),
                Some("createImageVideo: image: is missing: give image or image_tail"),
                "{body}"
            );
        }
    }

    #[test]
    fn a_stream_of_v1_gives_one_answer() {
        let chat = |id: &str, n: &str| {
            refusal(
                id,
                &format!(
                    r#"{{"model":"m","messages":[{{"content":"hi"}}],"stream":true,"n":{n}}}"#
                ),
            )
        };
        for id in [
            "createChatCompletionV1Stream",
            "createPoolChatCompletionStream",
        ] {
            assert_eq!(chat(id, "1"), None);
            let expected = format!("{id}: n: must be 1 in a stream");
            assert_eq!(chat(id, "2"), Some(expected));
        }
        assert_eq!(chat("createChatCompletionV2Stream", "2"), None);
        let text = r#"{"prompt":"p","stream":true,"n":2}"#;
        assert_eq!(
            refusal("createTextCompletionStream", text).as_deref(),
            Some("createTextCompletionStream: n: must be 1 in a stream")
        );
    }

    #[test]
    fn unknown_members_and_nulls_pass() {
        let body =
            r#"{"messages":[{"content":"hi"}],"temperature":null,"thinking":{"type":"enabled"}}"#;
        assert_eq!(refusal("createChatCompletionV1", body), None);
    }

    #[test]
    fn what_is_wrong_inside_a_member_is_named_by_its_path() {
        let weather = |config: &str| {
            let place = r#"{"bucket":"b","path":"p"}"#;
            format!(
                r#"{{"name":"n","input":{{"type":"obs","data":[{place}]}},"output":{{"obs":{place}}},
                "config":{{"start_time_begin":"2017010100","start_time_end":"2017010200"{config}}}}}"#
            )
        };
        let task = "createWeatherTask";
        for config in [
            "",
            r#","num_ensembles":2"#,
            r#","num_ensembles":0"#,
            r#","num_ensembles":null"#,
            r#","ensemble_noise_perlin_scale":0.4999"#,
        ] {
            assert_eq!(refusal(task, &weather(config)), None, "{config}");
        }
        for (config, expected) in [
            (
                r#","num_ensembles":1"#,
                "num_ensembles: must be at least 2, or 0 for the service's own; got 1",
            ),
            (
                r#","num_ensembles":"4""#,
                "num_ensembles: must be a number; got a text of 1 characters",
            ),
            (
                r#","num_ensembles":-9.2e18"#,
                "num_ensembles: must be at least 2, or 0 for the service's own; got -9.2e18",
            ),
            (
                r#","ensemble_noise_perlin_scale":0.5"#,
                "ensemble_noise_perlin_scale: must be less than 0.5; got 0.5",
            ),
            (
                r#","start_time_interval_hours":25"#,
                "start_time_interval_hours: may be at most 24; got 25",
            ),
        ] {
            let expected = format!("{task}: config.{expected}");
            assert_eq!(refusal(task, &weather(config)), Some(expected));
        }
        let no_path = weather("").replacen(r#","path":"p""#, "", 1);
        let expected = "createWeatherTask: input.data[0].path: is missing";
        assert_eq!(refusal(task, &no_path).as_deref(), Some(expected));
    }

    #[test]
    fn a_part_of_a_message_has_what_its_type_needs() {
        let chat = |content: &str| {
            let body = format!(
                r#"{{"messages":[{{"role":"system","content":"be brief"}},{{"role":"user","content":{content}}}]}}"#
            );
            refusal("createChatCompletionV1", &body)
        };
        for content in [
            r#""hi""#,
            "null",
            r#"[{"type":"text","text":"hi"}]"#,
            r#"[{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}]"#,
            r#"[{"type":"new","anything":1}, "or other", null]"#,
        ] {
            assert_eq!(chat(content), None, "{content}");
        }
        for (content, place) in [
            (r#"[{"type":"text"}]"#, "content[0].text"),
            (
                r#"[{"type":"text","text":"what is this?"},{"type":"image_url","image_url":{}}]"#,
                "content[1].image_url.url",
            ),
            (
                r#"[{"type":"image","image":{"image_base64":null}}]"#,
                "content[0].image.image_base64",
            ),
        ] {
            let expected = format!("createChatCompletionV1: messages[1].{place}: is missing");
            assert_eq!(chat(content), Some(expected), "{content}");
        }
    }

    #[test]
    fn an_item_of_a_list_is_named_by_its_place() {
        let history = format!(r#"["short","{}"]"#, "长".repeat(4097));
        let body = format!(r#"{{"query":"q","history":{history}}}"#);
        let refused = refusal("planSearch", &body).unwrap();
        let expected =
            "history[1]: may have at most 4096 characters; got a text of 4097 characters";
        assert!(refused.contains(expected), "{refused}");
    }

    #[test]
    fn a_history_is_pairs_of_a_question_and_an_answer_that_alone_may_be_empty() {
        let plan = |history: &str| {
            refusal(
                "planSearch",
                &format!(r#"{{"query":"q","history":{history}}}"#),
            )
        };
        for history in ["[]", r#"["q",""]"#, r#"["q","","q","a"]"#] {
            assert_eq!(plan(history), None, "{history}");
        }
        let odd = plan(r#"["q"]"#).unwrap();
        assert!(
            odd.contains("history: must have an even number of items"),
            "{odd}"
        );
        assert_eq!(
            plan(r#"["q","a","","a"]"#).as_deref(),
            Some("planSearch: history: item 3: must not be empty, for it is a question")
        );
    }

    #[test]
    fn token_counting_wants_an_odd_number_of_texts() {
        assert_eq!(refusal("countTokens", r#"{"data":["a"]}"#), None);
        let refused = refusal("countTokens", r#"{"data":["a","b"]}"#).unwrap();
        assert!(
            refused.contains("data: must have an odd number of items"),
            "{refused}"
        );
    }
}
