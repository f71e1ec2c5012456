//! Texts that are continued, and the pool form.

use pangulm_openapi::Part;
use serde_json::{Value, json};

use crate::platform::{Platform, ask, ask_stream, chunks, json_of, outcome};
use crate::spec::assert_fits;

impl Platform {
    fn post(&self, path: &str, body: &Value) -> reqwest::RequestBuilder {
        let post = self.http.post(self.url(path));
        post.header("x-apig-appcode", &self.info().api_key)
            .json(body)
    }

    fn pool(&self) -> String {
        let info = self.info();
        format!(
            "/v2/{}/pools/{}/deployments/{}",
            info.project_id, info.pool_id, info.deployment_id
        )
    }
}

#[tokio::test]
async fn a_text_is_continued_whole_or_in_pieces_with_and_without_a_pool() {
    let platform = Platform::start();
    for (operation, path) in [
        ("createTextCompletion", platform.deployment()),
        ("createPoolTextCompletion", platform.pool()),
    ] {
        let path = format!("{path}/text/completions");
        let mut body = json!({"prompt": "介绍一下长江", "n": 2});
        let whole = json_of(platform.post(&path, &body).send().await.unwrap()).await;
        assert_fits(operation, Part::Response, &whole);
        assert_eq!(whole["x_emulated"], true);
        assert_eq!(whole["choices"].as_array().unwrap().len(), 2);
        let text = whole["choices"][0]["text"].as_str().unwrap().to_owned();
        assert!(text.contains("介绍一下长江"), "{text}");

        body = json!({"prompt": "介绍一下长江", "stream": true});
        let chunks = chunks(platform.post(&path, &body), "data:").await;
        for chunk in &chunks {
            assert_fits(operation, Part::Chunk, chunk);
        }
        let pieces = chunks.iter().map(|it| it["choices"][0]["text"].as_str());
        assert_eq!(pieces.map(Option::unwrap).collect::<String>(), text);
        let last = &chunks.last().unwrap()["choices"][0]["finish_reason"];
        assert_eq!(last, "stop");
    }
}

#[tokio::test]
async fn a_text_keeps_to_the_documented_limits() {
    let platform = Platform::start();
    let path = format!("{}/text/completions", platform.deployment());
    let of = |body: Value| outcome(platform.post(&path, &body));
    for (body, code) in [
        (json!({}), "PANGU.3278"),
        (json!({"prompt": ""}), "PANGU.0010"),
        (json!({"prompt": "?", "max_tokens": 0}), "PANGU.3317"),
        (json!({"prompt": "?", "n": 2, "stream": true}), "PANGU.3321"),
        (json!({"prompt": "长".repeat(49_153)}), "PANGU.3318"),
    ] {
        let (status, refusal) = of(body).await;
        assert_eq!((status, refusal["error_code"].as_str()), (400, Some(code)));
    }
    let (_, short) = of(json!({"prompt": "?", "max_tokens": 3})).await;
    assert_eq!(short["choices"][0]["finish_reason"], "length");
    assert_eq!(short["usage"]["completion_tokens"], 3);
}

#[tokio::test]
async fn a_pool_has_the_chat_of_v1_and_another_pool_nothing() {
    let platform = Platform::start();
    let path = format!("{}/chat/completions", platform.pool());
    let whole = json_of(platform.post(&path, &ask("hi")).send().await.unwrap()).await;
    assert_fits("createPoolChatCompletion", Part::Response, &whole);
    for chunk in chunks(platform.post(&path, &ask_stream("hi")), "data:").await {
        assert_fits("createPoolChatCompletion", Part::Chunk, &chunk);
    }
    let elsewhere = path.replace(&platform.info().pool_id, "another");
    let (status, refusal) = outcome(platform.post(&elsewhere, &ask("hi"))).await;
    assert_eq!(
        (status, &refusal["error_code"]),
        (404, &json!("PANGU.3254"))
    );
}
