//! The front door: every request comes in here, and every answer leaves here.

use std::sync::Arc;
use std::time::Instant;

use axum::body::Body;
use axum::extract::{ConnectInfo, State as Extract};
use axum::http::header::DATE;
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode};
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream::{self, StreamExt};

use crate::bend::{bend, is_stream};
use crate::call::Call;
use crate::faults::{Fault, HEADER, Kind, throttled};
use crate::records::Watch;
use crate::reply::{Answer, Refusal, Shape, text};
use crate::routes::{self, Found};
use crate::state::State;
use crate::wire::Cutter;
use crate::{admin, calendar, cors, random};

const HTML: &str = "<html>\r\n<head><title>{status}</title></head>\r\n<body>\r\n\
                    <center><h1>{status}</h1></center>\r\n</body>\r\n</html>\r\n";

pub(crate) async fn enter(
    Extract(state): Extract<Arc<State>>,
    ConnectInfo(cutter): ConnectInfo<Cutter>,
    request: Request<Body>,
) -> Response {
    let request_id = random::hex(32);
    let path = request.uri().path().to_owned();
    let mut response = serve(&state, cutter, request, &request_id)
        .await
        .unwrap_or_else(|refusal| refusal.render(&path, &request_id));
    let headers = response.headers_mut();
    insert(headers, "x-request-id", &request_id);
    if Shape::of_path(&path) == Shape::Keystone {
        insert(headers, "x-iam-trace-id", &request_id);
    }
    insert(
        headers,
        DATE.as_str(),
        &calendar::http_date(state.clock.seconds()),
    );
    if state.options.cors {
        cors::mark(headers);
    }
    response
}

async fn serve(
    state: &Arc<State>,
    cutter: Cutter,
    request: Request<Body>,
    request_id: &str,
) -> Answer {
    let (parts, body) = request.into_parts();
    if let Some(response) = cors::preflight(&parts, state.options.cors) {
        return Ok(response);
    }
    let path = parts.uri.path().to_owned();
    if path.starts_with(admin::PREFIX) {
        return admin::answer(state, &parts, body).await;
    }
    let found = routes::find(&parts.method, &path);
    let operation_id = match &found {
        Found::Route(route, _) => Some(route.operation_id),
        Found::OtherMethod | Found::OtherDeployment | Found::Nothing => None,
    };
    let fault = match parts.headers.get(HEADER) {
        Some(value) => Fault::of(value),
        None => Ok(state.standing.strike(operation_id).unwrap_or_default()),
    };
    let key = fault.as_ref().ok().and_then(|fault| fault.key.clone());
    let time = calendar::iso_micros(state.clock.micros());
    let mut watch = state
        .records
        .open(&parts, request_id, time, operation_id, key);
    let fault = fault.map(|fault| fault.counted(&state.faults));
    let work = async {
        let fault = fault?;
        tokio::time::sleep(fault.delay).await;
        let real = async {
            match found {
                Found::Route(route, _) if route.is_model() && !state.qps.admits(Instant::now()) => {
                    Err(throttled())
                }
                Found::Route(route, values) => {
                    let (state, id) = (state.clone(), request_id.to_owned());
                    let call = Call::read(state, (route, values), id, parts, body).await?;
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
            Some(Kind::Bend(how)) => {
                let error = error_event(Shape::of_path(&path), request_id);
                Ok(bend(real.await?, how, error, cutter).await)
            }
        }
    };
    // A refusal is rendered here already, for its status to be written down.
    let response = work
        .await
        .unwrap_or_else(|refusal| refusal.render(&path, request_id));
    watch.answered(response.status());
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
