//! What `cargo xtask bench faults`, `sse` and `call` run of Rust: ours beside other clients. Each
//! prints lines of fields with tabs between them, which the command makes its tables of.

mod call;
mod faults;
mod measure;
mod recording;
mod rivals;
mod server;
mod sse;

use std::env;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["serve"] => server::serve(),
        ["faults", url, model, key, limit, faults @ ..] => {
            let place = faults::Place { url, model, key };
            faults::run(&place, limit, faults).await;
        }
        ["sse", url] => sse::run(url).await,
        ["call", contestant, url, calls, at_once] => {
            call::run(contestant, url, number(calls), number(at_once)).await;
        }
        _ => panic!("unknown arguments; `cargo xtask bench` knows them"),
    }
}

fn number(text: &str) -> usize {
    text.parse().expect("a number")
}
