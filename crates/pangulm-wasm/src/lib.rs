//! `pangulm` in WebAssembly.
//!
//! Two faces on one engine:
//! - [`npm`]: one synchronous export for the npm package, whose driver and API are TypeScript
//!   (`pkg/src`). No promise, no fetch, no panic in it.
//! - `web` (a feature, off in the npm build): an async client for web apps written in Rust.

#[cfg(all(target_arch = "wasm32", not(feature = "web")))]
mod allocator;
#[cfg(feature = "web")]
mod number;

pub mod npm;
#[cfg(feature = "web")]
pub mod web;
