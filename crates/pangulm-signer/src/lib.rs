//! Huawei Cloud request signatures: sign a request, or verify one.
//!
//! | what | algorithm | where |
//! |---|---|---|
//! | API requests | `SDK-HMAC-SHA256` | [`sign`], [`prepare`], [`verify`] |
//! | API requests of services that want a derived key | `V11-HMAC-SHA256` | the same, with [`SigningOptions::derived`] |
//! | object storage: header, presigned URL, form | `OBS`, AWS V2 | `obs` (feature `obs`, on by default) |
//! | object storage: header, presigned URL | `AWS4-HMAC-SHA256` | `obs::v4` |
//!
//! The crate computes and nothing else: no network, no clock, no async, no `unsafe`. The caller
//! says what is sent and what time it is, and gets back the headers to add.
//!
//! # Sign
//!
//! ```
//! use pangulm_signer::{
//!     Payload, SecretKey, SigningDate, SigningKey, SigningOptions, SigningRequest,
//!     canonical_query, sign,
//! };
//!
//! let key = SigningKey::new("an-access-key-id", &SecretKey::from("its secret key"))?;
//! let query = [("name", "cn-southwest-2")];
//! let request = SigningRequest {
//!     method: "GET",
//!     host: "iam.cn-southwest-2.myhuaweicloud.com",
//!     path: "/v3/projects",
//!     query: &query,
//!     headers: &[], // x-project-id, x-security-token ... go here
//!     payload: Payload::Bytes(b""),
//! };
//! let now = SigningDate::from_unix_seconds(1_740_816_000)?;
//! let signed = sign(&request, &SigningOptions::default(), &key, now)?;
//!
//! // Send it to exactly this target, with these headers added.
//! let target = format!("{}?{}", request.path, canonical_query(&query));
//! let headers: Vec<_> = signed.headers().collect();
//! assert_eq!(target, "/v3/projects?name=cn-southwest-2");
//! assert_eq!(headers[0], ("x-sdk-date", "20250301T080000Z"));
//! assert_eq!(headers[1].0, "authorization");
//! # Ok::<(), pangulm_signer::SignError>(())
//! ```
//!
//! # Sign in two phases
//!
//! When the secret key is out of reach (a Web Crypto key that cannot be exported, a hardware
//! module), [`prepare`] gives the text to make the HMAC-SHA256 of, and [`Prepared::finish`] takes
//! the result. A body that was hashed elsewhere goes in as [`Payload::Digest`].
//!
//! ```
//! use pangulm_signer::{Payload, SigningDate, SigningOptions, SigningRequest, hmac_sha256, prepare};
//!
//! let request = SigningRequest {
//!     method: "POST",
//!     host: "pangu.cn-southwest-2.myhuaweicloud.com",
//!     path: "/v1/a-project/deployments/a-deployment/chat/completions",
//!     query: &[],
//!     headers: &[("x-project-id", "a-project"), ("content-type", "application/json")],
//!     payload: Payload::Bytes(br#"{"messages":[]}"#),
//! };
//! let now = SigningDate::from_unix_seconds(1_740_816_000)?;
//! let prepared = prepare(&request, &SigningOptions::default(), "an-access-key-id", now)?;
//! assert_eq!(prepared.signed_headers(), "host;x-project-id;x-sdk-date");
//!
//! // Here in place of the module that keeps the key:
//! let mac = hmac_sha256(b"its secret key", prepared.string_to_sign().as_bytes());
//! let signed = prepared.finish(mac);
//! assert!(signed.authorization().starts_with("SDK-HMAC-SHA256 Access=an-access-key-id, "));
//! # Ok::<(), pangulm_signer::SignError>(())
//! ```
//!
//! # Sign with a derived key
//!
//! Few services ask for it (the documents name IoTDA; none names Pangu). In two phases the MAC is keyed with the [`derived_key`] of the
//! [scope](Prepared::scope), which may be kept for the day, in place of the secret key.
//!
//! ```
//! use pangulm_signer::{
//!     Payload, SecretKey, SigningDate, SigningKey, SigningOptions, SigningRequest, sign,
//! };
//!
//! let key = SigningKey::new("an-access-key-id", &SecretKey::from("its secret key"))?;
//! let request = SigningRequest {
//!     method: "GET",
//!     host: "service.region.example.com",
//!     path: "/v1/a-project/things",
//!     query: &[],
//!     headers: &[("x-project-id", "a-project")],
//!     payload: Payload::Bytes(b""),
//! };
//! let options = SigningOptions::default().derived("region-id-1", "service");
//! let now = SigningDate::from_unix_seconds(1_740_816_000)?;
//! let signed = sign(&request, &options, &key, now)?;
//! let start = "V11-HMAC-SHA256 Credential=an-access-key-id/20250301/region-id-1/service, ";
//! assert!(signed.authorization().starts_with(start));
//! # Ok::<(), pangulm_signer::SignError>(())
//! ```
//!
//! # Verify
//!
//! For servers, proxies and tests. The verifier takes whatever subset of headers the client
//! signed, gives a [`Refusal`] with its reason, and shares no canonicalisation code with the
//! signer.
//!
//! ```
//! use pangulm_signer::{ReceivedRequest, Refusal, SecretKey, VerifyOptions, verify};
//!
//! let request = ReceivedRequest {
//!     method: "GET",
//!     path: "/v3/projects",
//!     query: "name=cn-southwest-2",
//!     headers: &[("host", "iam.cn-southwest-2.myhuaweicloud.com")],
//!     body: b"",
//! };
//! let known_keys = |id: &str| (id == "an-access-key-id").then(|| SecretKey::from("its secret key"));
//! let outcome = verify(&request, &VerifyOptions::at(1_740_816_000), &known_keys);
//! assert_eq!(outcome, Err(Refusal::MissingAuthorization));
//! ```
//!
//! # The rules
//!
//! ```text
//! canonical request   METHOD \n path \n query \n name:value \n ... \n \n names \n payload hash
//! string to sign      SDK-HMAC-SHA256 \n date \n hex(sha256(canonical request))
//! signature           hex(hmac-sha256(secret key, string to sign))
//! Authorization       SDK-HMAC-SHA256 Access=<AK>, SignedHeaders=<names>, Signature=<signature>
//! ```
//!
//! With a derived key:
//!
//! ```text
//! scope               YYYYMMDD/region/service, of the day of the date
//! derived key         hex(hkdf-sha256(secret key, salt = AK, info = scope, 32 bytes)), as text
//! string to sign      V11-HMAC-SHA256 \n date \n scope \n hex(sha256(canonical request))
//! Authorization       V11-HMAC-SHA256 Credential=<AK>/<scope>, SignedHeaders=..., Signature=...
//! ```
//!
//! 1. **Method**: in upper case.
//! 2. **Path**: as it is sent, percent-decoded once, then every byte but `A-Z a-z 0-9 - _ . ~ /`
//!    encoded as `%XX`, with a `/` at the end. `%2F` thereby becomes `/`, and a `%` without two
//!    hexadecimal digits is a literal one. Dot segments are the sender's to resolve, as browsers
//!    and URL libraries do. See [`canonical_path`].
//! 3. **Query**: pairs sorted by the bytes of the raw name, then value; encoded as above; always
//!    with `=`. A `+` is a plus, not a space. Send exactly this string. See [`canonical_query`].
//! 4. **Headers**: names in lower case, values without spaces and tabs at both ends, sorted by
//!    name; names with `_` are left out. By default only `host`, `x-sdk-*`, `x-project-id`,
//!    `x-domain-id` and `x-security-token` are signed. See [`SignedHeaders`].
//! 5. **Payload hash**: the value of `X-Sdk-Content-Sha256` when that header is sent, else the
//!    SHA-256 of the body in lower-case hex. `UNSIGNED-PAYLOAD` there leaves the body unsigned.
//!    See [`Payload`] and [`BodyHashing`].
//! 6. **Date**: UTC, in `X-Sdk-Date`, always signed, at most 15 minutes from the server's time.
//!    See [`SigningDate`].
//!
//! The platform refuses signed bodies over 12 MB, and locks a key for five minutes after five
//! failures in a row: do not repeat a request that was refused for its signature.
//!
//! Where the official signers disagree with each other and no document decides, this crate
//! refuses (a signed header given twice) or follows the rules above (several values of one query
//! name, names outside ASCII, an unsigned empty body).
//!
//! The object storage has rules of its own: see the module `obs`.
//!
//! # Secrets
//!
//! [`SecretKey`] and [`SigningKey`] are wiped from memory when dropped and print as `***`. No
//! error and no `Debug` output holds a secret key, a token or a signature; the canonical request
//! in [`Refusal::SignatureMismatch`] shows `***` for tokens. What is to be signed holds the values of
//! all signed headers, so do not log [`Prepared::canonical_request`] and, for the object storage,
//! the string to sign.

mod authorization;
mod canonical;
mod date;
mod derived;
mod digest;
mod encode;
mod error;
mod headers;
mod key;
#[cfg(feature = "obs")]
pub mod obs;
mod options;
mod received;
mod refusal;
mod request;
mod secret;
mod signer;
mod verify;

pub use authorization::{Authorization, parse_authorization};
pub use date::SigningDate;
pub use derived::derived_key;
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
