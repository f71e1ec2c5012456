//! Temporary access key pairs that were given out.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::random;

const MOST: usize = 10_000;
/// Security tokens are as long as other tokens by inference; headers have to bear it.
const DIGITS: usize = 800;

/// The pairs given out last.
#[derive(Debug, Default)]
pub(crate) struct TemporaryKeys(Mutex<VecDeque<Pair>>);

/// A pair, and the security token that must come with it.
#[derive(Clone, Debug)]
pub(crate) struct Pair {
    pub(crate) id: String,
    pub(crate) secret: String,
    pub(crate) token: String,
    /// In microseconds.
    pub(crate) expires: u64,
    pub(crate) user_id: String,
}

impl TemporaryKeys {
    /// Keeps a new pair of a user, good until `expires` (in microseconds).
    pub(crate) fn issue(&self, expires: u64, user_id: &str) -> Pair {
        let pair = Pair {
            id: format!("HSTEMULATOR{}", random::hex(9).to_ascii_uppercase()),
            secret: random::hex(40),
            token: format!("emulator-security-token-{}", random::hex(DIGITS)),
            expires,
            user_id: user_id.to_owned(),
        };
        let mut pairs = self.lock();
        if pairs.len() == MOST {
            pairs.pop_front();
        }
        pairs.push_back(pair.clone());
        pair
    }

    pub(crate) fn find(&self, id: &str) -> Option<Pair> {
        self.lock().iter().find(|pair| pair.id == id).cloned()
    }

    /// Ends the pairs of a user.
    pub(crate) fn revoke_user(&self, user_id: &str) {
        self.lock().retain(|pair| pair.user_id != user_id);
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Pair>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
