//! The supply-chain model: demand that can be looked up, and new forecasts as jobs (facts: models 5).

use axum::http::{HeaderValue, Method, StatusCode};
use serde_json::{Value, json};

use crate::calendar;
use crate::call::Call;
use crate::jobs::{Job, Stage};
use crate::obs::inside;
use crate::reply::{Answer, X_EMULATED, emulated, plain_json};
use crate::routes::Route;
use crate::service::{self, bad};

/// The model's deployment.
const DEPLOYMENT: &str = "emulated-supply-chain";
/// The items and the level of the reference's examples.
const ITEMS: [&str; 2] = ["生活家电", "生活家电/空调"];
const LEVEL: &str = "型号";

/// The routes of the supply-chain model.
pub(crate) static ROUTES: &[Route] = &[
    Route {
        method: Method::GET,
        path: "/v1/{project_id}/infer-api/proxy/service/{deployment_id}/v1/items",
        operation_id: "listSupplyItems",
        deployment: Some(DEPLOYMENT),
        handler: |call| Box::pin(items(call)),
    },
    Route {
        method: Method::POST,
        path: "/v1/{project_id}/infer-api/proxy/service/{deployment_id}/v1/predictions",
        operation_id: "querySupplyPredictions",
        deployment: Some(DEPLOYMENT),
        handler: |call| Box::pin(predictions(call)),
    },
    Route {
        method: Method::POST,
        path: "/v1/{project_id}/infer-api/proxy/service/{deployment_id}/v1/feat-importance",
        operation_id: "querySupplyFeatureImportance",
        deployment: Some(DEPLOYMENT),
        handler: |call| Box::pin(importance(call)),
    },
    Route {
        method: Method::POST,
        path: "/v1/{project_id}/infer-api/proxy/service/{deployment_id}/v1/inference",
        operation_id: "createSupplyInference",
        deployment: Some(DEPLOYMENT),
        handler: |call| Box::pin(create(call)),
    },
    Route {
        method: Method::GET,
        path: "/v1/{project_id}/infer-api/proxy/service/{deployment_id}/v1/{infer_task_id}/status",
        operation_id: "getSupplyInferenceStatus",
        deployment: Some(DEPLOYMENT),
        handler: |call| Box::pin(status(call)),
    },
];

async fn items(call: Call) -> Answer {
    service::admit(&call)?;
    Ok(emulated(
        StatusCode::OK,
        json!({"items": ITEMS, "count": ITEMS.len()}),
    ))
}

/// Neither body nor answer is documented: the emulator gives back what it got, and says so.
async fn predictions(call: Call) -> Answer {
    service::admit(&call)?;
    let body = call.json()?;
    Ok(emulated(
        StatusCode::OK,
        json!({"emulated_note": "the platform's answer is not documented", "request": body}),
    ))
}

async fn importance(call: Call) -> Answer {
    service::admit(&call)?;
    let body = call.json()?;
    if body.get("level") != Some(&json!(LEVEL)) {
        let why = format!("only {LEVEL} is a trained level here");
        return Err(bad("level", &why));
    }
    // A map of maps alone: the mark inside would pass for an item.
    let weights = json!({
        "大家电/空调/壁挂式空调/云佳": {"价格": 0.364, "能效等级": 0.001},
        "大家电/空调/柜式空调/云锦": {"价格": 0.271, "能效等级": 0.118},
    });
    let mut response = plain_json(StatusCode::OK, &weights);
    let emulated = HeaderValue::from_static("true");
    response.headers_mut().insert(X_EMULATED, emulated);
    Ok(response)
}

async fn create(call: Call) -> Answer {
    service::admit(&call)?;
    let body = call.json()?;
    let path = body.get("obs_path").and_then(Value::as_str);
    let Some((bucket, path)) = path.and_then(inside::at) else {
        let why = "it must be like obs://bucket_name/path/to/data";
        return Err(bad("obs_path", why));
    };
    let there = inside::holds(&call.state, bucket, path);
    let mut job = Job::of(&call, free_id(&call), body);
    if !there {
        job.flaw = Some("the input is not there".to_owned());
    }
    let id = job.id.clone();
    call.state.jobs.keep(job);
    Ok(emulated(StatusCode::OK, json!({"infer_task_id": id})))
}

/// `infer_20260701_150000`: the time, moved on by seconds while it is taken.
fn free_id(call: &Call) -> String {
    let now = call.state.clock.seconds();
    let id = |second: u64| {
        let basic = calendar::basic(second);
        format!("infer_{}", basic.trim_end_matches('Z').replace('T', "_"))
    };
    let mut free = (now..).map(id).filter(|id| !call.state.jobs.knows(id));
    free.next().unwrap_or_default()
}

async fn status(call: Call) -> Answer {
    service::admit(&call)?;
    let id = call.path_value("infer_task_id");
    let job = call.state.jobs.find("createSupplyInference", id)?;
    // Only the sentence of a finished job was seen.
    let (status, info) = match job.stage(call.state.clock.micros()) {
        Stage::Waiting | Stage::Running(_) => ("running", "推理中".to_owned()),
        Stage::Finished => {
            let centiseconds = (job.ends() - job.started) / 10_000;
            let (whole, rest) = (centiseconds / 100, centiseconds % 100);
            (
                "completed",
                format!("推理完成, 推理总用时: {whole}.{rest:02}秒"),
            )
        }
        Stage::Failed => (
            "failed",
            format!("推理失败: {}", job.flaw.unwrap_or_default()),
        ),
    };
    Ok(emulated(
        StatusCode::OK,
        json!({"status": status, "info": info}),
    ))
}
