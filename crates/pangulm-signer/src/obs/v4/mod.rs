//! AWS V4 signatures (`AWS4-HMAC-SHA256`), as far as OBS takes them: with an unsigned body.
//!
//! Signed are the method, the path, the whole query, and of the headers `host`, `content-type`,
//! `content-md5` and all `x-amz-*`. A temporary key's token is the header or query parameter
//! `x-amz-security-token`. OBS also takes bodies signed chunk by chunk
//! (`STREAMING-AWS4-HMAC-SHA256-PAYLOAD`); this crate does not make them.
//!
//! ```
//! use pangulm_signer::obs::{Address, Request, v4};
//! use pangulm_signer::{SecretKey, SigningDate, SigningKey};
//!
//! let request = Request {
//!     method: "GET",
//!     endpoint: "obs.cn-southwest-2.myhuaweicloud.com",
//!     address: Address::VirtualHost("pangu-data"),
//!     key: None,
//!     query: &[("prefix", Some("train/"))],
//!     headers: &[],
//! };
//! let key = SigningKey::new("an-access-key-id", &SecretKey::from("its secret key"))?;
//! let now = SigningDate::from_unix_seconds(1_740_816_000)?;
//! let signed = v4::sign(&request, "cn-southwest-2", &key, now)?;
//! let names: Vec<_> = signed.headers().map(|(name, _)| name).collect();
//! assert_eq!(names, ["x-amz-date", "x-amz-content-sha256", "authorization"]);
//! # Ok::<(), pangulm_signer::SignError>(())
//! ```

mod canonical;
mod header;
mod presign;

use std::fmt;

use zeroize::Zeroizing;

use crate::{digest::hmac_sha256, secret::SecretKey};
use canonical::Canonical;

pub use header::{prepare, sign};
pub use presign::{MAX_LIFETIME_SECONDS, prepare_url, presign};

const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// The key that signs within a scope, `YYYYMMDD/region/s3/aws4_request`.
///
/// With a secret key that cannot be read, make it as a chain of HMAC-SHA256: keyed with `AWS4` and
/// the secret key, of the day; keyed with the result, of the region; and so on for each part.
#[must_use]
pub fn signing_key(secret: &SecretKey, scope: &str) -> Zeroizing<[u8; 32]> {
    let mut start = Zeroizing::new(Vec::with_capacity(4 + secret.expose().len()));
    start.extend_from_slice(b"AWS4");
    start.extend_from_slice(secret.expose().as_bytes());
    let mut parts = scope.split('/');
    let day = parts.next().unwrap_or_default();
    let mut key = Zeroizing::new(hmac_sha256(&start, day.as_bytes()));
    for part in parts {
        key = Zeroizing::new(hmac_sha256(&*key, part.as_bytes()));
    }
    key
}

/// A header signature or presigned URL that only lacks its MAC. It owns what it needs: the request
/// may be gone. The second phase is `finish`.
pub struct Prepared<T> {
    canonical: Canonical,
    unfinished: T,
}

impl<T> Prepared<T> {
    /// What to make the HMAC-SHA256 of, with the [`signing_key`] of the [`scope`](Self::scope) as
    /// the key.
    #[must_use]
    pub fn string_to_sign(&self) -> &str {
        &self.canonical.string_to_sign
    }

    /// `YYYYMMDD/region/s3/aws4_request`: what the key is derived from.
    #[must_use]
    pub fn scope(&self) -> &str {
        &self.canonical.scope
    }

    /// The canonical request, to compare with the service's. It holds the security token: do not
    /// log it.
    #[must_use]
    pub fn canonical_request(&self) -> &str {
        &self.canonical.request
    }
}

impl<T> fmt::Debug for Prepared<T> {
    /// Header and query values stay out: they may be tokens.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prepared")
            .field("string_to_sign", &self.canonical.string_to_sign)
            .finish_non_exhaustive()
    }
}
