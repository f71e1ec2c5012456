//! Functions of the user's: what they give and what they fail of.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use pangulm_core::call::FreshToken;
use pangulm_core::{Error, ErrorKind, Secret};

use crate::driver::milliseconds;

/// Any error, as functions of the user's may give it. Its text becomes part of the call's error.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// An IAM token as a [token function](crate::ClientBuilder::token_function) gives it.
///
/// It is wiped from memory when dropped and shown as `***`.
///
/// ```
/// use pangulm::Token;
/// use std::time::Duration;
///
/// let token = Token::new("MIIP…").valid_for(Duration::from_secs(24 * 3600));
/// assert!(!format!("{token:?}").contains("MIIP"));
/// ```
#[derive(Clone, Debug)]
pub struct Token {
    secret: Secret,
    lifetime: Option<Duration>,
}

impl Token {
    /// A token that serves until the service refuses it.
    #[must_use]
    pub fn new(token: &str) -> Self {
        Self {
            secret: Secret::new(token),
            lifetime: None,
        }
    }

    /// Says how long it will serve from now on, so that the next one is asked for in time.
    #[must_use]
    pub fn valid_for(mut self, lifetime: Duration) -> Self {
        self.lifetime = Some(lifetime);
        self
    }
}

impl From<Token> for FreshToken {
    fn from(token: Token) -> Self {
        Self {
            token: token.secret,
            lifetime_ms: token.lifetime.map(milliseconds),
        }
    }
}

type Answer = Pin<Box<dyn Future<Output = Result<Token, BoxError>> + Send>>;

/// The user's function.
#[derive(Clone)]
pub(crate) struct TokenFunction(Arc<dyn Fn() -> Answer + Send + Sync>);

impl TokenFunction {
    pub(crate) fn new<F, A>(function: F) -> Self
    where
        F: Fn() -> A + Send + Sync + 'static,
        A: Future<Output = Result<Token, BoxError>> + Send + 'static,
    {
        Self(Arc::new(move || Box::pin(function())))
    }

    /// Asks it; an error comes back as its text.
    pub(crate) async fn call(&self) -> Result<Token, String> {
        (self.0)().await.map_err(|error| error.to_string())
    }
}

/// The error of a call that a function of the user's has ended: its own, if it is of ours.
pub(crate) fn ended_by(what: &str, error: BoxError) -> Error {
    match error.downcast::<Error>() {
        Ok(error) => *error,
        Err(cause) => Error::builder(ErrorKind::Cancelled, format!("{what}: {cause}"))
            .cause(cause)
            .build(),
    }
}

impl fmt::Debug for TokenFunction {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("TokenFunction")
    }
}
