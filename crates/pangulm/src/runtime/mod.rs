//! What generated clients run on, under the names they expect.
//!
//! The generator writes code against a runtime crate of its own, whose errors lose the status of an answer that cannot be
//! decoded and whose hooks cannot report errors of ours. This module takes that crate's place: a request goes to the
//! engine at [`ClientHooks::exec`] alone, and every failure is an error of the engine.

mod client;
mod error;
mod open_enum;
mod request;
mod response;
mod secret;

pub use client::{ClientHooks, ClientInfo, OperationInfo};
pub use error::Error;
pub(crate) use open_enum::open_enum;
pub use request::{QueryParam, RequestBuilderExt, encode_path};
pub use response::{ByteStream, Response, ResponseValue};
pub use secret::Secret;
