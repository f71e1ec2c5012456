//! Our signer and our verifier on the same requests.

use pangulm_signer::{
    BodyHashing, Payload, ReceivedRequest, Refusal, SecretKey, SignError, SignedHeaders,
    SigningDate, SigningKey, SigningOptions, SigningRequest, VerifyOptions, derived_key,
    hmac_sha256, prepare, sign, verify,
};

use crate::request::{DATE, Derived, Request};
use crate::witness::Signed as Theirs;

pub(crate) struct Ours {
    pub(crate) canonical: String,
    pub(crate) authorization: String,
}

impl Ours {
    pub(crate) fn signature(&self) -> &str {
        self.authorization.rsplit('=').next().unwrap_or_default()
    }
}

/// Signs as the official signers do: every header, and no body of another type than JSON.
pub(crate) fn sign_request(request: &Request) -> Result<Ours, SignError> {
    let mut options = SigningOptions::default()
        .signed_headers(SignedHeaders::All)
        .body_hashing(BodyHashing::JsonOnly);
    if let Some(Derived { region, service }) = request.derived {
        options = options.derived(region, service);
    }
    let pairs = request.pairs();
    let query: Vec<(&str, &str)> = pairs
        .iter()
        .map(|(name, value)| (*name, &**value))
        .collect();
    let headers = request.all_headers();
    let signing = SigningRequest {
        method: request.method,
        host: request.host,
        path: &request.path,
        query: &query,
        headers: &headers,
        payload: Payload::Bytes(request.body.bytes()),
    };
    let date = SigningDate::parse(DATE)?;
    let prepared = prepare(&signing, &options, request.key.ak, date)?;
    let canonical = prepared.canonical_request().to_owned();
    let secret = SecretKey::from(request.key.sk);
    let of_scope = prepared
        .scope()
        .map(|scope| derived_key(request.key.ak, &secret, scope));
    let mac = hmac_sha256(
        of_scope.as_ref().unwrap_or(&secret).expose().as_bytes(),
        prepared.string_to_sign().as_bytes(),
    );
    let in_two_phases = prepared.finish(mac);
    let key = SigningKey::new(request.key.ak, &secret)?;
    let in_one = sign(&signing, &options, &key, date)?;
    Ok(Ours {
        canonical,
        // Both ways must give the same; a difference shows as a signature nobody else made.
        authorization: if in_one.authorization() == in_two_phases.authorization() {
            in_one.authorization().to_owned()
        } else {
            "one phase and two phases differ".to_owned()
        },
    })
}

/// Verifies a request as an official signer would send it.
pub(crate) fn check(request: &Request, theirs: &Theirs) -> Result<(), Refusal> {
    let headers: Vec<(&str, &str)> = theirs
        .headers
        .iter()
        .map(|(name, value)| (&**name, &**value))
        .collect();
    let received = ReceivedRequest {
        method: request.method,
        path: &request.path,
        query: &theirs.query,
        headers: &headers,
        body: request.body.bytes(),
    };
    let mut options =
        VerifyOptions::at(SigningDate::parse(DATE).map_or(0, |date| date.unix_seconds()));
    if let Some(Derived { region, service }) = request.derived {
        options = options.derived(region, service);
    }
    // One witness puts its own date beside one that is spelled unusually.
    options.max_skew_seconds = u64::MAX;
    let secret = |ak: &str| (ak == request.key.ak).then(|| SecretKey::from(request.key.sk));
    verify(&received, &options, &secret).map(|_| ())
}
