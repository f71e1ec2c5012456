//! A client's engine: its settings, where its chats go, its calls.

use super::call::CallHandle;
use super::held::{Held, Thing};
use super::json::{Object, list, string};
use super::long;
use super::question::Question;
use pangulm_core::chat::{Delivery, chat_target};
use pangulm_core::credential::TokenSource;
use pangulm_core::{
    Arguments, Call, CallOptions, Error, ErrorKind, Operation, Options, Settings, Shared, detection,
};
use std::sync::Arc;

/// Web Crypto hashes 100 KB five times as fast as wasm, but one call of it costs as much as hashing
/// some tens of KB here.
const HOST_HASHES_FROM: usize = 48 * 1024;

/// Makes an engine: with `options`, or out of the variables of the `environment`.
///
/// An option `tokenCallback` says that a token function exists, whatever its value.
pub(super) fn open(question: &Question<'_>, answer: &mut Object) -> Result<(), Error> {
    let variables = question.pairs("environment");
    let mut options = if variables.is_empty() {
        Options::default()
    } else {
        Options::from_env(|wanted| {
            let mut found = variables.iter().filter(|(name, _)| name == wanted);
            found.next().map(|(_, value)| value.clone())
        })?
    };
    for (name, value) in question.pairs("options") {
        match name.as_str() {
            "tokenCallback" => options.credentials.token = Some(TokenSource::Callback),
            _ => options.set(&name, &value)?,
        }
    }
    let settings = Settings::new(options)?;
    answer.number("idleTimeout", settings.idle_timeout_ms());
    let shared = Shared::new(settings, question.number("seed").unwrap_or_default());
    answer.held(Held::keep(shared, Thing::Engine));
    Ok(())
}

/// `chat`: where a chat goes; `parameters`: the names of those of an operation; `detections`: the
/// objects that an answer tells of; `call`: a call that begins; `job`: work that an answer tells of;
/// `resume`: work that was begun earlier; `pages`: a list.
pub(super) fn answer(
    shared: &Arc<Shared>,
    question: &Question<'_>,
    body: &[u8],
    answer: &mut Object,
) -> Result<(), Error> {
    match &*question.ask {
        "chat" => target(shared, question, answer),
        "parameters" => parameter_names(question, answer),
        "detections" => detections(question, body, answer),
        "call" => call(shared, question, body, answer),
        _ => long::begin(shared, question, body, answer),
    }
}

fn target(shared: &Arc<Shared>, question: &Question<'_>, answer: &mut Object) -> Result<(), Error> {
    let delivery = match &*question.text {
        "stream" => Delivery::Stream,
        _ => Delivery::Whole,
    };
    let [deployment, pool, model] =
        ["deployment", "pool", "model"].map(|name| question.optional(name));
    let (deployment, pool, model) = (deployment.as_deref(), pool.as_deref(), model.as_deref());
    let target = chat_target(shared.settings(), deployment, pool, model, delivery)?;
    answer
        .text("operation", target.operation.id)
        .optional("deployment", target.deployment.as_deref())
        .optional("pool", target.pool.as_deref())
        .optional("model", target.model.as_deref());
    Ok(())
}

fn parameter_names(question: &Question<'_>, answer: &mut Object) -> Result<(), Error> {
    let names = Operation::find(&question.text)?.parameters.iter();
    answer.raw(
        "names",
        &list(names.map(|parameter| string(parameter.name))),
    );
    Ok(())
}

#[inline(never)]
fn detections(question: &Question<'_>, body: &[u8], answer: &mut Object) -> Result<(), Error> {
    let text = std::str::from_utf8(body).unwrap_or_default();
    let Some(objects) = detection::objects(text) else {
        let error = Error::builder(ErrorKind::UnexpectedAnswer, detection::NONE);
        let operation = Operation::find(&question.text)?;
        return Err(error.operation(operation.id).body(body).build());
    };
    answer.raw("items", &objects);
    Ok(())
}

/// A timeout or a number of retries that is not given is the client's. No body is an empty one.
fn call(
    shared: &Arc<Shared>,
    question: &Question<'_>,
    body: &[u8],
    answer: &mut Object,
) -> Result<(), Error> {
    let operation = Operation::find(&question.text)?;
    let (parameters, headers) = (question.pairs("parameters"), question.pairs("headers"));
    let retries = question.given("maxRetries")?;
    let options = CallOptions {
        timeout_ms: question.given("timeout")?,
        max_retries: retries.map(|retries| u32::try_from(retries).unwrap_or(u32::MAX)),
        headers: borrowed(&headers),
        driver_hashes_from: Some(HOST_HASHES_FROM),
    };
    let arguments = Arguments {
        parameters: borrowed(&parameters),
        body: Some(body).filter(|body| !body.is_empty()),
        options,
    };
    let call = Call::new(shared, operation, arguments)?;
    answer.number("id", u64::from(call.id().0));
    let handle = Box::new(CallHandle::new(call));
    answer.held(Held::keep(Arc::clone(shared), Thing::Call(handle)));
    Ok(())
}

pub(super) fn borrowed(pairs: &[(String, String)]) -> Vec<(&str, &str)> {
    let pairs = pairs.iter();
    pairs
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}
