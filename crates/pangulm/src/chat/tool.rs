//! Functions that a model may call, and its calls.

use pangulm_core::{Error, ErrorKind};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{FunctionDefinition, Tool, ToolCall};

impl Tool {
    /// A function by the name that the model calls it by.
    ///
    /// ```
    /// use pangulm::chat::Tool;
    /// use serde_json::json;
    ///
    /// let weather = Tool::function("get_weather")
    ///     .description("The weather in a city, now")
    ///     .parameters(json!({
    ///         "type": "object",
    ///         "properties": {"city": {"type": "string"}},
    ///         "required": ["city"],
    ///     }));
    /// ```
    #[must_use]
    pub fn function(name: impl Into<String>) -> Self {
        Self {
            type_: "function".to_owned(),
            function: FunctionDefinition {
                name: name.into(),
                description: None,
                parameters: None,
                extra: Map::new(),
            },
            extra: Map::new(),
        }
    }

    /// When and why to call it.
    #[must_use]
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.function.description = Some(text.into());
        self
    }

    /// The JSON Schema of its arguments. Anything but an object is sent as it is, for the service
    /// to refuse.
    #[must_use]
    pub fn parameters(mut self, schema: Value) -> Self {
        match schema {
            Value::Object(schema) => self.function.parameters = Some(schema),
            other => {
                self.function.extra.insert("parameters".to_owned(), other);
            }
        }
        self
    }
}

impl ToolCall {
    /// The name of the call, for [`Message::tool`](super::Message::tool).
    #[must_use]
    pub fn id(&self) -> &str {
        self.id.as_deref().unwrap_or_default()
    }

    /// The function to call.
    #[must_use]
    pub fn name(&self) -> &str {
        let function = self.function.as_ref();
        function
            .and_then(|function| function.name.as_deref())
            .unwrap_or_default()
    }

    /// The arguments as the model wrote them: JSON, unless it made a mistake.
    #[must_use]
    pub fn arguments(&self) -> &str {
        let function = self.function.as_ref();
        function
            .and_then(|function| function.arguments.as_deref())
            .unwrap_or_default()
    }

    /// Decodes the arguments.
    ///
    /// # Errors
    /// The model wrote no JSON of this type. Telling it so as the tool's result often helps.
    pub fn parse_arguments<T: DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_str(self.arguments()).map_err(|error| {
            let message = format!(
                "the model called {} with wrong arguments ({error})",
                self.name()
            );
            Error::builder(ErrorKind::UnexpectedAnswer, message)
                .excerpt_of(self.arguments().as_bytes())
                .build()
        })
    }
}
