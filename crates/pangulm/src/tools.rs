//! Tools that a model may call, run until it has its answer.
//!
//! ```no_run
//! # async fn demo(client: pangulm::Client) -> Result<(), pangulm::Error> {
//! use pangulm::chat::{ChatRequest, Message, Tool};
//! use pangulm::tools::Tools;
//! use serde_json::json;
//!
//! #[derive(serde::Deserialize)]
//! struct Place {
//!     city: String,
//! }
//!
//! let weather = Tool::function("get_weather")
//!     .description("The weather in a city, now")
//!     .parameters(json!({
//!         "type": "object",
//!         "properties": {"city": {"type": "string"}},
//!         "required": ["city"],
//!     }));
//! let tools = Tools::new().tool(weather, |place: Place| async move {
//!     Ok(format!("sunny, 24 °C in {}", place.city))
//! });
//! let question = ChatRequest::new([Message::user("What is the weather in Guiyang?")]);
//! let run = tools.run(&client.chat(), question).await?;
//! println!("{}", run.answer.text());
//! # Ok(())
//! # }
//! ```

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use futures_util::future::try_join_all;
use pangulm_core::{Error, ErrorKind};
use serde::de::DeserializeOwned;

use crate::chat::{Chat, ChatChunk, ChatCompletion, ChatRequest, Message, Tool, ToolCall};
use crate::token::{BoxError, ended_by};

const ROUNDS: u32 = 10;

/// What a call comes to: the words for the model, of its own mistake too, or the tool's error.
type Told = Pin<Box<dyn Future<Output = Result<String, BoxError>> + Send>>;
type Function = Box<dyn Fn(&ToolCall) -> Told + Send + Sync>;

/// Tools, and how they are run.
pub struct Tools {
    tools: Vec<(Tool, Function)>,
    max_rounds: u32,
    tool_errors: ToolErrors,
}

/// What becomes of an error of a tool. What the model itself did wrong it is always told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ToolErrors {
    /// The model is told its message and goes on.
    #[default]
    Tell,
    /// The run ends with it: a [`pangulm::Error`](Error) as it is, anything else as the
    /// [`source`](std::error::Error::source) of one that [`is_cancelled`](Error::is_cancelled).
    Return,
}

/// How a run ended.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ToolRun {
    /// The model's last answer.
    pub answer: ChatCompletion,
    /// The request with every turn since, the answer's included, to go on with.
    pub conversation: ChatRequest,
    /// How often the model was asked.
    pub rounds: u32,
}

impl Tools {
    /// No tools yet; at most 10 rounds, and errors of tools are told to the model.
    #[must_use]
    pub fn new() -> Self {
        Self {
            tools: Vec::new(),
            max_rounds: ROUNDS,
            tool_errors: ToolErrors::default(),
        }
    }

    /// Adds a tool and what runs when the model calls it. Arguments that are not of type `A`, and
    /// errors of the function ([`tool_errors`](Self::tool_errors)), are told to the model by their
    /// message: let them say nothing that it must not read. Of two tools with one name the first is
    /// run.
    #[must_use]
    pub fn tool<A, F, R>(mut self, tool: Tool, function: F) -> Self
    where
        A: DeserializeOwned,
        F: Fn(A) -> R + Send + Sync + 'static,
        R: Future<Output = Result<String, BoxError>> + Send + 'static,
    {
        let run = move |call: &ToolCall| -> Told {
            match call.parse_arguments::<A>() {
                Ok(arguments) => Box::pin(function(arguments)),
                Err(error) => told(error.message().to_owned()),
            }
        };
        self.tools.push((tool, Box::new(run)));
        self
    }

    /// How often the model is asked at most. Default: 10.
    #[must_use]
    pub fn max_rounds(mut self, rounds: u32) -> Self {
        self.max_rounds = rounds;
        self
    }

    /// What becomes of an error of a tool. Default: the model is told.
    ///
    /// ```
    /// use pangulm::chat::Tool;
    /// use pangulm::tools::{ToolErrors, Tools};
    ///
    /// let tools = Tools::new()
    ///     .tool(Tool::function("read_report"), |(): ()| async {
    ///         Ok(std::fs::read_to_string("report.txt")?)
    ///     })
    ///     .tool_errors(ToolErrors::Return);
    /// ```
    #[must_use]
    pub fn tool_errors(mut self, errors: ToolErrors) -> Self {
        self.tool_errors = errors;
        self
    }

