//! Faults by header, one by one.

use std::time::Duration;

use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};

use crate::platform::{Platform, arrived, ask, ask_stream, json_of, outcome};

fn streaming(platform: &Platform, fault: &str) -> RequestBuilder {
    platform
        .v1(ask_stream("hi"))
        .header("x-emulator-fault", fault)
}

fn whole(platform: &Platform, fault: &str) -> RequestBuilder {
    platform.v1(ask("hi")).header("x-emulator-fault", fault)
}

async fn send(request: RequestBuilder) -> Response {
    request.send().await.unwrap()
}

fn events(text: &str) -> Vec<&str> {
    text.split_terminator("\n\n").collect()
}

#[tokio::test]
async fn a_status_comes_with_its_documented_body() {
    let platform = Platform::start();
    for (fault, status, code, retry_after) in [
        ("status=503", 503, "PANGU.0031", None),
        ("status=429; retry-after=7", 429, "PANGU.3267", Some("7")),
        ("status=503; code=PANGU.3267", 503, "PANGU.3267", None),
        ("status=401", 401, "PANGU.0011", None),
    ] {
        let answer = send(whole(&platform, fault)).await;
        assert_eq!(answer.status(), status);
        let header = answer
            .headers()
            .get("retry-after")
            .map(|value| value.to_str().unwrap());
        assert_eq!(header, retry_after);
        assert_eq!(json_of(answer).await["error_code"], code);
    }
    let v2 = platform
        .v2(ask("hi"))
        .header("x-emulator-fault", "status=429");
    assert_eq!(outcome(v2).await.1["error"]["code"], "PANGU.3267");
    let iam = platform.http.get(platform.url("/v3/projects"));
    let iam = iam.header("x-emulator-fault", "status=503");
    assert_eq!(outcome(iam).await.1["error"]["code"], 503);
}

#[tokio::test]
async fn html_is_a_gateways_error_page() {
    let platform = Platform::start();
    let answer = send(whole(&platform, "html=502")).await;
    assert_eq!(answer.status(), 502);
    assert_eq!(answer.headers()["content-type"], "text/html");
    assert!(
        answer
            .text()
            .await
            .unwrap()
            .contains("<h1>502 Bad Gateway</h1>")
    );
}

#[tokio::test]
async fn not_json_is_a_text_and_bad_json_is_broken() {
    let platform = Platform::start();
    for fault in ["not-json", "bad-json"] {
        let answer = send(whole(&platform, fault)).await;
        assert_eq!(answer.status(), 200);
        assert!(serde_json::from_str::<Value>(&answer.text().await.unwrap()).is_err());
    }
    let (text, clean) = arrived(send(streaming(&platform, "bad-json")).await).await;
    let events = events(&text);
    assert!(clean && events.last() == Some(&"data:[DONE]"));
    let parses = |event: &&str| serde_json::from_str::<Value>(&event["data:".len()..]).is_ok();
    assert!(!parses(&events[0]) && events[1..events.len() - 1].iter().all(parses));
}

#[tokio::test]
async fn delay_holds_the_answer_back() {
    let platform = Platform::start();
    let begun = std::time::Instant::now();
    assert_eq!(send(whole(&platform, "delay=120")).await.status(), 200);
    assert!(begun.elapsed() >= Duration::from_millis(120));
}

#[tokio::test]
async fn drop_closes_the_connection_before_any_answer() {
    let platform = Platform::start();
    assert!(whole(&platform, "drop; key=gone").send().await.is_err());
    let large = whole(&platform, "drop").body(vec![b' '; 8 * 1024 * 1024]);
    assert!(large.send().await.is_err());
    let record = &platform.recorded("gone").await[0];
    assert_eq!(
        (&record["status"], &record["closedEarly"]),
        (&Value::Null, &json!(false))
    );
}

#[tokio::test]
async fn drop_after_tears_the_connection_after_that_many_events() {
    let platform = Platform::start();
    for n in [0, 1, 5] {
        let (text, clean) =
            arrived(send(streaming(&platform, &format!("drop-after={n}"))).await).await;
        assert_eq!((events(&text).len(), clean), (n, false), "{text}");
    }
    let (text, clean) = arrived(send(whole(&platform, "drop-after=10")).await).await;
    assert_eq!((text.len(), clean), (10, false));
}

