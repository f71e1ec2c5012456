//! IAM tokens that were given out.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use crate::random;

const MOST: usize = 10_000;
/// Real ones are long too (facts: auth 3.2), and headers have to bear it.
const DIGITS: usize = 1_500;

/// The tokens given out last.
#[derive(Debug, Default)]
pub(crate) struct Tokens(Mutex<VecDeque<Token>>);

#[derive(Debug)]
struct Token {
    text: String,
    expires: u64,
    revoked: bool,
    facts: Value,
}

/// Why a token is not good.
#[derive(Debug)]
pub(crate) enum Fault {
    Unknown,
    Revoked,
    /// Since when, in microseconds.
    Expired(u64),
}

impl Tokens {
    /// Keeps a new token, good until `expires` (in microseconds).
    pub(crate) fn issue(&self, expires: u64, facts: Value) -> String {
        // "MII" is how the real ones begin.
        let text = format!("MIIemulator{}", random::hex(DIGITS));
        let mut tokens = self.lock();
        if tokens.len() == MOST {
            tokens.pop_front();
        }
        tokens.push_back(Token {
            text: text.clone(),
            expires,
            revoked: false,
            facts,
        });
        text
    }

    /// What is known about a token that is good at `now` (in microseconds).
    pub(crate) fn check(&self, text: &str, now: u64) -> Result<Value, Fault> {
        let tokens = self.lock();
        let token = tokens
            .iter()
            .find(|token| token.text == text)
            .ok_or(Fault::Unknown)?;
        if token.revoked {
            return Err(Fault::Revoked);
        }
        if token.expires <= now {
            return Err(Fault::Expired(token.expires));
        }
        Ok(token.facts.clone())
    }

    /// Ends the tokens of a user.
    pub(crate) fn revoke_user(&self, user_id: &str) {
        let mut tokens = self.lock();
        let own = tokens
            .iter_mut()
            .filter(|token| owner(&token.facts) == user_id);
        own.for_each(|token| token.revoked = true);
    }

    pub(crate) fn revoke_all(&self) {
        self.lock()
            .iter_mut()
            .for_each(|token| token.revoked = true);
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Token>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The id of the user whose token has these properties.
pub(crate) fn owner(facts: &Value) -> &str {
    let id = facts.pointer("/user/id").and_then(Value::as_str);
    id.unwrap_or_default()
}
