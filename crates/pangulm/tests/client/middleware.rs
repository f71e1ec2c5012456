//! What stands around every attempt, over real HTTP.

use std::error::Error as _;
use std::fmt;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::support::*;
use pangulm::generated::pangu::types::TokenCountRequest;
use pangulm::middleware::{NoAnswer, http};
use pangulm::{Client, ClientBuilder, Error};
use pangulm_emulator::Running;
use serde_json::{Value, json};

/// What was seen, in order.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<String>>>);

impl Seen {
    fn note(&self, what: String) {
        self.0.lock().unwrap().push(what);
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

/// Notes what passes.
fn noting(builder: ClientBuilder, name: &'static str, seen: &Seen) -> ClientBuilder {
    let seen = seen.clone();
    builder.middleware(move |request, next| {
        let seen = seen.clone();
        async move {
            let (method, operation) = (request.method().clone(), next.operation());
            seen.note(format!("{name} asks {method} {operation}"));
            let response = next.run(request).await?;
            seen.note(format!("{name} has {}", response.status().as_u16()));
            Ok(response)
        }
    })
}

fn keyed(running: &Running) -> ClientBuilder {
    bare(running).api_key(&running.info.api_key)
}

async fn ask(client: &Client, running: &Running) -> Result<String, Error> {
    let answer = client.chat().create(v1(running, "hello")).await?;
    Ok(answer.text().to_owned())
}

#[tokio::test]
async fn middleware_stands_around_every_attempt_the_first_one_outermost() {
    let running = start();
    let seen = Seen::default();
    let client = noting(noting(keyed(&running), "outer", &seen), "inner", &seen);
    let client = faulty(
        &client.build().unwrap(),
        "status=503; retry-after=0; times=1; key=around",
    );
    ask(&client, &running).await.unwrap();
    let attempt = |status: u16| {
        let asks = ["outer", "inner"].map(|who| format!("{who} asks POST createChatCompletionV1"));
        let has = ["inner", "outer"].map(|who| format!("{who} has {status}"));
        asks.into_iter().chain(has)
    };
    let expected: Vec<String> = attempt(503).chain(attempt(200)).collect();
    assert_eq!(seen.take(), expected);
}

#[tokio::test]
async fn typed_generated_and_raw_calls_and_streams_pass_through_it() {
    let running = start();
    let seen = Seen::default();
    let client = noting(keyed(&running), "it", &seen).build().unwrap();
    ask(&client, &running).await.unwrap();
    let deployment = &*running.info.deployment_id;
    let body = json!({"data": ["你好"]});
    let parameters = [("deployment_id", deployment)];
    let raw = client.request("countTokens", &parameters, Some(&body));
    raw.await.unwrap();
    let pangu = client.pangu();
    let body: TokenCountRequest = serde_json::from_value(body).unwrap();
    let generated = pangu
        .count_tokens()
        .project_id(&running.info.project_id)
        .deployment_id(deployment)
        .body(body);
    generated.send().await.unwrap();
    let mut stream = client.chat().stream(v1(&running, "hello")).await.unwrap();
    while let Some(chunk) = stream.next().await {
        chunk.unwrap();
    }
    let operations: Vec<String> = seen.take();
    let operations: Vec<&str> = operations
        .iter()
        .filter_map(|line| line.strip_prefix("it asks POST "))
        .collect();
    let chat = "createChatCompletionV1";
    assert_eq!(operations[..3], [chat, "countTokens", "countTokens"]);
    assert!(
        operations[3].starts_with(chat) && operations.len() == 4,
        "{operations:?}"
    );
}

#[tokio::test]
async fn middleware_sees_the_credential_and_the_body_of_a_login_too_and_debug_shows_neither() {
    let running = start();
    let seen = Seen::default();
    let noted = seen.clone();
    let client = with_password(&running).middleware(move |request, next| {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let body = request.body().and_then(|body| body.as_bytes()).map(text);
        let token = request.headers().get("x-auth-token");
        noted.note(request.url().path().to_owned());
        noted.note(body.unwrap_or_default());
        noted.note(token.map(|it| text(it.as_bytes())).unwrap_or_default());
        noted.note(format!("{request:?} {next:?}"));
        next.run(request)
    });
    ask(&client.build().unwrap(), &running).await.unwrap();
    let seen = seen.take();
    assert_eq!(seen[0], "/v3/auth/tokens");
    assert!(seen[1].contains(&running.info.iam.password));
    assert!(seen[4].ends_with("/chat/completions"));
    let body: Value = serde_json::from_str(&seen[5]).unwrap();
    assert_eq!(body["messages"][0]["content"], "hello");
    assert!(seen[6].len() > 20);
    assert!(!seen[3].contains(&running.info.iam.password) && !seen[7].contains(&seen[6]));
}

#[tokio::test]
async fn a_header_may_be_added_to_a_signed_request_but_what_is_signed_may_not_change() {
    let running = start();
    let info = &running.info;
    let signing = || bare(&running).access_key(&info.access_key_id, &info.secret_access_key);
    let traced = signing().middleware(|mut request, next| async move {
        let headers = request.headers_mut();
        headers.insert("x-emulator-fault", "key=traced".parse()?);
        next.run(request).await
    });
    ask(&traced.build().unwrap(), &running).await.unwrap();
    let keys = requests(&running).await;
    assert!(
        keys.iter().any(|request| request["key"] == "traced"),
        "{keys:?}"
    );

    let changing = signing()
        .max_retries(0)
        .middleware(|mut request, next| async move {
            *request.body_mut() =
                Some(r#"{"messages": [{"role": "user", "content": "other"}]}"#.into());
            next.run(request).await
        });
    let error = ask(&changing.build().unwrap(), &running).await.unwrap_err();
    assert!(error.is_auth() && error.status() == Some(401), "{error}");
}

#[tokio::test]
async fn middleware_may_answer_by_itself_and_change_an_answer() {
    let running = start();
    let canned = keyed(&running).middleware(|_, _| async {
        let body = json!({"choices": [{"index": 0, "message": {"role": "assistant", "content": "from the cache"}}]});
        let answer = http::Response::builder().header("content-type", "application/json");
        Ok(answer.body(body.to_string())?.into())
    });
    assert_eq!(
        ask(&canned.build().unwrap(), &running).await.unwrap(),
        "from the cache"
    );
    assert_eq!(count(&running, "createChatCompletionV1").await, 0);

    let louder = keyed(&running).middleware(|request, next| async {
        let text = next.run(request).await?.text().await?;
        let answer = http::Response::builder().header("content-type", "application/json");
        Ok(answer.body(text.replace("hello", "HELLO"))?.into())
    });
    assert!(
        ask(&louder.build().unwrap(), &running)
            .await
            .unwrap()
            .contains("HELLO")
    );
}

#[tokio::test]
async fn a_stream_goes_through_piece_by_piece_and_dropping_it_closes_the_connection() {
    let running = start();
    let seen = Seen::default();
    let client = noting(keyed(&running), "it", &seen).build().unwrap();
    let client = faulty(&client, "stall-after=3; key=through");
    let mut stream = client.chat().stream(v1(&running, "hello")).await.unwrap();
    while let Some(chunk) = stream.next().await {
        if !chunk.unwrap().text().is_empty() {
            break;
        }
    }
    drop(stream);
    let closed = async {
        while !requests(&running)
            .await
            .iter()
            .any(|it| it["closedEarly"] == true)
        {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, closed).await.unwrap();
    assert_eq!(seen.take().len(), 2);
}

#[derive(Debug, PartialEq)]
struct OverBudget(u32);

impl fmt::Display for OverBudget {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "over the budget of {}", self.0)
    }
}

impl std::error::Error for OverBudget {}

#[tokio::test]
async fn an_error_of_middleware_ends_the_call_and_no_answer_is_a_lost_connection() {
    let running = start();
    let seen = Seen::default();
    let refusing = noting(keyed(&running), "it", &seen);
    let refusing = refusing.middleware(|_, _| async { Err(OverBudget(7).into()) });
    let error = ask(&refusing.build().unwrap(), &running).await.unwrap_err();
    assert!(error.is_cancelled(), "{error}");
    let expected = "createChatCompletionV1: a middleware ended the call: over the budget of 7";
    assert_eq!(error.to_string(), expected);
    let own = error.source().unwrap().downcast_ref::<OverBudget>();
    assert_eq!(own, Some(&OverBudget(7)));
    assert_eq!(seen.take().len(), 1, "it is never tried again");

    let ours = keyed(&running)
        .middleware(|_, _| async { Err(Error::invalid("messages", "must be in Chinese").into()) });
    let error = ask(&ours.build().unwrap(), &running).await.unwrap_err();
    assert_eq!(error.field(), Some("messages"));

    // Nobody listens at the address of a listener that is gone.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let noted = seen.clone();
    let offline = by_hand(&url)
        .max_retries(1)
        .middleware(move |request, next| {
            let noted = noted.clone();
            async move {
                let sent = next.run(request).await;
                let error = sent.unwrap_err();
                noted.note(error.is::<NoAnswer>().to_string());
                Err(error)
            }
        });
    let error = offline
        .build()
        .unwrap()
        .chat()
        .create(hello())
        .await
        .unwrap_err();
    assert!(error.is_connect() && error.attempts() == 2, "{error}");
    assert_eq!(seen.take(), ["true", "true"]);
}

#[tokio::test]
async fn middleware_that_never_goes_on_holds_no_call_beyond_its_time() {
    let running = start();
    let stuck = keyed(&running)
        .max_retries(0)
        .middleware(|_, _| std::future::pending());
    let hasty = stuck
        .build()
        .unwrap()
        .with_timeout(Duration::from_millis(20));
    assert!(ask(&hasty, &running).await.unwrap_err().is_timeout());
}
