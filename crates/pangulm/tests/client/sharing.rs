//! What the calls of one client share: tokens, and who fetches them.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::support::*;
use futures_util::future::join_all;
use futures_util::poll;
use pangulm::{Client, ErrorKind, Token};
use tokio::time::timeout;

#[tokio::test(flavor = "multi_thread")]
async fn calls_at_once_fetch_one_token() {
    let running = start();
    let client = with_password(&running).build().unwrap();
    let chats = (0..64).map(|_| {
        let (chat, request) = (client.chat(), v1(&running, "hello"));
        tokio::spawn(async move { chat.create(request).await })
    });
    for answer in join_all(chats).await {
        answer.unwrap().unwrap();
    }
    assert_eq!(count(&running, "createToken").await, 1);
    assert_eq!(count(&running, "createChatCompletionV1").await, 64);
}

#[tokio::test(flavor = "multi_thread")]
async fn signed_calls_at_once_all_succeed() {
    let running = start();
    let info = &running.info;
    let client = bare(&running)
        .access_key(&info.access_key_id, &info.secret_access_key)
        .build()
        .unwrap();
    let chat = client.chat();
    let chats = (0..32).map(|_| chat.create(v1(&running, "hello")));
    for answer in join_all(chats).await {
        answer.unwrap();
    }
}

#[tokio::test]
async fn a_token_the_service_took_back_is_replaced_once() {
    let running = start();
    let client = with_password(&running).build().unwrap();
    client.chat().create(v1(&running, "hello")).await.unwrap();
    let revoke = format!("{}/_emulator/revoke-tokens", running.info.url);
    reqwest::Client::new().post(revoke).send().await.unwrap();
    client.chat().create(v1(&running, "hello")).await.unwrap();
    assert_eq!(count(&running, "createToken").await, 2);
}

#[tokio::test]
async fn a_wrong_password_fails_everyone_who_waits_with_iams_words() {
    let running = start();
    let iam = &running.info.iam;
    let client = bare(&running)
        .password(&iam.domain, &iam.user, "wrong")
        .build()
        .unwrap();
    let chat = client.chat();
    let chats = (0..8).map(|_| chat.create(v1(&running, "hello")));
    for answer in join_all(chats).await {
        let error = answer.unwrap_err();
        assert!(error.is_auth(), "{error:?}");
        assert_eq!(error.operation(), Some("createToken"));
    }
    assert_eq!(count(&running, "createToken").await, 1);
}

/// A client whose token function never answers the first time.
fn with_function_that_hangs_once(
    running: &pangulm_emulator::Running,
) -> (Client, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    let client = bare(running)
        .token_function(move || {
            let first = counter.fetch_add(1, Ordering::SeqCst) == 0;
            async move {
                if first {
                    std::future::pending::<()>().await;
                }
                Ok(Token::new("unknown-to-the-service"))
            }
        })
        .build()
        .unwrap();
    (client, asked)
}

#[tokio::test]
async fn a_dropped_fetcher_hands_over_to_who_waits() {
    let running = start();
    let (client, asked) = with_function_that_hangs_once(&running);
    let chat = client.chat();
    let fetcher = timeout(Duration::from_millis(100), chat.create(v1(&running, "1")));
    let waiter = chat.create(v1(&running, "2"));
    let (fetcher, waiter) = tokio::join!(fetcher, waiter);
    assert!(fetcher.is_err());
    // The token is none, so the answer is a refusal; it came all the same.
    assert_eq!(waiter.unwrap_err().status(), Some(401));
    assert!(asked.load(Ordering::SeqCst) >= 2);
}

#[tokio::test]
async fn a_token_function_that_hangs_costs_only_its_own_call_its_time() {
    let running = start();
    let (client, _) = with_function_that_hangs_once(&running);
    let hasty = client.with_timeout(Duration::from_millis(100)).chat();
    let patient = client.chat();
    let (first, second) = tokio::join!(
        hasty.create(v1(&running, "1")),
        patient.create(v1(&running, "2"))
    );
    assert_eq!(first.unwrap_err().kind(), ErrorKind::Timeout);
    assert_eq!(second.unwrap_err().status(), Some(401));
}

#[tokio::test]
async fn who_waits_for_a_token_waits_no_longer_than_it_may() {
    let running = start();
    let (client, asked) = with_function_that_hangs_once(&running);
    let chat = client.chat();
    let mut patient = pin!(chat.create(v1(&running, "1")));
    assert!(poll!(patient.as_mut()).is_pending());
    let hasty = client.with_timeout(Duration::from_millis(100)).chat();
    let error = hasty.create(v1(&running, "2")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    assert!(poll!(patient.as_mut()).is_pending());
}

#[tokio::test]
async fn an_error_of_the_token_function_is_told() {
    let running = start();
    let client = bare(&running)
        .token_function(|| async { Err("the vault is sealed".into()) })
        .build()
        .unwrap();
    let error = client.chat().create(v1(&running, "?")).await.unwrap_err();
    assert!(
        error.is_auth() && error.to_string().contains("the vault is sealed"),
        "{error}"
    );
}

#[tokio::test]
async fn clones_share_a_limit_and_a_stream_keeps_its_place_until_it_is_over() {
    let running = start();
    let client = bare(&running)
        .api_key(&running.info.api_key)
        .max_concurrency(1)
        .build()
        .unwrap();
    let hasty = client.clone().with_timeout(Duration::from_millis(100));
    let mut stream = client.chat().stream(v1(&running, "1")).await.unwrap();
    let error = hasty.chat().create(v1(&running, "2")).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 0));
    // Whoever waits goes on when the stream is read to its end, or dropped.
    let chat = client.chat();
    let (answer, whole) = tokio::join!(chat.create(v1(&running, "3")), stream.final_message());
    answer.unwrap();
    whole.unwrap();
    let dropped = client.chat().stream(v1(&running, "4")).await.unwrap();
    let (answer, ()) = tokio::join!(chat.create(v1(&running, "5")), async { drop(dropped) });
    answer.unwrap();
}
