//! Forecasts of weather and precipitation, v2 (facts: models 2.1, 2.2). Where the platform writes
//! their results is not documented, so the emulator writes none.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::call::Call;
use crate::jobs::{Job, Stage};
use crate::obs::inside;
use crate::random;
use crate::reply::{Answer, Refusal, emulated};
use crate::service::{self, bad};

/// The one model tag that the reference names.
const TAG: &str = "global-weather";

pub(super) async fn create(call: Call) -> Answer {
    service::admit(&call)?;
    let body = call.json()?;
    let mut job = Job::of(&call, random::hex(32), body);
    for address in inputs(&job.request)? {
        let there = inside::at(address)
            .is_none_or(|(bucket, path)| inside::holds(&call.state, bucket, path));
        if !there {
            job.flaw = Some(format!("nothing is at {address}"));
        }
    }
    let id = job.id.clone();
    call.state.jobs.keep(job);
    Ok(emulated(StatusCode::OK, json!({"task_id": id})))
}

pub(super) async fn get(call: Call) -> Answer {
    service::admit(&call)?;
    let id = call.path_value("task_id");
    let job = call.state.jobs.find("createScienceTask", id)?;
    let now = call.state.clock.micros();
    let (status, overall) = match job.stage(now) {
        Stage::Waiting => ("waiting", 0.0),
        Stage::Running(done) => ("running", done),
        Stage::Finished => ("finished", 1.0),
        Stage::Failed => ("failed", 1.0),
    };
    let seconds = |micros: u64| micros / 1_000_000;
    Ok(emulated(
        StatusCode::OK,
        json!({
            "status": status,
            "progress": {
                "start_time": seconds(job.started),
                "overall": overall,
                "estimated_remaining_time": seconds(job.ends().saturating_sub(now)),
                "estimated_finish_time": seconds(job.ends()),
            },
        }),
    ))
}

/// The input of every model that is to run.
fn inputs(body: &Value) -> Result<Vec<&str>, Refusal> {
    let models = body.get("models").and_then(Value::as_array);
    let models: Vec<&str> = match models {
        Some(models) => models.iter().filter_map(Value::as_str).collect(),
        None => vec![TAG],
    };
    let of = |model: &&str| {
        if *model != TAG {
            let why = format!("only {TAG} is deployed here");
            return Err(bad("models", &why));
        }
        let address = body
            .get("data_dirs")
            .and_then(|dirs| dirs.get(*model))
            .and_then(Value::as_str);
        let Some(address) = address else {
            let message = format!("required api parameter is not present. /data_dirs/{model}");
            return Err(Refusal::bad("PANGU.3278", message));
        };
        if !address.contains("://") {
            let why = "it must be like obs://path/to/data/";
            return Err(bad(&format!("data_dirs/{model}"), why));
        }
        Ok(address)
    };
    models.iter().map(of).collect()
}
