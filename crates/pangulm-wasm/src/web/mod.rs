//! An async client for web apps written in Rust.
