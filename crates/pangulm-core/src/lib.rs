//! The engine of `pangulm`, without any I/O.
//!
//! Programs use the [`pangulm`](https://docs.rs/pangulm) crate or the `pangulm` npm package; this
//! crate is what both are driven by. It opens no socket, reads no clock and awaits nothing: a
//! *driver* does that for it.
//!
//! - A [`Call`] is made from an [`Operation`] and [`Arguments`]. Its driver turns it with
//!   [`Call::step`]: each [`Step`] says what to do, each [`Input`] what came of it.
//! - [`Shared`] is what the calls of one client have in common: settings, the IAM token, the
//!   correction of the clock, the retry budget.
//! - A call that streams ends in a [`ChatStream`], which takes the body in any pieces and gives
//!   chunks and, at the end, the whole message.
//! - A [`Job`] follows work that goes on at the platform after the call that started it; [`Pages`]
//!   says how a list continues.
//!
//! Every rule about retries, tokens, signatures, errors and streams stands here, once, for every
//! language and runtime.

pub mod address;
pub mod call;
pub mod chat;
pub mod chat_stream;
pub mod credential;
pub mod detection;
pub mod error;
pub mod escape;
pub mod headers;
pub mod job;
pub mod operation;
pub mod pages;
pub mod scan;
pub mod settings;
pub mod shared;
#[cfg(feature = "sources")]
pub mod sources;
pub mod sse;
pub mod text;
pub mod time;

mod bytes;
mod check;
mod columns;
mod condition;
mod cut_short;
mod dataset;
mod history;
mod iam;
mod image;
mod nearest;
mod parameter;
mod secret;

pub use call::{Arguments, Call, CallOptions, Input, Step};
pub use chat_stream::ChatStream;
pub use credential::Credentials;
pub use error::{Error, ErrorKind};
pub use job::Job;
pub use operation::Operation;
pub use pages::Pages;
pub use secret::Secret;
pub use settings::{Options, Settings};
pub use shared::Shared;
pub use time::Moment;
