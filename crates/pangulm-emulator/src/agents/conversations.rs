//! What was said in conversations.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Conversations kept; with more, the oldest is forgotten.
const MOST: usize = 1_000;

/// The conversations begun last, each with what was last asked in it.
#[derive(Debug, Default)]
pub(crate) struct Conversations(Mutex<VecDeque<(String, String)>>);

impl Conversations {
    /// What was asked before, of which `question` takes the place.
    pub(super) fn ask(&self, conversation: &str, question: &str) -> Option<String> {
        let mut all = self.lock();
        if let Some((_, last)) = all.iter_mut().find(|(id, _)| id == conversation) {
            return Some(std::mem::replace(last, question.to_owned()));
        }
        if all.len() == MOST {
            all.pop_front();
        }
        all.push_back((conversation.to_owned(), question.to_owned()));
        None
    }

    /// A conversation in which something was asked already.
    pub(crate) fn begin(&self, conversation: &str, question: &str) {
        self.ask(conversation, question);
    }

    /// Ends a conversation.
    pub(super) fn end(&self, conversation: &str) {
        self.lock().retain(|(id, _)| id != conversation);
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<(String, String)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
