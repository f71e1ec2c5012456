//! What is asked.

use bytes::Bytes;
use pangulm_core::chat::Delivery;
use pangulm_core::{Error, Operation};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::PluginConfig;
use crate::chat::to_json;
use crate::driver::Request;
use crate::runtime::Secret;
use crate::uuid::uuid;

/// A question to an agent.
///
/// ```
/// use pangulm::agents::AgentRequest;
///
/// let question = AgentRequest::new("8d0c4b7e-2f61-4a9d-9b3e-5c7a1f0e6d24", "贵阳今天天气怎么样");
/// ```
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct AgentRequest {
    target: Target,
    query: String,
}

/// The inputs of a workflow's run.
///
/// ```
/// use pangulm::agents::WorkflowRequest;
///
/// let booking = WorkflowRequest::new("3e9a6c12-8b40-4d7f-a5c1-0f2d8e7b4a96")
///     .input("query", "预订明天的会议室")
///     .plugin("PLUGIN", [("token", "what the plugin wants to know")]);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct WorkflowRequest {
    target: Target,
    inputs: Map<String, Value>,
    plugins: Vec<PluginConfig>,
}

/// What is run, and where.
#[derive(Clone, Debug, PartialEq)]
struct Target {
    id: String,
    conversation_id: Option<String>,
    older_path: bool,
}

impl Target {
    fn new(id: String) -> Self {
        Self {
            id,
            conversation_id: None,
            older_path: false,
        }
    }
}

impl AgentRequest {
    /// Asks the agent of this id, copied from its card in the console.
    pub fn new(agent_id: impl Into<String>, query: impl Into<String>) -> Self {
        Self {
            target: Target::new(agent_id.into()),
            query: query.into(),
        }
    }

    /// Goes on with this conversation, named by a UUID. Default: a fresh one.
    pub fn conversation_id(mut self, id: impl Into<String>) -> Self {
        self.target.conversation_id = Some(id.into());
        self
    }

    /// Takes the path that was documented until May 2025. Default: the current one.
    pub fn older_path(mut self) -> Self {
        self.target.older_path = true;
        self
    }

    pub(super) fn prepare(self) -> Result<Prepared, Error> {
        let id = if self.target.older_path {
            "runAgentLegacy"
        } else {
            "runAgent"
        };
        Prepared::new(id, "agent_id", self.target, &json!({"query": self.query}))
    }
}

impl WorkflowRequest {
    /// Runs the workflow of this id, copied from its card in the console.
    pub fn new(workflow_id: impl Into<String>) -> Self {
        Self {
            target: Target::new(workflow_id.into()),
            inputs: Map::new(),
            plugins: Vec::new(),
        }
    }

    /// Gives its start node an input. Unless the workflow defines others, there is one: `query`, what
    /// the user says.
    pub fn input(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.inputs.insert(name.into(), value.into());
        self
    }

    /// Gives a plugin what it needs to know who asks, where it checks that itself. The values are
    /// treated as secrets: sent, never shown.
    pub fn plugin<N: Into<String>, V: Into<Secret>>(
        mut self,
        plugin_id: impl Into<String>,
        config: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let config = config
            .into_iter()
            .map(|(name, value)| (name.into(), value.into()));
        self.plugins.push(PluginConfig {
            plugin_id: plugin_id.into(),
            config: Some(config.collect()),
            extra: Map::new(),
        });
        self
    }

    /// Goes on with this conversation, named by a UUID: answers the question that it stopped at.
    /// Default: a fresh one.
    pub fn conversation_id(mut self, id: impl Into<String>) -> Self {
        self.target.conversation_id = Some(id.into());
        self
    }

    /// Takes the path that was documented until May 2025. Default: the current one.
    pub fn older_path(mut self) -> Self {
        self.target.older_path = true;
        self
    }

    pub(super) fn prepare(self, delivery: Delivery) -> Result<Prepared, Error> {
        #[derive(Serialize)]
        struct Body {
            inputs: Map<String, Value>,
            #[serde(skip_serializing_if = "Vec::is_empty")]
            plugin_configs: Vec<PluginConfig>,
        }
        let id = match (self.target.older_path, delivery) {
            (false, Delivery::Whole) => "runWorkflow",
            (false, Delivery::Stream) => "runWorkflowStream",
            (true, Delivery::Whole) => "runWorkflowLegacy",
            (true, Delivery::Stream) => "runWorkflowLegacyStream",
        };
        let body = Body {
            inputs: self.inputs,
            plugin_configs: self.plugins,
        };
        Prepared::new(id, "workflow_id", self.target, &body)
    }
}

/// A run that is ready to be begun.
pub(super) struct Prepared {
    pub(super) conversation_id: String,
    operation: &'static Operation,
    parameter: &'static str,
    id: String,
    body: Bytes,
}

impl Prepared {
    fn new(
        operation_id: &str,
        parameter: &'static str,
        target: Target,
        body: &impl Serialize,
    ) -> Result<Self, Error> {
        let operation = Operation::find(operation_id)?;
        Ok(Self {
            conversation_id: target.conversation_id.unwrap_or_else(uuid),
            operation,
            parameter,
            id: target.id,
            body: to_json(operation, body)?.into(),
        })
    }

    pub(super) fn call(&self) -> Request<'_> {
        Request {
            operation: self.operation,
            parameters: vec![
                (self.parameter, &self.id),
                ("conversation_id", &self.conversation_id),
            ],
            body: Some(self.body.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_plugin_is_told_is_sent_but_never_shown() {
        let request = WorkflowRequest::new("w").plugin("p", [("token", "hunter2")]);
        assert!(!format!("{request:?}").contains("hunter2"));
        let prepared = request.prepare(Delivery::Whole).unwrap();
        let body: Value = serde_json::from_slice(&prepared.body).unwrap();
        let sent = json!({"inputs": {}, "plugin_configs": [
            {"plugin_id": "p", "config": {"token": "hunter2"}}
        ]});
        assert_eq!(body, sent);
    }

    #[test]
    fn path_and_delivery_choose_the_operation() {
        let request = || WorkflowRequest::new("w").input("query", "?");
        let id =
            |request: WorkflowRequest, delivery| request.prepare(delivery).unwrap().operation.id;
        assert_eq!(id(request(), Delivery::Whole), "runWorkflow");
        assert_eq!(id(request(), Delivery::Stream), "runWorkflowStream");
        let older = request().older_path();
        assert_eq!(id(older.clone(), Delivery::Whole), "runWorkflowLegacy");
        assert_eq!(id(older, Delivery::Stream), "runWorkflowLegacyStream");
        let agent = AgentRequest::new("a", "?");
        assert_eq!(agent.clone().prepare().unwrap().operation.id, "runAgent");
        let older = agent.older_path().prepare().unwrap();
        assert_eq!(older.operation.id, "runAgentLegacy");
    }
}
