//! Where a request goes, and the path that is signed for it.

use crate::{
    canonical::check_host,
    encode::push_with_slashes,
    error::{Part, SignError},
    obs::request::{Address, Request},
};

/// The address of a request in its three forms.
pub(crate) struct Location {
    scheme: &'static str,
    /// In lower case, with the port if it is not the default, as it is sent in `Host`.
    pub(crate) host: String,
    /// The path as it is sent.
    pub(crate) path: String,
    /// The path as OBS signs it, with the bucket or custom domain in front.
    pub(crate) resource: String,
}

impl Location {
    pub(crate) fn of(request: &Request<'_>) -> Result<Self, SignError> {
        let (scheme, authority) = split_scheme(request.endpoint);
        check_host(Part::Endpoint, authority)?;
        if !authority.is_ascii() {
            return Err(SignError::new(
                Part::Endpoint,
                "holds a character outside ASCII; give it as `xn--...`, as it is sent",
            ));
        }
        let authority = authority.to_ascii_lowercase();
        let key = encoded_key(request.key)?;
        let at_root = concat(&["/", &key]);
        let (host, path, resource) = match request.address {
            Address::Service if request.key.is_some() => {
                return Err(SignError::new(
                    Part::ObjectKey,
                    "is given without a bucket; give the bucket's address",
                ));
            }
            Address::Service => (authority, at_root.clone(), at_root),
            Address::VirtualHost(bucket) => {
                check_bucket(bucket)?;
                if bucket.bytes().any(|byte| byte.is_ascii_uppercase()) {
                    return Err(SignError::new(
                        Part::Bucket,
                        "has upper-case letters, which a host does not keep; use a path",
                    ));
                }
                let host = concat(&[bucket, "."]);
                if authority.starts_with(&host) {
                    return Err(SignError::new(
                        Part::Endpoint,
                        "starts with the bucket already, which would be there twice; leave it out",
                    ));
                }
                let resource = concat(&["/", bucket, &at_root]);
                (host + &authority, at_root, resource)
            }
            Address::PathStyle(bucket) => {
                check_bucket(bucket)?;
                let path = match request.key {
                    Some(_) => concat(&["/", bucket, &at_root]),
                    None => concat(&["/", bucket]),
                };
                (authority, path.clone(), path)
            }
            Address::CustomDomain => {
                let resource = concat(&["/", without_port(&authority), &at_root]);
                (authority, at_root, resource)
            }
        };
        Ok(Self {
            scheme,
            host,
            path,
            resource,
        })
    }

    /// The URL to send to, with the query in the caller's order and room for more.
    pub(crate) fn url(&self, query: &[(&str, Option<&str>)]) -> String {
        let mut url = concat(&[self.scheme, &self.host, &self.path]);
        let mut separator = '?';
        for (name, value) in query {
            url.push(separator);
            separator = '&';
            push_with_slashes(name, &mut url);
            if let Some(value) = value {
                url.push('=');
                push_with_slashes(value, &mut url);
            }
        }
        url
    }
}

/// The scheme, and the rest without the port that the scheme implies.
fn split_scheme(endpoint: &str) -> (&'static str, &str) {
    let (scheme, rest, port) = match endpoint.strip_prefix("http://") {
        Some(rest) => ("http://", rest, ":80"),
        None => (
            "https://",
            endpoint.strip_prefix("https://").unwrap_or(endpoint),
            ":443",
        ),
    };
    (scheme, rest.strip_suffix(port).unwrap_or(rest))
}

/// The texts in a row. The method of arrays weighs a kilobyte more in a wasm file.
fn concat(texts: &[&str]) -> String {
    let mut all = String::with_capacity(texts.iter().map(|text| text.len()).sum());
    texts.iter().for_each(|text| all.push_str(text));
    all
}

/// A port is what follows the last colon outside the brackets of an IPv6 address.
fn without_port(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => host,
        _ => authority,
    }
}

pub(crate) fn check_bucket(bucket: &str) -> Result<(), SignError> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    let has_gap = bucket.split('.').any(str::is_empty);
    if has_gap || !bucket.bytes().all(fits) {
        return Err(SignError::new(
            Part::Bucket,
            "is empty, has nothing before or after a dot, or holds anything but letters, digits, \
             `-`, `.` and `_`",
        ));
    }
    Ok(())
}

fn encoded_key(key: Option<&str>) -> Result<String, SignError> {
    let Some(key) = key else {
        return Ok(String::new());
    };
    let refuse = |problem| Err(SignError::new(Part::ObjectKey, problem));
    if key.is_empty() {
        return refuse("is empty; give `None` for the bucket itself");
    }
    if key.split('/').any(|segment| matches!(segment, "." | "..")) {
        return refuse("has a segment `.` or `..`, which URL libraries resolve into another key");
    }
    let mut encoded = String::with_capacity(key.len());
    push_with_slashes(key, &mut encoded);
    Ok(encoded)
}
