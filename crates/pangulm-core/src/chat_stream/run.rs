//! What the events of an agent's or workflow's run come to.

use super::chunk::Chunk;

/// A run in the making.
#[derive(Clone, Debug, Default)]
pub(super) struct Run {
    /// What was said: the inside of a JSON string, escapes and all.
    content: String,
    /// The last event, as it came.
    last: String,
    /// Whether the whole answer came, which agents send last of all.
    confirmed: bool,
    /// Whether half an event came last.
    cut: bool,
}

impl Run {
    /// How many bytes are kept.
    pub(super) fn size(&self) -> usize {
        self.content.len() + self.last.len()
    }

    /// Whether the run said that it is over.
    pub(super) fn is_over(&self) -> bool {
        self.confirmed
    }

    /// Whether there were events, all of them whole. More than that nobody can ask of a run whose last
    /// event is not known (facts: platform.md 2.2).
    pub(super) fn may_end(&self) -> bool {
        !self.last.is_empty() && !self.cut
    }

    pub(super) fn cut(&mut self) {
        self.cut = true;
    }

    /// Takes an event of an agent or, with another list of types, of a workflow.
    #[inline(never)]
    pub(super) fn add(&mut self, event: &Chunk<'_>, of_agent: bool) {
        event.text.clone_into(&mut self.last);
        let text = |name| event.member(name).and_then(|value| value.raw_string());
        let kind = text("event");
        self.confirmed = of_agent && kind == Some("summary_response");
        if self.confirmed || kind == Some("message") {
            let said = text("content").unwrap_or_default();
            if self.confirmed && !said.is_empty() {
                self.content.clear();
            }
            self.content.push_str(said);
        }
    }

    #[inline(never)]
    pub(super) fn to_json(&self) -> String {
        let mut json = String::from("{\"content\":\"");
        json.push_str(&self.content);
        json.push_str("\",\"end_confirmed\":");
        json.push_str(if self.confirmed { "true" } else { "false" });
        if !self.last.is_empty() {
            json.push_str(",\"last_event\":");
            json.push_str(&self.last);
        }
        json.push('}');
        json
    }
}
