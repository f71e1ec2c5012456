//! OBS, the object storage: one bucket in memory, for the inputs and results of jobs.
//!
//! It lives at the same address as everything else, so a request is taken for one of OBS by what it
//! is: signed as OBS requests are, or aimed at the bucket, by host (`emulator-bucket.localhost`) or
//! by path (`/emulator-bucket/key`). What is kept is bounded: see [`store`].
//!
//! Codes that the facts do not name are those the official SDKs know from AWS's interface, which
//! OBS follows by inference.

mod admit;
mod asked;
mod cors;
pub(crate) mod inside;
mod list;
mod md5;
mod multipart;
mod objects;
mod range;
mod store;
pub(crate) mod xml;

use std::sync::Arc;

use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};

pub(crate) use asked::Asked;
pub(crate) use store::{BUCKET, Content, Object, Store};

use crate::obs::asked::Place;
use crate::reply::{Answer, Refusal, Shape, X_EMULATED};
use crate::state::State;

/// What is asked of a bucket or an object.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Operation {
    PutObject,
    GetObject,
    HeadObject,
    DeleteObject,
    ListObjects,
    HeadBucket,
    BeginUpload,
    UploadPart,
    CompleteUpload,
    AbortUpload,
    ListParts,
    SetCors,
    GetCors,
    DeleteCors,
    Preflight,
    Unknown,
}

impl Operation {
    fn of(asked: &Asked) -> Self {
        let is_upload = asked.has("uploadId");
        match (asked.parts.method.as_str(), asked.place.key.is_some()) {
            ("OPTIONS", _) => Self::Preflight,
            _ if asked.is_beyond_us() => Self::Unknown,
            ("PUT", true) if is_upload => Self::UploadPart,
            ("PUT", true) => Self::PutObject,
            ("GET", true) if is_upload => Self::ListParts,
            ("GET", true) => Self::GetObject,
            ("HEAD", true) => Self::HeadObject,
            ("DELETE", true) if is_upload => Self::AbortUpload,
            ("DELETE", true) => Self::DeleteObject,
            ("POST", true) if asked.has("uploads") => Self::BeginUpload,
            ("POST", true) if is_upload => Self::CompleteUpload,
            ("PUT", false) if asked.has("cors") => Self::SetCors,
            ("GET", false) if asked.has("cors") => Self::GetCors,
            ("DELETE", false) if asked.has("cors") => Self::DeleteCors,
            ("GET", false) => Self::ListObjects,
            ("HEAD", false) => Self::HeadBucket,
            _ => Self::Unknown,
        }
    }

    fn writes(self) -> bool {
        !matches!(
            self,
            Self::GetObject
                | Self::HeadObject
                | Self::ListObjects
                | Self::HeadBucket
                | Self::GetCors
        )
    }

    /// Its name in the records.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::PutObject => "obs.putObject",
            Self::GetObject => "obs.getObject",
            Self::HeadObject => "obs.headObject",
            Self::DeleteObject => "obs.deleteObject",
            Self::ListObjects => "obs.listObjects",
            Self::HeadBucket => "obs.headBucket",
            Self::BeginUpload => "obs.beginUpload",
            Self::UploadPart => "obs.uploadPart",
            Self::CompleteUpload => "obs.completeUpload",
            Self::AbortUpload => "obs.abortUpload",
            Self::ListParts => "obs.listParts",
            Self::SetCors => "obs.setCors",
            Self::GetCors => "obs.getCors",
            Self::DeleteCors => "obs.deleteCors",
            Self::Preflight => "obs.preflight",
            Self::Unknown => "obs.unknown",
        }
    }
}

/// The request, if it is one of OBS.
pub(crate) fn read(
    state: &Arc<State>,
    parts: &Parts,
    request_id: &str,
) -> Option<(Asked, Operation)> {
    let place = Place::of(parts);
    if !admit::looks_signed(parts) && place.bucket.as_deref() != Some(BUCKET) {
        return None;
    }
    let asked = Asked::new(state.clone(), parts.clone(), place, request_id);
    let operation = Operation::of(&asked);
    Some((asked, operation))
}

/// Serves a request of OBS.
pub(crate) async fn serve(asked: Asked, operation: Operation, body: Body) -> Answer {
    let origin = asked.parts.headers.get("origin").cloned();
    let store = &asked.state.obs;
    if operation == Operation::Preflight {
        return cors::preflight(store, &asked.parts);
    }
    let mut answer = admitted(&asked, operation, body).await;
    let mark = |response: &mut axum::response::Response| {
        cors::mark(store, &asked.parts.method, origin.as_ref(), response);
    };
    match &mut answer {
        Ok(response) => {
            let emulated = HeaderValue::from_static("true");
            response.headers_mut().insert(X_EMULATED, emulated);
            mark(response);
        }
        // Rendered here, for a page to be able to read it.
        Err(refusal) => {
            let mut response = refusal.render(Shape::Obs, &asked.request_id);
            mark(&mut response);
            return Ok(response);
        }
    }
    answer
}

async fn admitted(asked: &Asked, operation: Operation, body: Body) -> Answer {
    admit::check(asked, operation)?;
    match &asked.place.bucket {
        Some(bucket) if bucket == BUCKET => {}
        Some(_) => {
            let message = "The specified bucket does not exist.";
            return Err(refuse(StatusCode::NOT_FOUND, "NoSuchBucket", message));
        }
        None => return Err(unknown()),
    }
    match operation {
        Operation::PutObject => objects::put(asked, body).await,
        Operation::GetObject => objects::get(asked, true),
        Operation::HeadObject => objects::get(asked, false),
        Operation::DeleteObject => objects::delete(asked),
        Operation::ListObjects => list::list(asked),
        Operation::HeadBucket => Ok(objects::empty(StatusCode::OK)),
        Operation::BeginUpload => multipart::begin(asked),
        Operation::UploadPart => multipart::part(asked, body).await,
        Operation::CompleteUpload => multipart::complete(asked, body).await,
        Operation::AbortUpload => multipart::abort(asked),
        Operation::ListParts => multipart::list(asked),
        Operation::SetCors => cors::set(asked, body).await,
        Operation::GetCors => cors::get(asked),
        Operation::DeleteCors => Ok(cors::delete(asked)),
        Operation::Preflight | Operation::Unknown => Err(unknown()),
    }
}

/// A refusal in OBS's shape.
fn refuse(status: StatusCode, code: &str, message: impl Into<String>) -> Refusal {
    Refusal::new(status, code, message).in_shape(Shape::Obs)
}

fn unknown() -> Refusal {
    let message = "The emulator's object storage does not know this operation.";
    refuse(StatusCode::NOT_IMPLEMENTED, "EMULATOR.OBS", message)
}
