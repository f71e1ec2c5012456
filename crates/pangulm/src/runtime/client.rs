//! The way from a generated client to the engine.

use pangulm_core::{Error as CoreError, Operation};

use super::{Error, Response};
use crate::driver::Driver;

/// What a generated client is made of.
pub trait ClientInfo<Inner> {
    /// The version of the description it was generated from.
    fn api_version() -> &'static str;
    /// An address that requests are built with; the engine knows the real one.
    fn baseurl(&self) -> &str;
    /// What builds requests.
    fn client(&self) -> &reqwest::Client;
    /// What sends them.
    fn inner(&self) -> &Inner;
}

/// The operation a request is for.
pub struct OperationInfo {
    /// Its id in snake case.
    pub operation_id: &'static str,
}

/// The steps of a generated call.
#[allow(async_fn_in_trait, reason = "only this crate implements it")]
pub trait ClientHooks<Inner>: ClientInfo<Inner> {
    /// Sends the request and reads the answer.
    async fn exec(
        &self,
        request: reqwest::Request,
        info: &OperationInfo,
    ) -> Result<Response, CoreError>;

    /// Before the request is sent: nothing to do, since the engine prepares it.
    async fn pre<E>(
        &self,
        _request: &mut reqwest::Request,
        _info: &OperationInfo,
    ) -> Result<(), Error<E>> {
        Ok(())
    }

    /// After the answer has come: nothing to do, since the engine has judged it.
    async fn post<E>(
        &self,
        _result: &Result<Response, CoreError>,
        _info: &OperationInfo,
    ) -> Result<(), Error<E>> {
        Ok(())
    }
}

impl<C: ClientInfo<Driver>> ClientHooks<Driver> for C {
    async fn exec(
        &self,
        request: reqwest::Request,
        info: &OperationInfo,
    ) -> Result<Response, CoreError> {
        let id = operation_id(info.operation_id)?;
        let response = self.inner().execute(id, request).await?;
        Response::new(response)
    }
}

/// The id as the description has it. Taking the words apart again would depend on how the generator did it.
fn operation_id(snake: &str) -> Result<&'static str, CoreError> {
    let folded = snake.replace('_', "");
    let operation = Operation::all().find(|it| it.id.eq_ignore_ascii_case(&folded));
    match operation {
        Some(operation) => Ok(operation.id),
        None => Operation::find(snake).map(|operation| operation.id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_names_lead_back_to_the_description() {
        for (snake, id) in [
            ("create_chat_completion_v1", "createChatCompletionV1"),
            ("create_chat_completion_v2", "createChatCompletionV2"),
            ("count_tokens", "countTokens"),
            ("list_projects", "listProjects"),
        ] {
            assert_eq!(operation_id(snake).unwrap(), id);
        }
        assert!(operation_id("count_sheep").is_err());
    }
}
