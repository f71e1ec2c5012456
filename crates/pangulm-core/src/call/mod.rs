//! One call, from its arguments to its answer, as a machine that a driver turns.

mod classify;
mod exchange;
mod machine;
mod prepare;
#[cfg(feature = "signing")]
mod sign;
#[cfg(not(feature = "signing"))]
#[path = "sign_not.rs"]
mod sign;
mod step;

pub use prepare::{Arguments, CallOptions};
pub use step::{
    Answer, BodyWanted, Failure, FailureKind, FreshToken, Header, Input, Request, RequestBody, Step,
};

use crate::chat_stream::ChatStream;
use crate::error::Error;
use crate::headers::Headers;
use crate::operation::Operation;
use crate::shared::{CallId, Place, Shared, Skew};
use crate::time::Moment;
use std::sync::Arc;

/// One call in progress.
///
/// A driver makes it, hands it [`Input::Start`], does what the returned [`Step`] says, hands back
/// what came of it, and so on until [`Step::Done`], [`Step::Stream`] or [`Step::Fail`]. Dropping a
/// call gives up whatever others wait for; the driver then wakes them (see [`Shared`]).
///
/// The request's body never enters a call: the driver holds it and sends it when told to.
#[derive(Debug)]
pub struct Call {
    shared: Arc<Shared>,
    id: CallId,
    operation: &'static Operation,
    prepared: prepare::Prepared,
    state: State,
    /// The time of the step that is being taken.
    now: Moment,
    head: Head,
    unsigned: Option<Box<sign::Unsigned>>,
    /// When the last request was sent.
    sent: Moment,
    deadline_ms: u64,
    max_retries: u32,
    /// Requests of the operation itself that were sent.
    attempts: u32,
    /// Waits before a further attempt, for whatever reason.
    retries: u32,
    clock_corrected: bool,
    /// The correction of the clock in the last signature.
    skew: Skew,
    token_replaced: bool,
    /// The token in use, to tell which one the service refused.
    token: Option<crate::secret::Secret>,
    /// Whether this call is getting from IAM what all of the client's calls are made with.
    granting: bool,
    /// The request for that, until it is sent; what proves who asks may have to be got before.
    exchange: Option<Box<exchange::Exchange>>,
}

/// What the call waits for. It is plain, and what belongs to it stands beside it in [`Call`]: states
/// that own things would double the wasm code of every step.
#[derive(Clone, Copy, Debug)]
enum State {
    Start,
    /// For another call: the token, the first signature, or a turn.
    Waiting,
    /// For the driver's token callback.
    AskingToken,
    /// For IAM's answer to a token request.
    FetchingToken,
    /// For the body of that answer, whose head is in `head`.
    ReadingToken,
    /// For the digest of the body.
    Hashing,
    /// For the MAC over the string to sign in `unsigned`.
    Macing,
    /// For the answer's head.
    Sending,
    /// For the body of an error, or of a success that is not what was asked for.
    ReadingRefusal,
    /// For the driver to have read the body of a success.
    ReadingAnswer,
    Sleeping,
    Over,
}

/// The head of an answer whose body is being read.
#[derive(Debug, Default)]
struct Head {
    status: u16,
    headers: Headers,
}

impl Call {
    /// Checks the arguments and makes a call of them. Nothing is sent yet.
    ///
    /// # Errors
    /// An argument is wrong or missing, no credential fits, or no address is known.
    pub fn new(
        shared: &Arc<Shared>,
        operation: &'static Operation,
        arguments: Arguments<'_>,
    ) -> Result<Self, Error> {
        let named = |error: Error| error.into_builder().operation(operation.id).build();
        let settings = shared.settings();
        let max_retries = arguments
            .options
            .max_retries
            .unwrap_or(settings.max_retries);
        let timeout_ms = arguments.options.timeout_ms.unwrap_or(settings.timeout_ms);
        let chosen = settings.credentials.choose(operation)?;
        let prepared = prepare::prepare(settings, operation, chosen, &arguments).map_err(named)?;
        let id = shared.state().next_call();
        Ok(Self {
            shared: Arc::clone(shared),
            id,
            operation,
            prepared,
            state: State::Start,
            now: Moment::default(),
            head: Head::default(),
            unsigned: None,
            sent: Moment::default(),
            // Counted from the first step on.
            deadline_ms: timeout_ms,
            max_retries,
            attempts: 0,
            retries: 0,
            clock_corrected: false,
            skew: Skew::default(),
            token_replaced: false,
            token: None,
            granting: false,
            exchange: None,
        })
    }

    /// The number under which this call is woken.
    #[must_use]
    pub fn id(&self) -> CallId {
        self.id
    }

    /// The operation called.
    #[must_use]
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// The decoder of this call's stream.
    fn stream(&self, headers: &Headers) -> Box<ChatStream> {
        let stream = ChatStream::new(self.operation, headers.request_id());
        let place = Place::of(&self.shared, self.id);
        Box::new(stream.after(self.attempts, place))
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        self.shared.state().leave(self.id);
    }
}
