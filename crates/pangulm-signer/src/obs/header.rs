//! Signing by headers.

use std::fmt;

use crate::{
    date::SigningDate,
    error::SignError,
    headers::{AUTHORIZATION, header},
    key::{SigningKey, check_access_key},
    obs::{
        dialect::Dialect,
        http_date::{http_date, parse_http_date},
        mac::{base64, hmac_sha1},
        prepared::Prepared,
        request::Request,
        text::{only, string_to_sign},
    },
};

/// Signs a request by an `Authorization` header, with HMAC-SHA1.
///
/// The date is that of an `x-obs-date` or `Date` header of the request, else `date` in a new
/// `x-obs-date` header (browsers may not set `Date`). The service refuses a request whose date is
/// more than 15 minutes from its own.
///
/// # Errors
/// [`SignError`], naming the part of the request that cannot be signed.
pub fn sign(
    request: &Request<'_>,
    dialect: Dialect,
    key: &SigningKey,
    date: SigningDate,
) -> Result<Signed, SignError> {
    let prepared = prepare(request, dialect, key.access_key(), date)?;
    let secret = key.secret().expose().as_bytes();
    let mac = hmac_sha1(secret, prepared.string_to_sign.as_bytes());
    Ok(prepared.finish(mac))
}

/// The first of two phases, for a MAC that is made elsewhere. [`Prepared::finish`] is the second.
///
/// # Errors
/// [`SignError`], naming the part of the request or credential that cannot be signed.
pub fn prepare(
    request: &Request<'_>,
    dialect: Dialect,
    access_key: &str,
    date: SigningDate,
) -> Result<Prepared<Signed>, SignError> {
    check_access_key(access_key)?;
    let location = request.locate(dialect)?;
    let own_date = only(request.headers, dialect.date_header())?;
    let date_header = only(request.headers, "date")?;
    check_date(dialect.date_header(), own_date)?;
    check_date("date", date_header)?;
    let added = own_date
        .or(date_header)
        .is_none()
        .then(|| (dialect.date_header(), http_date(&date)));
    let date_line = match own_date {
        Some(_) => "",
        None => date_header.unwrap_or_default(),
    };
    let string_to_sign = string_to_sign(
        request,
        dialect,
        date_line,
        added.as_ref().map(|(name, value)| (*name, value.as_str())),
        &location.resource,
    )?;
    let mut authorization = [dialect.scheme(), access_key, ":"].concat();
    authorization.reserve_exact(28);
    Ok(Prepared {
        string_to_sign,
        unfinished: Signed {
            url: location.url(request.query),
            added: added.into_iter().collect(),
            authorization,
        },
    })
}

fn check_date(name: &'static str, value: Option<&str>) -> Result<(), SignError> {
    if value.is_none_or(|value| parse_http_date(value).is_some()) {
        return Ok(());
    }
    Err(SignError::new(
        header(name),
        "is not a date such as `Fri, 24 May 2013 00:00:00 GMT`; leave it out to have it added",
    ))
}

impl Prepared<Signed> {
    /// The second phase: the headers to add, from the HMAC-SHA1 of
    /// [`string_to_sign`](Self::string_to_sign).
    #[must_use]
    pub fn finish(self, mac: [u8; 20]) -> Signed {
        let mut signed = self.unfinished;
        signed.authorization.push_str(&base64(&mac));
        signed
    }
}

/// Where to send a request, and the headers that make it a signed one.
#[derive(Clone)]
pub struct Signed {
    pub(crate) url: String,
    pub(crate) added: Vec<(&'static str, String)>,
    pub(crate) authorization: String,
}

impl Signed {
    /// The URL to send the request to, exactly as it stands.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The headers to add to the request's own, their names in lower case: the date and what the
    /// algorithm needs beside it, unless they were there, and `authorization`.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let added = self
            .added
            .iter()
            .map(|(name, value)| (*name, value.as_str()));
        added.chain([(AUTHORIZATION, self.authorization.as_str())])
    }

    /// The value of the `Authorization` header.
    #[must_use]
    pub fn authorization(&self) -> &str {
        &self.authorization
    }
}

impl fmt::Debug for Signed {
    /// Without the signature, and without the URL, whose query may hold a token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signed")
            .field("added", &self.added)
            .field("authorization", &format_args!("***"))
            .finish_non_exhaustive()
    }
}
