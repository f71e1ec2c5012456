//! Huawei Cloud request signatures, `SDK-HMAC-SHA256`: sign and verify.

mod authorization;
mod canonical;
mod date;
mod digest;
mod encode;
mod error;
mod headers;
mod key;
mod options;
mod received;
mod refusal;
mod request;
mod secret;
mod signer;
mod verify;

pub use authorization::{Authorization, parse_authorization};
pub use date::SigningDate;
pub use digest::{hex, hmac_sha256, sha256};
pub use encode::{canonical_path, canonical_query};
pub use error::{Part, SignError};
pub use key::SigningKey;
pub use options::{BodyHashing, SignedHeaders, SigningOptions};
pub use refusal::Refusal;
pub use request::{Payload, SigningRequest};
pub use secret::SecretKey;
pub use signer::{Prepared, Signed, prepare, sign};
pub use verify::{ReceivedRequest, Verified, VerifyOptions, verify};
