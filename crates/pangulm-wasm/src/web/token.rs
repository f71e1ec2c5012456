//! Tokens from a function of the app's.

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use pangulm_core::call::FreshToken;

/// Any error, as a token function may give it. Its text becomes part of the call's error.
pub type BoxError = Box<dyn Error>;

type Answer = Pin<Box<dyn Future<Output = Result<FreshToken, BoxError>>>>;

/// The app's function.
#[derive(Clone)]
pub(super) struct TokenFunction(Rc<dyn Fn() -> Answer>);

impl TokenFunction {
    pub(super) fn new<F>(function: F) -> Self
    where
        F: AsyncFn() -> Result<FreshToken, BoxError> + 'static,
    {
        let function = Rc::new(function);
        Self(Rc::new(move || {
            let function = Rc::clone(&function);
            Box::pin(async move { function().await })
        }))
    }

    /// Asks it; an error comes back as its text.
    pub(super) async fn call(&self) -> Result<FreshToken, String> {
        (self.0)().await.map_err(|error| error.to_string())
    }
}

impl fmt::Debug for TokenFunction {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("TokenFunction")
    }
}
