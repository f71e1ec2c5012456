//! The emulator that serves these tests, and the little JavaScript they need themselves.

// Each test file is a crate of its own and uses a part of this.
#![allow(dead_code)]

use js_sys::{Function, Promise};
use serde_json::Value;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{RequestInit, Response};

#[wasm_bindgen]
extern "C" {
    fn fetch(url: &str, init: &RequestInit) -> Promise;
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(ring: &Function, milliseconds: i32) -> JsValue;
}

/// What the first line of the emulator says, which runs outside of the page.
pub(crate) fn emulator() -> Value {
    let info = option_env!("PANGULM_EMULATOR_INFO");
    let info = info.expect("PANGULM_EMULATOR_INFO is not set: run the tests by `cargo xtask test`");
    serde_json::from_str(info).unwrap()
}

/// A GET, or a POST of the body. Gives the answer's JSON and the header `x-subject-token`.
pub(crate) async fn ask(url: &str, body: Option<&Value>) -> (Value, Option<String>) {
    let init = RequestInit::new();
    if let Some(body) = body {
        init.set_method("POST");
        init.set_body(&body.to_string().into());
    }
    let answer = JsFuture::from(fetch(url, &init)).await.unwrap();
    let answer: Response = answer.unchecked_into();
    let token = answer.headers().get("x-subject-token").unwrap();
    let text = JsFuture::from(answer.text().unwrap()).await.unwrap();
    let json = serde_json::from_str(&text.as_string().unwrap()).unwrap();
    (json, token)
}

pub(crate) async fn sleep(milliseconds: i32) {
    let rung = Promise::new(&mut |ring, _| {
        set_timeout(&ring, milliseconds);
    });
    JsFuture::from(rung).await.unwrap();
}
