//! What goes wrong, and what its error says.

use std::io::Write;
use std::net::TcpListener;
use std::process::Command;

use crate::support::*;
use pangulm::chat::{ChatRequest, Message};
use pangulm::{Client, ClientBuilder, Error, ErrorKind};

#[tokio::test]
async fn what_cannot_work_is_refused_by_name_before_anything_is_sent() {
    let running = start();
    let client = with_key(&running);
    let nobody = bare(&running).build().unwrap();
    let signer = bare(&running).access_key("AK", "SK").build().unwrap();
    let both = v1(&running, "?").model("m");
    let neither = ChatRequest::new([Message::user("?")]);
    let empty = ChatRequest::new([]).deployment("d");
    let dots = v1(&running, "?").deployment("..");
    let cases: [(&str, &Client, ChatRequest, &str); 10] = [
        ("no credential", &nobody, v1(&running, "?"), "credentials"),
        (
            "a signature for V2",
            &signer,
            v2(&running, "?"),
            "credentials",
        ),
        ("both targets", &client, both, "deployment"),
        ("no target", &client, neither, "deployment"),
        ("no messages", &client, empty, "messages"),
        ("a path that climbs", &client, dots, "deployment_id"),
        (
            "too hot",
            &client,
            v1(&running, "?").temperature(1.5),
            "temperature",
        ),
        (
            "not a number",
            &client,
            v1(&running, "?").top_p(f64::NAN),
            "top_p",
        ),
        (
            "no tokens",
            &client,
            v1(&running, "?").max_tokens(0),
            "max_tokens",
        ),
        ("no user", &client, v1(&running, "?").user(""), "user"),
    ];
    for (case, client, request, field) in cases {
        let whole = client.chat().create(request.clone()).await.unwrap_err();
        let stream = client.chat().stream(request).await.unwrap_err();
        for error in [whole, stream] {
            assert_eq!(error.field(), Some(field), "{case}: {error}");
            assert_eq!(error.attempts(), 0, "{case}");
        }
    }
    let unknown = client.request("countToken", &[], None).await;
    assert!(unknown.unwrap_err().to_string().contains("countTokens"));
    assert_eq!(requests(&running).await.len(), 0);
}

#[test]
fn an_option_that_cannot_stand_is_refused_when_the_client_is_made() {
    let cases = [
        (Client::builder().endpoint("ftp://h"), "endpoint"),
        (Client::builder().endpoint("http://example.com"), "endpoint"),
        (Client::builder().endpoint("https://h/?q"), "endpoint"),
        (Client::builder().region("Guiyang One"), "region"),
        (Client::builder().api_key("a b"), "apiKey"),
        (Client::builder().password("d", "u", ""), "password"),
        (
            Client::builder().timeout(std::time::Duration::ZERO),
            "timeout",
        ),
        (
            Client::builder().root_certificate_pem("no certificate"),
            "root_certificate_pem",
        ),
    ];
    for (builder, field) in cases {
        let error = builder.build().unwrap_err();
        assert_eq!(error.field(), Some(field), "{error}");
    }
}

async fn failure(client: &Client, request: ChatRequest) -> Error {
    client.chat().create(request).await.unwrap_err()
}

#[tokio::test]
async fn a_refused_connection_says_where_and_why() {
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let client = by_hand(&format!("http://127.0.0.1:{port}"))
        .max_retries(0)
        .build()
        .unwrap();
    let error = failure(&client, hello()).await;
    assert!(error.is_connect() && error.is_transient(), "{error:?}");
    let text = error.to_string();
    assert!(text.contains(&format!("127.0.0.1:{port}")), "{text}");
    assert!(text.contains("refused"), "{text}");
}

