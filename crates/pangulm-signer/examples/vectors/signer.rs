//! Cases of `SDK-HMAC-SHA256` and `V11-HMAC-SHA256`, compared with what this crate makes of them.

use pangulm_signer::{
    BodyHashing, Payload, Prepared, SecretKey, SignError, Signed, SignedHeaders, SigningDate,
    SigningKey, SigningOptions, SigningRequest, derived_key, hex, hmac_sha256, prepare, sha256,
    sign,
};
use serde::Deserialize;
use serde_json::Number;

use crate::{body::Body, outcome::Outcome};

/// The vectors come from a signer that signs every header and leaves non-JSON bodies unsigned.
fn options(key: &Credential) -> SigningOptions<'_> {
    let options = SigningOptions::default()
        .signed_headers(SignedHeaders::All)
        .body_hashing(BodyHashing::JsonOnly);
    match key.derived_for() {
        Some((region, service)) => options.derived(region, service),
        None => options,
    }
}

#[derive(Deserialize)]
pub(crate) struct Case {
    pub(crate) id: String,
    pub(crate) algorithm: String,
    pub(crate) credential: Credential,
    request: Request,
    expected: Expected,
}

#[derive(Deserialize)]
pub(crate) struct Credential {
    pub(crate) ak: String,
    pub(crate) sk: String,
    project_id: Option<String>,
    domain_id: Option<String>,
    security_token: Option<String>,
    region_id: Option<String>,
    derived_service: Option<String>,
}

#[derive(Deserialize)]
struct Request {
    method: String,
    host: String,
    path: String,
    query: Vec<(String, QueryValue)>,
    headers: Vec<(String, String)>,
    body: Body,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum QueryValue {
    Text(String),
    Bool(bool),
    Number(Number),
    List(Vec<QueryValue>),
}

#[derive(Deserialize)]
struct Expected {
    canonical_request: String,
    signature: String,
    payload_hash: Option<String>,
    signed_headers: Option<String>,
    canonical_request_sha256: Option<String>,
    string_to_sign: Option<String>,
    authorization: Option<String>,
    wire_target: Option<String>,
}

/// A case as plain values: what is sent, before signing.
pub(crate) struct Plain {
    pub(crate) method: String,
    pub(crate) host: String,
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Plain {
    /// Signs in two phases and in one.
    pub(crate) fn sign(&self, key: &Credential) -> Result<(Prepared, Signed, Signed), SignError> {
        let request = SigningRequest {
            method: &self.method,
            host: &self.host,
            path: &self.path,
            query: &borrow(&self.query),
            headers: &borrow(&self.headers),
            payload: Payload::Bytes(&self.body),
        };
        // Every case has an X-Sdk-Date header of its own, which takes the place of this date.
        let date = SigningDate::from_unix_seconds(0)?;
        let options = options(key);
        let prepared = || prepare(&request, &options, &key.ak, date);
        let looked_at = prepared()?;
        let secret = SecretKey::from(&*key.sk);
        let mac_key = match looked_at.scope() {
            Some(scope) => derived_key(&key.ak, &secret, scope),
            None => secret.clone(),
        };
        let mac = hmac_sha256(
            mac_key.expose().as_bytes(),
            looked_at.string_to_sign().as_bytes(),
        );
        let in_two_phases = prepared()?.finish(mac);
        let signing_key = SigningKey::new(&*key.ak, &secret)?;
        let in_one = sign(&request, &options, &signing_key, date)?;
        Ok((looked_at, in_two_phases, in_one))
    }
}

impl Credential {
    /// The region and service of a derived key.
    pub(crate) fn derived_for(&self) -> Option<(&str, &str)> {
        Some((self.region_id.as_deref()?, self.derived_service.as_deref()?))
    }
}

impl Case {
    pub(crate) fn check(&self) -> Outcome {
        if !["SDK-HMAC-SHA256", "V11-HMAC-SHA256"].contains(&&*self.algorithm) {
            return Outcome::Skipped(self.algorithm.clone());
        }
        self.compare()
            .unwrap_or_else(|problem| Outcome::refused(&self.expected.signature, problem))
    }

    pub(crate) fn plain(&self) -> Result<Plain, String> {
        let mut headers = self.request.headers.clone();
        let of_the_key = [
            ("X-Project-Id", &self.credential.project_id),
            ("X-Domain-Id", &self.credential.domain_id),
            ("X-Security-Token", &self.credential.security_token),
        ];
        for (name, value) in of_the_key {
            headers.extend(value.iter().map(|value| (name.to_owned(), value.clone())));
        }
        Ok(Plain {
            method: self.request.method.clone(),
            host: self.request.host.clone(),
            path: self.request.path.clone(),
            query: self
                .request
                .query
                .iter()
                .flat_map(|(name, value)| flat(name, value))
                .collect(),
            headers,
            body: self.request.body.bytes()?,
        })
    }

    fn compare(&self) -> Result<Outcome, String> {
        let plain = self.plain()?;
        let (prepared, signed, in_one) = plain
            .sign(&self.credential)
            .map_err(|error| error.to_string())?;
        let target = match prepared.wire_query() {
            "" => plain.path.clone(),
            query => format!("{}?{query}", plain.path),
        };
        let expected = &self.expected;
        let digest = hex(&sha256(prepared.canonical_request().as_bytes()));
        let stages = [
            (
                "payload hash",
                expected.payload_hash.as_deref(),
                prepared.payload_hash(),
            ),
            (
                "signed headers",
                expected.signed_headers.as_deref(),
                prepared.signed_headers(),
            ),
            (
                "canonical request",
                Some(&*expected.canonical_request),
                prepared.canonical_request(),
            ),
            (
                "canonical request digest",
                expected.canonical_request_sha256.as_deref(),
                &digest,
            ),
            (
                "string to sign",
                expected.string_to_sign.as_deref(),
                prepared.string_to_sign(),
            ),
            ("signature", Some(&*expected.signature), signed.signature()),
            (
                "signature in one step",
                Some(&*expected.signature),
                in_one.signature(),
            ),
            (
                "authorization",
                expected.authorization.as_deref(),
                signed.authorization(),
            ),
            ("wire target", expected.wire_target.as_deref(), &target),
        ];
        Ok(Outcome::of(stages))
    }
}

/// Lists become several pairs of one name, other values their text.
fn flat(name: &str, value: &QueryValue) -> Vec<(String, String)> {
    let text = match value {
        QueryValue::List(values) => return values.iter().flat_map(|v| flat(name, v)).collect(),
        QueryValue::Text(text) => text.clone(),
        QueryValue::Bool(value) => value.to_string(),
        QueryValue::Number(number) => number.to_string(),
    };
    vec![(name.to_owned(), text)]
}

pub(crate) fn borrow(pairs: &[(String, String)]) -> Vec<(&str, &str)> {
    pairs
        .iter()
        .map(|(name, value)| (&**name, &**value))
        .collect()
}
