//! What an emulator may begin with, so that there is something to look at.

use serde_json::{Value, json};

use crate::identity;
use crate::jobs::Job;
use crate::obs::{BUCKET, inside};
use crate::options::Seed;
use crate::state::State;

/// The conversation that has begun.
const CONVERSATION: &str = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d";
const MICROS: u64 = 1_000_000;

/// The objects of the demonstration: keys and contents.
const OBJECTS: [(&str, &str); 4] = [
    (
        "rivers/questions.jsonl",
        "{\"context\":\"长江有多长?\",\"target\":\"约6300公里。\"}\n",
    ),
    (
        "weather/2017010100/surface.nc",
        "an initial field, emulated\n",
    ),
    (
        "weather/2017010100/upper.nc",
        "an initial field, emulated\n",
    ),
    (
        "sales/air-conditioners.csv",
        "month,model,sold\n2026-01,云佳,1200\n",
    ),
];

/// Fills a fresh state.
pub(crate) fn sow(state: &State) {
    match state.options.seed {
        None => {}
        Some(Seed::Demo) => {
            for (key, text) in OBJECTS {
                inside::store_result(state, BUCKET, key, text.as_bytes());
            }
            jobs(state);
            state.conversations.begin(CONVERSATION, "今天天气怎么样?");
            identity::seed(&state.identity, state.clock.micros());
        }
    }
}

/// Forecasts and a video: one of each kind is done, one failed, one has just begun.
fn jobs(state: &State) {
    let now = state.clock.micros();
    let forecast = |name: &str, path: &str| {
        json!({
            "name": name,
            "input": {"type": "obs", "data": [{"bucket": BUCKET, "path": path}]},
            "output": {"obs": {"bucket": BUCKET, "path": "results/"}},
            "config": {
                "start_time_begin": "2017010100",
                "start_time_end": "2017010100",
                "start_time_interval_hours": 6,
                "forecast_lead_hours": 168,
                "draw_figures": "true",
            },
        })
    };
    let weather = "createWeatherTask";
    let started = |id: &str, operation_id, ago: u64, flaw: Option<&str>, request: Value| Job {
        id: id.to_owned(),
        operation_id,
        started: now.saturating_sub(ago * MICROS),
        flaw: flaw.map(str::to_owned),
        request,
    };
    let lost = Some("the input is not there");
    let video = json!({"prompt": "长江边的日出", "video_config": {"duration": 5}});
    for job in [
        started(
            "demo-forecast-finished",
            weather,
            7_200,
            None,
            forecast("yangtze-spring", "weather/"),
        ),
        started(
            "demo-forecast-failed",
            weather,
            3_600,
            lost,
            forecast("no-such-input", "nowhere/"),
        ),
        started(
            "demo-forecast-begun",
            weather,
            0,
            None,
            forecast("yangtze-today", "weather/"),
        ),
        started("demo-video-finished", "createTextVideo", 600, None, video),
    ] {
        state.jobs.keep(job);
    }
}
