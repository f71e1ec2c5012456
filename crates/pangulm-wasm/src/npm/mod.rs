//! The one export behind the npm package.
//!
//! TypeScript holds everything of the engine by a number and asks it questions: a JSON object goes
//! in, a JSON object comes out, with bytes beside the question where there are some. One export
//! costs the glue once; a class a thing and a method a question would weigh a tenth of the package.
//! Bodies of answers do not cross at all. The TypeScript side of this contract is
//! `pkg/src/boundary.ts`.

mod call;
mod engine;
mod held;
mod json;
mod long;
mod parts;
mod question;
mod stream;

use held::Held;
use json::Object;
use pangulm_core::{Error, ErrorKind, Operation};
use question::Question;
use wasm_bindgen::prelude::*;

/// Answers a question about what is held by this number; by 0, one about the engine as such.
///
/// What the question wants is in its member `ask`. An answer with the member `error` is a refusal;
/// numbers in `woken` name the calls that may go on; `rest` wants the second wasm file, of which the
/// question `rest` about 0 tells when it is loaded, and then the same question again.
#[wasm_bindgen]
pub fn ask(number: u32, question: &str, bytes: Vec<u8>) -> String {
    let question = Question::read(question);
    let mut answer = Object::new();
    let outcome = if number == 0 {
        if question.ask == "rest" {
            Operation::rest_is_here();
            Ok(())
        } else if parts::opening_needs_rest(&question) {
            answer.rest();
            Ok(())
        } else {
            engine::open(&question, &mut answer)
        }
    } else {
        match Held::take(number) {
            Some(held) => held.answer(number, &question, bytes, &mut answer),
            None => Err(gone()),
        }
    };
    if let Err(error) = outcome {
        answer.error("error", &error);
    }
    answer.finish()
}

fn gone() -> Error {
    let message = "the engine was asked about something that it no longer holds";
    Error::builder(ErrorKind::Internal, message).build()
}