    /// Asks, runs what the model calls (at once what it calls at once), and asks again, until it
    /// answers with text. Only the first choice of an answer counts. Dropping the future ends the call
    /// under way, and the tools.
    ///
    /// # Errors
    /// A call failed, or the model asked for tools in the last round still; with
    /// [`ToolErrors::Return`], or a tool failed.
    pub async fn run(&self, chat: &Chat, request: ChatRequest) -> Result<ToolRun, Error> {
        self.go(chat, request, None).await
    }

    /// The same with answers that come piece by piece, each of which `on_chunk` is told.
    ///
    /// # Errors
    /// As for [`run`](Self::run).
    pub async fn stream(
        &self,
        chat: &Chat,
        request: ChatRequest,
        on_chunk: impl Fn(&ChatChunk) + Sync,
    ) -> Result<ToolRun, Error> {
        self.go(chat, request, Some(&on_chunk)).await
    }

    async fn go(
        &self,
        chat: &Chat,
        request: ChatRequest,
        on_chunk: Option<&(dyn Fn(&ChatChunk) + Sync)>,
    ) -> Result<ToolRun, Error> {
        let tools = self.tools.iter();
        let mut conversation = tools.fold(request, |request, (tool, _)| request.tool(tool.clone()));
        for rounds in 1..=self.max_rounds {
            let request = conversation.clone();
            let answer = match on_chunk {
                Some(on_chunk) => streamed(chat, request, on_chunk).await?,
                None => chat.create(request).await?,
            };
            conversation = conversation.message(answer.message());
            let calls = answer.tool_calls();
            if calls.is_empty() {
                return Ok(ToolRun {
                    answer,
                    conversation,
                    rounds,
                });
            }
            // Nobody would read what they say.
            if rounds == self.max_rounds {
                break;
            }
            let told = try_join_all(calls.iter().map(|call| self.call(call))).await?;
            for (call, told) in calls.iter().zip(told) {
                conversation = conversation.message(Message::tool(call.id(), told));
            }
        }
        Err(never_content(self.max_rounds))
    }

    /// What the model is told of a call.
    async fn call(&self, call: &ToolCall) -> Result<String, Error> {
        self.start(call)
            .await
            .or_else(|error| match self.tool_errors {
                ToolErrors::Tell => Ok(format!("the tool failed: {error}")),
                ToolErrors::Return => {
                    Err(ended_by(&format!("the tool {} failed", call.name()), error))
                }
            })
    }

    fn start(&self, call: &ToolCall) -> Told {
        let named = |(tool, _): &&(Tool, Function)| tool.function.name == call.name();
        if let Some((_, function)) = self.tools.iter().find(named) {
            return function(call);
        }
        let names = self.tools.iter().map(|(tool, _)| &*tool.function.name);
        let names = names.collect::<Vec<_>>().join(", ");
        told(format!(
            "there is no tool {}; there are {names}",
            call.name()
        ))
    }
}

/// Something to be told without running anything.
fn told(what: String) -> Told {
    Box::pin(std::future::ready(Ok(what)))
}

async fn streamed(
    chat: &Chat,
    request: ChatRequest,
    on_chunk: &(dyn Fn(&ChatChunk) + Sync),
) -> Result<ChatCompletion, Error> {
    let mut stream = chat.stream(request).await?;
    while let Some(chunk) = stream.next().await {
        on_chunk(&chunk?);
    }
    stream.partial()
}

fn never_content(rounds: u32) -> Error {
    let message = format!("the model was asked {rounds} times and still calls tools");
    Error::builder(ErrorKind::UnexpectedAnswer, message)
        .field("max_rounds")
        .remedy("raise max_rounds, or see whether what the tools say helps the model")
        .build()
}

impl Default for Tools {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Tools {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.tools.iter().map(|(tool, _)| &tool.function.name);
        out.debug_struct("Tools")
            .field("tools", &names.collect::<Vec<_>>())
            .field("max_rounds", &self.max_rounds)
            .field("tool_errors", &self.tool_errors)
            .finish()
    }
}
