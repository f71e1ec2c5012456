//! What the generator of typed clients gets.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests are tests"
)]

use pangulm_openapi::{Document, documents};
use serde_json::{Value, json};

/// The normal form of one schema.
fn schema(yaml: &str) -> Value {
    let text = format!(
        "{{components: {{schemas: {{It: {yaml}}}}}, paths: {{/it: {{$ref: '#/components/schemas/It'}}}}}}"
    );
    let document = Document::from_yaml("test", &text).unwrap();
    document
        .normalised()
        .pointer("/components/schemas/It")
        .unwrap()
        .clone()
}

#[test]
fn unknown_members_are_kept() {
    assert_eq!(
        schema("{type: object, required: [a], properties: {a: {type: string}}}"),
        json!({"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}, "additionalProperties": {}})
    );
}

#[test]
fn limits_and_defaults_do_not_become_types() {
    assert_eq!(
        schema("{type: integer, minimum: 1, maximum: 2, default: 1, format: int64}"),
        json!({"type": "integer", "format": "int64"})
    );
    assert_eq!(
        schema("{type: string, minLength: 1, pattern: a, format: date-time, x-any: 1}"),
        json!({"type": "string"})
    );
}

#[test]
fn an_enum_is_opened_unless_it_is_the_tag_of_a_choice() {
    assert_eq!(
        schema("{type: string, enum: [a, b]}"),
        json!({"type": "string"})
    );
    assert_eq!(
        schema("{type: string, enum: [a]}"),
        json!({"type": "string", "enum": ["a"]})
    );
}

#[test]
fn an_optional_list_takes_null_and_an_optional_value_is_no_double_option() {
    let normal = schema(
        "{type: object, required: [r], properties: {
            r: {type: array, items: {}},
            list: {type: array, items: {}},
            text: {type: string, nullable: true},
            other: {nullable: true, allOf: [{$ref: '#/components/schemas/It'}]}}}",
    );
    assert_eq!(
        normal.get("properties").unwrap(),
        &json!({
            "r": {"type": "array", "items": {}},
            "list": {"type": "array", "items": {}, "nullable": true},
            "text": {"type": "string"},
            "other": {"$ref": "#/components/schemas/It"},
        })
    );
}

#[test]
fn members_named_like_keywords_stay() {
    let yaml = "{type: object, properties: {default: {type: string}, example: {type: string}}}";
    assert_eq!(
        schema(yaml).get("properties"),
        Some(&json!({"default": {"type": "string"}, "example": {"type": "string"}}))
    );
}

#[test]
fn only_the_json_success_of_an_operation_is_left() {
    let text = "
paths:
  /both:
    post:
      operationId: both
      responses:
        '200': {content: {application/json: {schema: {}, example: 1}, text/event-stream: {schema: {}}}}
        '400': {content: {application/json: {schema: {}}}}
        default: {content: {application/json: {schema: {}}}}
  /events:
    parameters: []
    get: {operationId: events, responses: {'200': {content: {text/event-stream: {schema: {}}}}}}
    delete: {operationId: empty, responses: {'204': {description: Gone}}}
";
    let normal = Document::from_yaml("test", text).unwrap().normalised();
    assert_eq!(
        normal.pointer("/paths/~1both/post/responses").unwrap(),
        &json!({"200": {"content": {"application/json": {"schema": {}, "example": 1}}}})
    );
    assert_eq!(normal.pointer("/paths/~1events/get"), None);
    assert!(normal.pointer("/paths/~1events/delete").is_some());
}

#[test]
fn operations_on_one_path_are_told_apart_by_a_fragment_that_is_no_part_of_it() {
    let operation = |id: &str| {
        format!(
            "{{post: {{operationId: {id}, tags: [t], summary: s, description: d,
            externalDocs: {{url: u}}, x-evidence: sdk, security: [],
            responses: {{'200': {{description: d}}}}}}}}"
        )
    };
    let text = format!(
        "{{x-endpoint: pangu, paths: {{'/v1/s/#a': {}, '/v1/s/#b': {}}}}}",
        operation("first"),
        operation("second")
    );
    let document = Document::from_yaml("test", &text).unwrap();
    let operations = document.operations().unwrap();
    let paths: Vec<_> = operations
        .iter()
        .map(|it| (it.id.as_str(), it.path.as_str()))
        .collect();
    assert_eq!(paths, [("first", "/v1/s/"), ("second", "/v1/s/")]);
    assert_eq!(
        document
            .normalised()
            .get("paths")
            .unwrap()
            .as_object()
            .unwrap()
            .len(),
        2
    );
}

#[test]
fn named_enums_are_listed_with_names_for_code() {
    let enums = documents().unwrap()[0].open_enums();
    let names: Vec<_> = enums.iter().map(|it| it.name.as_str()).collect();
    assert!(names.starts_with(&["Role", "FinishReason"]), "{names:?}");
    assert!(
        enums[1]
            .values
            .contains(&("content_filter".into(), "ContentFilter".into()))
    );
}

#[test]
fn secrets_are_listed() {
    let secrets: Vec<_> = documents().unwrap().iter().map(|it| it.secrets()).collect();
    let of_iam = [
        "Password",
        "Passcode",
        "TokenText",
        "TemporarySecret",
        "SecurityToken",
        "OriginalPassword",
        "AccessKeySecret",
    ];
    let of_pangu = vec!["PluginSecret".to_owned()];
    assert_eq!(secrets, [of_pangu, of_iam.map(str::to_owned).to_vec()]);
}

#[test]
fn a_choice_of_tagged_objects_takes_new_kinds_and_unknown_members() {
    let normal = schema(
        "{description: Part., oneOf: [
            {type: object, required: [type, text], properties: {
                type: {type: string, enum: [text]}, text: {type: string}}},
            {type: object, required: [type, image], properties: {
                type: {type: string, enum: [image]}, image: {type: string}}}]}",
    );
    assert_eq!(
        normal,
        json!({
            "description": "Part.",
            "type": "object",
            "required": ["type"],
            "properties": {
                "type": {"type": "string", "description": "Which kind it is."},
                "text": {"type": "string"},
                "image": {"type": "string"},
            },
            "additionalProperties": {},
        })
    );
}

#[test]
fn components_that_no_call_leads_to_are_dropped() {
    let document = &documents().unwrap()[0];
    let normal = document.normalised();
    let kept = |name: &str| {
        normal
            .pointer(&format!("/components/schemas/{name}"))
            .is_some()
    };
    for name in [
        "ChatRequestV1",
        "ContentPart",
        "FinishReason",
        "ChatCompletionChunk",
        "ChatDelta",
    ] {
        assert!(kept(name), "{name} is used");
    }
    for name in ["ErrorBody", "ErrorDetail", "ChatChunkV1", "ChatChunkV2"] {
        assert!(!kept(name), "{name} is not used");
    }
}

#[test]
fn the_operations_of_an_area_come_alone_with_what_they_refer_to() {
    let pangulm = documents().unwrap();
    let pangulm = pangulm.iter().find(|it| it.name == "pangulm").unwrap();
    let vision = pangulm.normalised_for(&|tag| tag == "vision");
    let text = vision.to_string();
    assert!(text.contains("classifyImage"), "no operation of the area");
    assert!(
        !text.contains("createChatCompletionV1") && !text.contains("ChatMessage"),
        "another area's operation or type"
    );
    assert!(pangulm.normalised().to_string().contains("ChatMessage"));
}
