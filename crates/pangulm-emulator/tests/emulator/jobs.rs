//! Forecasts, videos and supply chains: what takes its time on the server's clock.

use pangulm_openapi::{Part, documents};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::obs::{get, put};
use crate::platform::{Platform, json_of, outcome};
use crate::spec::assert_fits;

/// A call of an operation at its model's deployment, with the API key.
async fn call(platform: &Platform, id: &str, name: &str, body: Option<Value>) -> RequestBuilder {
    let info = platform.http.get(platform.url("/_emulator/info"));
    let info = json_of(info.send().await.unwrap()).await;
    let documents = documents().unwrap();
    let mut operations = documents.iter().flat_map(|it| it.operations().unwrap());
    let operation = operations.find(|it| it.id == id).unwrap();
    let deployment = info["deployments"][id].as_str().unwrap();
    let path = operation
        .path
        .replace("{project_id}", &platform.info().project_id)
        .replace("{deployment_id}", deployment)
        .replace("{scope_id}", deployment)
        .replace("{task_id}", name)
        .replace("{video_task_id}", name)
        .replace("{infer_task_id}", name);
    let method = Method::from_bytes(operation.method.as_bytes()).unwrap();
    let request = platform.http.request(method, platform.url(&path));
    let request = request.header("x-apig-appcode", &platform.info().api_key);
    match body {
        Some(body) => request.json(&body),
        None => request,
    }
}

/// The answer of a call that is served, which fits the spec.
async fn served(platform: &Platform, id: &str, name: &str, body: Option<Value>) -> Value {
    let (status, answer) = outcome(call(platform, id, name, body).await).await;
    assert_eq!(status, 200, "{id}: {answer}");
    assert_fits(id, Part::Response, &answer);
    answer
}

async fn turn(platform: &Platform, seconds: i64) {
    platform
        .admin("clock", json!({"offsetSeconds": seconds}))
        .await;
}

fn forecast(name: &str) -> Value {
    json!({
        "name": name,
        "input": {"type": "obs", "data": [{"bucket": "emulator-bucket", "path": "in/"}]},
        "output": {"obs": {"bucket": "emulator-bucket", "path": "out/"}},
        "config": {"start_time_begin": "2017010100", "start_time_end": "2017010200"},
    })
}

