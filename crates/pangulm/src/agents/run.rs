//! Runs under way.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use pangulm_core::Error;
use serde::Deserialize;
use serde_json::Value;

use super::{AgentEvent, WorkflowEvent};
use crate::pieces::{Piece, Pieces};

/// The run of an agent: a [`Stream`] of [`AgentEvent`]s.
pub type AgentRun = Run<AgentEvent>;

/// The run of a workflow: a [`Stream`] of [`WorkflowEvent`]s. Their types are not documented.
pub type WorkflowRun = Run<WorkflowEvent>;

/// A run that has begun.
///
/// It reads from the network only when it is polled. Dropping it closes the connection. A run that
/// breaks off or falls silent ends in an error, and what had arrived stays in
/// [`partial`](Self::partial).
#[derive(Debug)]
pub struct Run<E> {
    conversation_id: String,
    pieces: Pieces,
    of: std::marker::PhantomData<fn() -> E>,
}

/// What a run came to.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[non_exhaustive]
pub struct Outcome {
    /// What was said: the summary of an agent, or the pieces of its messages if none came. Of a
    /// workflow only what it says as an agent would, for its events are not documented.
    pub content: String,
    /// Whether the run said that it is over, as agents do. Of a workflow's run it is not known how it
    /// ends, so this is false although the connection was closed in good order.
    pub end_confirmed: bool,
    /// The last event as it came; none if there was none.
    pub last_event: Option<Value>,
}

impl<E> Run<E> {
    pub(super) fn new(conversation_id: String, pieces: Pieces) -> Self {
        Self {
            conversation_id,
            pieces,
            of: std::marker::PhantomData,
        }
    }

    /// The conversation's id: the one of the request, or the one made up for it.
    #[must_use]
    pub fn conversation_id(&self) -> &str {
        &self.conversation_id
    }

    /// Reads to the end and tells what the run came to, also when some events were read before.
    ///
    /// # Errors
    /// As for [`next`](Self::next).
    pub async fn finish(&mut self) -> Result<Outcome, Error> {
        poll_fn(|context| self.pieces.poll_end(context)).await?;
        self.partial()
    }

    /// What the run has come to so far.
    ///
    /// # Errors
    /// None that could happen: what is read here was written by the engine.
    pub fn partial(&self) -> Result<Outcome, Error> {
        self.pieces.whole()
    }

    /// The platform's id of the request: support asks for it.
    #[must_use]
    pub fn request_id(&self) -> Option<String> {
        self.pieces.request_id()
    }
}

#[expect(private_bounds, reason = "only the two kinds of run are ever made")]
impl<E: Piece> Run<E> {
    /// The next event, or none when the run is over or has failed. It can be dropped and called again
    /// without losing an event.
    ///
    /// # Errors
    /// The run was cut ([`is_truncated`](Error::is_truncated)), fell silent
    /// ([`is_stalled`](Error::is_stalled)), or was broken off by the service
    /// ([`is_in_stream`](Error::is_in_stream)).
    pub async fn next(&mut self) -> Option<Result<E, Error>> {
        poll_fn(|context| self.pieces.poll_piece(context)).await
    }
}

impl<E: Piece> Stream for Run<E> {
    type Item = Result<E, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.pieces.poll_piece(context)
    }
}
