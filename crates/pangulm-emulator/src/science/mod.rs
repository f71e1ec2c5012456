//! Scientific-computing models: forecasts as jobs, in both generations of the interface.
//!
//! The path in front of V1's `/tasks` is inferred. Codes for what the schema lets through are those
//! documented for bad parameters.

mod v1;
mod v2;

use axum::http::Method;

use crate::routes::Route;

/// The weather model's deployment.
const WEATHER: &str = "emulated-ai4s-weather";
/// The ocean model's deployment.
const OCEAN: &str = "emulated-ai4s-ocean";

/// The routes of forecasts.
pub(crate) static ROUTES: &[Route] = &[
    Route {
        method: Method::POST,
        path: "/v1/{project_id}/infer-api/proxy/service/{deployment_id}/v2/{scope_id}/tasks",
        operation_id: "createScienceTask",
        deployment: Some(WEATHER),
        handler: |call| Box::pin(v2::create(call)),
    },
    Route {
        method: Method::GET,
        path: "/v1/{project_id}/infer-api/proxy/service/{deployment_id}/v2/{scope_id}/tasks/{task_id}",
        operation_id: "getScienceTask",
        deployment: Some(WEATHER),
        handler: |call| Box::pin(v2::get(call)),
    },
    Route {
        method: Method::POST,
        path: "/v1/{project_id}/infer-api/proxy/service/{deployment_id}/tasks",
        operation_id: "createWeatherTask",
        deployment: Some(WEATHER),
        handler: |call| Box::pin(v1::create(call)),
    },
    Route {
        method: Method::GET,
        path: "/v1/{project_id}/infer-api/proxy/service/{deployment_id}/tasks/{task_id}",
        operation_id: "getWeatherTask",
        deployment: Some(WEATHER),
        handler: |call| Box::pin(v1::get(call, "createWeatherTask")),
    },
    Route {
        method: Method::POST,
        path: "/v1/{project_id}/infer-api/proxy/service/{deployment_id}/tasks",
        operation_id: "createOceanTask",
        deployment: Some(OCEAN),
        handler: |call| Box::pin(v1::create(call)),
    },
    Route {
        method: Method::GET,
        path: "/v1/{project_id}/infer-api/proxy/service/{deployment_id}/tasks/{task_id}",
        operation_id: "getOceanTask",
        deployment: Some(OCEAN),
        handler: |call| Box::pin(v1::get(call, "createOceanTask")),
    },
];
