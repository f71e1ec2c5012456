//! The areas of text, search, agents and data.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use pangulm_openapi::{Check, EventStream, Evidence, Operation, Part, Scheme, documents};
use serde_json::json;

fn of_area(tag: &str) -> Vec<Operation> {
    let documents = documents().unwrap();
    let all = documents.iter().flat_map(|it| it.operations().unwrap());
    all.filter(|it| it.tag == tag).collect()
}

fn operation(id: &str) -> Operation {
    let all = ["text", "search", "agents", "data"].map(of_area).concat();
    all.into_iter().find(|it| it.id == id).unwrap()
}

#[test]
fn every_operation_of_the_areas_is_there() {
    let list = |tag: &str| -> Vec<String> {
        let line = |it: &Operation| format!("{} {} {}", it.id, it.method, it.path);
        of_area(tag).iter().map(line).collect()
    };
    let deployment = "/v1/{project_id}/deployments/{deployment_id}";
    let pool = "/v2/{project_id}/pools/{pool_id}/deployments/{deployment_id}";
    assert_eq!(
        list("text"),
        [
            format!("createTextCompletion POST {deployment}/text/completions"),
            format!("createTextCompletionStream POST {deployment}/text/completions"),
            format!("createPoolChatCompletion POST {pool}/chat/completions"),
            format!("createPoolChatCompletionStream POST {pool}/chat/completions"),
            format!("createPoolTextCompletion POST {pool}/text/completions"),
            format!("createPoolTextCompletionStream POST {pool}/text/completions"),
        ]
    );
    assert_eq!(
        list("search"),
        [
            "createEmbedding POST /pangu/search/v1/vector/query",
            "rerank POST /pangu/search/v1/rerank",
            "planSearch POST /app/search/v1/planning",
        ]
    );
    let run = |name, path| {
        format!("{name} POST /v1/{{project_id}}/{path}/conversations/{{conversation_id}}")
    };
    assert_eq!(
        list("agents"),
        [
            run("runAgent", "agents/{agent_id}"),
            run("runAgentLegacy", "agent-run/agents/{agent_id}"),
            run("runWorkflow", "workflows/{workflow_id}"),
            run("runWorkflowStream", "workflows/{workflow_id}"),
            run("runWorkflowLegacy", "agent-run/workflows/{workflow_id}"),
            run(
                "runWorkflowLegacyStream",
                "agent-run/workflows/{workflow_id}"
            ),
        ]
    );
    let data = "/v1/{project_id}/workspaces/{workspace_id}/data-management";
    assert_eq!(
        list("data"),
        [
            format!("listDataLineages GET {data}/lineages"),
            format!("deleteDatasetPermanently POST {data}/dataset/permanent-delete"),
        ]
    );
}

/// The table of areas and credentials.
#[test]
fn credentials_are_those_of_the_table() {
    use Evidence::{Documented, Inferred, Sdk};
    let gateway = |token, code, signature| {
        vec![
            (Scheme::IamToken, token),
            (Scheme::AppCode, code),
            (Scheme::AkSk, signature),
        ]
    };
    let table = [
        ("createTextCompletion", gateway(Documented, Documented, Sdk)),
        ("createPoolChatCompletion", gateway(Inferred, Inferred, Sdk)),
        ("createPoolTextCompletion", gateway(Inferred, Inferred, Sdk)),
        ("createEmbedding", gateway(Documented, Documented, Inferred)),
        ("planSearch", gateway(Documented, Documented, Inferred)),
        ("rerank", gateway(Documented, Inferred, Inferred)),
        ("runAgent", gateway(Documented, Inferred, Inferred)),
        ("runAgentLegacy", gateway(Documented, Inferred, Inferred)),
        ("runWorkflow", gateway(Documented, Inferred, Inferred)),
        ("runWorkflowLegacy", gateway(Documented, Inferred, Inferred)),
    ];
    for (id, security) in table {
        let operation = operation(id);
        let evidence = operation.security_evidence.iter().copied();
        let given: Vec<_> = operation.security.iter().copied().zip(evidence).collect();
        assert_eq!(given, security, "{id}");
    }
    for operation in of_area("data") {
        assert_eq!(operation.security, [Scheme::IamToken, Scheme::AkSk]);
    }
}

