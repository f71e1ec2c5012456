//! Signing a request with an access key pair, in two phases so that the key may be elsewhere.

use super::prepare::{Body, Prepared};
use super::step::Header;
use crate::condition::size;
use crate::credential::AccessKey;
use crate::error::{Error, ErrorKind};
use crate::operation::{Endpoint, Operation};
use crate::secret::Secret;
use crate::settings::Settings;
use crate::text::{concat, digits};
use pangulm_signer::{
    Payload, SignError, SigningDate, SigningOptions, SigningRequest, hmac_sha256, sha256,
};

/// A request that lacks nothing but the MAC.
#[derive(Debug)]
pub(super) struct Unsigned {
    prepared: pangulm_signer::Prepared,
    headers: Vec<Header>,
}

impl Unsigned {
    /// `now` is the service's time by our knowledge.
    pub(super) fn new(
        settings: &Settings,
        operation: &Operation,
        request: &Prepared,
        pair: &AccessKey,
        now_ms: u64,
    ) -> Result<Self, Error> {
        let mut headers = request.plain_headers();
        if let Some(token) = &pair.security_token {
            headers.push(Header::new("x-security-token", token.expose()));
        }
        // IAM is a global service: there the project stands in the request itself, if at all.
        let (name, id) = match operation.endpoint {
            Endpoint::Iam => ("x-domain-id", &settings.domain_id),
            _ => ("x-project-id", &settings.project_id),
        };
        if let Some(id) = id {
            headers.push(Header::new(name, id));
        }
        let pairs: Vec<(&str, &str)> = headers
            .iter()
            .map(|header| (header.name.as_str(), header.value.as_str()))
            .collect();
        let signing = SigningRequest {
            method: operation.method,
            host: &request.host,
            path: &request.path,
            query: &request.pairs(),
            headers: &pairs,
            payload: match request.body {
                Body::Hashed(digest) => Payload::Digest(digest),
                Body::Empty | Body::Unhashed => Payload::Bytes(&[]),
            },
        };
        let date =
            SigningDate::from_unix_seconds(now_ms / 1_000).map_err(|error| refused(&error))?;
        let prepared =
            pangulm_signer::prepare(&signing, &SigningOptions::default(), &pair.id, date)
                .map_err(|error| refused(&error))?;
        Ok(Self { prepared, headers })
    }

    pub(super) fn string_to_sign(&self) -> &str {
        self.prepared.string_to_sign()
    }

    /// All headers of the request signed with a key that is here.
    pub(super) fn finish_with(self, secret: &Secret) -> Vec<Header> {
        let mac = hmac_sha256(secret.expose().as_bytes(), self.string_to_sign().as_bytes());
        self.finish(mac)
    }

    /// All headers of the signed request.
    pub(super) fn finish(self, mac: [u8; 32]) -> Vec<Header> {
        let signed = self.prepared.finish(mac);
        let mut headers = self.headers;
        for (name, value) in signed.headers() {
            headers.push(Header::new(&name.to_ascii_lowercase(), value));
        }
        headers
    }
}

/// The longest body that the gateway takes with a signature (facts: auth 1.1).
const LONGEST: usize = 12 << 20;

/// Refuses a body that is too long to be signed.
pub(super) fn check_size(body: &[u8]) -> Result<(), Error> {
    if body.len() <= LONGEST {
        return Ok(());
    }
    let reason = concat(&[
        "may have at most 12582912 bytes in a signed request; got ",
        &digits(size(body.len())),
        ": use a token or an API key",
    ]);
    Err(Error::invalid("body", reason))
}

/// The digest of a body, as a signature covers it.
pub(super) fn digest(body: &[u8]) -> [u8; 32] {
    sha256(body)
}

fn refused(error: &SignError) -> Error {
    Error::builder(
        ErrorKind::InvalidInput,
        concat(&["the request cannot be signed: ", &error.line()]),
    )
    .build()
}
