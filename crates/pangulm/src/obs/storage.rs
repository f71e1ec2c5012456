//! Where the object storage is, and what its calls share.

use std::fmt;
use std::net::IpAddr;
use std::sync::atomic::AtomicI64;

use pangulm_core::Error;
use pangulm_core::address::{Address as Base, PlainHttp, is_loopback};
use pangulm_signer::obs::{Address, Dialect};
use tokio::sync::Mutex;

use super::keys::Lease;
use crate::driver::Driver;

/// What is known about the object storage, by all calls of a client.
#[derive(Default)]
pub(crate) struct Storage {
    /// None: the region's.
    endpoint: Option<Base>,
    plain_http: PlainHttp,
    /// Who asks IAM for keys, if it is not the client itself.
    pub(crate) asking: Option<Driver>,
    /// How far OBS's clock is ahead of this machine's, in seconds.
    pub(super) skew: AtomicI64,
    /// The temporary keys. Locked while they are fetched, so that one fetch serves all.
    pub(super) lease: Mutex<Option<Lease>>,
}

/// Which bucket, and how it is called.
#[derive(Clone, Debug)]
pub(super) enum Place {
    /// By its name.
    Bucket(String),
    /// By a domain bound to it: scheme and host.
    Domain(String),
}

impl Storage {
    pub(crate) fn at(endpoint: Option<&str>, plain_http: PlainHttp) -> Result<Self, Error> {
        let read = |text| read("obs_endpoint", text, plain_http);
        Ok(Self {
            endpoint: endpoint.map(read).transpose()?,
            plain_http,
            ..Self::default()
        })
    }

    pub(super) fn custom_domain(&self, text: &str) -> Result<Place, Error> {
        let address = read("custom domain", text, self.plain_http)?;
        Ok(Place::Domain(address.base()))
    }

    /// Scheme and host of the service.
    pub(super) fn endpoint(&self, region: &str) -> String {
        match &self.endpoint {
            Some(address) => address.base(),
            None => format!("https://obs.{region}.myhuaweicloud.com"),
        }
    }
}

fn read(field: &str, text: &str, plain_http: PlainHttp) -> Result<Base, Error> {
    let (address, _) = Base::read(field, text, plain_http)?;
    if address.prefix().is_empty() {
        return Ok(address);
    }
    let message = "must have no path: the bucket and the object are given apart";
    Err(Error::invalid(field, message))
}

impl Place {
    /// How the signer and the service are told where the bucket is. The official SDKs use the names
    /// of AWS where they cannot ask the service for its dialect (facts: auth.md 5.1).
    pub(super) fn address<'a>(&'a self, endpoint: &str) -> (Address<'a>, Dialect) {
        match self {
            Self::Domain(_) => (Address::CustomDomain, Dialect::AwsV2),
            Self::Bucket(name) if takes_no_bucket(endpoint) => {
                (Address::PathStyle(name), Dialect::AwsV2)
            }
            Self::Bucket(name) => (Address::VirtualHost(name), Dialect::Obs),
        }
    }
}

/// Whether a bucket cannot stand before this host.
fn takes_no_bucket(endpoint: &str) -> bool {
    let host = endpoint
        .split_once("://")
        .map_or(endpoint, |(_, host)| host);
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let name = name.trim_start_matches('[').trim_end_matches(']');
    is_loopback(host) || name.parse::<IpAddr>().is_ok()
}

impl fmt::Debug for Storage {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Storage")
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_stands_before_every_host_that_can_have_one() {
        let place = Place::Bucket("b".to_owned());
        for (endpoint, expected) in [
            (
                "https://obs.cn-southwest-2.myhuaweicloud.com",
                Address::VirtualHost("b"),
            ),
            ("http://127.0.0.1:8787", Address::PathStyle("b")),
            ("http://localhost:8787", Address::PathStyle("b")),
            ("http://[::1]:8787", Address::PathStyle("b")),
            ("https://192.0.2.7", Address::PathStyle("b")),
        ] {
            assert_eq!(place.address(endpoint).0, expected, "{endpoint}");
        }
    }

    #[test]
    fn an_endpoint_with_a_path_is_refused_by_name() {
        let error = Storage::at(Some("https://h/bucket"), PlainHttp::default()).unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("obs_endpoint: must have no path"),
            "{error}"
        );
    }
}