#[test]
fn what_generates_runs_or_deletes_may_not_be_sent_twice() {
    let repeatable = |tag| -> Vec<String> {
        let all = of_area(tag).into_iter().filter(|it| it.idempotent);
        all.map(|it| it.id).collect()
    };
    assert!(repeatable("text").is_empty());
    assert!(repeatable("agents").is_empty());
    assert_eq!(
        repeatable("search"),
        ["createEmbedding", "rerank", "planSearch"]
    );
    assert_eq!(repeatable("data"), ["listDataLineages"]);
}

#[test]
fn documented_limits_are_rules() {
    let has = |id: &str, field: &str, check: Check| {
        let rules = operation(id).rules;
        let found = rules
            .iter()
            .any(|it| it.field == field && it.check == check);
        assert!(found, "{id} {field} {check:?}");
    };
    has("createTextCompletion", "prompt", Check::Required);
    has("createTextCompletion", "prompt", Check::MinLength(1));
    has("createPoolTextCompletion", "user", Check::MaxLength(64));
    has("createEmbedding", "query", Check::MinLength(1));
    has("createEmbedding", "query", Check::MaxLength(1000));
    has("planSearch", "query", Check::MaxLength(1024));
    has("planSearch", "history", Check::EvenItems);
    has("planSearch", "history", Check::MaxItems(50));
    has("runAgent", "query", Check::Required);
    has("runWorkflow", "inputs", Check::Required);
    let deletion = "deleteDatasetPermanently";
    has(deletion, "dataset_name", Check::MaxLength(128));
    has(deletion, "dataset_name", Check::DatasetName);
    let bounded = |id: &str, name: &str| {
        let parameters = operation(id).parameters;
        let parameter = parameters.into_iter().find(|it| it.name == name).unwrap();
        (parameter.required, parameter.checks)
    };
    let exclusive = false;
    let (least, most) = ("1".to_owned(), "1000".to_owned());
    let least = Check::Minimum {
        bound: least,
        exclusive,
    };
    let most = Check::Maximum {
        bound: most,
        exclusive,
    };
    assert_eq!(
        bounded("listDataLineages", "limit"),
        (true, vec![least, most])
    );
    for id in ["runAgent", "runWorkflowLegacyStream"] {
        assert_eq!(bounded(id, "conversation_id"), (true, vec![Check::Uuid]));
    }
}

#[test]
fn a_header_switches_where_it_is_declared_and_the_body_elsewhere() {
    let streams = |id: &str| {
        let operation = operation(id);
        let by_header = operation.parameters.iter().any(|it| it.is_switch());
        let in_body = operation.request_example.unwrap().get("stream").cloned();
        (by_header, in_body, operation.event_stream)
    };
    assert_eq!(streams("runAgent"), (true, None, Some(EventStream::Agent)));
    assert_eq!(
        streams("runWorkflowStream"),
        (true, None, Some(EventStream::Workflow))
    );
    assert_eq!(streams("runWorkflow"), (true, None, None));
    assert_eq!(
        streams("createPoolTextCompletionStream"),
        (false, Some(json!(true)), Some(EventStream::Text))
    );
}

#[test]
fn what_only_streams_is_left_to_hand_written_code() {
    let documents = documents().unwrap();
    let normalised = documents[0].normalised();
    let path = "/v1/{project_id}/agents/{agent_id}/conversations/{conversation_id}";
    assert_eq!(normalised["paths"][path].get("post"), None);
    let workflow = path.replace("agent", "workflow");
    let content = &normalised["paths"][&workflow]["post"]["responses"]["200"]["content"];
    assert_eq!(content.as_object().unwrap().len(), 1);
    assert!(
        normalised
            .pointer("/components/schemas/AgentEvent")
            .is_some()
    );
}

#[test]
fn what_was_not_seen_is_an_open_object() {
    let documents = documents().unwrap();
    for part in [Part::Request, Part::Response] {
        let schema = documents[0].json_schema("rerank", part).unwrap();
        assert!(jsonschema::is_valid(&schema, &json!({"anything": [1]})));
        assert!(!jsonschema::is_valid(&schema, &json!([])));
    }
}
