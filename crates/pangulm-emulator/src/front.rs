//! The front door: every request comes in here, and every answer leaves here.

use std::sync::Arc;
use std::time::Instant;

use axum::body::Body;
use axum::extract::{ConnectInfo, State as Extract};
use axum::http::header::DATE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode};
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream::{self, StreamExt};

use crate::bend::{bend, is_stream};
use crate::call::Call;
use crate::faults::{Fault, HEADER, Kind, throttled};
use crate::obs::{Asked, Operation};
use crate::records::Watch;
use crate::reply::{Answer, Refusal, Shape, text};
use crate::routes::{self, Found};
use crate::state::State;
use crate::wire::Cutter;
use crate::{admin, calendar, cors, obs, random};

const HTML: &str = "<html>\r\n<head><title>{status}</title></head>\r\n<body>\r\n\
                    <center><h1>{status}</h1></center>\r\n</body>\r\n</html>\r\n";

pub(crate) async fn enter(
    Extract(state): Extract<Arc<State>>,
    ConnectInfo(cutter): ConnectInfo<Cutter>,
    request: Request<Body>,
) -> Response {
    let request_id = random::hex(32);
    let (parts, body) = request.into_parts();
    let obs = obs::read(&state, &parts, &request_id);
    let called = match &obs {
        Some(_) => Shape::Obs,
        None => Shape::of_path(parts.uri.path()),
    };
    let mut response = serve(&state, cutter, (parts, body, obs), &request_id)
        .await
        .unwrap_or_else(|refusal| refusal.render(called, &request_id));
    let headers = response.headers_mut();
    match called {
        Shape::Obs => insert(headers, "x-obs-request-id", &request_id),
        Shape::Keystone => insert(headers, "x-iam-trace-id", &request_id),
        Shape::Gateway | Shape::OpenAi | Shape::Search => {}
    }
    insert(headers, "x-request-id", &request_id);
    insert(
        headers,
        DATE.as_str(),
        &calendar::http_date(state.clock.seconds()),
    );
    // Of a bucket its own rules decide.
    if state.options.cors && called != Shape::Obs {
        cors::mark(headers);
    }
    response
}

async fn serve(
    state: &Arc<State>,
    cutter: Cutter,
    (parts, body, obs): (Parts, Body, Option<(Asked, Operation)>),
    request_id: &str,
) -> Answer {
    let preflight = || cors::preflight(&parts, state.options.cors);
    if let Some(response) = obs.is_none().then(preflight).flatten() {
        return Ok(response);
    }
    let path = parts.uri.path().to_owned();
    if path.starts_with(admin::PREFIX) {
        return admin::answer(state, &parts, body).await;
    }
    let called = match &obs {
        Some(_) => Shape::Obs,
        None => Shape::of_path(&path),
    };
    let found = routes::find(&parts.method, &path);
    let operation_id = match (&obs, &found) {
        (Some((_, operation)), _) => Some(operation.name()),
        (None, Found::Route(route, _)) => Some(route.operation_id),
        (None, Found::OtherMethod | Found::OtherDeployment | Found::Nothing) => None,
    };
    let fault = match parts.headers.get(HEADER) {
        Some(value) => Fault::of(value),
        None => Ok(state.standing.strike(operation_id).unwrap_or_default()),
    };
    let key = fault.as_ref().ok().and_then(|fault| fault.key.clone());
    let time = calendar::iso_micros(state.clock.micros());
    let mut watch = state
        .records
        .open(&parts, request_id, time, operation_id, key.clone());
    if let Some(key) = &key {
        state.tallies.request(key);
    }
    let fault = fault.map(|fault| fault.counted(&state.faults));
    let work = async {
        let fault = fault?;
        tokio::time::sleep(fault.delay).await;
        let real = async {
            if let Some((asked, operation)) = obs {
                return obs::serve(asked, operation, body).await;
            }
            match found {
                Found::Route(route, _) if route.is_model() && !state.qps.admits(Instant::now()) => {
                    Err(throttled())
                }
                Found::Route(route, values) => {
                    let (state, names) = (state.clone(), (request_id.to_owned(), key.clone()));
                    let call = Call::read(state, (route, values), names, parts, body).await?;
                    (route.handler)(call).await
                }
                Found::OtherMethod => Err(no_such(StatusCode::METHOD_NOT_ALLOWED, &path)),
                Found::OtherDeployment => Err(crate::chat::no_service(
                    "no deployment of this id for this path",
                )),
                Found::Nothing => Err(no_such(StatusCode::NOT_FOUND, &path)),
            }
        };
        match fault.kind {
            None => real.await,
            Some(Kind::Drop) => {
                watch.over();
                cutter.cut();
                std::future::pending().await
            }
            Some(Kind::Refuse(refusal)) => Err(refusal),
            Some(Kind::Html(status)) => Ok(text(
                status,
                "text/html",
                HTML.replace("{status}", &status.to_string()),
            )),
            Some(Kind::NotJson) => Ok(text(
                StatusCode::OK,
                "text/plain",
                "This is not JSON, by request.",
            )),
            Some(Kind::Redirect) => {
                let mut response = text(StatusCode::FOUND, "text/plain", "It is elsewhere.");
                insert(response.headers_mut(), "location", "/elsewhere");
                Ok(response)
            }
            Some(Kind::Bend(how)) => {
                let error = error_event(called, request_id);
                Ok(bend(real.await?, how, error, cutter).await)
            }
        }
    };
    // A refusal is rendered here already, for its status to be written down.
    let response = work
        .await
        .unwrap_or_else(|refusal| refusal.render(called, request_id));
    watch.answered(response.status());
    if let Some(key) = &key {
        state.tallies.answered(key, response.status());
    }
    Ok(watched(response, watch))
}

fn insert(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// The code is the emulator's own: what the platform says here is not known.
fn no_such(status: StatusCode, path: &str) -> Refusal {
    let what = match status {
        StatusCode::METHOD_NOT_ALLOWED => "takes another method",
        _ => "is not among the operations of the emulator",
    };
    Refusal::new(status, "EMULATOR.PATH", format!("{path} {what}"))
}

/// A service error inside a stream, in the dialect of the path.
fn error_event(shape: Shape, request_id: &str) -> Bytes {
    let refusal = Refusal::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "PANGU.0031",
        "Inner service exception.",
    );
    let body = shape.body(&refusal, request_id);
    let space = if shape == Shape::OpenAi { " " } else { "" };
    format!("data:{space}{body}\n\n").into()
}

/// Keeps the watch until the last byte of a stream is handed over.
fn watched(response: Response, mut watch: Watch) -> Response {
    if !is_stream(response.headers()) {
        watch.over();
        return response;
    }
    response.map(|body| {
        let end = stream::once(async move {
            watch.over();
            stream::empty()
        });
        Body::from_stream(body.into_data_stream().chain(end.flatten()))
    })
}
