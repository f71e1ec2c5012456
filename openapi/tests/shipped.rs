//! The documents that are shipped.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests are tests"
)]

use pangulm_openapi::{
    Check, Document, Endpoint, EventStream, Evidence, Operation, Part, ResponseKind, Rule, Scheme,
    documents,
};
use serde_json::Value;

fn operations() -> Vec<Operation> {
    documents()
        .unwrap()
        .iter()
        .flat_map(|it| it.operations().unwrap())
        .collect()
}

fn operation(id: &str) -> Operation {
    operations()
        .into_iter()
        .find(|operation| operation.id == id)
        .unwrap()
}

fn of(operation: &Operation) -> Document {
    documents()
        .unwrap()
        .into_iter()
        .find(|it| it.name == operation.document)
        .unwrap()
}

/// Those of the first areas; later ones have files of their own beside this.
fn first_operations() -> Vec<Operation> {
    let first = [
        "createChatCompletionV1",
        "createChatCompletionV1Stream",
        "createChatCompletionV2",
        "createChatCompletionV2Stream",
        "countTokens",
        "validateToken",
        "createToken",
        "createTemporaryAccessKey",
        "listProjects",
    ];
    let mut all = operations();
    all.retain(|it| first.contains(&&*it.id));
    all
}

#[test]
fn the_documents_keep_their_own_rules() {
    if let Err(error) = documents() {
        panic!("{error}");
    }
}

#[test]
fn every_operation_of_the_first_issue_is_there_and_streams_are_apart() {
    let list: Vec<String> = first_operations()
        .iter()
        .map(|it| format!("{} {} {} {:?}", it.id, it.method, it.path, it.response))
        .collect();
    let chat = "POST /v1/{project_id}/deployments/{deployment_id}/chat/completions";
    for expected in [
        format!("createChatCompletionV1 {chat} Json"),
        format!("createChatCompletionV1Stream {chat} EventStream"),
        "createChatCompletionV2 POST /api/v2/chat/completions Json".into(),
        "createChatCompletionV2Stream POST /api/v2/chat/completions EventStream".into(),
        "countTokens POST /v1/{project_id}/deployments/{deployment_id}/caltokens Json".into(),
        "validateToken GET /v3/auth/tokens Json".into(),
        "createToken POST /v3/auth/tokens Json".into(),
        "createTemporaryAccessKey POST /v3.0/OS-CREDENTIAL/securitytokens Json".into(),
        "listProjects GET /v3/projects Json".into(),
    ] {
        assert!(list.contains(&expected), "{expected}");
    }
}

/// The table of areas and credentials, as far as these operations go.
#[test]
fn credentials_are_those_of_the_table() {
    use Evidence::{Documented, Inferred, Sdk};
    use Scheme::{AkSk, ApiKey, AppCode, IamToken};
    let v1 = vec![(IamToken, Documented), (AppCode, Documented), (AkSk, Sdk)];
    let v2 = vec![(ApiKey, Documented)];
    let tokens = vec![
        (IamToken, Documented),
        (AppCode, Inferred),
        (AkSk, Inferred),
    ];
    let table = [
        ("createChatCompletionV1", v1.clone(), Endpoint::Pangu),
        ("createChatCompletionV1Stream", v1, Endpoint::Pangu),
        ("createChatCompletionV2", v2.clone(), Endpoint::V2),
        ("createChatCompletionV2Stream", v2, Endpoint::V2),
        ("countTokens", tokens, Endpoint::Pangu),
        ("createToken", vec![], Endpoint::Iam),
        (
            "validateToken",
            vec![(IamToken, Sdk), (AkSk, Inferred)],
            Endpoint::Iam,
        ),
        (
            "createTemporaryAccessKey",
            vec![(IamToken, Documented), (AkSk, Documented)],
            Endpoint::Iam,
        ),
        (
            "listProjects",
            vec![(IamToken, Documented), (AkSk, Documented)],
            Endpoint::Iam,
        ),
    ];
    assert_eq!(table.len(), first_operations().len());
    for (id, security, endpoint) in table {
        let operation = operation(id);
        let given: Vec<_> = operation
            .security
            .iter()
            .copied()
            .zip(operation.security_evidence.clone())
            .collect();
        assert_eq!(given, security, "{id}");
        assert_eq!(operation.endpoint, endpoint, "{id}");
    }
}