#[tokio::test]
async fn truncate_after_ends_cleanly_without_finish_or_done() {
    let platform = Platform::start();
    let (text, clean) = arrived(send(streaming(&platform, "truncate-after=5")).await).await;
    assert_eq!((events(&text).len(), clean), (5, true));
    assert!(!text.contains("[DONE]") && !text.contains("\"finish_reason\":\"stop\""));
    let (text, clean) = arrived(send(whole(&platform, "truncate-after=10")).await).await;
    assert_eq!((text.len(), clean), (10, true));
}

#[tokio::test]
async fn stall_after_sends_no_more_and_keeps_the_connection() {
    let platform = Platform::start();
    let mut answer = send(streaming(&platform, "stall-after=3")).await;
    let mut text = String::new();
    while events(&text).len() < 3 {
        text.push_str(std::str::from_utf8(&answer.chunk().await.unwrap().unwrap()).unwrap());
    }
    let more = tokio::time::timeout(Duration::from_millis(150), answer.chunk()).await;
    assert!(more.is_err(), "{more:?}");
    assert_eq!(events(&text).len(), 3);
}

#[tokio::test]
async fn error_after_sends_a_service_error_and_ends() {
    let platform = Platform::start();
    let (text, clean) = arrived(send(streaming(&platform, "error-after=2")).await).await;
    let events = events(&text);
    assert_eq!((events.len(), clean), (3, true));
    let error: Value = serde_json::from_str(events[2].strip_prefix("data:").unwrap()).unwrap();
    assert_eq!(error["error_code"], "PANGU.0031");
    assert!(error["error_msg"].is_string());

    let v2 = platform
        .v2(ask_stream("hi"))
        .header("x-emulator-fault", "error-after=0");
    let (text, _) = arrived(send(v2).await).await;
    let error: Value = serde_json::from_str(text.strip_prefix("data: ").unwrap()).unwrap();
    assert_eq!(error["error"]["code"], "PANGU.0031");
}

#[tokio::test]
async fn oversized_after_puts_one_event_of_64_mebibytes_in_between() {
    let platform = Platform::start();
    let (text, clean) = arrived(send(streaming(&platform, "oversized-after=2")).await).await;
    let events = events(&text);
    assert!(clean && events.last() == Some(&"data:[DONE]"));
    let oversized = |event: &&str| event.len() > 64 * 1024 * 1024;
    assert!(oversized(&events[2]) && events.iter().filter(|it| oversized(it)).count() == 1);
    assert!(serde_json::from_str::<Value>(&events[2]["data:".len()..]).is_ok());
}

#[tokio::test]
async fn redirect_leads_to_another_path() {
    let platform = Platform::start();
    let http = reqwest::Client::builder().no_proxy();
    let http = http.redirect(reqwest::redirect::Policy::none()).build();
    let post = http.unwrap().post(platform.url(&platform.chat_path()));
    let answer = send(post.header("x-emulator-fault", "redirect")).await;
    assert_eq!(answer.status(), 302);
    assert_eq!(answer.headers()["location"], "/elsewhere");
}

#[tokio::test]
async fn no_done_has_everything_but_the_last_mark() {
    let platform = Platform::start();
    let (text, clean) = arrived(send(streaming(&platform, "no-done")).await).await;
    assert!(clean && !text.contains("[DONE]"));
    assert!(
        events(&text)
            .last()
            .unwrap()
            .contains("\"finish_reason\":\"stop\"")
    );
}

#[tokio::test]
async fn faults_of_streams_leave_whole_answers_alone() {
    let platform = Platform::start();
    for fault in ["error-after=0", "oversized-after=0", "no-done"] {
        let answer = json_of(send(whole(&platform, fault)).await).await;
        assert_eq!(answer["choices"][0]["finish_reason"], "stop");
    }
}

