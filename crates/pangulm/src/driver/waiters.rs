//! Calls that sleep until another call has what they wait for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pangulm_core::Shared;
use pangulm_core::shared::CallId;
use tokio::sync::Notify;

/// The alarm of every call under way.
#[derive(Debug)]
pub(super) struct Waiters {
    shared: Arc<Shared>,
    alarms: Mutex<HashMap<CallId, Arc<Notify>>>,
}

impl Waiters {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self {
            shared,
            alarms: Mutex::default(),
        }
    }

    /// Gives a call its alarm. Before its first step: it could be woken before it sleeps.
    pub(super) fn enter(&self, call: CallId) -> Entered<'_> {
        let alarm = Arc::new(Notify::new());
        self.alarms().insert(call, Arc::clone(&alarm));
        Entered {
            waiters: self,
            call,
            alarm,
        }
    }

    /// Wakes whom the engine names. To be called after every step and every dropped call.
    pub(super) fn wake(&self) {
        let woken = self.shared.take_woken();
        if woken.is_empty() {
            return;
        }
        let alarms = self.alarms();
        for alarm in woken.iter().filter_map(|call| alarms.get(call)) {
            alarm.notify_one();
        }
    }

    fn alarms(&self) -> MutexGuard<'_, HashMap<CallId, Arc<Notify>>> {
        self.alarms.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A call among the waiters. It is to be dropped after its call, so that whoever the call gave way
/// to is woken, also when the call's future is dropped half-way.
#[derive(Debug)]
pub(super) struct Entered<'a> {
    waiters: &'a Waiters,
    call: CallId,
    alarm: Arc<Notify>,
}

impl Entered<'_> {
    /// Sleeps until woken. To have been woken before counts.
    pub(super) async fn woken(&self) {
        self.alarm.notified().await;
    }
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        self.waiters.alarms().remove(&self.call);
        self.waiters.wake();
    }
}
