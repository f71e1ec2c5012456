//! The canonical request of AWS V4.

use super::{ALGORITHM, signing_key};
use crate::{
    canonical::{UNSIGNED_PAYLOAD, upper_case},
    date::SigningDate,
    derived,
    digest::{hex, hmac_sha256, sha256},
    encode::canonical_query,
    error::{Part, SignError},
    headers::{self, HOST},
    key::SigningKey,
    obs::{dialect::Dialect, location::Location, request::Request},
};

/// The canonical request and what follows from it.
pub(super) struct Canonical {
    pub(super) request: String,
    pub(super) signed_headers: String,
    pub(super) scope: String,
    pub(super) string_to_sign: String,
}

impl Canonical {
    pub(super) fn new(
        request: &Request<'_>,
        location: &Location,
        query: &[(&str, &str)],
        added: &[(&'static str, String)],
        region: &str,
        date: &SigningDate,
    ) -> Result<Self, SignError> {
        let headers = signed_headers(request, &location.host, added)?;
        let names = headers::join_names(&headers);
        let mut text = [
            &*upper_case(request.method),
            &location.path,
            &canonical_query(query),
            "",
        ]
        .join("\n");
        for (name, (_, value)) in names.split(';').zip(&headers) {
            for part in [name, ":", value, "\n"] {
                text.push_str(part);
            }
        }
        for part in ["\n", &names, "\n", UNSIGNED_PAYLOAD] {
            text.push_str(part);
        }
        let scope = scope(region, date)?;
        let digest = hex(&sha256(text.as_bytes()));
        Ok(Self {
            string_to_sign: [ALGORITHM, date.as_str(), &scope, &digest].join("\n"),
            request: text,
            signed_headers: names,
            scope,
        })
    }

    pub(super) fn mac(&self, key: &SigningKey) -> [u8; 32] {
        let derived = signing_key(key.secret(), &self.scope);
        hmac_sha256(&*derived, self.string_to_sign.as_bytes())
    }
}

pub(super) fn scope(region: &str, date: &SigningDate) -> Result<String, SignError> {
    derived::check(Part::Region, region)?;
    Ok([date.day(), "/", region, "/s3/aws4_request"].concat())
}

/// Every parameter is signed, one without a value as if it were empty.
pub(super) fn signed_query<'a>(request: &Request<'a>) -> impl Iterator<Item = (&'a str, &'a str)> {
    let query = request.query.iter();
    query.map(|(name, value)| (*name, value.unwrap_or_default()))
}

/// The headers that the signature covers, in their order.
pub(super) fn signed_headers<'a>(
    request: &Request<'a>,
    host: &'a str,
    added: &'a [(&'static str, String)],
) -> Result<Vec<(&'a str, &'a str)>, SignError> {
    let mut sorted = Vec::with_capacity(request.headers.len() + 3);
    headers::insert_sorted(&mut sorted, (HOST, host));
    for (name, value) in request.headers {
        let is = |other: &str| name.eq_ignore_ascii_case(other);
        if is("content-type") || is("content-md5") || Dialect::AwsV2.owns(name) {
            headers::insert_sorted(&mut sorted, (name, headers::trim(value)));
        }
    }
    for (name, value) in added {
        headers::insert_sorted(&mut sorted, (name, value));
    }
    headers::check_unique(&sorted)?;
    Ok(sorted)
}