#[tokio::test]
async fn a_refusal_keeps_the_services_status_code_text_and_request_id() {
    let running = start();
    let client = with_key(&running);
    let unknown = failure(&client, v1(&running, "?").deployment("nowhere")).await;
    assert!(unknown.is_not_found(), "{unknown:?}");
    assert_eq!(unknown.code(), Some("PANGU.3254"));
    assert_eq!(unknown.operation(), Some("createChatCompletionV1"));
    assert!(unknown.request_id().is_some() && unknown.remedy().is_some());

    let wrong = bare(&running).api_key("wrong").build().unwrap();
    for request in [v1(&running, "?"), v2(&running, "?")] {
        let refused = failure(&wrong, request).await;
        assert!(refused.is_auth(), "{refused:?}");
        assert_eq!(refused.status(), Some(401));
        assert_eq!(refused.attempts(), 1);
    }
}

#[tokio::test]
async fn throttling_is_waited_out_and_an_error_that_stays_is_told() {
    let running = start();
    let client = with_key(&running);
    let brief = faulty(&client, "status=429; retry-after=0; times=2; key=brief");
    let answer = brief.chat().create(v1(&running, "?")).await;
    assert!(answer.is_ok(), "{answer:?}");
    let lasting = faulty(&client, "status=429; retry-after=0").with_max_retries(1);
    let error = failure(&lasting, v1(&running, "?")).await;
    assert!(error.is_throttled() && error.attempts() == 2, "{error:?}");
    // A generation may have begun: it is never asked for twice.
    let broken = failure(&faulty(&client, "status=500"), v1(&running, "?")).await;
    assert_eq!((broken.status(), broken.attempts()), (Some(500), 1));
}

#[tokio::test]
async fn a_page_instead_of_json_keeps_status_request_id_and_an_excerpt() {
    let running = start();
    let client = with_key(&running).with_max_retries(0);
    let page = failure(&faulty(&client, "html=502"), v1(&running, "?")).await;
    assert_eq!(
        (page.kind(), page.status()),
        (ErrorKind::Service, Some(502))
    );
    assert!(
        page.request_id().is_some() && page.body().is_some(),
        "{page:?}"
    );
    let text = failure(&faulty(&client, "not-json"), v1(&running, "?")).await;
    assert_eq!(
        (text.kind(), text.status()),
        (ErrorKind::UnexpectedAnswer, Some(200))
    );
    assert!(text.request_id().is_some());
    assert!(text.to_string().contains("This is not JSON"), "{text}");
    let stream = faulty(&client, "not-json")
        .chat()
        .stream(v1(&running, "?"))
        .await;
    assert_eq!(stream.unwrap_err().kind(), ErrorKind::UnexpectedAnswer);
}

