//! Something that rings, and the task that sleeps until it does.

use std::cell::{Cell, RefCell};
use std::task::{Context, Poll, Waker};

#[derive(Debug, Default)]
pub(super) struct Alarm {
    rung: Cell<bool>,
    sleeper: RefCell<Option<Waker>>,
}

impl Alarm {
    pub(super) fn ring(&self) {
        self.rung.set(true);
        let sleeper = self.sleeper.take();
        if let Some(sleeper) = sleeper {
            sleeper.wake();
        }
    }

    /// Ready if it has rung since this was last ready.
    pub(super) fn poll(&self, context: &Context<'_>) -> Poll<()> {
        if self.rung.take() {
            return Poll::Ready(());
        }
        self.sleeper.replace(Some(context.waker().clone()));
        Poll::Pending
    }
}