#[test]
fn only_generations_may_not_be_sent_twice() {
    for operation in first_operations() {
        assert_eq!(
            operation.idempotent,
            !operation.id.starts_with("createChat"),
            "{}",
            operation.id
        );
    }
}

#[test]
fn every_list_says_how_it_goes_on() {
    for operation in operations() {
        let lists = operation.id.starts_with("list");
        assert_eq!(operation.pages.is_some(), lists, "{}", operation.id);
    }
}

#[test]
fn documented_limits_of_v1_are_rules_and_v2_has_only_its_own() {
    let rule = |field: &str, check| Rule {
        field: field.into(),
        check,
    };
    let v1 = operation("createChatCompletionV1").rules;
    for expected in [
        rule("messages", Check::Required),
        rule("messages", Check::MinItems(1)),
        rule(
            "temperature",
            Check::Minimum {
                bound: "0".into(),
                exclusive: false,
            },
        ),
        rule(
            "temperature",
            Check::Maximum {
                bound: "1".into(),
                exclusive: false,
            },
        ),
        rule(
            "top_p",
            Check::Minimum {
                bound: "0".into(),
                exclusive: true,
            },
        ),
        rule(
            "top_p",
            Check::Maximum {
                bound: "1".into(),
                exclusive: false,
            },
        ),
        rule(
            "max_tokens",
            Check::Minimum {
                bound: "1".into(),
                exclusive: false,
            },
        ),
        rule(
            "n",
            Check::Minimum {
                bound: "1".into(),
                exclusive: false,
            },
        ),
        rule(
            "n",
            Check::Maximum {
                bound: "2".into(),
                exclusive: false,
            },
        ),
        rule(
            "presence_penalty",
            Check::Minimum {
                bound: "-2".into(),
                exclusive: false,
            },
        ),
        rule(
            "frequency_penalty",
            Check::Maximum {
                bound: "2".into(),
                exclusive: false,
            },
        ),
        rule("user", Check::MinLength(1)),
        rule("user", Check::MaxLength(64)),
    ] {
        assert!(v1.contains(&expected), "{expected:?}");
    }
    assert_eq!(operation("createChatCompletionV1Stream").rules, v1);
    let v2: Vec<_> = operation("createChatCompletionV2")
        .rules
        .into_iter()
        .filter(|rule| !rule.field.contains('.') && !matches!(rule.check, Check::Type(_)))
        .collect();
    assert_eq!(
        v2,
        [
            rule("model", Check::Required),
            rule("messages", Check::Required),
            rule("messages", Check::MinItems(1))
        ]
    );
    assert!(
        operation("countTokens")
            .rules
            .contains(&rule("data", Check::OddItems))
    );
}

#[test]
fn documented_limits_of_nested_members_are_rules() {
    let (one, ten, half) = ("1".to_owned(), "10".to_owned(), "0.5".to_owned());
    for (id, field, check) in [
        ("createWeatherTask", "input.data", Check::MinItems(1)),
        ("createWeatherTask", "output.obs.bucket", Check::Required),
        (
            "createWeatherTask",
            "config.num_ensembles",
            Check::Maximum {
                bound: ten,
                exclusive: false,
            },
        ),
        (
            "createWeatherTask",
            "config.ensemble_noise_perlin_scale",
            Check::Maximum {
                bound: half,
                exclusive: true,
            },
        ),
        (
            "createOceanTask",
            "config.start_time_interval_hours",
            Check::Minimum {
                bound: one,
                exclusive: false,
            },
        ),
        ("planSearch", "history.*", Check::MaxLength(4096)),
        ("forecastSeries", "data.*.context", Check::Required),
        (
            "createPoolChatCompletionStream",
            "messages.*.content.*.=image.image.image_base64",
            Check::Required,
        ),
        ("createToken", "auth.identity.methods", Check::Required),
    ] {
        let rules = operation(id).rules;
        let mut found = rules.iter();
        let holds = |rule: &Rule| rule.field == field && rule.check == check;
        assert!(found.any(holds), "{id} {field} {check:?}");
    }
}

