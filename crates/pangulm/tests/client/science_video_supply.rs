//! Forecasts, videos and supply chains: started, followed, taken up again.

use crate::support::*;
use pangulm::science::{
    EnsembleNoise, ForecastPlace, ForecastTaskState, OceanTaskConfig, OceanTaskRequest,
    ScienceTaskRequest, ScienceTaskStatus, WeatherTaskConfig, WeatherTaskRequest,
};
use pangulm::supply_chain::SupplyInferenceStatus;
use pangulm::video::{
    Frame, Image, ImageVideoRequest, TextVideoRequest, VideoExtensionRequest, VideoKind,
};
use pangulm::{Client, Phase};
use pangulm_emulator::Running;
use serde_json::{Value, json};
use std::time::Duration;

const WEATHER: &str = "emulated-ai4s-weather";
const OCEAN: &str = "emulated-ai4s-ocean";
const SUPPLY: &str = "emulated-supply-chain";

/// Turns the emulator's clock on, so that nobody waits for its jobs.
async fn later(running: &Running) {
    let url = format!("{}/_emulator/clock", running.info.url);
    let body = json!({"offsetSeconds": 60}).to_string();
    let post = reqwest::Client::new().post(url).body(body);
    assert!(post.send().await.unwrap().status().is_success());
}

/// A client that may put objects too, when the input is there.
async fn with_input(running: &Running) -> Client {
    let info = &running.info;
    let client = bare(running)
        .obs_endpoint(&info.obs_url)
        .api_key(&info.api_key)
        .access_key(&info.access_key_id, &info.secret_access_key)
        .build()
        .unwrap();
    let bucket = client.obs().bucket("emulator-bucket");
    bucket.put("in/field.nc", "an initial field").await.unwrap();
    client
}

fn place(path: &str) -> ForecastPlace {
    ForecastPlace::new("emulator-bucket", path)
}

fn weather(name: &str) -> WeatherTaskRequest {
    let config = WeatherTaskConfig::between("2017010100", "2017010200");
    WeatherTaskRequest::new(name, [place("in/")], place("out/"), config)
}

#[tokio::test]
async fn a_forecast_of_the_current_interface_is_followed_to_its_end() {
    let running = start();
    let client = with_input(&running).await;
    let tasks = client.science().deployment(WEATHER).tasks();
    let request = ScienceTaskRequest::reading("global-weather", "obs://emulator-bucket/in/")
        .only(["global-weather"]);
    let mut job = tasks.create(request).await.unwrap();
    let first = job.status().await.unwrap();
    assert_eq!(first.phase, Phase::Running);
    assert!(first.progress.unwrap() < 1.0);
    later(&running).await;
    assert_eq!(
        job.wait().await.unwrap().status,
        ScienceTaskStatus::Finished
    );
    let again = tasks.resume(job.id()).unwrap().status().await.unwrap();
    assert_eq!((again.phase, again.progress), (Phase::Succeeded, Some(1.0)));
    assert_eq!(
        tasks.get(job.id()).await.unwrap().status,
        ScienceTaskStatus::Finished
    );
    let sent = requests(&running).await;
    let scope = format!("/{WEATHER}/v2/{WEATHER}/tasks");
    let started = |it: &&Value| it["operationId"] == "createScienceTask";
    let started = sent.iter().find(started).unwrap();
    assert!(started["path"].as_str().unwrap().ends_with(&scope));
}

