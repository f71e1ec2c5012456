//! The client's promises, over real HTTP against the emulator.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests are tests"
)]

mod chat;
mod errors;
mod grants;
mod obs;
mod secrets;
mod sharing;
mod sources;
mod streams;
mod support;
mod tls;
mod typed;
