//! Data sets of the one workspace (facts: platform 3.1, 3.2).

use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::call::{Call, is_signed};
use crate::gateway;
use crate::reply::{Answer, Refusal, emulated};
use crate::routes::Route;

pub(crate) static ROUTES: &[Route] = &[
    Route {
        method: Method::GET,
        path: "/v1/{project_id}/workspaces/{workspace_id}/data-management/lineages",
        operation_id: "listDataLineages",
        deployment: None,
        handler: |call| Box::pin(lineages(call)),
    },
    Route {
        method: Method::POST,
        path: "/v1/{project_id}/workspaces/{workspace_id}/data-management/dataset/permanent-delete",
        operation_id: "deleteDatasetPermanently",
        deployment: None,
        handler: |call| Box::pin(delete(call)),
    },
];

/// A step from OBS to a data set, or from one data set to the next.
#[derive(Clone, Debug)]
struct Step {
    number: u32,
    from: Option<&'static str>,
    to: (&'static str, &'static str),
    process_type: Option<&'static str>,
}

/// Where all data of the emulator came from.
const FROM_PATH: &str = "emulator-bucket/rivers";

/// What an emulator begins with.
const STEPS: [Step; 3] = [
    Step {
        number: 1,
        from: None,
        to: ("river-questions", "ORIGINAL"),
        process_type: None,
    },
    Step {
        number: 2,
        from: Some("river-questions"),
        to: ("river-questions-clean", "PROCESS"),
        process_type: Some("PROCESS"),
    },
    Step {
        number: 3,
        from: Some("river-questions-clean"),
        to: ("river-questions-final", "PUBLISH"),
        process_type: Some("PUBLISH"),
    },
];

/// The data sets that are there. None can be added, so there are never more than at first.
#[derive(Debug)]
pub(crate) struct Datasets(Mutex<Vec<Step>>);

impl Default for Datasets {
    fn default() -> Self {
        Self(Mutex::new(STEPS.to_vec()))
    }
}

impl Datasets {
    pub(crate) fn reset(&self) {
        *self.lock() = STEPS.to_vec();
    }

    /// Whether there was such a data set.
    fn delete(&self, name: &str, catalog: Option<&str>) -> bool {
        let mut steps = self.lock();
        let before = steps.len();
        steps.retain(|step| {
            let (known, kind) = step.to;
            known != name || catalog.is_some_and(|catalog| catalog != kind)
        });
        steps.len() < before
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Step>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// API keys are not listed for these calls.
fn admit(call: &Call) -> Result<(), Refusal> {
    if call.header("x-auth-token").is_none() && !is_signed(&call.parts) {
        return Err(gateway::iam_refusal("APIG.0301", "x-auth-token not found"));
    }
    gateway::admit_v1(call)?;
    let info = &call.state.info;
    let named = (
        call.path_value("project_id"),
        call.path_value("workspace_id"),
    );
    if named == (&*info.project_id, &*info.workspace_id) {
        return Ok(());
    }
    // The code is the emulator's own: what the platform says here is not known.
    let message = "there is no such project or workspace";
    Err(Refusal::new(
        StatusCode::NOT_FOUND,
        "EMULATOR.WORKSPACE",
        message,
    ))
}

async fn lineages(call: Call) -> Answer {
    admit(&call)?;
    let limit = call.query("limit").and_then(|limit| limit.parse().ok());
    let Some(limit) = limit.filter(|limit| (1..=1000).contains(limit)) else {
        let message = "parameter illegal. limit must be 1 to 1000";
        return Err(Refusal::bad("PANGU.0010", message));
    };
    let Some(path) = call.query("from_path").filter(|path| !path.is_empty()) else {
        let message = "required api parameter is not present. from_path";
        return Err(Refusal::bad("PANGU.3278", message));
    };
    let path = path.trim_end_matches('/');
    let under = FROM_PATH == path || FROM_PATH.starts_with(&format!("{path}/"));
    let steps = call.state.datasets.lock();
    let lineages: Vec<Value> = steps
        .iter()
        .filter(|_| under)
        .take(limit)
        .map(lineage)
        .collect();
    Ok(emulated(StatusCode::OK, json!({"lineages": lineages})))
}

/// The members and their nulls are those of the documented example.
fn lineage(step: &Step) -> Value {
    let id = |kind: &str| format!("{:08x}-0000-4000-a000-{kind:0>12}", step.number);
    let (name, catalog) = step.to;
    let before = STEPS.iter().find(|it| Some(it.to.0) == step.from);
    let of_obs = step.from.is_none();
    json!({
        "id": id("1"),
        "from_id": before.map(|it| format!("{:08x}-0000-4000-a000-{:0>12}", it.number, 2)),
        "from_name": step.from,
        "from_catalog": before.map(|it| it.to.1),
        "from_type": if of_obs { "OBS" } else { "DATASET" },
        "to_id": id("2"),
        "to_name": name,
        "to_catalog": catalog,
        "to_type": "DATASET",
        "process_id": step.process_type.map(|_| id("3")),
        "process_name": null,
        "process_type": step.process_type,
        "train_job_name": null,
        "model_type": null,
        "train_type": null,
        "create_time": 1_735_689_600_000_u64 + u64::from(step.number) * 60_000,
        "from_path": of_obs.then_some(FROM_PATH),
        "from_path_existed": of_obs.then_some(true),
    })
}

async fn delete(call: Call) -> Answer {
    admit(&call)?;
    let body = call.json()?;
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let name = text("dataset_name").unwrap_or_default();
    let catalog = text("catalog");
    let result = call.state.datasets.delete(name, catalog);
    let mut answer = json!({"dataset_name": name, "result": result});
    if let (Value::Object(members), Some(catalog)) = (&mut answer, catalog) {
        members.insert("catalog".to_owned(), catalog.into());
    }
    Ok(emulated(StatusCode::OK, answer))
}
