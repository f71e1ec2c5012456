//! A request to the object storage, borrowed from whoever sends it.

use std::fmt;

use crate::{
    canonical::check_method,
    error::{Part, SignError},
    headers::{self, HOST},
    obs::{dialect::Dialect, location::Location},
    request::Names,
};

/// A request to OBS as it will be sent, in raw values: what has to be encoded is encoded here.
///
/// A temporary key's security token is part of the request: the header `x-obs-security-token`
/// (`x-amz-security-token` for the AWS names), or the query parameter of that name in a presigned
/// URL. Put it in, and it is signed.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The HTTP method. Signed in upper case.
    pub method: &'a str,
    /// The service's host without the bucket, such as `obs.cn-southwest-2.myhuaweicloud.com`, or
    /// the custom domain. May start with `http://` or `https://` (taken when neither is there)
    /// and end with a port; a port that is the scheme's default is dropped, as browsers do.
    pub endpoint: &'a str,
    /// How the bucket is addressed.
    pub address: Address<'a>,
    /// The object's key, raw. `None` for an operation on the bucket or the service.
    pub key: Option<&'a str>,
    /// The query, raw; a sub-resource without a value (`?acl`) has `None`.
    pub query: &'a [(&'a str, Option<&'a str>)],
    /// The headers, without `Authorization`.
    pub headers: &'a [(&'a str, &'a str)],
}

/// How a request says which bucket it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Address<'a> {
    /// No bucket: the list of buckets.
    Service,
    /// `https://bucket.endpoint/key`: the usual form.
    VirtualHost(&'a str),
    /// `https://endpoint/bucket/key`: for endpoints that are IP addresses, or behind a gateway.
    PathStyle(&'a str),
    /// `https://endpoint/key`, the endpoint being a domain that is bound to a bucket.
    CustomDomain,
}

impl Request<'_> {
    /// Checks what every kind of signature rests on, and finds out where the request goes.
    pub(crate) fn locate(&self, dialect: Dialect) -> Result<Location, SignError> {
        check_method(self.method)?;
        let location = Location::of(self)?;
        headers::check(self.headers)?;
        for (name, _) in self.headers {
            if dialect.other().owns(name) {
                return Err(SignError::new(
                    headers::header(name),
                    "is of the other dialect and would not be signed; use x-obs-* with OBS \
                     signatures and x-amz-* with AWS ones",
                ));
            }
        }
        if headers::find(self.headers, HOST)
            .is_some_and(|host| !host.eq_ignore_ascii_case(&location.host))
        {
            return Err(SignError::new(
                Part::Host,
                "in the headers is not the one of the endpoint and bucket; leave it out",
            ));
        }
        for (name, value) in self.query {
            let refuse = |problem| Err(SignError::new(query_parameter(name), problem));
            if name.is_empty() {
                return refuse("has no name");
            }
            if dialect.other().owns(name) {
                return refuse("is of the other dialect and would not be signed");
            }
            let is_control = |byte: u8| byte.is_ascii_control();
            if name.bytes().any(is_control) || value.is_some_and(|it| it.bytes().any(is_control)) {
                return refuse("holds a control character; remove it");
            }
        }
        Ok(location)
    }
}

pub(crate) fn query_parameter(name: &str) -> Part {
    Part::Query(name.to_owned())
}

impl fmt::Debug for Request<'_> {
    /// Header and query values stay out: they may be tokens.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let query: Vec<&str> = self.query.iter().map(|(name, _)| *name).collect();
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("endpoint", &self.endpoint)
            .field("address", &self.address)
            .field("key", &self.key)
            .field("query", &query)
            .field("headers", &Names(self.headers))
            .finish()
    }
}