#[tokio::test]
async fn times_counts_by_key() {
    let platform = Platform::start();
    for key in ["one", "two"] {
        let fault = format!("status=503; times=2; key={key}");
        for expected in [503, 503, 200, 200] {
            assert_eq!(send(whole(&platform, &fault)).await.status(), expected);
        }
    }
    platform.admin("reset", Value::Null).await;
    let again = send(whole(&platform, "status=503; times=2; key=one")).await;
    assert_eq!(again.status(), 503);
}

#[tokio::test]
async fn a_malformed_fault_is_400_and_says_what_is_wrong() {
    let platform = Platform::start();
    for (fault, named) in [
        ("status", "status needs a value"),
        ("status=abc", "\"abc\""),
        ("status=99", "99"),
        ("explode", "\"explode\""),
        ("drop=3", "drop takes no value"),
        ("drop; html=502", "html"),
        ("status=503; times=2", "times needs a key"),
        ("key=", "key"),
        ("delay=1; code=PANGU.0010", "code"),
        ("delay=600001", "600001"),
        ("finish=tired", "insufficient_system_resource"),
    ] {
        let (status, answer) = outcome(whole(&platform, fault)).await;
        assert_eq!(
            (status, &answer["error_code"]),
            (400, &json!("EMULATOR.FAULT")),
            "{fault}"
        );
        let message = answer["error_msg"].as_str().unwrap();
        assert!(message.contains(named), "{fault}: {message}");
    }
}

#[tokio::test]
async fn a_standing_fault_strikes_all_requests_or_those_of_one_operation() {
    let platform = Platform::start();
    let set = |body: Value| platform.admin("fault", body);
    set(json!({"fault": "status=503; times=2; key=standing"})).await;
    for expected in [503, 503, 200] {
        assert_eq!(send(platform.v1(ask("hi"))).await.status(), expected);
    }
    assert_eq!(platform.recorded("standing").await.len(), 2);

    set(json!({"fault": "html=502", "operationId": "countTokens"})).await;
    let count = || platform.count(json!({"data": ["hi"]}));
    assert_eq!(send(platform.v1(ask("hi"))).await.status(), 200);
    assert_eq!(send(count()).await.status(), 502);
    let own = count().header("x-emulator-fault", "status=429");
    assert_eq!(send(own).await.status(), 429, "a header wins");
    set(json!({"fault": ""})).await;
    assert_eq!(send(count()).await.status(), 200);

    set(json!({"fault": "status=503"})).await;
    platform.admin("reset", Value::Null).await;
    assert_eq!(send(count()).await.status(), 200);
}

#[tokio::test]
async fn an_answer_ends_for_the_reason_asked_for() {
    let platform = Platform::start();
    for reason in ["length", "content_filter", "insufficient_system_resource"] {
        let fault = format!("finish={reason}");
        let answer = json_of(send(whole(&platform, &fault)).await).await;
        assert_eq!(answer["choices"][0]["finish_reason"], reason);
        let (text, clean) = arrived(send(streaming(&platform, &fault)).await).await;
        let reasons = text
            .matches(&format!("\"finish_reason\":\"{reason}\""))
            .count();
        assert!(clean && text.contains("[DONE]") && reasons == 1, "{text}");
    }
}

#[tokio::test]
async fn what_is_beyond_the_limit_of_requests_a_second_is_throttled() {
    let options = pangulm_emulator::Options {
        qps: 2,
        ..pangulm_emulator::Options::default()
    };
    let platform = Platform::with(options);
    let mut refused = None;
    for _ in 0..50 {
        let (status, answer) = outcome(platform.v1(ask("hi"))).await;
        if status != 200 {
            refused = Some((status, answer["error_code"].clone()));
            break;
        }
    }
    assert_eq!(refused, Some((429, json!("PANGU.3267"))));
    platform.token().await;

    platform.admin("qps", json!({"limit": 0})).await;
    for _ in 0..10 {
        assert_eq!(send(platform.v1(ask("hi"))).await.status(), 200);
    }
    platform.admin("reset", Value::Null).await;
    let mut statuses = Vec::new();
    for _ in 0..10 {
        statuses.push(send(platform.v1(ask("hi"))).await.status().as_u16());
    }
    assert!(statuses.contains(&429), "{statuses:?}");
}