#[tokio::test]
async fn an_answer_that_cannot_be_decoded_keeps_status_request_id_and_body() {
    let running = start();
    let broken = faulty(&with_key(&running), "bad-json");
    let error = failure(&broken, v1(&running, "?")).await;
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::UnexpectedAnswer, Some(200))
    );
    assert!(
        error.request_id().is_some() && error.body().is_some(),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_cut_answer_is_told_from_a_whole_one() {
    let running = start();
    let client = with_key(&running);
    let cut = failure(&faulty(&client, "drop-after=40"), v1(&running, "?")).await;
    assert!(cut.is_truncated(), "{cut:?}");
    assert!(cut.request_id().is_some());
    let dropped = failure(&faulty(&client, "drop"), v1(&running, "?")).await;
    assert!(dropped.is_connect(), "{dropped:?}");
}

#[tokio::test]
async fn a_refusal_whose_body_is_cut_keeps_its_status() {
    let url = serve_once(|mut connection| {
        let head = "HTTP/1.1 400 Bad Request\r\nx-request-id: r-1\r\ncontent-length: 99\r\n\r\n{";
        connection.write_all(head.as_bytes()).unwrap();
    });
    let error = failure(&by_hand(&url).build().unwrap(), hello()).await;
    assert_eq!(
        (error.status(), error.request_id()),
        (Some(400), Some("r-1"))
    );
}

#[tokio::test]
async fn an_answer_over_the_limit_is_refused_whether_its_length_is_told_or_not() {
    let lengths = ["content-length: 300\r\n", "connection: close\r\n"];
    for length in lengths {
        let url = serve_once(move |mut connection| {
            let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n{length}\r\n");
            connection.write_all(head.as_bytes()).unwrap();
            for _ in 0..3 {
                connection.write_all(&[b' '; 100]).unwrap();
                connection.flush().unwrap();
            }
        });
        let client = by_hand(&url).max_answer_bytes(200).build().unwrap();
        let error = failure(&client, hello()).await;
        assert_eq!(error.kind(), ErrorKind::TooLarge, "{error:?}");
    }
}

#[tokio::test]
async fn time_that_runs_out_is_a_timeout_before_and_within_the_answer() {
    let running = start();
    let client = with_key(&running).with_timeout(std::time::Duration::from_millis(200));
    for fault in ["delay=60000", "stall-after=10"] {
        let error = failure(&faulty(&client, fault), v1(&running, "?")).await;
        assert!(
            error.is_timeout() && error.attempts() == 1,
            "{fault}: {error:?}"
        );
    }
}

#[test]
fn a_proxy_is_asked_for_other_machines_only() {
    const NOBODY: &str = "http://127.0.0.1:1";
    // The environment belongs to the whole process, so the test of another name runs in its own.
    let run = |test: &str, variables: &[(&str, &str)]| {
        let mut command = Command::new(std::env::current_exe().unwrap());
        for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
            command.env_remove(name).env_remove(name.to_uppercase());
        }
        let output = command
            .args(["--exact", "--ignored", test])
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        let passed = output.status.success() && said.contains("1 passed");
        assert!(passed, "{variables:?}: {said}");
    };
    let here = "errors::this_machine_is_reached";
    let (plain, tls) = (
        "errors::a_proxy_is_missed",
        "errors::a_proxy_of_tls_is_missed",
    );
    run(here, &[("http_proxy", NOBODY), ("all_proxy", NOBODY)]);
    run(plain, &[("http_proxy", NOBODY)]);
    run(tls, &[("HTTPS_PROXY", NOBODY)]);
    for test in [plain, tls] {
        run(test, &[("ALL_PROXY", NOBODY)]);
    }
    let except = [("HTTPS_PROXY", NOBODY), ("NO_PROXY", "pangulm.invalid")];
    run("errors::no_proxy_is_asked", &except);
}

/// What becomes of a call to a host that is none.
async fn call_of_nobody(client: ClientBuilder) -> String {
    let error = failure(&client.max_retries(0).build().unwrap(), hello()).await;
    assert!(error.is_connect() || error.is_timeout(), "{error}");
    error.to_string()
}

#[tokio::test]
#[ignore = "run by a_proxy_is_asked_for_other_machines_only"]
async fn this_machine_is_reached() {
    let running = start();
    let answer = with_key(&running).chat().create(v1(&running, "?")).await;
    assert!(answer.is_ok(), "{answer:?}");
}

#[tokio::test]
#[ignore = "run by a_proxy_is_asked_for_other_machines_only"]
async fn a_proxy_is_missed() {
    let client = by_hand("http://pangulm.invalid").allow_plain_http();
    let said = call_of_nobody(client).await;
    assert!(said.contains("refused"), "{said}");
}

#[tokio::test]
#[ignore = "run by a_proxy_is_asked_for_other_machines_only"]
async fn a_proxy_of_tls_is_missed() {
    let said = call_of_nobody(by_hand("https://pangulm.invalid")).await;
    assert!(said.contains("refused"), "{said}");
}

#[tokio::test]
#[ignore = "run by a_proxy_is_asked_for_other_machines_only"]
async fn no_proxy_is_asked() {
    let said = call_of_nobody(by_hand("https://pangulm.invalid")).await;
    assert!(!said.contains("refused"), "{said}");
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let url = serve_once(|mut connection| {
        let head =
            "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n";
        connection.write_all(head.as_bytes()).unwrap();
    });
    let error = failure(&by_hand(&url).build().unwrap(), hello()).await;
    assert_eq!(error.status(), Some(302), "{error:?}");
}
