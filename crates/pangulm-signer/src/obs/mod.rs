//! Signatures of OBS, the object storage: by header, by presigned URL, by form; and a verifier.
//!
//! OBS has a signature of its own. It knows nothing of `X-Sdk-Date` and SHA-256 digests; it signs a
//! text of a few lines with HMAC-SHA1, and never the body (`Content-MD5` guards that, if sent).
//! With the names of AWS ([`Dialect::AwsV2`]) it is AWS's old V2 signature; AWS V4 is in [`v4`].
//! Needs the feature `obs`, which is on by default.
//!
//! # Sign by header
//!
//! ```
//! use pangulm_signer::obs::{Address, Dialect, Request, sign};
//! use pangulm_signer::{SecretKey, SigningDate, SigningKey};
//!
//! let key = SigningKey::new("an-access-key-id", &SecretKey::from("its secret key"))?;
//! let request = Request {
//!     method: "PUT",
//!     endpoint: "obs.cn-southwest-2.myhuaweicloud.com",
//!     address: Address::VirtualHost("pangu-data"),
//!     key: Some("train/数据 1.jsonl"),
//!     query: &[],
//!     headers: &[
//!         ("content-type", "application/json"),
//!         ("x-obs-security-token", "of a temporary key"),
//!     ],
//! };
//! let now = SigningDate::from_unix_seconds(1_740_816_000)?;
//! let signed = sign(&request, Dialect::Obs, &key, now)?;
//!
//! // Send it to exactly this URL, with these headers added.
//! assert_eq!(
//!     signed.url(),
//!     "https://pangu-data.obs.cn-southwest-2.myhuaweicloud.com/train/%E6%95%B0%E6%8D%AE%201.jsonl"
//! );
//! let headers: Vec<_> = signed.headers().collect();
//! assert_eq!(headers[0], ("x-obs-date", "Sat, 01 Mar 2025 08:00:00 GMT"));
//! assert!(headers[1].1.starts_with("OBS an-access-key-id:"));
//! # Ok::<(), pangulm_signer::SignError>(())
//! ```
//!
//! # Presign a URL
//!
//! For a page or a program without a key: whoever has the URL may send that one request until it
//! ends. At most [`MAX_LIFETIME_SECONDS`] (20 years), for [`v4`] seven days.
//!
//! ```
//! use pangulm_signer::obs::{Address, Dialect, Request, presign};
//! use pangulm_signer::{SecretKey, SigningDate, SigningKey};
//!
//! let key = SigningKey::new("an-access-key-id", &SecretKey::from("its secret key"))?;
//! let request = Request {
//!     method: "GET",
//!     endpoint: "https://obs.cn-southwest-2.myhuaweicloud.com",
//!     address: Address::VirtualHost("pangu-data"),
//!     key: Some("result.jsonl"),
//!     // A temporary key's token goes here, not into a header.
//!     query: &[("x-obs-security-token", Some("of a temporary key"))],
//!     headers: &[],
//! };
//! let now = SigningDate::from_unix_seconds(1_740_816_000)?;
//! let url = presign(&request, Dialect::Obs, &key, now, 3600)?;
//! assert!(url.as_str().contains("&Expires=1740819600&AccessKeyId=an-access-key-id&Signature="));
//! assert_eq!(format!("{url:?}"), "***");
//! # Ok::<(), pangulm_signer::SignError>(())
//! ```
//!
//! # Let a form upload
//!
//! ```
//! use pangulm_signer::obs::{KeyRule, Policy, sign_policy};
//! use pangulm_signer::{SecretKey, SigningDate, SigningKey};
//!
//! let key = SigningKey::new("an-access-key-id", &SecretKey::from("its secret key"))?;
//! let policy = Policy {
//!     bucket: "pangu-data",
//!     key: KeyRule::StartsWith("uploads/"),
//!     fields: &[("content-type", "text/plain")],
//! };
//! let now = SigningDate::from_unix_seconds(1_740_816_000)?;
//! let signed = sign_policy(&policy, &key, now, 3600)?;
//! assert!(signed.policy_text().starts_with("{\"expiration\":\"2025-03-01T09:00:00Z\""));
//! assert_eq!(signed.signature().len(), 28);
//! # Ok::<(), pangulm_signer::SignError>(())
//! ```
//!
//! # In two phases
//!
//! [`prepare`], [`prepare_url`] and [`prepare_policy`] leave the MAC to whoever has the key.
//!
//! ```
//! use pangulm_signer::SigningDate;
//! use pangulm_signer::obs::{Address, Dialect, Request, hmac_sha1, prepare};
//!
//! let list = Request {
//!     method: "GET",
//!     endpoint: "obs.cn-southwest-2.myhuaweicloud.com",
//!     address: Address::VirtualHost("pangu-data"),
//!     key: None,
//!     query: &[("prefix", Some("train/")), ("max-keys", Some("100"))],
//!     headers: &[],
//! };
//! let now = SigningDate::from_unix_seconds(1_740_816_000)?;
//! let prepared = prepare(&list, Dialect::Obs, "an-access-key-id", now)?;
//! assert_eq!(
//!     prepared.string_to_sign(),
//!     "GET\n\n\n\nx-obs-date:Sat, 01 Mar 2025 08:00:00 GMT\n/pangu-data/"
//! );
//!
//! // Here in place of the module that keeps the key:
//! let mac = hmac_sha1(b"its secret key", prepared.string_to_sign().as_bytes());
//! let signed = prepared.finish(mac);
//! assert!(signed.url().ends_with("/?prefix=train/&max-keys=100"));
//! # Ok::<(), pangulm_signer::SignError>(())
//! ```
//!
//! # Verify
//!
//! ```
//! use pangulm_signer::obs::{Refusal, VerifyOptions, verify};
//! use pangulm_signer::{ReceivedRequest, SecretKey};
//!
//! let request = ReceivedRequest {
//!     method: "GET",
//!     path: "/result.jsonl",
//!     query: "Expires=1740819600&AccessKeyId=AK&Signature=AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
//!     headers: &[("host", "pangu-data.obs.example.com")],
//!     body: b"",
//! };
//! let options = VerifyOptions::at(1_740_816_000, &["obs.example.com"]);
//! let known_keys = |id: &str| (id == "AK").then(|| SecretKey::from("SK"));
//! let refusal = verify(&request, &options, &known_keys).unwrap_err();
//! assert_eq!(
//!     refusal,
//!     Refusal::SignatureMismatch {
//!         string_to_sign: "GET|||1740819600|/pangu-data/result.jsonl".to_owned(),
//!     }
//! );
//! ```
//!
//! # The rules
//!
//! ```text
//! string to sign   METHOD \n Content-MD5 \n Content-Type \n date \n name:value \n ... resource
//! signature        base64(hmac-sha1(secret key, string to sign))
//! Authorization    OBS <AK>:<signature>                                 (AWS <AK>:<signature>)
//! presigned URL    ...?Expires=<unix>&AccessKeyId=<AK>&Signature=<signature>  (AWSAccessKeyId)
//! form             the signature is that of the policy in base64
//! ```
//!
//! 1. **Lines**: a header that is not sent leaves its line empty.
//! 2. **Date**: `Fri, 24 May 2013 00:00:00 GMT`, at most 15 minutes from the service's time. When
//!    it is sent as `x-obs-date`, which browsers may set, it is signed with the headers and its
//!    line is empty. In a presigned URL the line holds `Expires`.
//! 3. **Headers**: all `x-obs-*`, names in lower case and sorted, values without spaces and tabs at
//!    both ends; the values of one name are joined with `,`. Others, such as `Range`, are not
//!    signed.
//! 4. **Resource**: `/bucket/key` for virtual hosts and paths, `/domain/key` for a custom domain
//!    (without port); the bucket itself is `/bucket/` as a virtual host and `/bucket` in a path;
//!    without a bucket `/`. The key is encoded but for `A-Z a-z 0-9 - _ . ~ /`.
//! 5. **Sub-resources**: of the query only the names of a fixed list (`acl`, `uploads`,
//!    `partNumber`, `response-*` ...) and all `x-obs-*`, sorted, after a `?`, with their values
//!    unencoded. `prefix`, `marker`, `delimiter` and `max-keys` are not signed.
//! 6. **Temporary keys**: the token is the header `x-obs-security-token`, or the parameter of that
//!    name in a presigned URL, or the field in a form: signed by the rules above.
//! 7. **AWS names**: the same with `x-amz-` in place of `x-obs-`. What has the other prefix is not
//!    signed, so the signer refuses it.
//!
//! What is beyond the rules is refused: a signed header or parameter given twice where it cannot
//! be joined, keys with a segment `.` or `..` (URL libraries resolve them into another key), the
//! bucket in the endpoint (it would be there twice), control characters.
//!
//! A weakness of the scheme, not of this crate: as values are signed unencoded, the parameter
//! `versionId=1%26acl` has the same signature as the two parameters `versionId=1&acl`.

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
