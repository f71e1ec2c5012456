//! Embedding, ranking, planning.

use pangulm_openapi::Part;
use serde_json::{Value, json};

use crate::platform::{Platform, outcome};
use crate::spec::assert_fits;

const EMBED: &str = "/pangu/search/v1/vector/query";
const RERANK: &str = "/pangu/search/v1/rerank";
const PLAN: &str = "/app/search/v1/planning";

async fn asked(platform: &Platform, path: &str, body: Value) -> (u16, Value) {
    let post = platform.http.post(platform.url(path)).json(&body);
    outcome(post.header("x-apig-appcode", &platform.info().api_key)).await
}

async fn vector(platform: &Platform, query: &str) -> Vec<f64> {
    let (status, answer) = asked(platform, EMBED, json!({"query": query})).await;
    assert_eq!((status, &answer["x_emulated"]), (200, &json!(true)));
    assert_fits("createEmbedding", Part::Response, &answer);
    serde_json::from_value(answer["embedding"][0].clone()).unwrap()
}

#[tokio::test]
async fn like_texts_have_like_vectors_and_the_same_text_the_same() {
    let platform = Platform::start();
    let river = vector(&platform, "长江有多长").await;
    assert_eq!(river, vector(&platform, "长江有多长").await);
    let like = vector(&platform, "长江有多长?").await;
    let unlike = vector(&platform, "今天星期几").await;
    let product = |other: &[f64]| -> f64 { river.iter().zip(other).map(|(a, b)| a * b).sum() };
    assert!(product(&like) > product(&unlike) + 0.3);
    assert!((product(&river) - 1.0).abs() < 1e-9);
    for short in ["?", "长"] {
        assert_eq!(vector(&platform, short).await.len(), river.len());
    }
}

#[tokio::test]
async fn the_services_refuse_in_their_own_shape_and_the_gateway_in_its_own() {
    let platform = Platform::start();
    for (path, body, code) in [
        (EMBED, json!({}), "PANGU.3278"),
        (EMBED, json!({"query": ""}), "PANGU.0010"),
        (EMBED, json!({"query": "长".repeat(1_001)}), "PANGU.0010"),
        (PLAN, json!({"query": "长".repeat(1_025)}), "PANGU.0010"),
        (PLAN, json!({"query": "?", "history": ["a"]}), "PANGU.0010"),
        (
            PLAN,
            json!({"query": "?", "history": ["", "b"]}),
            "PANGU.0010",
        ),
        (
            PLAN,
            json!({"query": "?", "history": vec!["a"; 52]}),
            "PANGU.0010",
        ),
    ] {
        let (status, refusal) = asked(&platform, path, body).await;
        assert_eq!(
            (status, refusal["ret"].as_str()),
            (400, Some(code)),
            "{refusal}"
        );
        assert!(refusal["msg"].is_string(), "{refusal}");
        assert_eq!(refusal["embedding"], json!([]));
    }
    for path in [EMBED, RERANK, PLAN] {
        let post = platform.http.post(platform.url(path)).json(&json!({}));
        let (status, refusal) = outcome(post).await;
        assert_eq!((status, &refusal["error_code"]), (401, &json!("APIG.0301")));
    }
}

#[tokio::test]
async fn a_plan_names_a_documented_class() {
    let platform = Platform::start();
    for (query, category) in [
        ("你是谁", "人设类"),
        ("翻译这句话", "语言任务类"),
        ("你好", "闲聊类"),
    ] {
        let body = json!({"query": query, "history": ["你好", ""]});
        let (_, plan) = asked(&platform, PLAN, body).await;
        assert_fits("planSearch", Part::Response, &plan);
        assert_eq!(plan["category"], category);
    }
}

#[tokio::test]
async fn ranking_shows_what_arrived_for_its_form_is_not_known() {
    let platform = Platform::start();
    let body = json!({"anything": ["at", "all"]});
    let (status, answer) = asked(&platform, RERANK, body.clone()).await;
    assert_eq!(status, 200);
    assert_eq!(answer, json!({"x_received": body, "x_emulated": true}));
}
