//! Runs the scenario files by a driver in Rust. Their format: `tests/scenarios/README.md`.

use futures_util::future::join_all;
use pangulm_core::Error;
use serde_json::{Map, Value, json};

/// Calls a macro with the names of all scenario files.
macro_rules! with_all_scenarios {
    ($call:ident) => {
        $call! {
            access_key_v1,
            answer_too_large,
            api_key_v1,
            api_key_v2,
            both_targets,
            clock_skew,
            content_filtered,
            content_parts,
            count_tokens,
            credential_with_a_space,
            dots_in_ids,
            dropped_before_the_answer,
            dropped_generation,
            empty_messages,
            generation_not_repeated,
            html_page,
            image_beyond_limits,
            list_projects,
            malformed_endpoint,
            malformed_event,
            nested_out_of_range,
            no_fitting_credential,
            not_json,
            out_of_range,
            out_of_resources,
            oversized_event,
            own_headers,
            parameter_out_of_range,
            password_v1,
            pasted_call_path,
            pasted_science_path,
            pool_chat,
            reasoning,
            redirect,
            refused_connection,
            retry_after_too_long,
            search_error,
            settling,
            signed_retry,
            signing_key,
            static_token_refused,
            static_token_v1,
            stream_dropped,
            stream_error_inside,
            stream_left,
            stream_stalled,
            stream_truncated,
            stream_without_done,
            target_in_the_request,
            temporary_access_key,
            throttled,
            timeout,
            token_expired,
            token_function,
            token_revoked,
            tools,
            unavailable_then_well,
            uneven_columns,
            unknown_deployment,
            unknown_names,
            whole_answer_cut,
            workflow_question,
            wrong_api_key,
            wrong_password,
            wrong_secret_key,
        }
    };
}
pub(crate) use with_all_scenarios;

/// A driver, and the emulator it is tested with.
pub(crate) trait World {
    type Client;

    /// What `except` calls this driver.
    fn names(&self) -> &[&str];

    /// The emulator's first line.
    fn info(&self) -> &Value;

    /// Makes a client of options by their names in JavaScript.
    async fn client(&self, options: &Map<String, Value>) -> Result<Self::Client, Error>;

    /// Makes a call and reads what it gives to the end.
    async fn call(&self, client: &Self::Client, step: &Step) -> Outcome;

    /// Calls the emulator by hand: a GET, or a POST of the body. Gives the answer's JSON and the
    /// header `x-subject-token`.
    async fn ask(&self, path: &str, body: Option<&Value>) -> (Value, Option<String>);

    /// Lets some milliseconds pass.
    async fn pause(&self);
}

/// One call of a story.
pub(crate) struct Step {
    pub(crate) operation: String,
    pub(crate) stream: bool,
    pub(crate) parameters: Vec<(String, String)>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<Value>,
    pub(crate) leave_after: Option<u64>,
}

impl Step {
    fn read(step: &Value) -> Self {
        let mut headers = pairs(&step["headers"]);
        if let Some(fault) = step["fault"].as_str() {
            headers.push(("x-emulator-fault".to_owned(), fault.to_owned()));
        }
        Self {
            operation: text(&step["operation"]).to_owned(),
            stream: step["stream"] == true,
            parameters: pairs(&step["parameters"]),
            headers,
            body: step.get("body").cloned(),
            leave_after: step["leaveAfter"].as_u64(),
        }
    }
}

/// What came of a call.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) answer: Value,
    pub(crate) chunks: Option<u64>,
    pub(crate) error: Option<Error>,
}

impl From<Error> for Outcome {
    fn from(error: Error) -> Self {
        Self {
            error: Some(error),
            ..Self::default()
        }
    }
}

impl Outcome {
    fn facts(&self) -> Value {
        json!({
            "answer": self.answer,
            "chunks": self.chunks,
            "error": self.error.as_ref().map(facts),
        })
    }
}

/// How often to look before the emulator's records count as they are.
const LOOKS: usize = 200;

/// Runs a story and panics where its promise is not kept.
pub(crate) async fn run<W: World>(world: &W, story: &str) {
    world.ask("/_emulator/reset", Some(&json!({}))).await;
    let story: Value = serde_json::from_str(&filled(world, story).await).unwrap();
    if world
        .names()
        .iter()
        .any(|name| story["except"][name].is_string())
    {
        return;
    }
    let promise = text(&story["promise"]);
    // A token that was issued above is not the story's.
    let before = requests(world).await.len();
    let client = world.client(&options(world.info(), &story["client"])).await;
    for (number, step) in list(&story["steps"]).iter().enumerate() {
        if let Some(name) = step["emulator"].as_str() {
            let body = step.get("send").cloned().unwrap_or_else(|| json!({}));
            world.ask(&format!("/_emulator/{name}"), Some(&body)).await;
            continue;
        }
        let mut expected = step["expect"].clone();
        // What is not said to fail must not fail.
        expected["error"] = step["expect"]["error"].clone();
        let outcomes = match &client {
            Ok(client) => {
                let step_read = Step::read(step);
                let at_once = step["atOnce"].as_u64().unwrap_or(1);
                join_all((0..at_once).map(|_| world.call(client, &step_read))).await
            }
            Err(error) => vec![Outcome::from(error.clone())],
        };
        for outcome in outcomes.iter().map(Outcome::facts) {
            if let Some(why) = misfit("outcome", &outcome, &expected) {
                panic!("{promise}: step {number}: {why}\nin {outcome:#}");
            }
        }
    }
    if story["requests"].is_null() {
        return;
    }
    for look in 0.. {
        let seen = Value::from(requests(world).await.split_off(before));
        match misfit("requests", &seen, &story["requests"]) {
            None => return,
            // That a client has gone away is written down a moment later.
            Some(_) if look < LOOKS => world.pause().await,
            Some(why) => panic!("{promise}: {why}\nin {seen:#}"),
        }
    }
}

