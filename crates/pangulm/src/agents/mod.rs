//! Agents and workflows: what was built in the console, run in conversations and followed event by
//! event.
//!
//! A conversation is named by a UUID that the caller makes up; no call creates one. Requests that name
//! none get a fresh one, which the run tells, so that the next request can go on with it.
//!
//! The newest Chinese edition of the reference no longer lists these calls, and their path has changed
//! once: `older_path` of a request takes the one documented until May 2025.

mod event;
mod request;
mod run;
mod workflow;

pub use self::request::{AgentRequest, WorkflowRequest};
pub use self::run::{AgentRun, Outcome, Run, WorkflowRun};
pub use self::workflow::Workflows;
pub use crate::generated::pangu::types::{
    AgentEvent, AgentEventType, PluginConfig, WorkflowAnswer, WorkflowEvent, WorkflowMessage,
    WorkflowStatus,
};

use pangulm_core::Error;

use crate::driver::Driver;
use crate::pieces::Pieces;

/// Asks agents; from [`Client::agents`](crate::Client::agents).
#[derive(Clone, Debug)]
pub struct Agents {
    driver: Driver,
}

impl Agents {
    pub(crate) fn new(driver: Driver) -> Self {
        Self { driver }
    }

    /// Asks an agent and waits for its run to begin; its events then come one by one. Agents do not
    /// answer in any other way.
    ///
    /// # Errors
    /// An id is missing, the conversation's is no UUID, or the call failed; what fails later is an item
    /// of the run.
    ///
    /// ```no_run
    /// # async fn demo(client: pangulm::Client) -> Result<(), pangulm::Error> {
    /// use pangulm::agents::{AgentEventType, AgentRequest};
    ///
    /// let question = AgentRequest::new("AGENT", "贵阳今天天气怎么样");
    /// let mut run = client.agents().run(question).await?;
    /// while let Some(event) = run.next().await {
    ///     let event = event?;
    ///     match event.event {
    ///         AgentEventType::Message => print!("{}", event.text()),
    ///         AgentEventType::PluginStart => eprintln!("asking a plugin: {:?}", event.plugin),
    ///         _ => {}
    ///     }
    /// }
    /// let more = AgentRequest::new("AGENT", "明天呢").conversation_id(run.conversation_id());
    /// println!("{}", client.agents().run(more).await?.finish().await?.content);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn run(&self, request: AgentRequest) -> Result<AgentRun, Error> {
        let prepared = request.prepare()?;
        let begun = self.driver.stream(prepared.call()).await?;
        Ok(AgentRun::new(prepared.conversation_id, Pieces::new(begun)))
    }
}
