//! What a search with a model is made of: embedding, ranking, planning (facts: inference 8).

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::call::Call;
use crate::gateway;
use crate::reply::{Answer, Refusal, Shape, emulated};
use crate::routes::Route;

pub(crate) static ROUTES: &[Route] = &[
    Route {
        method: Method::POST,
        path: "/pangu/search/v1/vector/query",
        operation_id: "createEmbedding",
        deployment: None,
        handler: |call| Box::pin(embed(call)),
    },
    Route {
        method: Method::POST,
        path: "/pangu/search/v1/rerank",
        operation_id: "rerank",
        deployment: None,
        handler: |call| Box::pin(rerank(call)),
    },
    Route {
        method: Method::POST,
        path: "/app/search/v1/planning",
        operation_id: "planSearch",
        deployment: None,
        handler: |call| Box::pin(plan(call)),
    },
];

/// How many numbers a vector has. How many the platform's have is not documented.
const DIMENSIONS: usize = 64;

/// The gateway before the service speaks its own shape.
fn admit(call: &Call) -> Result<(), Refusal> {
    gateway::admit_v1(call).map_err(|refusal| refusal.in_shape(Shape::Gateway))
}

async fn embed(call: Call) -> Answer {
    admit(&call)?;
    let body = call.json()?;
    let vector = vector(&text(&body, "query"));
    let answer = json!({"ret": "0", "msg": "success", "embedding": [vector], "cost": 0.0});
    Ok(emulated(StatusCode::OK, answer))
}

/// Neither body nor answer are known, so this only says what arrived.
async fn rerank(call: Call) -> Answer {
    admit(&call)?;
    let body = call.json()?;
    Ok(emulated(StatusCode::OK, json!({"x_received": body})))
}

async fn plan(call: Call) -> Answer {
    admit(&call)?;
    let body = call.json()?;
    let history = body.get("history").and_then(Value::as_array);
    let history: Vec<&str> = history
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    if !history.len().is_multiple_of(2) {
        let message = format!(
            "parameter illegal. /history: questions and answers come in pairs, so the number of \
             texts must be even, not {}",
            history.len()
        );
        return Err(Refusal::bad("PANGU.0010", message));
    }
    if history
        .iter()
        .step_by(2)
        .any(|question| question.is_empty())
    {
        let message = "parameter illegal. /history: a question must not be empty";
        return Err(Refusal::bad("PANGU.0010", message));
    }
    let category = category(&text(&body, "query"));
    Ok(emulated(StatusCode::OK, json!({"category": category})))
}

fn text(body: &Value, name: &str) -> String {
    let text = body.get(name).and_then(Value::as_str);
    text.unwrap_or_default().to_owned()
}

/// A vector of length 1 that is near those of texts with the same pairs of characters.
fn vector(text: &str) -> Vec<f64> {
    let mut sums = [0_i32; DIMENSIONS];
    let characters: Vec<char> = text.to_lowercase().chars().collect();
    for pair in characters.windows(2.min(characters.len().max(1))) {
        // FNV-1a, which is the same on every machine.
        let hash = pair.iter().fold(0x811c_9dc5_u32, |hash, &character| {
            (hash ^ u32::from(character)).wrapping_mul(0x0100_0193)
        });
        let at = usize::try_from(hash >> 8).unwrap_or_default() % DIMENSIONS;
        if let Some(sum) = sums.get_mut(at) {
            *sum += if hash & 1 == 0 { 1 } else { -1 };
        }
    }
    let length = sums.iter().map(|sum| f64::from(sum * sum)).sum::<f64>();
    let length = length.sqrt().max(1.0);
    sums.map(|sum| f64::from(sum) / length).to_vec()
}

/// One of the documented classes, by the emulator's own few words.
fn category(question: &str) -> &'static str {
    let question = question.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| question.contains(word));
    if has(&["你是谁", "你叫什么", "who are you", "your name"]) {
        "人设类"
    } else if has(&["翻译", "写", "总结", "translate", "write", "summar"]) {
        "语言任务类"
    } else {
        "闲聊类"
    }
}
