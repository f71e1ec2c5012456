//! Sleeping, by the timers of the page, worker or runtime.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll};

use wasm_bindgen::prelude::*;

use super::alarm::Alarm;

#[wasm_bindgen]
extern "C" {
    // A number in browsers, an object in Node.
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(ring: &Closure<dyn FnMut()>, milliseconds: i32) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(timer: &JsValue);
}

/// Some milliseconds, at most 24 days: timers cannot be set for longer. Dropping it stops the timer.
///
/// It awaits no promise: one that is never settled would keep its callbacks forever.
#[derive(Debug)]
pub(super) struct Sleep {
    timer: JsValue,
    alarm: Rc<Alarm>,
    _ring: Closure<dyn FnMut()>,
}

impl Sleep {
    pub(super) fn new(milliseconds: u64) -> Self {
        let alarm = Rc::<Alarm>::default();
        let rings = Rc::clone(&alarm);
        let ring = Closure::new(move || rings.ring());
        let milliseconds = i32::try_from(milliseconds).unwrap_or(i32::MAX);
        Self {
            timer: set_timeout(&ring, milliseconds),
            alarm,
            _ring: ring,
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

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        self.alarm.poll(context)
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        clear_timeout(&self.timer);
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use super::*;
    use std::arch::wasm32::memory_size;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    async fn a_sleep_ends_or_is_dropped_and_leaves_nothing_behind() {
        assert_eq!(Sleep::new(60_000).outlives(async { 7 }).await, Some(7));
        Sleep::new(1).await;
        let pages = memory_size::<0>();
        for _ in 0..20_000 {
            let ready = Sleep::new(60_000).outlives(async { 7 }).await;
            assert_eq!(ready, Some(7));
            let mut dropped = Sleep::new(60_000);
            let polled = poll_fn(|context| Poll::Ready(Pin::new(&mut dropped).poll(context))).await;
            assert!(polled.is_pending());
        }
        assert_eq!(memory_size::<0>(), pages);
    }
}
