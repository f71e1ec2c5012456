//! Long work: started by one call, followed by others until it is done.
//!
//! A [`Job`] is a small machine beside [`Call`](crate::Call). It knows what to call to ask how the
//! work stands, reads the answers, and says how long to wait before asking again. The driver makes
//! the calls and waits. Dropping a job stops the following; the work itself goes on.

use crate::error::{Error, ErrorKind, Reported};
use crate::operation::{JobRules, Operation};
use crate::scan::{self, Value};
use crate::text::{concat, first, pieces};
use crate::time::Moment;

/// The first wait between two polls.
const FIRST_WAIT_MS: u64 = 1_000;
/// Waits grow by a half each time, up to this.
const LONGEST_WAIT_MS: u64 = 30_000;

/// Work in progress at the platform.
#[derive(Clone, Debug)]
pub struct Job {
    rules: &'static JobRules,
    poll: &'static Operation,
    id: String,
    next_wait_ms: u64,
    /// Until when to follow, on the steady clock; set by the first answer's time.
    deadline: Option<u64>,
    last_state: String,
}

/// How work stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// The platform's word for it; empty if it said none.
    pub state: String,
    /// The part that is done, as it was written: a number from 0 to 1. Not every kind of work tells.
    pub progress: Option<String>,
    /// What that means.
    pub phase: Phase,
}

/// What the state of work means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// It goes on; unknown states are taken for this.
    Running,
    /// It is finished, and its result is there.
    Succeeded,
    /// It came to nothing.
    Failed,
}

impl Job {
    /// The work that an answer to `started` tells of.
    ///
    /// # Errors
    /// The operation starts no long work, or the answer holds no id; the error keeps the body.
    pub fn started(started: &'static Operation, answer: &[u8]) -> Result<Self, Error> {
        let rules = rules(started)?;
        let text = std::str::from_utf8(answer).unwrap_or_default();
        let id = scan::parse(text).and_then(|answer| {
            let mut places = rules.id.iter();
            places.find_map(|place| at(answer, place)?.label().filter(|id| !id.is_empty()))
        });
        match id {
            Some(id) => Self::follow(rules, id.into_owned()),
            None => Err(Error::builder(
                ErrorKind::UnexpectedAnswer,
                "the answer names no job, so the work that it may have started cannot be followed",
            )
            .operation(started.id)
            .excerpt_of(answer)
            .body(answer)
            .build()),
        }
    }

    /// Work that `started` began earlier, perhaps in another program.
    ///
    /// # Errors
    /// The operation starts no long work, or the id is empty.
    pub fn resumed(started: &'static Operation, id: &str) -> Result<Self, Error> {
        if id.is_empty() {
            return Err(Error::invalid("id", "is empty; give the id of the job"));
        }
        Self::follow(rules(started)?, id.to_owned())
    }

    fn follow(rules: &'static JobRules, id: String) -> Result<Self, Error> {
        Ok(Self {
            rules,
            poll: Operation::find(rules.poll)?,
            id,
            next_wait_ms: FIRST_WAIT_MS,
            deadline: None,
            last_state: String::new(),
        })
    }

    /// The platform's id of the work, by which it can be resumed.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What to call to learn how the work stands.
    #[must_use]
    pub fn poll(&self) -> &'static Operation {
        self.poll
    }

    /// The parameter of that call that takes the id.
    #[must_use]
    pub fn parameter(&self) -> &'static str {
        self.rules.parameter
    }

    /// Whether that call takes a parameter that the start was given, such as the deployment's id.
    #[must_use]
    pub fn takes(&self, parameter: &str) -> bool {
        let mut known = self.poll.parameters.iter();
        known.any(|it| it.name == parameter) && parameter != self.rules.parameter
    }

    /// Whether the job is followed on after that call failed so: its state is as unknown as before.
    #[must_use]
    pub fn goes_on_after(&self, error: &Error) -> bool {
        error.is_transient()
    }

    /// Reads the answer of that call.
    ///
    /// # Errors
    /// It is no JSON object.
    pub fn read(&mut self, answer: &[u8]) -> Result<Status, Error> {
        let text = std::str::from_utf8(answer).unwrap_or_default();
        let Some(answer) = scan::parse(text) else {
            return Err(Error::builder(
                ErrorKind::UnexpectedAnswer,
                "the state of the job is not JSON",
            )
            .operation(self.poll.id)
            .excerpt_of(answer)
            .body(answer)
            .build());
        };
        let state = at(answer, self.rules.state).and_then(|state| state.label());
        let state = state.unwrap_or_default().into_owned();
        let is_in = |states: &[&str]| states.contains(&state.as_str());
        let has_result = self
            .rules
            .result
            .and_then(|place| at(answer, place)?.label())
            .is_some_and(|result| !result.is_empty());
        let phase = if is_in(self.rules.failed) {
            Phase::Failed
        } else if has_result || is_in(self.rules.succeeded) {
            Phase::Succeeded
        } else {
            Phase::Running
        };
        let progress = self
            .rules
            .progress
            .and_then(|place| at(answer, place)?.number())
            .map(|number| number.written().to_owned());
        self.last_state.clone_from(&state);
        Ok(Status {
            state,
            progress,
            phase,
        })
    }

    /// How long to wait before asking again; the first time sets the deadline from `timeout_ms`.
    ///
    /// # Errors
    /// The time is over. The work goes on at the platform and can be resumed by its id.
    pub fn wait(&mut self, now: Moment, timeout_ms: u64) -> Result<u64, Error> {
        let deadline = *self
            .deadline
            .get_or_insert(now.steady_ms.saturating_add(timeout_ms));
        let left = deadline.saturating_sub(now.steady_ms);
        if left == 0 {
            return Err(self.too_late());
        }
        let wait = self.next_wait_ms.min(left);
        self.next_wait_ms = (self.next_wait_ms + self.next_wait_ms / 2).min(LONGEST_WAIT_MS);
        Ok(wait)
    }

    /// The error of work that came to nothing, with what the platform said of it.
    #[must_use]
    pub fn failure(&self, answer: &[u8]) -> Error {
        let text = std::str::from_utf8(answer).unwrap_or_default();
        let reported = scan::parse(text).and_then(Reported::read);
        let reported = reported.unwrap_or_default();
        let why = reported.message.as_deref().unwrap_or_default();
        let message = concat(&[
            "the job ",
            &self.id,
            " ended in state ",
            first(&self.last_state, 60),
            if why.is_empty() { "" } else { ": " },
            why,
        ]);
        Error::builder(ErrorKind::JobFailed, message)
            .operation(self.poll.id)
            .code(reported.code)
            .request_id(reported.request_id)
            .body(answer)
            .build()
    }

    fn too_late(&self) -> Error {
        let state = first(&self.last_state, 60);
        let message = concat(&[
            "the job ",
            &self.id,
            " was not done in the time given; its last state was ",
            if state.is_empty() {
                "never told"
            } else {
                state
            },
            ". It goes on: resume it by its id",
        ]);
        Error::builder(ErrorKind::Timeout, message)
            .operation(self.poll.id)
            .build()
    }
}

fn rules(started: &'static Operation) -> Result<&'static JobRules, Error> {
    started.job.ok_or_else(|| {
        Error::builder(ErrorKind::InvalidInput, "this operation starts no job")
            .operation(started.id)
            .build()
    })
}

/// The value at a JSON pointer without escapes.
fn at<'a>(value: Value<'a>, pointer: &str) -> Option<Value<'a>> {
    let mut names = pieces(pointer, b'/').skip(1);
    names.try_fold(value, |value, name| value.member(name))
}
