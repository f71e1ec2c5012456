//! Examples run as their headers say, on the emulator.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::path::PathBuf;
use std::process::Command;

use pangulm_emulator::{Emulator, Options};

/// What each example prints, among other things.
const PRINTED: [(&str, &[&str]); 14] = [
    ("colleague", &["access key: EMULATOR", "介绍一下长江"]),
    (
        "detect_objects",
        &["car (94 %): ", " pixels at ", "\nperson ("],
    ),
    (
        "forecast",
        &["load tomorrow, hour by hour: [300.0, 350.0, 400.0"],
    ),
    // The deleted data set is the last one, so that what follows finds the others.
    (
        "lineage",
        &[
            "emulator-bucket/rivers -> river-questions\n",
            "deleted: true",
        ],
    ),
    ("picture", &[" tokens: 图", "图中有什么"]),
    ("objects", &["train/长江.jsonl\n{\"context\":\na URL of "]),
    // The refused attempt and its wait are in the exported span.
    ("otel", &["介绍一下长江", "503", "Name"]),
    (
        "science_job",
        &["started ", "SUCCEEDED\nresults/", " bytes"],
    ),
    ("supply_chain", &["生活家电/空调", "价格", "推理完成"]),
    ("video", &["started ", "PROCESSING", ".mp4"]),
    ("complete", &["“长江是”", "completion_tokens"]),
    ("embeddings", &["长江有多长?", "今天星期几", "闲聊类"]),
    (
        "agent",
        &[
            "[start]\n[plugin_start]\n[plugin_end]\n",
            "“明天呢?”",
            "之前您问过",
        ],
    ),
    (
        "workflow",
        &[
            "请问是什么时间",
            "明天下午三点",
            "events, end confirmed: false",
        ],
    ),
];

/// Builds the examples, which is nothing to do when the tests of the whole package run.
fn build() {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet", "-p", "pangulm"]);
    for (example, _) in PRINTED {
        cargo.args(["--example", example]);
    }
    assert!(cargo.status().unwrap().success());
}

fn program(example: &str) -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let built = tests.parent().unwrap().parent().unwrap();
    built.join("examples").join(example)
}

/// The variables that the example's header tells to set, for an emulator elsewhere.
fn variables(example: &str, url: &str) -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples");
    let source = std::fs::read_to_string(folder.join(example).with_extension("rs")).unwrap();
    let exports = source
        .lines()
        .filter_map(|line| line.strip_prefix("//! export "));
    exports
        .flat_map(str::split_whitespace)
        .map(|export| {
            let (name, value) = export.split_once('=').unwrap();
            (name.to_owned(), value.replace("http://127.0.0.1:8787", url))
        })
        .collect()
}

#[test]
fn examples_run_as_their_headers_say() {
    build();
    let running = Emulator::start(Options::default()).unwrap();
    for (example, expected) in PRINTED {
        let output = Command::new(program(example))
            .env_clear()
            .envs(variables(example, &running.info.url))
            .output()
            .unwrap_or_else(|error| panic!("{example} is not built: {error}"));
        let errors = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{example}: {errors}");
        let printed = String::from_utf8(output.stdout).unwrap();
        for part in expected {
            assert!(printed.contains(part), "{example}: {part:?} in {printed}");
        }
    }
}
