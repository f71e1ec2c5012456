//! Forecasts of weather and sea, v1: input from OBS, results to OBS (facts: models 2.3 to 2.5).

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::calendar;
use crate::call::Call;
use crate::jobs::{Job, Stage};
use crate::obs::inside;
use crate::random;
use crate::reply::{Answer, Refusal, emulated};
use crate::service::{self, bad};

pub(super) async fn create(call: Call) -> Answer {
    service::admit(&call)?;
    let body = call.json()?;
    check(&body)?;
    let mut job = Job::of(&call, random::hex(32), body);
    for place in places(&job.request) {
        if !inside::holds(&call.state, place.0, place.1) {
            job.flaw = Some("the input is not there".to_owned());
        }
    }
    let id = job.id.clone();
    call.state.jobs.keep(job);
    Ok(emulated(StatusCode::OK, json!({"task_id": id})))
}

pub(super) async fn get(call: Call, started_by: &str) -> Answer {
    service::admit(&call)?;
    let job = call
        .state
        .jobs
        .find(started_by, call.path_value("task_id"))?;
    let now = call.state.clock.micros();
    let stage = job.stage(now);
    if stage == Stage::Finished {
        write_result(&call, &job);
    }
    Ok(emulated(
        StatusCode::OK,
        json!({
            "id": job.id,
            "name": job.asked("name"),
            "created_at": calendar::iso(job.started / 1_000_000),
            "updated_at": calendar::iso(job.changed(now) / 1_000_000),
            "state": match stage {
                Stage::Waiting => "PENDING",
                Stage::Running(_) => "RUNNING",
                Stage::Finished => "SUCCEEDED",
                Stage::Failed => "FAILED",
            },
            "input": job.asked("input"),
            "output": job.asked("output"),
            "config": job.asked("config"),
        }),
    ))
}

/// What the schema cannot say.
fn check(body: &Value) -> Result<(), Refusal> {
    if body.pointer("/input/type") != Some(&json!("obs")) {
        return Err(bad("input/type", "the storage must be obs"));
    }
    let config = body.get("config").unwrap_or(&Value::Null);
    let time = |name: &str| {
        let text = config.get(name).and_then(Value::as_str).unwrap_or_default();
        let whole = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit());
        let problem = || bad(&format!("config/{name}"), "a time is written YYYYMMDDHH");
        whole.then(|| text.to_owned()).ok_or_else(problem)
    };
    if time("start_time_begin")? > time("start_time_end")? {
        let why = "it must not be before start_time_begin";
        return Err(bad("config/start_time_end", why));
    }
    match config.get("draw_figures").and_then(Value::as_str) {
        None | Some("true" | "false") => Ok(()),
        Some(_) => Err(bad("config/draw_figures", "it must be true or false")),
    }
}

/// The buckets and paths of the input.
fn places(body: &Value) -> impl Iterator<Item = (&str, &str)> {
    let data = body.pointer("/input/data").and_then(Value::as_array);
    data.into_iter().flatten().filter_map(place)
}

fn place(node: &Value) -> Option<(&str, &str)> {
    Some((node.get("bucket")?.as_str()?, node.get("path")?.as_str()?))
}

/// One small file: what the platform's files look like is not known.
fn write_result(call: &Call, job: &Job) {
    let output = job.request.pointer("/output/obs");
    let Some((bucket, path)) = output.and_then(place) else {
        return;
    };
    let path = path.trim_matches('/');
    let slash = if path.is_empty() { "" } else { "/" };
    let key = format!("{path}{slash}emulated-forecast-{}.json", job.id);
    let result = json!({
        "x_emulated": true,
        "task_id": job.id,
        "config": job.asked("config"),
    });
    inside::store_result(&call.state, bucket, &key, result.to_string().as_bytes());
}
