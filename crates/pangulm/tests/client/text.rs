//! Texts that are continued, and the pool form of chats.

use futures_util::TryStreamExt;
use pangulm::text::TextRequest;

use crate::support::{faulty, requests, start, v1, with_key};

#[tokio::test]
async fn a_text_is_continued_whole_and_in_pieces_that_make_the_same() {
    let running = start();
    let client = with_key(&running);
    let info = &running.info;
    let plain = TextRequest::new("介绍一下长江").deployment(&info.deployment_id);
    for request in [plain.clone(), plain.pool(&info.pool_id)] {
        let whole = client.text().complete(request.clone()).await.unwrap();
        assert!(whole.text().contains("介绍一下长江"));
        let stream = client.text().stream(request.clone()).await.unwrap();
        let pieces: Vec<_> = stream.try_collect().await.unwrap();
        let joined: String = pieces.iter().map(|piece| piece.text()).collect();
        assert_eq!(joined, whole.text());
        let mut stream = client.text().stream(request).await.unwrap();
        let read = stream.finish().await.unwrap();
        assert_eq!(read.text(), whole.text());
        assert_eq!(
            read.usage.unwrap().completion_tokens,
            i64::try_from(pieces.len()).unwrap() - 1
        );
    }
}

#[tokio::test]
async fn a_text_that_is_cut_is_an_error_that_keeps_what_came() {
    let running = start();
    let client = faulty(&with_key(&running), "truncate-after=3");
    let request = TextRequest::new("hello").deployment(&running.info.deployment_id);
    let mut stream = client.text().stream(request).await.unwrap();
    let error = stream.finish().await.unwrap_err();
    assert!(error.is_truncated(), "{error}");
    let so_far = stream.partial().unwrap();
    assert!("You asked:".starts_with(so_far.text()), "{}", so_far.text());
    assert!(stream.request_id().is_some());
}

#[tokio::test]
async fn documented_limits_of_a_text_are_refused_before_anything_is_sent() {
    let running = start();
    let client = with_key(&running);
    let text = |prompt| TextRequest::new(prompt).deployment("d");
    for (request, field) in [
        (text(""), "prompt"),
        (text("?").temperature(1.5), "temperature"),
        (text("?").top_p(0.0), "top_p"),
        (text("?").max_tokens(0), "max_tokens"),
        (text("?").n(3), "n"),
        (text("?").presence_penalty(f64::NAN), "presence_penalty"),
        (text("?").user(""), "user"),
        (TextRequest::new("?"), "deployment_id"),
    ] {
        let error = client.text().complete(request).await.unwrap_err();
        assert!(error.is_invalid_input() && error.attempts() == 0, "{error}");
        assert_eq!(error.field(), Some(field));
    }
    assert_eq!(requests(&running).await.len(), 0);
}

#[tokio::test]
async fn a_chat_with_a_pool_goes_to_the_pool() {
    let running = start();
    let client = with_key(&running);
    let request = v1(&running, "hello").pool(&running.info.pool_id);
    let whole = client.chat().create(request.clone()).await.unwrap();
    let mut stream = client.chat().stream(request).await.unwrap();
    assert_eq!(stream.final_message().await.unwrap().text(), whole.text());
    for request in requests(&running).await {
        assert_eq!(request["operationId"], "createPoolChatCompletion");
    }
}
