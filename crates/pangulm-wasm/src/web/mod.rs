//! An async client for web apps written in Rust.
//!
//! It runs wherever there is a global `fetch`: in pages, workers, Node, Deno and Bun. Bodies are
//! JSON text, read and written by whatever your app uses for that.
//!
//! A web page can keep no secret, so [`Client::new`] refuses a lasting one unless you
//! [consent](Options::accept_secrets_in_page). What is left: a token function that asks a server of
//! yours, an imported [`SigningKey`], or a proxy on the page's own origin that adds the credential.
//! The platform's gateway does not allow cross-origin calls by default, so most pages need that
//! proxy anyway.
//!
//! This client never sends a generation again that may have begun. Browsers may: where a kept
//! connection turns out to be broken before an answer, they repeat the request by themselves.
//!
//! ```no_run
//! # async fn token_from_my_server() -> Result<String, pangulm_wasm::web::BoxError> { todo!() }
//! use pangulm_wasm::web::{Client, Options, Secret, Token};
//!
//! # async fn demo() -> Result<(), pangulm_wasm::web::Error> {
//! let mut options = Options::default().token_function(async || {
//!     let token = Secret::new(&token_from_my_server().await?);
//!     Ok(Token { token, lifetime_ms: Some(3_600_000) })
//! });
//! options.settings.endpoint = Some("https://my-app.example/pangu".to_owned());
//! options.settings.project_id = Some("7f3c1e9a5b2d4860a1c8e0f2d4b6a897".to_owned());
//! options.settings.deployment = Some("5c9d1f34-0e6a-4b87-9f2c-3a8b7d6e1045".to_owned());
//! let client = Client::new(options)?;
//!
//! let question = r#"{"messages":[{"role":"user","content":"介绍一下长江"}]}"#;
//! let mut stream = client.chat().stream(question).await?;
//! while let Some(chunk) = stream.next().await {
//!     let json: String = chunk?; // {"choices":[{"delta":{"content":"长江"}}]}
//!     # drop(json);
//! }
//! let whole: String = stream.message(); // {"choices":[{"message":{"content":"长江是…"}}]}
//! # drop(whole);
//! # Ok(())
//! # }
//! ```

mod alarm;
mod chat;
mod client;
mod clock;
mod crypto;
mod driver;
mod failure;
mod fetch;
mod guard;
mod options;
mod stream;
mod timer;
mod token;
mod waiters;

pub use chat::Chat;
pub use client::{Answer, Client};
pub use crypto::SigningKey;
pub use options::Options;
pub use pangulm_core::call::FreshToken as Token;
pub use pangulm_core::headers::Headers;
pub use pangulm_core::{Credentials, Error, ErrorKind, Options as Settings, Secret, credential};
pub use stream::ChatStream;
pub use token::BoxError;
