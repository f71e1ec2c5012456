//! The clocks of JavaScript, as the engine wants them read.

use pangulm_core::Moment;
use wasm_bindgen::prelude::*;

use crate::number::milliseconds;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn steady() -> f64;
}

pub(super) fn now() -> Moment {
    Moment {
        wall_ms: milliseconds(js_sys::Date::now()),
        steady_ms: milliseconds(steady()),
    }
}