/// Each kind of job: what starts it and with what, what follows it, where the id is, and its first
/// and its last state.
fn kinds() -> Vec<(
    &'static str,
    Value,
    &'static str,
    &'static str,
    [&'static str; 2],
)> {
    let v1 = ["PENDING", "SUCCEEDED"];
    let video = ["PROCESSING", "EMULATED_FINISHED"];
    let v2 = json!({"data_dirs": {"global-weather": "obs://emulator-bucket/in/"}});
    let photo = json!({"image_tail": "AAAA"});
    let more = json!({"origin_video": "https://example.com/cat.mp4"});
    let supply = json!({"obs_path": "obs://emulator-bucket/in"});
    vec![
        (
            "createScienceTask",
            v2,
            "getScienceTask",
            "task_id",
            ["waiting", "finished"],
        ),
        (
            "createWeatherTask",
            forecast("w"),
            "getWeatherTask",
            "task_id",
            v1,
        ),
        (
            "createOceanTask",
            forecast("o"),
            "getOceanTask",
            "task_id",
            v1,
        ),
        (
            "createTextVideo",
            json!({"prompt": "cat"}),
            "getTextVideo",
            "id",
            video,
        ),
        ("createImageVideo", photo, "getImageVideo", "id", video),
        (
            "createVideoExtension",
            more,
            "getVideoExtension",
            "id",
            video,
        ),
        (
            "createSupplyInference",
            supply,
            "getSupplyInferenceStatus",
            "infer_task_id",
            ["running", "completed"],
        ),
    ]
}

/// The state, wherever an area has it.
fn state(answer: &Value) -> &Value {
    answer.get("state").unwrap_or(&answer["status"])
}

#[tokio::test]
async fn a_job_begins_and_ends_in_its_documented_states() {
    let platform = Platform::start();
    put(&platform, "in/field.nc", "an initial field").await;
    for (create, body, get, id, states) in kinds() {
        // A clock an hour ahead gives each test of a state all the time it needs.
        turn(&platform, 3600).await;
        let started = served(&platform, create, "", Some(body)).await;
        let name = started[id].as_str().unwrap();
        turn(&platform, 0).await;
        let waiting = served(&platform, get, name, None).await;
        assert_eq!(state(&waiting), states[0], "{waiting}");
        assert!(waiting.get("video_url").is_none());
        turn(&platform, 3610).await;
        let finished = served(&platform, get, name, None).await;
        assert_eq!(state(&finished), states[1], "{finished}");
        assert_eq!(started["x_emulated"], true);
    }
}

#[tokio::test]
async fn a_doomed_job_fails_in_the_documented_word() {
    let platform = Platform::start();
    let v2 = json!({"data_dirs": {"global-weather": "obs://emulator-bucket/emulate-failure/"}});
    let supply = json!({"obs_path": "obs://emulator-bucket/emulate-failure"});
    for (create, body, get, id, word) in [
        (
            "createScienceTask",
            v2,
            "getScienceTask",
            "task_id",
            "failed",
        ),
        (
            "createOceanTask",
            forecast("emulate-failure"),
            "getOceanTask",
            "task_id",
            "FAILED",
        ),
        (
            "createSupplyInference",
            supply,
            "getSupplyInferenceStatus",
            "infer_task_id",
            "failed",
        ),
    ] {
        turn(&platform, 0).await;
        let started = served(&platform, create, "", Some(body)).await;
        turn(&platform, 60).await;
        let ended = served(&platform, get, started[id].as_str().unwrap(), None).await;
        assert_eq!(state(&ended), word);
    }
}

#[tokio::test]
async fn a_forecast_reads_from_the_object_storage_and_writes_to_it() {
    let platform = Platform::start();
    let start = async || {
        let started = served(&platform, "createWeatherTask", "", Some(forecast("w"))).await;
        started["task_id"].as_str().unwrap().to_owned()
    };
    let without_input = start().await;
    put(&platform, "in/field.nc", "an initial field").await;
    let with_input = start().await;
    turn(&platform, 60).await;
    let failed = served(&platform, "getWeatherTask", &without_input, None).await;
    assert_eq!(failed["state"], "FAILED");
    let done = served(&platform, "getWeatherTask", &with_input, None).await;
    assert_eq!(done["state"], "SUCCEEDED");
    turn(&platform, 0).await;
    let result = |id: &str| format!("out/emulated-forecast-{id}.json");
    let written = json_of(get(&platform, &result(&with_input)).await).await;
    assert_eq!(written["config"], forecast("w")["config"]);
    assert_eq!(get(&platform, &result(&without_input)).await.status(), 404);
}

#[tokio::test]
async fn what_no_model_could_run_is_refused_by_name() {
    let platform = Platform::start();
    let with = |pointer: &str, value: Value| {
        let mut body = forecast("w");
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        body.pointer_mut(parent).unwrap()[name] = value;
        body
    };
    let photo = |image: &str| json!({"image": image});
    for (id, body, member) in [
        ("createWeatherTask", json!({"name": "w"}), "/input"),
        (
            "createWeatherTask",
            with("/input/type", json!("disk")),
            "/input/type",
        ),
        (
            "createWeatherTask",
            with("/config/start_time_begin", json!("2017-01-01")),
            "/config/start_time_begin",
        ),
        (
            "createWeatherTask",
            with("/config/start_time_end", json!("2016010100")),
            "/config/start_time_end",
        ),
        (
            "createWeatherTask",
            with("/config/start_time_interval_hours", json!(25)),
            "/config/start_time_interval_hours",
        ),
        (
            "createWeatherTask",
            with("/config/draw_figures", json!("yes")),
            "/config/draw_figures",
        ),
        (
            "createWeatherTask",
            with("/config/ensemble_noise_perlin_scale", json!(0.5)),
            "/config/ensemble_noise_perlin_scale",
        ),
        ("createScienceTask", json!({}), "/data_dirs/global-weather"),
        (
            "createScienceTask",
            json!({"models": ["mars"], "data_dirs": {"mars": "obs://b/x"}}),
            "/models",
        ),
        (
            "createTextVideo",
            json!({"prompt": "a".repeat(1001)}),
            "/prompt",
        ),
        ("createImageVideo", json!({"prompt": "p"}), "/image"),
        ("createImageVideo", photo("no base64!"), "/image"),
        ("createImageVideo", photo(&"A".repeat(10 << 20)), "/image"),
        (
            "createVideoExtension",
            json!({"origin_video": "cat.mp4"}),
            "/origin_video",
        ),
        (
            "querySupplyFeatureImportance",
            json!({"level": "?"}),
            "/level",
        ),
        (
            "createSupplyInference",
            json!({"obs_path": "here"}),
            "/obs_path",
        ),
    ] {
        let (status, answer) = outcome(call(&platform, id, "", Some(body)).await).await;
        assert_eq!(status, 400, "{id}: {answer}");
        assert!(
            answer["error_msg"].as_str().unwrap().contains(member),
            "{answer}"
        );
    }
}

#[tokio::test]
async fn a_number_outside_its_limits_is_refused_in_whatever_way_it_is_written() {
    let platform = Platform::start();
    let weather = |name: &str, value: Value| {
        let mut body = forecast("w");
        body["config"][name] = value;
        ("createWeatherTask", body, format!("/config/{name}"))
    };
    let below_64_bits = || json!(-9.223372036854776e18);
    let mut wrong = Vec::new();
    for members in [
        json!(1),
        json!(11),
        json!(-2),
        json!(2.5),
        json!("4"),
        json!(1e300),
        json!(u64::MAX),
        below_64_bits(),
    ] {
        wrong.push(weather("num_ensembles", members));
    }
    for (name, value) in [
        ("start_time_interval_hours", json!(0)),
        ("start_time_interval_hours", json!(24.5)),
        ("forecast_lead_hours", below_64_bits()),
        ("forecast_lead_hours", json!(true)),
        ("ensemble_noise_perlin_scale", json!(0)),
        ("ensemble_noise_perlin_scale", json!("0.1")),
        ("ensemble_noise_perlin_octave", json!(1e300)),
        ("ensemble_noise_method", json!("loud")),
    ] {
        wrong.push(weather(name, value));
    }
    let video = json!({"prompt": "p", "video_config": {"duration": below_64_bits()}});
    wrong.push((
        "createTextVideo",
        video,
        "/video_config/duration".to_owned(),
    ));
    for (id, body, member) in wrong {
        let (status, answer) = outcome(call(&platform, id, "", Some(body.clone())).await).await;
        assert_eq!(status, 400, "{body}: {answer}");
        assert_eq!(answer["error_code"], "PANGU.0010");
        let message = answer["error_msg"].as_str().unwrap();
        assert!(message.contains(&member), "{message}");
    }
    for right in [json!(0), json!(2), json!(10), json!(10.0)] {
        let (id, body, _) = weather("num_ensembles", right);
        let started = served(&platform, id, "", Some(body)).await;
        let task = started["task_id"].as_str().unwrap();
        served(&platform, "getWeatherTask", task, None).await;
    }
}

#[tokio::test]
async fn a_job_is_known_only_to_the_model_that_runs_it() {
    let platform = Platform::start();
    let started = served(&platform, "createWeatherTask", "", Some(forecast("w"))).await;
    let name = started["task_id"].as_str().unwrap();
    let ocean = call(&platform, "getOceanTask", name, None).await;
    assert_eq!(outcome(ocean).await.0, 404);
    platform.admin("reset", json!({})).await;
    let weather = call(&platform, "getWeatherTask", name, None).await;
    assert_eq!(outcome(weather).await.0, 404);
}

#[tokio::test]
async fn nobody_without_a_credential_starts_a_job() {
    let platform = Platform::start();
    for (create, body, ..) in kinds() {
        let mut request = call(&platform, create, "", Some(body))
            .await
            .build()
            .unwrap();
        request.headers_mut().remove("x-apig-appcode");
        let answer = platform.http.execute(request).await.unwrap();
        assert_eq!(answer.status(), 401, "{create}");
    }
}

#[tokio::test]
async fn a_finished_video_can_be_fetched_and_another_one_cannot() {
    let platform = Platform::start();
    let started = served(
        &platform,
        "createTextVideo",
        "",
        Some(json!({"prompt": "a cat"})),
    )
    .await;
    turn(&platform, 60).await;
    let id = started["id"].as_str().unwrap();
    let video = served(&platform, "getTextVideo", id, None).await;
    let url = video["video_url"].as_str().unwrap();
    let file = platform.http.get(url).send().await.unwrap();
    assert_eq!(file.headers()["content-type"], "video/mp4");
    assert_eq!(&file.bytes().await.unwrap()[4..8], b"ftyp");
    let other = platform.http.get(url.replace(id, "other")).send().await;
    assert_eq!(other.unwrap().status(), 404);
    assert_eq!(video["video_config"]["duration"], 5);
}

#[tokio::test]
async fn the_supply_chain_model_tells_its_items_and_what_weighs() {
    let platform = Platform::start();
    let items = served(&platform, "listSupplyItems", "", None).await;
    assert_eq!(
        items["count"],
        json!(items["items"].as_array().unwrap().len())
    );
    let level = json!({"level": "型号"});
    let weights = served(&platform, "querySupplyFeatureImportance", "", Some(level)).await;
    assert!(weights.get("x_emulated").is_none(), "it would be an item");
    let asked = json!({"items": ["生活家电"]});
    let found = served(&platform, "querySupplyPredictions", "", Some(asked.clone())).await;
    assert_eq!(found["request"], asked);
    assert_eq!(found["x_emulated"], true);
}
