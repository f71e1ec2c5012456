//! What is sent where: the address, letter by letter.

use crate::support::{Expect, STREAM, World, with_api_key, with_token};
use pangulm_core::address::PlainHttp;
use pangulm_core::call::{Arguments, Request, RequestBody};
use pangulm_core::error::Error;
use pangulm_core::{Call, Input, Operation, Options};

fn request(world: &World, id: &str, parameters: &[(&str, &str)]) -> Result<Request, Error> {
    let operation = Operation::find(id).unwrap();
    let arguments = Arguments {
        parameters: parameters.to_vec(),
        body: crate::support::body(operation),
        ..Arguments::default()
    };
    let mut call = Call::new(&world.shared, operation, arguments)?;
    Ok(call.step(world.now(), Input::Start).sent())
}

fn at(endpoint: &str) -> World {
    World::new(|options| {
        options.endpoint = Some(endpoint.to_owned());
        with_api_key(options);
        with_token(options);
    })
}

#[test]
fn every_operation_goes_to_its_own_address() {
    let world = at("https://pangu.example.com");
    let chat = "https://pangu.example.com/v1/p1/deployments/d1/chat/completions";
    let tokens = "https://iam.example.com/v3/auth/tokens";
    let cases = [
        ("createChatCompletionV1", "POST", chat),
        ("createChatCompletionV1Stream", "POST", chat),
        (
            "createChatCompletionV2",
            "POST",
            "https://pangu.example.com/api/v2/chat/completions",
        ),
        (
            "createChatCompletionV2Stream",
            "POST",
            "https://pangu.example.com/api/v2/chat/completions",
        ),
        (
            "countTokens",
            "POST",
            "https://pangu.example.com/v1/p1/deployments/d1/caltokens",
        ),
        ("createToken", "POST", tokens),
        ("validateToken", "GET", tokens),
        (
            "createTemporaryAccessKey",
            "POST",
            "https://iam.example.com/v3.0/OS-CREDENTIAL/securitytokens",
        ),
        ("listProjects", "GET", "https://iam.example.com/v3/projects"),
        (
            "createWeatherTask",
            "POST",
            "https://pangu.example.com/v1/p1/infer-api/proxy/service/d1/tasks",
        ),
        (
            "createScienceTask",
            "POST",
            "https://pangu.example.com/v1/p1/infer-api/proxy/service/d1/v2/d1/tasks",
        ),
        (
            "createImageVideo",
            "POST",
            "https://pangu.example.com/v1/p1/alg-infer/aigc-img-video/service/d1/videos",
        ),
    ];
    for (id, method, url) in cases {
        let parameters: &[_] = if id == "validateToken" {
            &[("X-Subject-Token", "t")]
        } else {
            &[]
        };
        let request = request(&world, id, parameters).unwrap();
        assert_eq!(
            (request.method, request.url.as_str()),
            (method, url),
            "{id}"
        );
        assert_eq!(
            matches!(request.body, RequestBody::Callers),
            method == "POST",
            "{id}"
        );
    }
}

#[test]
fn a_path_prefix_is_kept_and_a_pasted_call_path_gives_the_ids() {
    let cases = [
        (
            "https://h.example/gate/way/",
            "https://h.example/gate/way/v1/p1/deployments/d1/caltokens",
        ),
        (
            "https://h.example:8443",
            "https://h.example:8443/v1/p1/deployments/d1/caltokens",
        ),
        (
            "https://H.Example:443",
            "https://h.example/v1/p1/deployments/d1/caltokens",
        ),
        (
            "http://127.0.0.1:8080/x",
            "http://127.0.0.1:8080/x/v1/p1/deployments/d1/caltokens",
        ),
    ];
    for (endpoint, url) in cases {
        let request = request(&at(endpoint), "countTokens", &[]).unwrap();
        assert_eq!(request.url, url);
    }
    let pasted = World::new(|options| {
        options.endpoint =
            Some("https://h.example/gate/v1/p%207/deployments/d7/chat/completions".to_owned());
        options.project_id = None;
        options.deployment = None;
        with_api_key(options);
    });
    assert_eq!(
        request(&pasted, STREAM, &[]).unwrap().url,
        "https://h.example/gate/v1/p%207/deployments/d7/chat/completions"
    );
}

/// Where both generations of a scientific model are called, if this was pasted as the endpoint.
fn called_below(pasted: &str, root: &str) {
    let world = World::new(|options| {
        options.endpoint = Some(pasted.to_owned());
        options.plain_http = PlainHttp::Allowed;
        options.project_id = None;
        options.deployment = None;
        with_api_key(options);
    });
    let task = [("deployment_id", "d"), ("task_id", "t")];
    let url = |id, parameters: &[(&str, &str)]| {
        request(&world, id, parameters).map(|request| request.url)
    };
    let v1 = url("createWeatherTask", &[]).unwrap();
    assert_eq!(v1, format!("{root}/tasks"), "{pasted}");
    let v1 = url("getOceanTask", &task).unwrap();
    assert_eq!(v1, format!("{root}/tasks/t"), "{pasted}");
    let v2 = url("createScienceTask", &task[..1]).unwrap();
    assert_eq!(v2, format!("{root}/v2/d/tasks"), "{pasted}");
}

const PROXY: &str = "https://h.example/v1/p/infer-api/proxy/service/d";
const OTHER: &str = "https://h.example/gate/v1/p/else/service/d";
const EDGE: &str = "http://192.0.2.7:33333";

