//! The client's promises, over real HTTP against the emulator.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests are tests"
)]

mod agents;
mod chat;
mod data;
mod errors;
mod grants;
mod middleware;
mod obs;
mod prediction;
mod science_video_supply;
mod search;
mod secrets;
mod sharing;
mod sources;
mod streams;
mod support;
mod text;
mod tls;
mod tools;
mod traces;
mod typed;
mod vision;