#[tokio::test]
async fn forecasts_of_the_first_interface_keep_what_they_were_started_with() {
    let running = start();
    let client = with_input(&running).await;
    let noise = EnsembleNoise::Perlin {
        scale: 0.1,
        octave: 3,
    };
    let mut request = weather("storm");
    let config = request.config.lead_hours(72).ensemble(4, noise);
    request.config = config.perlin_xy(0.5, 0.25);
    let tasks = client.science().deployment(WEATHER).weather();
    let mut job = tasks.create(request.clone()).await.unwrap();
    later(&running).await;
    let task = job.wait().await.unwrap();
    assert_eq!(task.state, ForecastTaskState::Succeeded);
    assert_eq!(task.config, Some(request.config));
    let config = task.config.unwrap();
    let along = (
        config.ensemble_noise_perlin_x,
        config.ensemble_noise_perlin_y,
    );
    assert_eq!(along, (Some(0.5), Some(0.25)));
    assert_eq!(task.name.as_deref(), Some("storm"));
    let result = format!("out/emulated-forecast-{}.json", task.id);
    // The clock is a minute ahead, which signatures bear.
    let result = client.obs().bucket("emulator-bucket").get(&result).await;
    assert!(result.unwrap().bytes().await.unwrap().starts_with(b"{"));

    let config = OceanTaskConfig::between("2017010100", "2017010200").lead_hours(720);
    let request = OceanTaskRequest::new("sea", [place("in/")], place("out/"), config);
    let tasks = client.science().deployment(OCEAN).ocean();
    let id = tasks.create(request).await.unwrap().id().to_owned();
    assert_eq!(tasks.get(&id).await.unwrap().id, id);
    let other = client.science().deployment(WEATHER).weather();
    assert!(other.get(&id).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn a_forecast_that_came_to_nothing_is_an_error_with_the_jobs_id() {
    let running = start();
    let client = with_key(&running);
    let tasks = client.science().deployment(WEATHER).weather();
    let mut job = tasks.create(weather("emulate-failure")).await.unwrap();
    later(&running).await;
    let failed = job.wait().await.unwrap_err();
    assert!(failed.is_job_failed(), "{failed}");
    assert!(failed.to_string().contains(job.id()), "{failed}");
    assert!(failed.to_string().contains("FAILED"), "{failed}");
}

#[tokio::test]
async fn videos_are_done_when_their_address_is_there() {
    let running = start();
    let client = with_key(&running);
    let at = |deployment: &str| client.video().deployment(deployment);
    let text = TextVideoRequest::new("a cat")
        .duration(7)
        .resolution("720p");
    let png = b"\x89PNG\r\n\x1a\n";
    let image = ImageVideoRequest::beginning_with(Image::from(&png[..]))
        .and_ending_with(Frame::url("https://example.com/last.png"))
        .aspect_ratio("original");
    let extension = VideoExtensionRequest::of("https://example.com/cat.mp4").prompt("it jumps");
    let (from_text, from_image, more) = (
        at("emulated-aigc-text-video"),
        at("emulated-aigc-img-video"),
        at("emulated-aigc-video-extension"),
    );
    let mut jobs = [
        from_text.from_text(text).await.unwrap(),
        from_image.from_image(image).await.unwrap(),
        more.extend(extension).await.unwrap(),
    ];
    let first = jobs[0].status().await.unwrap();
    assert_eq!(first.state, "PROCESSING");
    assert_eq!(first.answer.video_config.unwrap().duration, Some(7));
    later(&running).await;
    for job in &mut jobs {
        let url = job.wait().await.unwrap().video_url.unwrap();
        let file = reqwest::get(&url).await.unwrap();
        assert_eq!(file.headers()["content-type"], "video/mp4");
    }
    let kind = VideoKind::FromText;
    let mut again = from_text.resume(kind, jobs[0].id()).unwrap();
    assert_eq!(again.wait().await.unwrap().prompt.as_deref(), Some("a cat"));
}

#[tokio::test]
async fn a_documented_limit_of_videos_is_refused_before_anything_is_sent() {
    let running = start();
    let client: Client = with_key(&running);
    let video = client.video().deployment("emulated-aigc-img-video");
    let long = "长".repeat(1001);
    let refused = video.from_text(TextVideoRequest::new(&long)).await;
    assert_eq!(refused.unwrap_err().field(), Some("prompt"));
    let image = || ImageVideoRequest::beginning_with(Frame::url("https://example.com/a.png"));
    let refused = video.from_image(image().prompt(&long)).await;
    assert_eq!(refused.unwrap_err().field(), Some("prompt"));
    let refused = video.from_image(image().model("m".repeat(129))).await;
    assert_eq!(refused.unwrap_err().field(), Some("model"));
    let none = ImageVideoRequest::beginning_with(Frame::url(""));
    let refused = video.from_image(none).await;
    assert_eq!(refused.unwrap_err().field(), Some("image"));
    let heavy = Image::from(vec![0; 8 << 20]);
    let refused = video
        .from_image(ImageVideoRequest::ending_with(heavy))
        .await;
    assert_eq!(refused.unwrap_err().field(), Some("image_tail"));
    assert!(requests(&running).await.is_empty());
    assert!(video.resume(VideoKind::Extension, "").is_err());
}

#[tokio::test]
async fn a_supply_chain_is_asked_for_items_weights_and_a_new_forecast() {
    let running = start();
    let client = with_input(&running).await;
    let chain = client.supply_chain().deployment(SUPPLY);
    let items = chain.items().await.unwrap();
    assert_eq!(items.items.len(), 2);
    let weights = chain.feature_importance("型号").await.unwrap();
    assert!(weights.values().all(|item| item.contains_key("价格")));
    let refused = chain.feature_importance("?").await.unwrap_err();
    assert_eq!(refused.code(), Some("PANGU.0010"));
    assert!(refused.request_id().is_some() && refused.remedy().is_some());
    let found = chain.predictions(&json!({"items": items.items})).await;
    assert!(found.unwrap().contains_key("request"));
    let mut job = chain.inference("obs://emulator-bucket/in").await.unwrap();
    assert!(job.id().starts_with("infer_"));
    later(&running).await;
    let ended = job.wait().await.unwrap();
    assert_eq!(ended.status, SupplyInferenceStatus::Completed);
    let info = chain.resume(job.id()).unwrap().wait().await.unwrap().info;
    assert!(info.unwrap().contains("推理完成"));
    let doomed = chain.inference("obs://b/emulate-failure").await.unwrap();
    let late = doomed.deadline(Duration::ZERO).wait().await.unwrap_err();
    assert!(late.is_timeout() && late.to_string().contains("running"));
}
