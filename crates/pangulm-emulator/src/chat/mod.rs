//! Chats, in both dialects, whole or streamed.

pub(crate) mod answer;
pub(crate) mod ask;
pub(crate) mod frames;
pub(crate) mod stream;
mod tools;
mod whole;

use axum::http::{Method, StatusCode};

use crate::call::Call;
use crate::gateway;
use crate::reply::{Answer, Refusal};
use crate::routes::Route;
use crate::upstream;
use ask::{Ask, Dialect};

/// The routes of chats.
pub(crate) static ROUTES: &[Route] = &[
    Route {
        method: Method::POST,
        path: "/v1/{project_id}/deployments/{deployment_id}/chat/completions",
        operation_id: "createChatCompletionV1",
        deployment: None,
        handler: |call| Box::pin(v1(call)),
    },
    Route {
        method: Method::POST,
        path: "/api/v2/chat/completions",
        operation_id: "createChatCompletionV2",
        deployment: None,
        handler: |call| Box::pin(v2(call)),
    },
];

/// V1: the path names the deployment.
pub(crate) async fn v1(call: Call) -> Answer {
    gateway::admit_v1(&call)?;
    check_deployment(&call)?;
    let deployment = call.path_value("deployment_id").to_owned();
    let body = call.json()?;
    reply(&call, Ask::new(&call, Dialect::V1, &deployment, body)?).await
}

/// V2: the body names the model.
async fn v2(call: Call) -> Answer {
    gateway::admit_v2(&call)?;
    let body = call.json()?;
    let model = body
        .get("model")
        .and_then(|model| model.as_str())
        .unwrap_or_default()
        .to_owned();
    if !call.state.info.knows(&model) {
        return Err(no_service(&format!("no model {:?}", clip(&model))));
    }
    reply(&call, Ask::new(&call, Dialect::V2, &model, body)?).await
}

/// Refuses a V1 path to a project or deployment that is not there.
pub(crate) fn check_deployment(call: &Call) -> Result<(), Refusal> {
    let (project, deployment) = (
        call.path_value("project_id"),
        call.path_value("deployment_id"),
    );
    if project != call.state.info.project_id {
        return Err(no_service(&format!("no project {:?}", clip(project))));
    }
    if !call.state.info.knows(deployment) {
        return Err(no_service(&format!("no deployment {:?}", clip(deployment))));
    }
    Ok(())
}

async fn reply(call: &Call, ask: Ask) -> Answer {
    if let Some(key) = &call.key {
        call.state.tallies.generation(key);
    }
    if let Some(upstream) = &call.state.upstream {
        return upstream::forward(upstream, ask).await;
    }
    let plan = answer::plan(&ask);
    Ok(if ask.stream {
        stream::respond(&ask, plan, call.state.options.pace)
    } else {
        whole::respond(&ask, &plan)
    })
}

/// The status is inferred, the code and its text are documented.
pub(crate) fn no_service(detail: &str) -> Refusal {
    let message = format!("The requested inference service does not exist. There is {detail}.");
    Refusal::new(StatusCode::NOT_FOUND, "PANGU.3254", message)
}

fn clip(name: &str) -> String {
    name.chars().take(100).collect()
}
