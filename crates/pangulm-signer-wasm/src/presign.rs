//! Presigned URLs of OBS, as they cross.

use pangulm_signer::obs::{self, Address, Dialect};
use pangulm_signer::{SignError, SigningDate};

use crate::list::{self, List};
use crate::refused::{malformed, refused};

/// See the function `presign` in `lib.rs`.
pub(crate) fn prepare(request: &[u8], query: &[u8], headers: &[u8]) -> Result<String, String> {
    let fields = read("request", request)?;
    let query = read("query", query)?;
    let headers = read("headers", headers)?;
    let find = |name| list::find(&fields, name);
    let text = |name| find(name).unwrap_or_default();
    let bucket = text("bucket");
    let (address, dialect) = match text("address") {
        "path" => (Address::PathStyle(bucket), Dialect::AwsV2),
        "customDomain" => (Address::CustomDomain, Dialect::AwsV2),
        _ => (Address::VirtualHost(bucket), Dialect::Obs),
    };
    let request = obs::Request {
        method: text("method"),
        endpoint: text("endpoint"),
        address,
        key: find("key"),
        query: &list::pairs(&query).collect::<Vec<_>>(),
        headers: &list::plain_pairs(&headers),
    };
    // What is no number of seconds is refused as zero is.
    let seconds = |name| text(name).parse().unwrap_or_default();
    let prepare = || -> Result<String, SignError> {
        let (access_key, life) = (text("accessKeyId"), seconds("expiresIn"));
        let now = SigningDate::from_unix_seconds(seconds("date"))?;
        let prepared = obs::prepare_url(&request, dialect, access_key, now, life)?;
        Ok(prepared.unfinished_url().to_owned() + "&Signature=\n" + prepared.string_to_sign())
    };
    prepare().map_err(|error| refused(&error))
}

fn read<'a>(name: &str, text: &'a [u8]) -> Result<List<'a>, String> {
    let text = str::from_utf8(text).unwrap_or_default();
    list::read(text).ok_or_else(|| malformed(name))
}
