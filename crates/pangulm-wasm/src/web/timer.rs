//! Sleeping, by the timers of the page, worker or runtime.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    // A number in browsers, an object in Node.
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(ring: &Function, milliseconds: i32) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(timer: &JsValue);
}

/// Some milliseconds, at most 24 days: timers cannot be set for longer. Dropping it stops the timer.
#[derive(Debug)]
pub(super) struct Sleep {
    timer: JsValue,
    rung: JsFuture,
}

impl Sleep {
    pub(super) fn new(milliseconds: u64) -> Self {
        let milliseconds = i32::try_from(milliseconds).unwrap_or(i32::MAX);
        let mut timer = JsValue::UNDEFINED;
        let rung = Promise::new(&mut |ring, _| timer = set_timeout(&ring, milliseconds));
        Self {
            timer,
            rung: rung.into(),
        }
    }

    /// What the future gives, unless this sleep ends first.
    pub(super) async fn outlives<F: Future>(&mut self, future: F) -> Option<F::Output> {
        let mut future = pin!(future);
        poll_fn(|context| match future.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending => Pin::new(&mut *self).poll(context).map(|()| None),
        })
        .await
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        Pin::new(&mut self.rung).poll(context).map(drop)
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        clear_timeout(&self.timer);
    }
}
