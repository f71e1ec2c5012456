//! The emulator's own calls, under `/_emulator/`.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::call::query;
use crate::reply::{Answer, Refusal, plain_json, text};
use crate::routes;
use crate::state::State;
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
        (&Method::POST, "clock") => {
            state.clock.set_offset(offset(body).await?);
            json!({"now": crate::calendar::iso_micros(state.clock.micros())})
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
            done
        }
        (&Method::GET, name) if video::is_file(state, name) => {
            return Ok(text(StatusCode::OK, "video/mp4", video::file()));
        }
        _ => {
            let message = format!(
                "there is no {} {PREFIX}{name}; there are GET info, GET requests?key=NAME, \
                 POST clock, POST revoke-tokens and POST reset",
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

async fn offset(body: Body) -> Result<i64, Refusal> {
    let bytes = to_bytes(body, LIMIT).await.unwrap_or_default();
    let json: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let seconds = json.get("offsetSeconds").and_then(Value::as_i64);
    seconds
        .filter(|seconds| (-FARTHEST..=FARTHEST).contains(seconds))
        .ok_or_else(|| {
            let message = "the body must be {\"offsetSeconds\": N}, a whole number of seconds";
            Refusal::bad("EMULATOR.ADMIN", message)
        })
}
