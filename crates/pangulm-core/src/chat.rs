//! Which of the chat operations a request means.

use crate::error::Error;
use crate::operation::Operation;
use crate::settings::Settings;

/// Where a chat goes.
#[derive(Clone, Debug)]
pub struct ChatTarget {
    /// The operation: V1 or V2, whole or streaming.
    pub operation: &'static Operation,
    /// The deployment of a V1 chat.
    pub deployment: Option<String>,
    /// The resource pool that the deployment is in, if the path is to name it.
    pub pool: Option<String>,
    /// The model of a V2 chat, for the body's `model`.
    pub model: Option<String>,
}

/// Whether an answer comes whole or as a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// In one piece.
    Whole,
    /// Piece by piece.
    Stream,
}

/// Chooses the dialect: a deployment means V1, a model means V2. What the request names wins over
/// the client's defaults. A pool goes with a deployment.
///
/// # Errors
/// Both or neither are given, or a pool with a model.
pub fn chat_target(
    settings: &Settings,
    deployment: Option<&str>,
    pool: Option<&str>,
    model: Option<&str>,
    delivery: Delivery,
) -> Result<ChatTarget, Error> {
    let named = |deployment: Option<&str>, model: Option<&str>| match (deployment, model) {
        (Some(deployment), None) => Some(Ok((Some(deployment.to_owned()), None))),
        (None, Some(model)) => Some(Ok((None, Some(model.to_owned())))),
        (Some(_), Some(_)) => Some(Err(Error::invalid(
            "deployment",
            "is given beside a model: name one of them. A deployment id calls V1, a model name calls V2",
        ))),
        (None, None) => None,
    };
    let (deployment, model) = named(deployment, model)
        .or_else(|| named(settings.deployment.as_deref(), settings.model.as_deref()))
        .unwrap_or_else(|| {
            Err(Error::invalid(
                "deployment",
                "is missing: name a deployment id for V1 (PANGU_DEPLOYMENT_ID) or a model for V2 (PANGU_MODEL)",
            ))
        })?;
    if pool.is_some() && model.is_some() {
        return Err(Error::invalid(
            "pool",
            "goes with a deployment, not with a model",
        ));
    }
    let id = match (deployment.is_some(), pool.is_some(), delivery) {
        (_, true, Delivery::Whole) => "createPoolChatCompletion",
        (_, true, Delivery::Stream) => "createPoolChatCompletionStream",
        (true, false, Delivery::Whole) => "createChatCompletionV1",
        (true, false, Delivery::Stream) => "createChatCompletionV1Stream",
        (false, false, Delivery::Whole) => "createChatCompletionV2",
        (false, false, Delivery::Stream) => "createChatCompletionV2Stream",
    };
    Ok(ChatTarget {
        operation: Operation::find(id)?,
        deployment,
        pool: pool.map(str::to_owned),
        model,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Options;

    #[test]
    fn a_deployment_means_v1_a_model_means_v2_and_both_or_neither_is_an_error() {
        let none = Settings::new(Options::default()).unwrap();
        let both = Settings::new(Options {
            deployment: Some("d".to_owned()),
            model: Some("m".to_owned()),
            ..Options::default()
        })
        .unwrap();
        let id = |settings: &Settings, deployment, model, delivery| {
            chat_target(settings, deployment, None, model, delivery)
                .map(|target| target.operation.id)
        };
        assert_eq!(
            id(&none, Some("d"), None, Delivery::Whole).unwrap(),
            "createChatCompletionV1"
        );
        assert_eq!(
            id(&none, None, Some("m"), Delivery::Stream).unwrap(),
            "createChatCompletionV2Stream"
        );
        assert_eq!(
            id(&both, None, Some("m"), Delivery::Whole).unwrap(),
            "createChatCompletionV2"
        );
        assert!(
            id(&none, None, None, Delivery::Whole)
                .unwrap_err()
                .to_string()
                .contains("PANGU_DEPLOYMENT_ID")
        );
        assert!(id(&none, Some("d"), Some("m"), Delivery::Whole).is_err());
        assert!(id(&both, None, None, Delivery::Whole).is_err());
    }

    #[test]
    fn a_pool_goes_with_a_deployment_and_with_no_model() {
        let settings = Settings::new(Options::default()).unwrap();
        let target = |deployment, model| {
            chat_target(&settings, deployment, Some("p"), model, Delivery::Stream)
        };
        let pooled = target(Some("d"), None).unwrap();
        assert_eq!(pooled.operation.id, "createPoolChatCompletionStream");
        assert_eq!(pooled.pool.as_deref(), Some("p"));
        let refused = target(None, Some("m")).unwrap_err().to_string();
        assert!(
            refused.starts_with("pool: goes with a deployment"),
            "{refused}"
        );
    }
}
