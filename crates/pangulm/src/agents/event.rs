//! What happens during a run.

use super::{AgentEvent, WorkflowEvent};
use crate::pieces::Piece;

impl AgentEvent {
    /// What the event says, if it brings text: a piece with
    /// [`Message`](super::AgentEventType::Message), the whole with
    /// [`SummaryResponse`](super::AgentEventType::SummaryResponse).
    #[must_use]
    pub fn text(&self) -> &str {
        self.content
            .as_ref()
            .and_then(|content| content.as_str())
            .unwrap_or_default()
    }
}

impl Piece for AgentEvent {}

impl Piece for WorkflowEvent {}
