//! Conversations, whole or streamed, in both dialects of the platform.

use pangulm_core::chat::{ChatTarget, Delivery, chat_target};
use pangulm_core::escape::json_string_into;
use pangulm_core::scan::{self, Kind, Value};
use pangulm_core::{Error, Settings};

use super::client::{Answer, Client, not_so, read};
use super::driver::Outcome;
use super::stream::ChatStream;

/// Asks models; from [`Client::chat`].
///
/// A request is a JSON object with `messages` and whatever else the platform takes. A `deployment`
/// in it calls V1, with a `pool` the form with a resource pool; a `model` calls V2. With neither, the
/// client's default is taken. `stream` is set by the method called.
#[derive(Clone, Debug)]
pub struct Chat {
    client: Client,
}

impl Chat {
    pub(super) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Asks and waits for the whole answer.
    ///
    /// # Errors
    /// Deployment and model are both or neither named, the request breaks a documented rule, or the
    /// call failed; see [`Error`].
    ///
    /// ```no_run
    /// # async fn demo(client: pangulm_wasm::web::Client) -> Result<(), pangulm_wasm::web::Error> {
    /// let question = r#"{"messages":[{"role":"user","content":"介绍一下长江"}],"max_tokens":600}"#;
    /// let answer = client.chat().create(question).await?;
    /// let json: String = answer.body; // {"choices":[{"message":{"content":"长江是…"}}]}
    /// # drop(json);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create(&self, request: &str) -> Result<Answer, Error> {
        let (target, outcome) = self.ask(request, Delivery::Whole).await?;
        match outcome {
            Outcome::Whole(answer, body) => read(answer, body),
            Outcome::Stream(..) => Err(not_so(target.operation, "answered with a stream")),
        }
    }

    /// Asks and waits for the answer to begin; it then comes piece by piece.
    ///
    /// # Errors
    /// As for [`create`](Self::create); what fails later is an item of the stream.
    pub async fn stream(&self, request: &str) -> Result<ChatStream, Error> {
        let (target, outcome) = self.ask(request, Delivery::Stream).await?;
        let idle_timeout_ms = self.client.settings().idle_timeout_ms();
        match outcome {
            Outcome::Stream(answer, decoder, body) => {
                let driver = self.client.driver();
                Ok(ChatStream::new(
                    answer,
                    decoder,
                    body,
                    idle_timeout_ms,
                    driver,
                ))
            }
            Outcome::Whole(..) => Err(not_so(target.operation, "answered with no stream")),
        }
    }

    async fn ask(&self, request: &str, delivery: Delivery) -> Result<(ChatTarget, Outcome), Error> {
        let (target, body) = prepare(self.client.settings(), request, delivery)?;
        let parameters = [
            ("deployment_id", target.deployment.as_deref()),
            ("pool_id", target.pool.as_deref()),
        ];
        let given = |(name, value): (&'static str, Option<_>)| Some((name, value?));
        let parameters: Vec<_> = parameters.into_iter().filter_map(given).collect();
        let outcome = self
            .client
            .run(target.operation, &parameters, Some(&body))
            .await?;
        Ok((target, outcome))
    }
}

/// Where a request goes, and the body to send there.
fn prepare(
    settings: &Settings,
    request: &str,
    delivery: Delivery,
) -> Result<(ChatTarget, String), Error> {
    let request = scan::parse(request)
        .filter(|value| value.kind() == Kind::Object)
        .ok_or_else(|| Error::invalid("request", "must be a JSON object in text"))?;
    let target = chat_target(
        settings,
        name(request, "deployment")?.as_deref(),
        name(request, "pool")?.as_deref(),
        name(request, "model")?.as_deref(),
        delivery,
    )?;
    let mut members = Vec::new();
    if let Some(model) = &target.model {
        members.push(member("model", |json| json_string_into(json, model)));
    }
    if delivery == Delivery::Stream {
        members.push(member("stream", |json| json.push_str("true")));
    }
    for given in request.members() {
        let ours = ["deployment", "pool", "model", "stream"];
        if !ours.iter().any(|name| given.is_named(name)) {
            members.push(member(&given.name(), |json| {
                json.push_str(given.value.raw())
            }));
        }
    }
    Ok((target, format!("{{{}}}", members.join(","))))
}

/// The text of a member, if it is there and not null.
fn name(request: Value<'_>, member: &str) -> Result<Option<String>, Error> {
    match request.member(member).filter(|value| !value.is_null()) {
        None => Ok(None),
        Some(value) => value
            .string()
            .map(|text| Some(text.into_owned()))
            .ok_or_else(|| Error::invalid(member, "must be a string")),
    }
}

fn member(name: &str, write_value: impl FnOnce(&mut String)) -> String {
    let mut json = String::new();
    json_string_into(&mut json, name);
    json.push(':');
    write_value(&mut json);
    json
}
