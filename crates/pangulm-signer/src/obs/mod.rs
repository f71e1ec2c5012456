//! placeholder

mod dialect;
mod header;
mod http_date;
mod location;
mod mac;
mod policy;
mod prepared;
mod presign;
mod request;
mod sub_resources;
mod text;
pub mod v4;
mod verify;

pub use dialect::Dialect;
pub use header::{Signed, prepare, sign};
pub use mac::hmac_sha1;
pub use policy::{KeyRule, Policy, SignedPolicy, prepare_policy, sign_policy};
pub use prepared::Prepared;
pub use presign::{MAX_LIFETIME_SECONDS, SignedUrl, prepare_url, presign};
pub use request::{Address, Request};
pub use verify::{Refusal, Verified, VerifyOptions, verify};
