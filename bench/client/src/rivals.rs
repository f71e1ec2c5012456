//! async-openai, as every measurement uses it.

use async_openai::Client;
use async_openai::config::OpenAIConfig;
use async_openai::types::chat::{
    ChatCompletionRequestUserMessageArgs, CreateChatCompletionRequest,
    CreateChatCompletionRequestArgs,
};

/// A client of the OpenAI-compatible interface at `url`.
pub fn async_openai(url: &str, key: &str) -> OpenAIConfig {
    OpenAIConfig::new()
        .with_api_base(format!("{url}/api/v2"))
        .with_api_key(key)
}

pub fn client(config: OpenAIConfig) -> Client<OpenAIConfig> {
    Client::with_config(config)
}

pub fn request(model: &str, question: &str) -> CreateChatCompletionRequest {
    let message = ChatCompletionRequestUserMessageArgs::default()
        .content(question)
        .build()
        .expect("a message");
    CreateChatCompletionRequestArgs::default()
        .model(model)
        .messages([message.into()])
        .build()
        .expect("a request")
}
