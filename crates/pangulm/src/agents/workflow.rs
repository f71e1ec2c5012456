//! Runs of workflows.

use pangulm_core::Error;
use pangulm_core::chat::Delivery;

use super::{WorkflowAnswer, WorkflowRequest, WorkflowRun};
use crate::driver::Driver;
use crate::pieces::Pieces;

/// Runs workflows; from [`Client::workflows`](crate::Client::workflows).
#[derive(Clone, Debug)]
pub struct Workflows {
    driver: Driver,
}

impl Workflows {
    pub(crate) fn new(driver: Driver) -> Self {
        Self { driver }
    }

    /// Runs a workflow and waits for where it gets to: its end, or a question.
    ///
    /// # Errors
    /// An id is missing, the conversation's is no UUID, or the call failed.
    ///
    /// ```no_run
    /// # async fn demo(client: pangulm::Client) -> Result<(), pangulm::Error> {
    /// use pangulm::agents::WorkflowRequest;
    ///
    /// let booking = |text: &str| WorkflowRequest::new("WORKFLOW").input("query", text);
    /// let mut answer = client.workflows().run(booking("预订会议室")).await?;
    /// while let (Some(question), Some(id)) = (answer.question(), answer.conversation_id.clone()) {
    ///     println!("{question}");
    ///     let more = booking("明天下午").conversation_id(id);
    ///     answer = client.workflows().run(more).await?;
    /// }
    /// println!("{}", answer.text().unwrap_or_default());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn run(&self, request: WorkflowRequest) -> Result<WorkflowAnswer, Error> {
        let prepared = request.prepare(Delivery::Whole)?;
        let mut answer: WorkflowAnswer = self.driver.call(prepared.call()).await?.json()?;
        // The next run needs it, whether or not the service repeats it.
        answer
            .conversation_id
            .get_or_insert(prepared.conversation_id);
        Ok(answer)
    }

    /// Runs a workflow and waits for it to begin; its events then come one by one. Their types are not
    /// documented.
    ///
    /// # Errors
    /// As for [`run`](Self::run); what fails later is an item of the run.
    pub async fn stream(&self, request: WorkflowRequest) -> Result<WorkflowRun, Error> {
        let prepared = request.prepare(Delivery::Stream)?;
        let begun = self.driver.stream(prepared.call()).await?;
        Ok(WorkflowRun::new(
            prepared.conversation_id,
            Pieces::new(begun),
        ))
    }
}

impl WorkflowAnswer {
    /// What the end node says; none when the workflow stopped before.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.outputs.as_ref()?.response_content.as_deref()
    }

    /// What the question node asks that the workflow stopped at; none when it went on to its end.
    #[must_use]
    pub fn question(&self) -> Option<&str> {
        if self.outputs.is_some() {
            return None;
        }
        self.messages.as_ref()?.last()?.content.as_deref()
    }
}
