//! The promises of the engine, each kept by a test of its name: scripted steps, a hand-moved clock
//! and nothing but the public interface.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod addresses;
mod answers;
mod chat_stream;
mod credentials;
mod driver_faults;
mod gate;
mod grants;
mod jobs;
mod limits;
mod refresh;
mod retries;
mod runs;
mod secrets;
mod signing;
mod skew;
mod support;
mod token;
