//! The synchronous exports behind the npm package.
//!
//! Lists, steps and errors cross as JSON text, which the other side parses once: lists of strings of
//! wasm-bindgen's own would add a table and its code. Bodies of answers do not cross at all. The TypeScript side of this contract is `pkg/src/boundary.ts`.

mod call;
mod json;
mod long;
mod stream;

pub use call::CallHandle;
pub use long::{JobHandle, PagesHandle};
pub use stream::StreamHandle;

use json::{Object, error_json, list, string};
use pangulm_core::chat::{Delivery, chat_target};
use pangulm_core::credential::TokenSource;
use pangulm_core::{
    Arguments, Call, CallOptions, Error, Operation, Options, Settings, Shared, scan,
};
use std::borrow::Cow;
use std::sync::Arc;
use wasm_bindgen::prelude::*;

/// A client's engine: settings and what its calls share.
#[wasm_bindgen(js_name = Engine)]
pub struct Engine {
    shared: Arc<Shared>,
}

#[wasm_bindgen]
impl Engine {
    /// Makes an engine from options: a JSON list of names and values in turn.
    ///
    /// `tokenCallback` says that a token function exists, whatever its value.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &str, seed: u32) -> Result<Engine, String> {
        let mut read = Options::default();
        for (name, value) in pairs(&strings(options)) {
            match name {
                "tokenCallback" => read.credentials.token = Some(TokenSource::Callback),
                _ => read.set(name, value).map_err(|error| error_json(&error))?,
            }
        }
        Self::from_options(read, seed)
    }

    /// Makes an engine from environment variables: a JSON list of names and values in turn.
    #[wasm_bindgen(js_name = fromEnvironment)]
    pub fn from_environment(variables: &str, seed: u32) -> Result<Engine, String> {
        let variables = strings(variables);
        let read = |wanted: &str| {
            pairs(&variables)
                .find(|(name, _)| *name == wanted)
                .map(|(_, value)| value.to_owned())
        };
        let options = Options::from_env(read).map_err(|error| error_json(&error))?;
        Self::from_options(options, seed)
    }

    fn from_options(options: Options, seed: u32) -> Result<Engine, String> {
        let settings = Settings::new(options).map_err(|error| error_json(&error))?;
        Ok(Self {
            shared: Shared::new(settings, u64::from(seed)),
        })
    }

    /// How long a stream may be silent, in milliseconds.
    #[wasm_bindgen(getter, js_name = idleTimeout)]
    pub fn idle_timeout(&self) -> u32 {
        u32::try_from(self.shared.settings().idle_timeout_ms()).unwrap_or(u32::MAX)
    }

    /// Where a chat goes: JSON with the operation's id, and the deployment with its pool or the model.
    #[wasm_bindgen(js_name = chatTarget)]
    pub fn chat_target(
        &self,
        deployment: Option<String>,
        pool: Option<String>,
        model: Option<String>,
        stream: bool,
    ) -> Result<String, String> {
        let delivery = if stream {
            Delivery::Stream
        } else {
            Delivery::Whole
        };
        let settings = self.shared.settings();
        let (deployment, pool, model) = (deployment.as_deref(), pool.as_deref(), model.as_deref());
        let target = chat_target(settings, deployment, pool, model, delivery)
            .map_err(|error| error_json(&error))?;
        Ok(Object::new()
            .text("operation", target.operation.id)
            .optional("deployment", target.deployment.as_deref())
            .optional("pool", target.pool.as_deref())
            .optional("model", target.model.as_deref())
            .finish())
    }

    /// The names of an operation's parameters: a JSON list.
    #[wasm_bindgen(js_name = parameterNames)]
    pub fn parameter_names(&self, operation: &str) -> Result<String, String> {
        let operation = Operation::find(operation).map_err(|error| error_json(&error))?;
        let names = operation.parameters.iter();
        Ok(list(names.map(|parameter| string(parameter.name))))
    }

    /// Begins a call. Parameters and headers are JSON lists of names and values in turn; a timeout
    /// or a number of retries that is not given is the client's.
    pub fn call(
        &self,
        operation: &str,
        parameters: &str,
        headers: &str,
        body: Option<Vec<u8>>,
        timeout: Option<u32>,
        max_retries: Option<u32>,
    ) -> Result<CallHandle, String> {
        let (parameters, headers) = (strings(parameters), strings(headers));
        let start = || -> Result<Call, Error> {
            let operation = Operation::find(operation)?;
            let options = CallOptions {
                timeout_ms: timeout.map(u64::from),
                max_retries,
                headers: pairs(&headers).collect(),
                driver_hashes_from: Some(HOST_HASHES_FROM),
            };
            let arguments = Arguments {
                parameters: pairs(&parameters).collect(),
                body: body.as_deref(),
                options,
            };
            Call::new(&self.shared, operation, arguments)
        };
        start()
            .map(CallHandle::new)
            .map_err(|error| error_json(&error))
    }

    /// The numbers of the calls that may go on. To be asked after every step and every free.
    #[wasm_bindgen(js_name = takeWoken)]
    pub fn take_woken(&self) -> Vec<u32> {
        self.shared
            .take_woken()
            .into_iter()
            .map(|call| call.0)
            .collect()
    }
}

/// Web Crypto hashes 100 KB five times as fast as wasm, but one call of it costs as much as hashing
/// some tens of KB here.
const HOST_HASHES_FROM: usize = 48 * 1024;

/// The strings of a JSON list. Half a surrogate pair, which no Rust string can hold, becomes U+FFFD.
fn strings(json: &str) -> Vec<String> {
    let list = scan::parse(json);
    let items = list.iter().flat_map(|list| list.items());
    let decoded = items.map(|item| item.string().map_or("\u{fffd}".to_owned(), Cow::into_owned));
    decoded.collect()
}

/// A flat list of names and values as pairs.
fn pairs(flat: &[String]) -> impl Iterator<Item = (&str, &str)> {
    flat.chunks_exact(2).filter_map(|pair| match pair {
        [name, value] => Some((name.as_str(), value.as_str())),
        _ => None,
    })
}
