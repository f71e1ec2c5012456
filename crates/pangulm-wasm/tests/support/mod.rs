//! The emulator that serves these tests, and the little JavaScript they need themselves.

// Each test file is a crate of its own and uses a part of this.
#![allow(dead_code)]

use js_sys::{Function, Promise, Reflect};
use serde_json::Value;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{RequestInit, Response};

/// What the first line of the emulator says, which runs outside of the page.
pub(crate) fn emulator() -> Value {
    let info = option_env!("PANGULM_EMULATOR_INFO");
    let info = info.expect("PANGULM_EMULATOR_INFO is not set: run the tests by `cargo xtask test`");
    serde_json::from_str(info).unwrap()
}

pub(crate) fn is_page() -> bool {
    Reflect::has(&js_sys::global(), &"document".into()).unwrap()
}

/// A GET, or a POST of the body. Gives the answer's JSON and the header `x-subject-token`.
pub(crate) async fn ask(url: &str, body: Option<&Value>) -> (Value, Option<String>) {
    let init = RequestInit::new();
    if let Some(body) = body {
        init.set_method("POST");
        init.set_body(&body.to_string().into());
    }
    let sent = call("fetch", &url.into(), &init);
    let answer = JsFuture::from(Promise::from(sent)).await.unwrap();
    let answer: Response = answer.unchecked_into();
    let token = answer.headers().get("x-subject-token").unwrap();
    let text = JsFuture::from(answer.text().unwrap()).await.unwrap();
    let json = serde_json::from_str(&text.as_string().unwrap()).unwrap();
    (json, token)
}

pub(crate) async fn sleep(milliseconds: i32) {
    let rung = Promise::new(&mut |ring, _| {
        call("setTimeout", &ring, &milliseconds.into());
    });
    JsFuture::from(rung).await.unwrap();
}

/// Calls a global function. It cannot be imported by name: the library does that already, and both
/// are of one package.
fn call(name: &str, first: &JsValue, second: &JsValue) -> JsValue {
    let global = js_sys::global();
    let function: Function = Reflect::get(&global, &name.into()).unwrap().into();
    function.call2(&global, first, second).unwrap()
}
