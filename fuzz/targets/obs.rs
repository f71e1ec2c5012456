//! OBS: any request and form is signed or refused; what is signed verifies, by header and by URL, and
//! no longer after a change; no refusal tells the secret.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pangulm_fuzz::Message;
use pangulm_signer::obs::{
    Address, Dialect, KeyRule, Policy, Refusal, Request, VerifyOptions, hmac_sha1, prepare,
    prepare_url, presign, sign, sign_policy, verify,
};
use pangulm_signer::{ReceivedRequest, SecretKey, SigningDate, SigningKey};

const SECRET: &str = "a secret nobody may see";
const NOW: u64 = 1_740_816_000;
const ENDPOINT: &str = "obs.example.com";
const BUCKET: &str = "bucket";

fuzz_target!(|input: &[u8]| {
    let Some(message) = Message::read(input) else {
        return;
    };
    let (dialect, address) = match input.len() % 6 {
        0 => (Dialect::Obs, Address::VirtualHost(BUCKET)),
        1 => (Dialect::Obs, Address::PathStyle(BUCKET)),
        2 => (Dialect::Obs, Address::CustomDomain),
        3 => (Dialect::AwsV2, Address::VirtualHost(BUCKET)),
        4 => (Dialect::AwsV2, Address::PathStyle(BUCKET)),
        _ => (Dialect::AwsV2, Address::CustomDomain),
    };
    let pairs = message.query.split('&').filter(|pair| !pair.is_empty());
    let query: Vec<(&str, Option<&str>)> = pairs
        .map(|pair| match pair.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (pair, None),
        })
        .collect();
    let request = Request {
        method: message.method,
        endpoint: match address {
            Address::CustomDomain => "data.example.org:8443",
            _ => ENDPOINT,
        },
        address,
        key: message.path.strip_prefix('/'),
        query: &query,
        headers: &message.headers,
    };
    by_header(&request, dialect);
    by_url(&request, dialect);
    by_form(&message);
    as_received(&message);
});

fn key() -> SigningKey {
    SigningKey::new("AK", &SecretKey::from(SECRET)).unwrap()
}

fn date() -> SigningDate {
    SigningDate::from_unix_seconds(NOW).unwrap()
}

fn by_header(request: &Request<'_>, dialect: Dialect) {
    let Ok(prepared) = prepare(request, dialect, "AK", date()) else {
        return;
    };
    let signed = sign(request, dialect, &key(), date()).unwrap();
    let mac = hmac_sha1(SECRET.as_bytes(), prepared.string_to_sign().as_bytes());
    let again = prepared.finish(mac);
    assert_eq!(again.authorization(), signed.authorization());
    let mut headers = request.headers.to_vec();
    for (name, value) in signed.headers() {
        headers.push((name, value));
    }
    check(request.method, signed.url(), headers);
}

fn by_url(request: &Request<'_>, dialect: Dialect) {
    let Ok(prepared) = prepare_url(request, dialect, "AK", date(), 60) else {
        return;
    };
    let unfinished = prepared.unfinished_url().to_owned();
    let url = String::from(presign(request, dialect, &key(), date(), 60).unwrap());
    assert!(url.starts_with(&unfinished) && url[unfinished.len()..].starts_with("&Signature="));
    let mac = hmac_sha1(SECRET.as_bytes(), prepared.string_to_sign().as_bytes());
    assert_eq!(prepared.finish(mac).as_str(), url);
    check(request.method, &url, request.headers.to_vec());
}

/// Holds the verifier to what was signed, and to a request that was changed since.
fn check<'a>(method: &str, url: &'a str, mut headers: Vec<(&'a str, &'a str)>) {
    let (host, rest) = url
        .strip_prefix("https://")
        .unwrap()
        .split_once('/')
        .unwrap();
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let path = format!("/{path}");
    // The sender's HTTP library would send one host, in its place.
    headers.retain(|(name, _)| !name.eq_ignore_ascii_case("host"));
    headers.push(("host", host));
    let mut received = ReceivedRequest {
        method,
        path: &path,
        query,
        headers: &headers,
        body: b"",
    };
    match judge(&received) {
        // Dates of the request's own may be any; what signs in the query beside the header is two
        // signatures, and a header of the verifier's may be there twice.
        Ok(())
        | Err(
            Refusal::SkewedClock { .. }
            | Refusal::TwoSignatures
            | Refusal::DuplicateHeader(_)
            | Refusal::DuplicateParameter(_),
        ) => {}
        Err(refusal) => panic!("what was signed is refused: {refusal}"),
    }
    let other = format!("{path}x");
    received.path = &other;
    assert!(judge(&received).is_err());
    received.path = &path;
    let other = format!("{method}X");
    received.method = &other;
    assert!(judge(&received).is_err());
}

fn judge(received: &ReceivedRequest<'_>) -> Result<(), Refusal> {
    let options = VerifyOptions::at(NOW, &[ENDPOINT]);
    let outcome = verify(received, &options, &|_| Some(SecretKey::from(SECRET)));
    if let Err(refusal) = &outcome {
        assert!(!format!("{refusal} {refusal:?}").contains(SECRET));
    }
    outcome.map(|_| ())
}

fn by_form(message: &Message<'_>) {
    let policy = Policy {
        bucket: BUCKET,
        key: KeyRule::StartsWith(message.path),
        fields: &message.headers,
    };
    let Ok(signed) = sign_policy(&policy, &key(), date(), 60) else {
        return;
    };
    // What a form may hold is JSON, whatever was put into it.
    let text: serde_json::Value = serde_json::from_str(signed.policy_text()).unwrap();
    let conditions = text["conditions"].as_array().unwrap();
    assert_eq!(conditions.len(), 2 + policy.fields.len());
}

/// Nobody who does not know the secret can sign.
fn as_received(message: &Message<'_>) {
    let received = ReceivedRequest {
        method: message.method,
        path: message.path,
        query: message.query,
        headers: &message.headers,
        body: message.body,
    };
    assert!(judge(&received).is_err(), "nobody knows the secret");
}
