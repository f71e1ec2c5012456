//! Each rule of the description, broken on purpose.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests are tests"
)]

use pangulm_openapi::{Document, lint};

/// A document that keeps every rule; the cases below replace one line of it.
const GOOD: &str = r#"
openapi: 3.0.3
info: {title: t, version: 1.0.0}
x-endpoint: pangu
paths:
  /v1/{project_id}/things:
    post:
      operationId: createThing
      tags: [things]
      summary: Create a thing
      description: It creates a thing.
      externalDocs: {url: https://example.com/}
      x-evidence: documented
      security: [iamToken: []]
      x-security-evidence: {iamToken: documented}
      parameters:
        - {name: project_id, in: path, required: true, schema: {type: string}}
      requestBody:
        required: true
        content:
          application/json:
            schema: {$ref: '#/components/schemas/Thing'}
            example: {size: 1}
      responses:
        '200':
          description: Done.
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Thing'}
              example: {size: 2}
components:
  securitySchemes:
    iamToken: {type: apiKey, in: header, name: X-Auth-Token}
  schemas:
    Thing:
      type: object
      properties:
        size: {type: integer, maximum: 9}
        state: {type: string, enum: [new, old]}
"#;

fn messages(text: &str) -> Vec<String> {
    let document = Document::from_yaml("test", text).unwrap();
    match lint(&[document]) {
        Ok(()) => Vec::new(),
        Err(error) => error.problems().iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn a_good_document_is_clean() {
    assert_eq!(messages(GOOD), [""; 0]);
}

#[test]
fn every_breach_names_the_operation_and_the_remedy() {
    let at = "test.yaml: createThing: ";
    let cases = [
        (
            "operationId: createThing",
            "x-none: 1",
            "test.yaml: POST /v1/{project_id}/things: operationId is missing",
        ),
        (
            "operationId: createThing",
            "operationId: create_thing",
            "test.yaml: create_thing: operationId must be camelCase",
        ),
        (
            "tags: [things]",
            "tags: [things, more]",
            "tags must be exactly one",
        ),
        ("summary: Create a thing", "x-none: 1", "summary is missing"),
        (
            "x-evidence: documented",
            "x-evidence: documented\n      x-pangu-job: {id: [/id], poll: getThing, parameter: id, state: /s, failed: [], succeeded: [done]}",
            "x-pangu-job: there is no operation getThing with a parameter id",
        ),
        (
            "x-evidence: documented",
            "x-evidence: documented\n      x-pagination: {items: /a, style: page, limit: n}",
            "x-pagination.position is missing",
        ),
        (
            "x-evidence: documented",
            "x-evidence: documented\n      x-pagination: {items: /a, style: whole, position: n}",
            "x-pagination.position has no place in a list that comes whole",
        ),
        (
            "description: It creates a thing.",
            "x-none: 1",
            "description is missing",
        ),
        (
            "description: It creates a thing.",
            r#"description: "See:\n\n    code""#,
            "a description must not hold a block of code",
        ),
        (
            "description: It creates a thing.",
            r#"description: "```\ncode\n```""#,
            "a description must not hold a block of code",
        ),
        (
            "externalDocs: {url: https://example.com/}",
            "x-none: 1",
            "externalDocs.url is missing",
        ),
        (
            "x-evidence: documented",
            "x-none: 1",
            "x-evidence is missing",
        ),
        (
            "x-evidence: documented",
            "x-evidence: rumour",
            "x-evidence is unknown: rumour",
        ),
        (
            "x-endpoint: pangu",
            "x-endpoint: moon",
            "x-endpoint is unknown: moon",
        ),
        (
            "security: [iamToken: []]",
            "x-none: 1",
            "security must be a list, empty if no credential is needed",
        ),
        (
            "security: [iamToken: []]",
            "security: [magic: []]",
            "security scheme magic is not known",
        ),
        (
            "security: [iamToken: []]",
            "security: [akSk: []]",
            "security scheme akSk is not known",
        ),
        (
            "x-security-evidence: {iamToken: documented}",
            "x-none: 1",
            "x-security-evidence of iamToken is missing",
        ),
        (
            "name: project_id, in: path",
            "name: project, in: path",
            "path parameter project_id is not declared",
        ),
        (
            "name: project_id, in: path",
            "name: project, in: path",
            "path parameter project is not in the path",
        ),
        (
            "name: project_id, in: path",
            "name: project_id, in: cookie",
            "place of parameter project_id is unknown: cookie",
        ),
        (
            "example: {size: 1}",
            "x-none: 1",
            "request body must have an example",
        ),
        (
            "example: {size: 2}",
            "x-none: 1",
            "response must have an example",
        ),
        (
            "          application/json:\n            schema",
            "          text/plain:\n            schema",
            "request body of text/plain must be application/json",
        ),
        (
            "            application/json:\n              schema",
            "            image/png:\n              schema",
            "response of image/png must be application/json or text/event-stream",
        ),
        (
            "        '200':",
            "        '201': {description: Also.}\n        '200':",
            "responses must have exactly one of 2xx",
        ),
        (
            "        '200':",
            "        '400':",
            "responses must have exactly one of 2xx",
        ),
        (
            "schema: {$ref: '#/components/schemas/Thing'}",
            "schema: {$ref: '#/components/schemas/Gone'}",
            "#/components/schemas/Gone leads nowhere",
        ),
        (
            "maximum: 9",
            "maximum: ten",
            "member size: maximum must be a number, is \"ten\"",
        ),
        (
            "enum: [new, old]",
            "enum: [a-b, a_b]",
            "test.yaml: schemas/Thing: enum values \"a-b\" and \"a_b\" give one name",
        ),
        (
            "enum: [new, old]",
            "enum: [new, '1']",
            "test.yaml: schemas/Thing: enum value \"1\" gives no usable name",
        ),
        (
            "enum: [new, old]",
            "format: password",
            "test.yaml: schemas/Thing: the secret state must be a named schema",
        ),
        (
            "openapi: 3.0.3",
            "openapi: 3.1.0",
            "test.yaml: document: openapi must be 3.0.x",
        ),
        (
            "version: 1.0.0",
            "version: 版本",
            "test.yaml: document: info.version must be visible ASCII",
        ),
    ];
    for (good, bad, expected) in cases {
        let text = GOOD.replacen(good, bad, 1);
        assert_ne!(text, GOOD, "{good} is not in the document");
        let expected = if expected.starts_with("test.yaml") {
            expected.into()
        } else {
            format!("{at}{expected}")
        };
        let messages = messages(&text);
        assert!(
            messages.contains(&expected),
            "{bad}: expected {expected}, got {messages:#?}"
        );
    }
}

#[test]
fn an_event_stream_must_name_a_known_dialect() {
    let events = GOOD.replacen(
        "            application/json:\n              schema",
        "            text/event-stream:\n              schema",
        1,
    );
    assert_eq!(
        messages(&events),
        ["test.yaml: createThing: x-event-stream is missing"]
    );
    let odd = events.replace(
        "example: {size: 2}",
        "example: x\n              x-event-stream: morse",
    );
    assert_eq!(
        messages(&odd),
        ["test.yaml: createThing: x-event-stream is unknown: morse"]
    );
}

#[test]
fn an_operation_id_is_unique_over_all_documents() {
    let documents = ["one", "two"].map(|name| Document::from_yaml(name, GOOD).unwrap());
    let error = lint(&documents).unwrap_err();
    assert_eq!(
        error.to_string(),
        "two.yaml: createThing: operationId is taken by another operation of one.yaml"
    );
}

#[test]
fn a_circle_of_references_is_found() {
    let circle = GOOD.replace(
        "    Thing:\n      type: object",
        "    Loop: {$ref: '#/components/schemas/Loop'}\n    Thing:\n      type: object",
    );
    assert_eq!(
        messages(&circle),
        ["test.yaml: schemas/Loop: #/components/schemas/Loop leads nowhere"]
    );
}

#[test]
fn text_that_is_no_yaml_is_an_error_that_names_the_document() {
    let error = Document::from_yaml("test", "a: [").unwrap_err().to_string();
    assert!(error.starts_with("test.yaml: document: "), "{error}");
}
