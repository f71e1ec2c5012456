//! Huawei Cloud signatures in WebAssembly, for `pangulm/signer` of the npm package.
//!
//! Lists cross as query strings do, `name=value&name=value` with `%XX`: a request's query is one
//! already, and reading them takes a few lines where JSON would take a parser. A refusal comes back
//! as three lines, the first of them empty: see `refused.rs`. Throwing it would take a table of
//! JavaScript's values and its code. The TypeScript side of this contract is
//! `pkg/src/signer`.

#[cfg(target_arch = "wasm32")]
mod allocator;
mod list;
mod refused;

use list::List;
use pangulm_signer::obs::{self, Address, Dialect};
use pangulm_signer::{
    Payload, SecretKey, SignError, SigningDate, SigningOptions, SigningRequest, hmac_sha256,
};
use refused::{malformed, refused};
use wasm_bindgen::prelude::*;

/// Signs a request and returns the value of `Authorization`; without a secret, `Authorization`
/// without the digits at its end, and after a line break the text to make them of.
///
/// `request` lists `method`, `host`, `path` and `accessKeyId`; `query` is as it is sent; `headers`
/// hold `x-sdk-date`. `body` is the body, or its digest if it is `hashed`.
#[wasm_bindgen]
pub fn sign(
    request: &str,
    query: &str,
    headers: &str,
    body: &[u8],
    hashed: bool,
    secret: Option<String>,
) -> String {
    let signed = sign_request(request, query, headers, body, hashed, secret);
    signed.unwrap_or_else(|refusal| refusal)
}

fn sign_request(
    request: &str,
    query: &str,
    headers: &str,
    body: &[u8],
    hashed: bool,
    secret: Option<String>,
) -> Result<String, String> {
    let secret = secret.map(SecretKey::from);
    let fields = read("request", request)?;
    let query = read("query", query)?;
    let headers = read("headers", headers)?;
    let request = SigningRequest {
        method: fields.text("method"),
        host: fields.text("host"),
        path: fields.text("path"),
        query: &query.plain_pairs(),
        headers: &headers.plain_pairs(),
        payload: if hashed {
            // Anything but 32 bytes is a fault of the other side; zeros make it a refused signature.
            Payload::Digest(body.try_into().unwrap_or_default())
        } else {
            Payload::Bytes(body)
        },
    };
    let access_key = fields.text("accessKeyId");
    // The headers have a date, which goes before this one.
    let prepared = SigningDate::from_unix_seconds(0)
        .and_then(|date| {
            pangulm_signer::prepare(&request, &SigningOptions::default(), access_key, date)
        })
        .map_err(|error| refused(&error))?;
    let Some(secret) = secret else {
        let text = prepared.string_to_sign().to_owned();
        let signed = prepared.finish([0; 32]);
        let digits = signed.signature();
        let unfinished = signed.authorization().strip_suffix(digits);
        return Ok([unfinished.unwrap_or_default(), "\n", &text].concat());
    };
    let text = prepared.string_to_sign().as_bytes();
    let mac = hmac_sha256(secret.expose().as_bytes(), text);
    Ok(prepared.finish(mac).authorization().to_owned())
}

/// Prepares a URL of OBS that is valid for some time: the URL as far as `Signature`, and after a
/// line break the text to make the signature of, by the host: SHA-1 would be a tenth of the file.
///
/// `request` lists `method`, `endpoint`, `address` (`path`, `customDomain`, else a virtual host),
/// `bucket`, `key` if it is for an object, `date` in Unix seconds, `expiresIn` in seconds, and
/// `accessKeyId`; `headers` are those that will be sent with it.
#[wasm_bindgen]
pub fn presign(request: &str, query: &str, headers: &str) -> String {
    prepare_url(request, query, headers).unwrap_or_else(|refusal| refusal)
}

fn prepare_url(request: &str, query: &str, headers: &str) -> Result<String, String> {
    let fields = read("request", request)?;
    let query = read("query", query)?;
    let headers = read("headers", headers)?;
    let bucket = fields.text("bucket");
    let (address, dialect) = match fields.text("address") {
        "path" => (Address::PathStyle(bucket), Dialect::AwsV2),
        "customDomain" => (Address::CustomDomain, Dialect::AwsV2),
        _ => (Address::VirtualHost(bucket), Dialect::Obs),
    };
    let headers: Vec<_> = headers
        .pairs()
        .map(|(name, value)| (name, value.unwrap_or_default()))
        .collect();
    let request = obs::Request {
        method: fields.text("method"),
        endpoint: fields.text("endpoint"),
        address,
        key: fields.find("key"),
        query: &query.pairs().collect::<Vec<_>>(),
        headers: &headers,
    };
    // What is no number of seconds is refused as zero is.
    let seconds = |name| fields.text(name).parse().unwrap_or_default();
    let prepare = || -> Result<String, SignError> {
        let (access_key, life) = (fields.text("accessKeyId"), seconds("expiresIn"));
        let now = SigningDate::from_unix_seconds(seconds("date"))?;
        let prepared = obs::prepare_url(&request, dialect, access_key, now, life)?;
        let text = prepared.string_to_sign().to_owned();
        let signed = prepared.finish([0; 20]);
        // The padding of the signature is percent-encoded: this is the `=` in front of it.
        let unfinished = signed.as_str().rsplit_once('=');
        Ok([unfinished.map_or("", |(start, _)| start), "\n", &text].concat())
    };
    prepare().map_err(|error| refused(&error))
}

fn read<'a>(name: &str, text: &'a str) -> Result<List<'a>, String> {
    List::read(text).ok_or_else(|| malformed(name))
}
