//! The emulator's own calls, under `/_emulator/`.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::call::query;
use crate::chat::answer;
use crate::faults::Fault;
use crate::reply::{Answer, Refusal, plain_json, text};
use crate::routes;
use crate::state::State;
use crate::tokenizer;
use crate::video;

pub(crate) const PREFIX: &str = "/_emulator/";

const LIMIT: usize = 64 * 1024;
/// About 136 years, either way.
const FARTHEST: i64 = 1 << 32;

pub(crate) async fn answer(state: &Arc<State>, parts: &Parts, body: Body) -> Answer {
    let name = parts.uri.path().strip_prefix(PREFIX).unwrap_or_default();
    let done = json!({"done": true});
    let json = match (&parts.method, name) {
        (&Method::GET, "info") => info(state),
        (&Method::GET, "requests") => {
            json!({"requests": state.records.list(query(parts, "key").as_deref())})
        }
        (&Method::GET, "answer") => {
            let question = query(parts, "question").unwrap_or_default();
            json!({"content": answer::text(&question), "questionTokens": tokenizer::count(&question)})
        }
        (&Method::POST, "tallies") => {
            let asked = read(body).await;
            json!({"tallies": state.tallies.list(keys(&asked)?)})
        }
        (&Method::POST, "clock") => {
            let body = read(body).await;
            state.clock.set_offset(offset(&body)?);
            json!({"now": crate::calendar::iso_micros(state.clock.micros())})
        }
        (&Method::POST, "qps") => {
            let body = read(body).await;
            state.qps.set(limit(&body)?);
            done
        }
        (&Method::POST, "fault") => {
            let body = read(body).await;
            let text = body.get("fault").and_then(Value::as_str);
            let text = text.ok_or_else(|| wrong("{\"fault\": TEXT}, a fault as in the header"))?;
            let operation = body.get("operationId").and_then(Value::as_str);
            state.standing.set(Fault::standing(text)?, operation);
            done
        }
        (&Method::POST, "revoke-tokens") => {
            state.tokens.revoke_all();
            state.temporary.clear();
            done
        }
        (&Method::POST, "reset") => {
            state.clock.set_offset(0);
            state.tokens.clear();
            state.jobs.clear();
            state.keys.clear();
            state.temporary.clear();
            state.records.clear();
            state.faults.clear();
            state.tallies.clear();
            state.standing.clear();
            state.qps.set(state.options.qps);
            state.conversations.clear();
            state.datasets.reset();
            state.obs.clear();
            state.identity.clear();
            crate::seed::sow(state);
            done
        }
        (&Method::GET, name) if video::is_file(state, name) => {
            return Ok(text(StatusCode::OK, "video/mp4", video::file()));
        }
        _ => {
            let message = format!(
                "there is no {} {PREFIX}{name}; there are GET info, GET requests?key=NAME, \
                 GET answer?question=TEXT, POST tallies, POST clock, POST qps, POST fault, \
                 POST revoke-tokens and POST reset",
                parts.method
            );
            return Err(Refusal::new(
                StatusCode::NOT_FOUND,
                "EMULATOR.ADMIN",
                message,
            ));
        }
    };
    Ok(plain_json(StatusCode::OK, &json))
}

/// What the first line says, and the deployments of the models that share a path.
fn info(state: &State) -> Value {
    let mut info = serde_json::to_value(&state.info).unwrap_or_default();
    let deployments =
        routes::all().filter_map(|route| Some((route.operation_id, route.deployment?)));
    let deployments: serde_json::Map<String, Value> = deployments
        .map(|(id, deployment)| (id.to_owned(), json!(deployment)))
        .collect();
    if let Value::Object(members) = &mut info {
        members.insert("deployments".to_owned(), Value::Object(deployments));
    }
    info
}

/// The JSON of the body; null if there is none.
async fn read(body: Body) -> Value {
    let bytes = to_bytes(body, LIMIT).await.unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}

fn keys(json: &Value) -> Result<impl Iterator<Item = &str>, Refusal> {
    let keys = json.get("keys").and_then(Value::as_array);
    let keys = keys.ok_or_else(|| wrong("{\"keys\": [\"NAME\", ...]}, at most 64 KB"))?;
    Ok(keys.iter().filter_map(Value::as_str))
}

fn offset(body: &Value) -> Result<i64, Refusal> {
    let seconds = body.get("offsetSeconds").and_then(Value::as_i64);
    seconds
        .filter(|seconds| (-FARTHEST..=FARTHEST).contains(seconds))
        .ok_or_else(|| wrong("{\"offsetSeconds\": N}, a whole number of seconds"))
}

fn limit(body: &Value) -> Result<u32, Refusal> {
    let limit = body.get("limit").and_then(Value::as_u64);
    limit
        .and_then(|limit| u32::try_from(limit).ok())
        .ok_or_else(|| wrong("{\"limit\": N}, a whole number of requests a second"))
}

fn wrong(shape: &str) -> Refusal {
    Refusal::bad("EMULATOR.ADMIN", format!("the body must be {shape}"))
}
