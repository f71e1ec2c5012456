//! What IAM grants, one for all calls: fetched by one of them, awaited by the rest, renewed early.

use super::{CallId, wait_in};
use crate::credential::AccessKey;
use crate::error::Error;
use crate::secret::Secret;
use std::sync::Arc;

/// After a failed early renewal, this long passes before the next one.
const RENEWAL_PAUSE_MS: u64 = 30_000;

/// A token, or a temporary access key pair.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    /// The token; of a pair, its security token.
    pub(crate) token: Secret,
    /// The pair, if it is one.
    pub(crate) key: Option<Arc<AccessKey>>,
}

impl Grant {
    pub(crate) fn token(token: Secret) -> Self {
        Self { token, key: None }
    }
}

/// A grant and its life, in the driver's steady clock.
#[derive(Clone, Debug)]
pub(crate) struct Lease {
    pub(crate) grant: Grant,
    expires_ms: u64,
    renew_ms: u64,
}

impl Lease {
    /// A grant that lives `lifetime_ms` from now. It is renewed in the last fifth of its life,
    /// but never more than an hour early; the last tenth of a short life, at most 30 seconds, is
    /// left unused so that no request is under way when it ends.
    pub(crate) fn new(grant: Grant, now_ms: u64, lifetime_ms: u64) -> Self {
        let early = (lifetime_ms / 5).min(3_600_000);
        let margin = (lifetime_ms / 10).min(30_000);
        Self {
            grant,
            expires_ms: now_ms.saturating_add(lifetime_ms - margin),
            renew_ms: now_ms.saturating_add(lifetime_ms - early),
        }
    }
}

/// The grant of a client and who is fetching it.
#[derive(Debug, Default)]
pub(crate) struct GrantCache {
    current: Option<Lease>,
    fetcher: Option<CallId>,
    waiting: Vec<CallId>,
    failures: Vec<(CallId, Error)>,
}

/// What a call that needs a grant does.
#[derive(Debug)]
pub(crate) enum Acquired {
    Use(Grant),
    /// Fetch one, then [`GrantCache::store`] it or [`GrantCache::fail`].
    Fetch,
    /// Another call is fetching one.
    Wait,
    /// The fetch that this call waited for failed.
    Failed(Error),
}

impl GrantCache {
    pub(crate) fn acquire(&mut self, call: CallId, now_ms: u64) -> Acquired {
        if let Some(at) = self
            .failures
            .iter()
            .position(|(waiting, _)| *waiting == call)
        {
            return Acquired::Failed(self.failures.swap_remove(at).1);
        }
        let valid = self
            .current
            .as_ref()
            .filter(|lease| now_ms < lease.expires_ms);
        match (valid, self.fetcher) {
            // It slept before fetching once more.
            (_, Some(fetcher)) if fetcher == call => Acquired::Fetch,
            (Some(lease), fetcher) if now_ms < lease.renew_ms || fetcher.is_some() => {
                Acquired::Use(lease.grant.clone())
            }
            (None, Some(_)) => {
                wait_in(&mut self.waiting, call);
                Acquired::Wait
            }
            _ => {
                self.fetcher = Some(call);
                Acquired::Fetch
            }
        }
    }

    /// The fetched grant. Returns the calls to wake.
    pub(crate) fn store(&mut self, lease: Lease) -> Vec<CallId> {
        self.current = Some(lease);
        self.fetcher = None;
        std::mem::take(&mut self.waiting)
    }

    /// The fetch failed. A grant that is still valid goes on serving; else everyone who waited
    /// fails with the same error. Returns that grant, and the calls to wake.
    pub(crate) fn fail(&mut self, now_ms: u64, error: &Error) -> (Option<Grant>, Vec<CallId>) {
        self.fetcher = None;
        let waiting = std::mem::take(&mut self.waiting);
        if let Some(lease) = self
            .current
            .as_mut()
            .filter(|lease| now_ms < lease.expires_ms)
        {
            lease.renew_ms = now_ms.saturating_add(RENEWAL_PAUSE_MS);
            return (Some(lease.grant.clone()), waiting);
        }
        self.failures
            .extend(waiting.iter().map(|call| (*call, error.clone())));
        (None, waiting)
    }

    /// The service refused the grant with this token: the next call fetches another.
    pub(crate) fn reject(&mut self, token: &Secret) {
        if self
            .current
            .as_ref()
            .is_some_and(|lease| lease.grant.token.is(token))
        {
            self.current = None;
        }
    }

    /// The call is over or given up. Returns the calls to wake: one of them will fetch.
    pub(crate) fn leave(&mut self, call: CallId) -> Vec<CallId> {
        self.waiting.retain(|waiting| *waiting != call);
        self.failures.retain(|(waiting, _)| *waiting != call);
        if self.fetcher != Some(call) {
            return Vec::new();
        }
        self.fetcher = None;
        std::mem::take(&mut self.waiting)
    }
}
