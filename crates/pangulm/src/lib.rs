//! The client for Huawei Cloud's Pangu large-model platform.

mod builder;
pub mod chat;
mod client;
mod driver;
pub mod generated;
mod response;
pub mod runtime;
mod token;
mod tokens;

pub use builder::ClientBuilder;
pub use client::Client;
pub use pangulm_core::headers::Headers;
pub use pangulm_core::{Error, ErrorKind, Operation};
pub use response::Response;
pub use token::{BoxError, Token};
pub use tokens::Tokens;
