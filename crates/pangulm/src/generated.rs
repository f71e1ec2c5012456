//! The typed clients that the build script makes out of the OpenAPI description, one module for each document.
//!
//! They are complete but plain: every operation, all members, no streams. [`Client`](pangu::Client)s come from this
//! crate's client, share its credentials and connections, and go through the same engine.

/// Inference: chat in both dialects, without streaming, and token counting.
#[allow(
    clippy::all,
    clippy::unwrap_used,
    missing_docs,
    unreachable_pub,
    reason = "generated"
)]
pub mod pangu {
    include!(concat!(env!("OUT_DIR"), "/pangulm.rs"));
}

/// Identity: tokens, users, groups, permissions, access keys, projects.
#[cfg(feature = "iam")]
#[allow(
    clippy::all,
    clippy::unwrap_used,
    missing_docs,
    unreachable_pub,
    reason = "generated"
)]
pub mod iam {
    include!(concat!(env!("OUT_DIR"), "/iam.rs"));
}

/// Where generated clients believe to send. The engine takes path, query, headers and body from their requests and
/// knows the address itself; this name can never be resolved (RFC 2606).
pub(crate) const NOWHERE: &str = "https://pangulm.invalid";

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    #[cfg(feature = "iam")]
    use super::iam::types as iam;
    use super::pangu::types::*;

    #[test]
    fn a_request_sends_what_was_set_and_nothing_else() {
        let user = ChatMessage::builder()
            .role(Role::User)
            .content(Content::Text("你好".into()));
        let request: ChatRequestV1 = ChatRequestV1::builder()
            .messages(vec![user.try_into().unwrap()])
            .temperature(0.5)
            .try_into()
            .unwrap();
        assert_eq!(
            serde_json::to_value(request).unwrap(),
            json!({"messages": [{"role": "user", "content": "你好"}], "temperature": 0.5})
        );
    }

    #[test]
    fn members_of_a_request_that_are_not_described_pass_through() {
        let text = json!({
            "messages": [
                {"role": "critic", "content": [
                    {"type": "text", "text": "?", "weight": 2},
                    {"type": "image", "image": {"image_base64": "AAAA", "detail": "low"}},
                    {"type": "audio", "audio": {}},
                ], "name": "n"},
                {"role": "tool", "tool_call_id": "c", "content": "4"},
                {"role": "assistant", "tool_calls": [
                    {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}
                ]},
            ],
            "stop": ["a"],
            "tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}],
            "tool_choice": {"type": "function", "function": {"name": "f"}},
            "seed": 7,
        });
        let request: ChatRequestV1 = serde_json::from_value(text.clone()).unwrap();
        assert_eq!(serde_json::to_value(request).unwrap(), text);
    }

    #[test]
    fn a_request_without_a_required_member_names_it() {
        let error = ChatRequestV2::try_from(ChatRequestV2::builder().messages(vec![])).unwrap_err();
        assert_eq!(error.to_string(), "no value supplied for model");
    }

    #[test]
    fn an_answer_may_leave_out_set_to_null_and_add() {
        let cases = [
            json!({"id": "1", "created": 1, "choices": [
                {"index": 0, "message": {"role": "assistant", "content": "hi"}}]}),
            json!({"id": "1", "created": 1, "object": null, "model": null, "usage": null,
                "prompt_logprobs": null, "choices": [{"index": 0, "finish_reason": null,
                "stop_reason": null, "logprobs": null, "message": {"role": null, "content": null,
                "reasoning_content": null, "tool_calls": null}}]}),
            json!({"id": "1", "created": 1, "new": {"a": []}, "choices": [
                {"index": 0, "new": 1, "stop_reason": 7, "finish_reason": "content_filter",
                 "message": {"content": "", "tool_calls": [], "new": "x"}}]}),
            json!({"id": "1", "created": 1, "choices": [
                {"index": 0, "stop_reason": "END", "finish_reason": "something_new", "message": {}}],
                "usage": {"prompt_tokens": 1, "total_tokens": 3, "completion_tokens": 2, "cached": 1}}),
        ];
        for case in cases {
            let answer: ChatCompletion = serde_json::from_value(case.clone())
                .unwrap_or_else(|error| panic!("{case}: {error}"));
            assert_eq!(
                without_nulls(serde_json::to_value(answer).unwrap()),
                without_nulls(case)
            );
        }
    }

    #[test]
    fn a_chunk_may_leave_out_set_to_null_and_add() {
        for case in [
            json!({"choices": []}),
            json!({"id": "1", "usage": null, "choices": [{"index": 0, "delta": {"content": "a"},
                "finish_reason": null, "logprobs": null}]}),
            json!({"new": 1, "choices": [{"delta": {"tool_calls": [
                {"index": 0, "id": null, "function": {"arguments": "{"}}], "new": 2}}]}),
        ] {
            let chunk: ChatCompletionChunk = serde_json::from_value(case.clone())
                .unwrap_or_else(|error| panic!("{case}: {error}"));
            assert_eq!(
                without_nulls(serde_json::to_value(chunk).unwrap()),
                without_nulls(case)
            );
        }
    }

    #[cfg(feature = "iam")]
    #[test]
    fn a_password_is_sent_but_never_shown() {
        let domain = iam::DomainByName::builder().name("account");
        let user = iam::PasswordUser::builder()
            .name("user")
            .password("hunter2")
            .domain(iam::DomainByName::try_from(domain).unwrap());
        assert!(!format!("{user:?}").contains("hunter2"));
        let user = iam::PasswordUser::try_from(user).unwrap();
        assert!(!format!("{user:?}").contains("hunter2"));
        assert_eq!(serde_json::to_value(user).unwrap()["password"], "hunter2");
    }

    /// Absent and null are the same to a typed client.
    fn without_nulls(value: Value) -> Value {
        match value {
            Value::Object(map) => {
                let kept = map.into_iter().filter(|(_, value)| !value.is_null());
                kept.map(|(name, value)| (name, without_nulls(value)))
                    .collect()
            }
            Value::Array(items) => items.into_iter().map(without_nulls).collect(),
            value => value,
        }
    }
}