async fn requests<W: World>(world: &W) -> Vec<Value> {
    let (answer, _) = world.ask("/_emulator/requests", None).await;
    list(&answer["requests"]).clone()
}

/// The story with its placeholders filled in. A token is issued only if it is asked for.
async fn filled<W: World>(world: &W, story: &str) -> String {
    let info = world.info();
    let mut filled = story.to_owned();
    for (name, value) in pairs(info).iter().chain(&pairs(&info["iam"])) {
        filled = filled.replace(&format!("${{{name}}}"), value);
    }
    if filled.contains("${token}") {
        filled = filled.replace("${token}", &issue_token(world).await);
    }
    filled
}

async fn issue_token<W: World>(world: &W) -> String {
    let info = world.info();
    let iam = &info["iam"];
    let domain = json!({"name": iam["domain"]});
    let user = json!({"name": iam["user"], "password": iam["password"], "domain": domain});
    let identity = json!({"methods": ["password"], "password": {"user": user}});
    let scope = json!({"project": {"id": info["projectId"]}});
    let body = json!({"auth": {"identity": identity, "scope": scope}});
    let (_, token) = world.ask("/v3/auth/tokens", Some(&body)).await;
    token.unwrap()
}

/// What the story says of the client over what holds for all; null leaves an option out.
fn options(info: &Value, client: &Value) -> Map<String, Value> {
    let common = json!({
        "endpoint": info["url"],
        "iamEndpoint": info["iamUrl"],
        "projectId": info["projectId"],
        "timeout": 20_000,
    });
    let mut options = common.as_object().unwrap().clone();
    options.extend(client.as_object().unwrap().clone());
    options.retain(|_, value| !value.is_null());
    options
}

/// Everything an error knows, by its names in JavaScript.
fn facts(error: &Error) -> Value {
    json!({
        "kind": error.kind().name(),
        "message": error.to_string(),
        "operation": error.operation(),
        "field": error.field(),
        "status": error.status(),
        "code": error.code(),
        "requestId": error.request_id(),
        "retryAfter": error.retry_after_ms(),
        "attempts": error.attempts(),
        "body": error.body().map(String::from_utf8_lossy),
        "is": {
            "invalidInput": error.is_invalid_input(),
            "auth": error.is_auth(),
            "throttled": error.is_throttled(),
            "connect": error.is_connect(),
            "timeout": error.is_timeout(),
            "truncated": error.is_truncated(),
            "stalled": error.is_stalled(),
            "inStream": error.is_in_stream(),
            "contentFiltered": error.is_content_filtered(),
            "outOfResources": error.is_out_of_resources(),
            "notFound": error.is_not_found(),
            "transient": error.is_transient(),
        },
    })
}

/// Why a value does not fit a pattern.
fn misfit(place: &str, actual: &Value, pattern: &Value) -> Option<String> {
    let wrong = || Some(format!("{place} is {actual}, not {pattern}"));
    match pattern {
        Value::Object(members) => members.iter().find_map(|(name, pattern)| {
            let fits = match name.as_str() {
                "$has" => actual.as_str().is_some_and(|it| it.contains(text(pattern))),
                "$hasNot" => actual
                    .as_str()
                    .is_some_and(|it| !it.contains(text(pattern))),
                "$atLeast" => actual.as_u64() >= pattern.as_u64(),
                _ => return misfit(&format!("{place}.{name}"), &actual[name.as_str()], pattern),
            };
            if fits { None } else { wrong() }
        }),
        Value::Array(patterns) => match actual.as_array() {
            Some(items) if items.len() == patterns.len() => {
                let mut pairs = items.iter().zip(patterns).enumerate();
                pairs.find_map(|(at, (item, it))| misfit(&format!("{place}[{at}]"), item, it))
            }
            _ => wrong(),
        },
        _ if actual == pattern => None,
        _ => wrong(),
    }
}

/// The members that are texts.
fn pairs(object: &Value) -> Vec<(String, String)> {
    let members = object.as_object().into_iter().flatten();
    members
        .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
        .collect()
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}
