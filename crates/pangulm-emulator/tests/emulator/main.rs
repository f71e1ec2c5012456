//! The emulator's promises, over real HTTP on loopback.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests are tests"
)]

mod admin;
mod binary;
mod chat;
mod cors;
mod faults;
mod gateway;
mod iam;
mod jobs;
mod platform;
mod spec;
mod streams;
mod tools;
mod upstream;
mod validation;
