//! Finds which of some texts is nearest to a question, and plans a search for it.
//!
//! Start the emulator with `cargo run -p pangulm-emulator -- --port 8787`, then:
//!
//! ```text
//! export PANGU_ENDPOINT=http://127.0.0.1:8787
//! export PANGU_PROJECT_ID=7f3c1e9a5b2d4860a1c8e0f2d4b6a897
//! export PANGU_API_KEY=emulator-api-key
//! cargo run -p pangulm --example embeddings
//! ```

use pangulm::search::Embedding;
use pangulm::{Client, Error};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let client = Client::from_env()?;
    let question = "长江有多长";
    let asked = client.search().embed(question).await?;
    for text in ["长江有多长?", "黄河有多长", "今天星期几"] {
        let embedding = client.search().embed(text).await?;
        println!("{:.2} {text}", likeness(&asked, &embedding));
    }
    let plan = client
        .search()
        .plan(question, ["长江在哪里", "长江在中国。"])
        .await?;
    println!("{}", plan.category.unwrap_or_default());
    Ok(())
}

/// The cosine of the angle between two vectors: 1 for the same text.
fn likeness(one: &Embedding, other: &Embedding) -> f64 {
    let product = |one: &[f64], other: &[f64]| -> f64 {
        one.iter().zip(other).map(|(one, other)| one * other).sum()
    };
    let (one, other) = (one.vector(), other.vector());
    product(one, other) / (product(one, one) * product(other, other)).sqrt()
}
