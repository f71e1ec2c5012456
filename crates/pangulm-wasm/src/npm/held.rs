//! What TypeScript holds by a number.

use super::call::CallHandle;
use super::json::Object;
use super::question::Question;
use super::{engine, long, parts, stream};
use pangulm_core::{ChatStream, Error, Job, Pages, Shared};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Something that lives on this side, and what its client's calls share.
pub(super) struct Held {
    shared: Arc<Shared>,
    thing: Thing,
}

pub(super) enum Thing {
    Engine,
    Call(Box<CallHandle>),
    Stream(Box<ChatStream>),
    Job(Box<Job>),
    Pages(Box<Pages>),
}

/// All of it, in no order: an entry for each engine, call under way, stream, job and list.
struct Table {
    entries: Vec<(u32, Held)>,
    last_number: u32,
}

static TABLE: Mutex<Table> = Mutex::new(Table {
    entries: Vec::new(),
    last_number: 0,
});

fn table() -> MutexGuard<'static, Table> {
    TABLE.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Held {
    /// Keeps it, and returns its number.
    pub(super) fn keep(shared: Arc<Shared>, thing: Thing) -> u32 {
        let mut table = table();
        table.last_number = table.last_number.wrapping_add(1);
        let number = table.last_number;
        table.entries.push((number, Self { shared, thing }));
        number
    }

    /// Takes it out while it is asked something, so that a trap loses nothing else.
    pub(super) fn take(number: u32) -> Option<Self> {
        let mut table = table();
        let at = table.entries.iter().position(|(known, _)| *known == number);
        at.map(|at| table.entries.swap_remove(at).1)
    }

    /// Answers, and goes back unless the question was `free`.
    pub(super) fn answer(
        mut self,
        number: u32,
        question: &Question<'_>,
        bytes: Vec<u8>,
        answer: &mut Object,
    ) -> Result<(), Error> {
        let shared = Arc::clone(&self.shared);
        let outcome = if question.ask == "free" {
            drop(self);
            Ok(())
        } else {
            let outcome = match &mut self.thing {
                Thing::Engine if parts::asking_needs_rest(question) => {
                    answer.rest();
                    Ok(())
                }
                Thing::Engine => engine::answer(&shared, question, &bytes, answer),
                Thing::Call(call) => call.answer(&shared, question, bytes, answer),
                Thing::Stream(stream) => stream::answer(stream, question, &bytes, answer),
                Thing::Job(job) => long::job(job, question, &bytes, answer),
                Thing::Pages(pages) => long::pages(pages, question, answer),
            };
            table().entries.push((number, self));
            outcome
        };
        let woken = shared.take_woken();
        if !woken.is_empty() {
            answer.numbers("woken", woken.iter().map(|call| u64::from(call.0)));
        }
        outcome
    }
}