/// The JSON of each event of an example, as the dialect writes it.
fn events<'a>(text: &'a str, prefix: &str) -> Vec<&'a str> {
    text.split("\n\n")
        .filter(|event| !event.is_empty())
        .map(|event| {
            event
                .strip_prefix(prefix)
                .unwrap_or_else(|| panic!("{event}"))
        })
        .collect()
}

#[test]
fn every_example_is_valid_by_its_own_schema() {
    let check = |operation: &Operation, part, example: &Value| {
        let schema = of(operation).json_schema(&operation.id, part).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        if let Err(error) = validator.validate(example) {
            panic!("{} {part:?}: {error}", operation.id);
        }
    };
    for operation in operations() {
        if let Some(example) = &operation.request_example {
            check(&operation, Part::Request, example);
        }
        let Some(example) = &operation.response_example else {
            assert_eq!(operation.response, ResponseKind::Empty, "{}", operation.id);
            continue;
        };
        match operation.event_stream {
            None => check(&operation, Part::Response, example),
            Some(dialect) => {
                let prefix = match dialect {
                    EventStream::ChatV2 => "data: ",
                    _ => "data:",
                };
                let events = events(example.as_str().unwrap(), prefix);
                let runs = matches!(dialect, EventStream::Agent | EventStream::Workflow);
                let chunks = match events.split_last() {
                    Some((last, chunks)) if *last == "[DONE]" => {
                        assert!(!runs, "{}", operation.id);
                        chunks
                    }
                    _ => {
                        assert!(runs, "{}", operation.id);
                        &events
                    }
                };
                assert!(!chunks.is_empty());
                for chunk in chunks {
                    check(
                        &operation,
                        Part::Chunk,
                        &serde_json::from_str(chunk).unwrap(),
                    );
                }
            }
        }
    }
}

#[test]
fn a_schema_tells_good_bodies_from_bad_ones() {
    let documents = documents().unwrap();
    let valid = |part, body: Value| {
        let schema = documents[0]
            .json_schema("createChatCompletionV1", part)
            .unwrap();
        jsonschema::is_valid(&schema, &body)
    };
    let parts = serde_json::json!({"messages": [{"role": "user", "content": [
        {"type": "image", "image": {"image_base64": "AAAA"}},
        {"type": "text", "text": "图中有什么?"},
    ]}], "something_new": 1});
    assert!(valid(Part::Request, parts));
    for bad in [
        serde_json::json!({}),
        serde_json::json!({"messages": []}),
        serde_json::json!({"messages": [{"content": "?"}], "temperature": 1.5}),
        serde_json::json!({"messages": [{"content": "?"}], "top_p": 0}),
        serde_json::json!({"messages": [{"content": [{"type": "text"}]}]}),
        serde_json::json!({"messages": [{"content": "?"}], "user": ""}),
    ] {
        assert!(!valid(Part::Request, bad.clone()), "{bad}");
    }
    assert!(valid(
        Part::Response,
        serde_json::json!({"id": "1", "created": 1, "choices": [
            {"index": 0, "message": {"content": ""}, "finish_reason": "brand_new"}
        ]})
    ));
}

#[test]
fn the_stream_half_asks_for_the_stream() {
    let example = |id| {
        operation(id)
            .request_example
            .unwrap()
            .get("stream")
            .cloned()
    };
    assert_eq!(example("createChatCompletionV1"), None);
    assert_eq!(
        example("createChatCompletionV1Stream"),
        Some(Value::Bool(true))
    );
    assert_eq!(
        operation("createChatCompletionV2Stream").response,
        ResponseKind::EventStream
    );
}
