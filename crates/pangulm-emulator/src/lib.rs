//! The Pangu platform on your own machine.

mod admin;
mod bend;
mod calendar;
mod call;
mod chat;
mod clock;
mod cors;
mod count_tokens;
mod error;
mod faults;
mod front;
mod gateway;
mod iam;
mod info;
mod keys;
mod options;
mod random;
mod records;
mod reply;
mod routes;
mod schemas;
mod server;
mod signature;
mod state;
mod tokenizer;
mod tokens;
mod upstream;
mod wire;

pub use error::Error;
pub use info::{IamUser, Info};
pub use options::{Options, Upstream};
pub use server::{Emulator, Running};
