//! Embedding, ranking, planning.

use pangulm::search::EmbeddingType;
use serde_json::json;

use crate::support::{faulty, requests, start, with_key};

#[tokio::test]
async fn a_text_becomes_a_vector() {
    let running = start();
    let search = with_key(&running).search();
    let river = search.embed("长江有多长").await.unwrap();
    assert!(river.vector().len() > 1);
    let kind = EmbeddingType::Query2query;
    let again = search.embed_for(kind, "长江有多长").await.unwrap();
    assert_eq!(again.vector(), river.vector());
    assert_eq!(requests(&running).await.len(), 2);
}

#[tokio::test]
async fn a_plan_and_a_ranking_are_what_the_service_says() {
    let running = start();
    let search = with_key(&running).search();
    let plan = search.plan("翻译这句话", ["你好", ""]).await.unwrap();
    assert_eq!(plan.category.as_deref(), Some("语言任务类"));
    assert_eq!(plan.extra["x_emulated"], true);
    let body = json!({"whatever": ["the", "contract", "says"]});
    let ranked = search.rerank(&body).await.unwrap();
    assert_eq!(ranked["x_received"], body);
}

#[tokio::test]
async fn documented_limits_are_refused_before_anything_is_sent() {
    let running = start();
    let search = with_key(&running).search();
    let none = [""; 0];
    let too_many = vec!["a"; 52];
    for (error, field) in [
        (search.embed("").await.unwrap_err(), "query"),
        (search.embed("长".repeat(1_001)).await.unwrap_err(), "query"),
        (search.plan("", none).await.unwrap_err(), "query"),
        (search.plan("?", ["a"]).await.unwrap_err(), "history"),
        (search.plan("?", ["", "b"]).await.unwrap_err(), "history"),
        (search.plan("?", too_many).await.unwrap_err(), "history"),
        (search.rerank(&json!([])).await.unwrap_err(), "body"),
    ] {
        assert!(error.is_invalid_input() && error.attempts() == 0, "{error}");
        assert_eq!(error.field(), Some(field), "{error}");
    }
    assert_eq!(requests(&running).await.len(), 0);
}

#[tokio::test]
async fn the_services_own_error_shape_becomes_code_and_message() {
    let running = start();
    let search = with_key(&running).search();
    // New kinds may come, so only the service can refuse one.
    let kind = EmbeddingType::from("other");
    let error = search.embed_for(kind, "?").await.unwrap_err();
    assert_eq!(
        (error.status(), error.code()),
        (Some(400), Some("PANGU.0010"))
    );
    assert!(error.message().contains("embedding_type"), "{error}");
    let body: serde_json::Value = serde_json::from_slice(error.body().unwrap()).unwrap();
    assert_eq!(body["ret"], "PANGU.0010");
    assert!(error.request_id().is_some());
}

#[tokio::test]
async fn an_embedding_may_be_sent_again() {
    let running = start();
    let client = faulty(&with_key(&running), "status=500;times=1;key=once");
    client.search().embed("hello").await.unwrap();
    assert_eq!(requests(&running).await.len(), 2);
}
