//! The program.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::platform::Platform;

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pangulm-emulator"));
    command
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn first_line(child: &mut Child) -> Value {
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap())
        .read_line(&mut line)
        .unwrap();
    serde_json::from_str(&line).unwrap()
}

#[tokio::test]
async fn the_first_line_says_where_to_call_and_closing_stdin_stops_it() {
    let mut child = program(&["--port", "0", "--until-stdin-closes"])
        .spawn()
        .unwrap();
    let info = first_line(&mut child);
    for name in [
        "url",
        "iamUrl",
        "obsUrl",
        "region",
        "projectId",
        "workspaceId",
        "deploymentId",
        "model",
        "apiKey",
        "accessKeyId",
        "secretAccessKey",
    ] {
        assert!(info[name].is_string(), "{name}");
    }
    for name in ["domain", "user", "password"] {
        assert!(info["iam"][name].is_string(), "{name}");
    }
    let url = format!("{}/_emulator/info", info["url"].as_str().unwrap());
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    assert_eq!(client.get(&url).send().await.unwrap().status(), 200);
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
    assert!(client.get(&url).send().await.is_err());
}

#[test]
fn bad_flags_and_a_taken_port_are_named() {
    let platform = Platform::start();
    let taken = platform.info().url.rsplit(':').next().unwrap();
    for (arguments, named) in [
        (&["--prot", "1"][..], "--prot"),
        (&["--port", "99999"], "99999"),
        (&["--port"], "--port"),
        (&["--pace", "fast"], "fast"),
        (&["--upstream", "http://127.0.0.1:9"], "--upstream-model"),
        (&["--site", "no/such/directory"], "no/such/directory"),
        (&["--port", taken], "taken by another program"),
    ] {
        let output = program(arguments).output().unwrap();
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert!(text.contains(named), "{text}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn help_names_every_flag() {
    let help = String::from_utf8(program(&["--help"]).output().unwrap().stdout).unwrap();
    for flag in [
        "--port",
        "--cors",
        "--site",
        "--upstream",
        "--upstream-model",
        "--token-lifetime",
        "--qps",
        "--pace",
        "--until-stdin-closes",
        "--help",
        "--version",
        "PANGULM_UPSTREAM_API_KEY",
    ] {
        assert!(help.contains(flag), "{flag}");
    }
    let version = String::from_utf8(program(&["--version"]).output().unwrap().stdout).unwrap();
    assert_eq!(
        version.trim(),
        concat!("pangulm-emulator ", env!("CARGO_PKG_VERSION"))
    );
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_it_cleanly() {
    let mut child = program(&["--port", "0"]).spawn().unwrap();
    first_line(&mut child);
    let pid = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &pid])
            .status()
            .unwrap()
            .success()
    );
    assert!(child.wait().unwrap().success());
    let mut complaints = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut complaints)
        .unwrap();
    assert_eq!(complaints, "");
}

#[tokio::test]
async fn a_running_emulator_stops_by_shutdown_and_by_drop() {
    for by_drop in [false, true] {
        let platform = Platform::start();
        let url = platform.url("/_emulator/info");
        // A stream that nobody ends must not hold it up.
        let stream = platform.v1(crate::platform::ask_stream("hi"));
        let stream = stream
            .header("x-emulator-fault", "stall-after=1")
            .send()
            .await
            .unwrap();
        if by_drop {
            drop(platform.running);
        } else {
            platform.running.shutdown().await;
        }
        let (_, clean) = crate::platform::arrived(stream).await;
        assert!(!clean);
        assert!(platform.http.get(url).send().await.is_err());
    }
}