#[test]
fn a_scientific_models_call_path_is_called_as_it_was_pasted_with_tasks() {
    called_below(&format!("{PROXY}/tasks"), PROXY);
    called_below(&format!("{PROXY}/v2/d/tasks"), PROXY);
}

#[test]
fn a_scientific_models_call_path_is_called_as_it_was_pasted_without_tasks() {
    called_below(PROXY, PROXY);
}

#[test]
fn a_scientific_models_call_path_is_called_as_it_was_pasted_with_a_trailing_slash() {
    called_below(&format!("{PROXY}/tasks/"), PROXY);
    called_below(&format!("{PROXY}/"), PROXY);
}

#[test]
fn a_scientific_models_call_path_is_called_as_it_was_pasted_at_the_edge() {
    called_below(EDGE, EDGE);
    called_below(&format!("{EDGE}/tasks"), EDGE);
    called_below(&format!("{EDGE}/abccc/"), &format!("{EDGE}/abccc"));
    called_below(
        &format!("{EDGE}/abccc/v2/d/tasks/"),
        &format!("{EDGE}/abccc"),
    );
}

#[test]
fn a_scientific_models_call_path_is_called_as_it_was_pasted_with_a_prefix() {
    called_below(&format!("{OTHER}/tasks"), OTHER);
    called_below(&format!("{OTHER}/tasks/"), OTHER);
}

#[test]
fn the_disputed_segment_is_the_deployment_unless_it_is_given() {
    let world = at("https://pangu.example.com");
    let url = |parameters| {
        request(&world, "createScienceTask", parameters)
            .unwrap()
            .url
    };
    let base = "https://pangu.example.com/v1/p1/infer-api/proxy/service";
    assert_eq!(url(&[]), format!("{base}/d1/v2/d1/tasks"));
    assert_eq!(
        url(&[("deployment_id", "d2")]),
        format!("{base}/d2/v2/d2/tasks")
    );
    assert_eq!(url(&[("scope_id", "p1")]), format!("{base}/d1/v2/p1/tasks"));
}

#[test]
fn a_path_value_is_encoded_once_and_cannot_change_the_path() {
    let world = at("https://pangu.example.com");
    let url = |value| {
        request(&world, "countTokens", &[("deployment_id", value)]).map(|request| request.url)
    };
    for (value, encoded) in [
        ("a b/c?d#e", "a%20b%2Fc%3Fd%23e"),
        ("盘古", "%E7%9B%98%E5%8F%A4"),
        ("%2F", "%252F"),
        ("a+~!*'()", "a%2B~%21%2A%27%28%29"),
        ("...", "..."),
    ] {
        assert_eq!(
            url(value).unwrap(),
            format!("https://pangu.example.com/v1/p1/deployments/{encoded}/caltokens")
        );
    }
    for steps in [".", "..", "%2e", "%2E%2e", ".%2e", "%2e.", ""] {
        let refused = url(steps).unwrap_err();
        assert!(refused.is_invalid_input(), "{steps}: {refused}");
        assert_eq!(refused.field(), Some("deployment_id"), "{steps}");
    }
}

#[test]
fn project_and_deployment_default_to_the_clients_and_are_named_when_missing() {
    let world = at("https://pangu.example.com");
    let other = [("project_id", "p2"), ("deployment_id", "d2")];
    assert_eq!(
        request(&world, "countTokens", &other).unwrap().url,
        "https://pangu.example.com/v1/p2/deployments/d2/caltokens"
    );
    let bare = |change: fn(&mut Options)| {
        let world = World::new(|options| {
            with_api_key(options);
            change(options);
        });
        request(&world, "countTokens", &[]).unwrap_err()
    };
    let no_project = bare(|options| options.project_id = None);
    assert_eq!(no_project.field(), Some("project_id"));
    assert!(no_project.message().contains("PANGU_PROJECT_ID"));
    let no_deployment = bare(|options| options.deployment = None);
    assert_eq!(no_deployment.field(), Some("deployment_id"));
    assert!(no_deployment.message().contains("PANGU_DEPLOYMENT_ID"));
}

#[test]
fn the_query_is_sorted_and_encoded_by_the_signers_rules() {
    let world = at("https://pangu.example.com");
    let query = [
        ("parent_id", "a+b %7E*"),
        ("name", "盘古~"),
        ("domain_id", ""),
        ("enabled", "true"),
    ];
    assert_eq!(
        request(&world, "listProjects", &query).unwrap().url,
        "https://iam.example.com/v3/projects?domain_id=&enabled=true&name=%E7%9B%98%E5%8F%A4~&parent_id=a%2Bb%20%257E%2A"
    );
}

#[test]
fn an_unknown_parameter_is_refused_with_the_nearest_name() {
    let world = at("https://pangu.example.com");
    let refused = request(&world, "countTokens", &[("deploymentId", "d")]).unwrap_err();
    assert_eq!(refused.field(), Some("deploymentId"));
    assert!(refused.message().contains("\"deployment_id\""), "{refused}");
}

#[test]
fn header_parameters_are_sent_in_lower_case_and_cannot_break_lines() {
    let world = at("https://pangu.example.com");
    let request_with = |value| request(&world, "validateToken", &[("X-Subject-Token", value)]);
    let sent = request_with("checked").unwrap();
    assert_eq!(
        crate::support::header(&sent, "x-subject-token"),
        Some("checked")
    );
    for bad in ["a\r\nb", "a\0", "盘"] {
        let refused = request_with(bad).unwrap_err();
        assert_eq!(refused.field(), Some("X-Subject-Token"));
        assert!(!refused.to_string().contains(bad), "{refused}");
    }
}
