//! Videos as jobs (facts: models 6.2). The calls that follow a video out of a text or an image are
//! inferred. Only the state `PROCESSING` was seen: the last one here is the emulator's own word.

use axum::http::{Method, StatusCode};
use serde_json::{Map, Value, json};

use crate::admin;
use crate::call::Call;
use crate::jobs::{Job, Stage};
use crate::random;
use crate::reply::{Answer, Refusal, emulated};
use crate::routes::Route;
use crate::service::{self, bad};
use crate::state::State;

const FROM_TEXT: &str = "emulated-aigc-text-video";
const FROM_IMAGE: &str = "emulated-aigc-img-video";
const EXTENSION: &str = "emulated-aigc-video-extension";

/// An image in base64 is smaller than this.
const IMAGE_LIMIT: usize = 10 << 20;

/// What videos are: a file of the right container that holds this sentence and no picture.
const SENTENCE: &[u8] = b"This video is emulated: it has no pictures.";

/// The routes of videos.
pub(crate) static ROUTES: &[Route] = &[
    Route {
        method: Method::POST,
        path: "/v1/{project_id}/alg-infer/aigc-text-video/service/{deployment_id}/videos",
        operation_id: "createTextVideo",
        deployment: Some(FROM_TEXT),
        handler: |call| Box::pin(create(call)),
    },
    Route {
        method: Method::GET,
        path: "/v1/{project_id}/alg-infer/aigc-text-video/service/{deployment_id}/videos/{video_task_id}",
        operation_id: "getTextVideo",
        deployment: Some(FROM_TEXT),
        handler: |call| Box::pin(get(call, "createTextVideo")),
    },
    Route {
        method: Method::POST,
        path: "/v1/{project_id}/alg-infer/aigc-img-video/service/{deployment_id}/videos",
        operation_id: "createImageVideo",
        deployment: Some(FROM_IMAGE),
        handler: |call| Box::pin(create(call)),
    },
    Route {
        method: Method::GET,
        path: "/v1/{project_id}/alg-infer/aigc-img-video/service/{deployment_id}/videos/{video_task_id}",
        operation_id: "getImageVideo",
        deployment: Some(FROM_IMAGE),
        handler: |call| Box::pin(get(call, "createImageVideo")),
    },
    Route {
        method: Method::POST,
        path: "/v1/{project_id}/alg-infer/aigc-video-extension/service/{deployment_id}/videos",
        operation_id: "createVideoExtension",
        deployment: Some(EXTENSION),
        handler: |call| Box::pin(create(call)),
    },
    Route {
        method: Method::GET,
        path: "/v1/{project_id}/alg-infer/aigc-video-extension/service/{deployment_id}/videos/{video_task_id}",
        operation_id: "getVideoExtension",
        deployment: Some(EXTENSION),
        handler: |call| Box::pin(get(call, "createVideoExtension")),
    },
];

async fn create(call: Call) -> Answer {
    service::admit(&call)?;
    let body = call.json()?;
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    match call.route.operation_id {
        "createImageVideo" => {
            if text("image").is_empty() && text("image_tail").is_empty() {
                return Err(bad("image", "image or image_tail must be there"));
            }
            check_image("image", text("image"))?;
            check_image("image_tail", text("image_tail"))?;
        }
        "createVideoExtension" if !is_url(text("origin_video")) => {
            return Err(bad("origin_video", "it must be the URL of a video"));
        }
        _ => {}
    }
    let mut id = random::hex(32);
    for hyphen in [8, 13, 18, 23] {
        id.insert(hyphen, '-');
    }
    let job = Job::of(&call, id, body);
    let answer = describe(&call, &job);
    call.state.jobs.keep(job);
    Ok(emulated(StatusCode::OK, answer))
}

async fn get(call: Call, started_by: &str) -> Answer {
    service::admit(&call)?;
    let id = call.path_value("video_task_id");
    let job = call.state.jobs.find(started_by, id)?;
    Ok(emulated(StatusCode::OK, describe(&call, &job)))
}

fn describe(call: &Call, job: &Job) -> Value {
    let done = matches!(
        job.stage(call.state.clock.micros()),
        Stage::Finished | Stage::Failed
    );
    let mut config = json!({"resolution": "720p", "duration": 5, "aspect_ratio": "16:9"});
    if let (Value::Object(config), Value::Object(asked)) = (&mut config, job.asked("video_config"))
    {
        config.extend(asked);
    }
    let mut answer = Map::new();
    answer.insert("id".to_owned(), json!(job.id));
    if let Some(prompt) = job.request.get("prompt") {
        answer.insert("prompt".to_owned(), prompt.clone());
    }
    // A state of failure is not documented either, so a doomed video is one without an end.
    let status = match (done, &job.flaw) {
        (true, None) => "EMULATED_FINISHED",
        (true, Some(_)) => "EMULATED_FAILED",
        (false, _) => "PROCESSING",
    };
    answer.insert("status".to_owned(), json!(status));
    answer.insert("video_config".to_owned(), config);
    if done && job.flaw.is_none() {
        let url = format!(
            "{}{}{FILES}{}.mp4",
            call.state.info.url,
            admin::PREFIX,
            job.id
        );
        answer.insert("video_url".to_owned(), json!(url));
    }
    Value::Object(answer)
}

fn check_image(name: &str, image: &str) -> Result<(), Refusal> {
    if image.len() >= IMAGE_LIMIT {
        return Err(bad(name, "the image must be less than 10 MB of base64"));
    }
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte);
    if is_url(image) || image.bytes().all(is_base64) {
        return Ok(());
    }
    Err(bad(name, "the image must be base64 or a URL"))
}

fn is_url(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

/// Where the emulator's videos are, behind the prefix of its own calls.
const FILES: &str = "videos/";

/// Whether this names the video of a job.
pub(crate) fn is_file(state: &State, name: &str) -> bool {
    let id = name
        .strip_prefix(FILES)
        .and_then(|file| file.strip_suffix(".mp4"));
    id.is_some_and(|id| state.jobs.knows(id))
}

/// The bytes of every video: an MP4 file of two boxes.
pub(crate) fn file() -> Vec<u8> {
    let mut file = Vec::new();
    for (kind, content) in [
        (b"ftyp", &b"isom\0\0\x02\0isommp41"[..]),
        (b"mdat", SENTENCE),
    ] {
        let length = u32::try_from(8 + content.len()).unwrap_or(u32::MAX);
        file.extend(length.to_be_bytes());
        file.extend(kind);
        file.extend(content);
    }
    file
}
