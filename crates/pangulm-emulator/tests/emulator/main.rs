//! The emulator's promises, over real HTTP on loopback.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests are tests"
)]

mod admin;
mod agents;
mod binary;
mod chat;
mod cors;
mod data;
mod faults;
mod gateway;
mod iam;
mod identity;
mod jobs;
mod obs;
mod platform;
mod prediction;
mod search;
mod seed;
mod spec;
mod streams;
mod text;
mod tools;
mod upstream;
mod validation;
mod vision;
