//! Calls that sleep until another call has what they wait for.

use std::cell::RefCell;
use std::collections::HashMap;
use std::future::poll_fn;
use std::rc::Rc;
use std::sync::Arc;

use pangulm_core::Shared;
use pangulm_core::shared::CallId;

use super::alarm::Alarm;

/// The alarm of every call under way.
#[derive(Debug)]
pub(super) struct Waiters {
    shared: Arc<Shared>,
    alarms: RefCell<HashMap<CallId, Rc<Alarm>>>,
}

impl Waiters {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self {
            shared,
            alarms: RefCell::default(),
        }
    }

    /// Gives a call its alarm. Before its first step: it could be woken before it sleeps.
    pub(super) fn enter(&self, call: CallId) -> Entered<'_> {
        let alarm = Rc::<Alarm>::default();
        self.alarms.borrow_mut().insert(call, Rc::clone(&alarm));
        Entered {
            waiters: self,
            call,
            alarm,
        }
    }

    /// Wakes whom the engine names. To be called after every step and every dropped call.
    pub(super) fn wake(&self) {
        let woken = self.shared.take_woken();
        let alarms = self.alarms.borrow();
        for call in woken {
            if let Some(alarm) = alarms.get(&call) {
                alarm.ring();
            }
        }
    }
}

/// A call among the waiters. It is to be dropped after its call, so that whoever the call gave way
/// to is woken, also when the call's future is dropped half-way.
#[derive(Debug)]
pub(super) struct Entered<'a> {
    waiters: &'a Waiters,
    call: CallId,
    alarm: Rc<Alarm>,
}

impl Entered<'_> {
    /// Sleeps until woken. To have been woken before counts.
    pub(super) async fn woken(&self) {
        poll_fn(|context| self.alarm.poll(context)).await;
    }
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        self.waiters.alarms.borrow_mut().remove(&self.call);
        self.waiters.wake();
    }
}
