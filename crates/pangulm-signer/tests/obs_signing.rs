//! What the object storage's signer makes, and what it refuses.

#![cfg(feature = "obs")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use pangulm_signer::{
    Part, SecretKey, SignError, SigningDate, SigningKey,
    obs::{self, Address, Dialect, KeyRule, MAX_LIFETIME_SECONDS, Policy, Request, hmac_sha1, v4},
};

const GET: Request<'_> = Request {
    method: "GET",
    endpoint: "obs.example.com",
    address: Address::VirtualHost("bucket"),
    key: Some("a/key"),
    query: &[],
    headers: &[],
};
const REGION: &str = "cn-southwest-2";

fn key() -> SigningKey {
    SigningKey::new("AK", &SecretKey::from("SK")).unwrap()
}

fn now() -> SigningDate {
    SigningDate::from_unix_seconds(1_740_816_000).unwrap()
}

fn url(request: &Request<'_>) -> String {
    let signed = obs::sign(request, Dialect::Obs, &key(), now()).unwrap();
    signed.url().to_owned()
}

fn resource(request: &Request<'_>) -> String {
    let prepared = obs::prepare(request, Dialect::Obs, "AK", now()).unwrap();
    let last = prepared.string_to_sign().lines().last();
    last.unwrap().to_owned()
}

fn refused(request: &Request<'_>) -> Part {
    let by_header = obs::sign(request, Dialect::Obs, &key(), now()).unwrap_err();
    let by_url = obs::presign(request, Dialect::Obs, &key(), now(), 60).unwrap_err();
    assert_eq!(by_header, by_url);
    by_header.part().clone()
}

#[test]
fn every_address_gives_its_url_and_its_resource() {
    let bucket = Address::VirtualHost("bucket");
    let path_style = Address::PathStyle("bucket");
    let cases = [
        (Address::Service, None, "https://obs.example.com/", "/"),
        (bucket, None, "https://bucket.obs.example.com/", "/bucket/"),
        (
            bucket,
            Some("k/盘"),
            "https://bucket.obs.example.com/k/%E7%9B%98",
            "/bucket/k/%E7%9B%98",
        ),
        (
            bucket,
            Some("/k"),
            "https://bucket.obs.example.com//k",
            "/bucket//k",
        ),
        (
            path_style,
            None,
            "https://obs.example.com/bucket",
            "/bucket",
        ),
        (
            path_style,
            Some("k"),
            "https://obs.example.com/bucket/k",
            "/bucket/k",
        ),
        (
            Address::CustomDomain,
            None,
            "https://obs.example.com/",
            "/obs.example.com/",
        ),
        (
            Address::CustomDomain,
            Some("k"),
            "https://obs.example.com/k",
            "/obs.example.com/k",
        ),
    ];
    for (address, key, expected_url, expected_resource) in cases {
        let request = Request {
            address,
            key,
            ..GET
        };
        assert_eq!(url(&request), expected_url);
        assert_eq!(resource(&request), expected_resource);
    }
}

#[test]
fn scheme_port_and_case_of_the_endpoint_are_what_a_browser_sends() {
    let cases = [
        (
            "OBS.Example.com",
            "https://obs.example.com/k",
            "/obs.example.com/k",
        ),
        ("https://d.org:443", "https://d.org/k", "/d.org/k"),
        ("http://d.org:80", "http://d.org/k", "/d.org/k"),
        ("http://d.org:443", "http://d.org:443/k", "/d.org/k"),
        ("https://d.org:8443", "https://d.org:8443/k", "/d.org/k"),
        ("http://[::1]:9000", "http://[::1]:9000/k", "/[::1]/k"),
        ("http://[::1]", "http://[::1]/k", "/[::1]/k"),
    ];
    for (endpoint, expected_url, expected_resource) in cases {
        let address = Address::CustomDomain;
        let request = Request {
            endpoint,
            address,
            key: Some("k"),
            ..GET
        };
        assert_eq!(url(&request), expected_url);
        assert_eq!(resource(&request), expected_resource);
    }
}

#[test]
fn values_of_one_name_are_joined_in_their_order() {
    let request = Request {
        headers: &[
            ("x-obs-meta-b", " 2"),
            ("X-OBS-Meta-A", "1"),
            ("X-Obs-Meta-B", "1 "),
        ],
        ..GET
    };
    let prepared = obs::prepare(&request, Dialect::Obs, "AK", now()).unwrap();
    let text = prepared.string_to_sign();
    let headers = "\nx-obs-date:Sat, 01 Mar 2025 08:00:00 GMT\nx-obs-meta-a:1\nx-obs-meta-b:2,1\n/";
    assert!(text.contains(headers), "{text}");
}

#[test]
fn only_sub_resources_are_signed_in_any_letter_case_and_unencoded() {
    let query = [
        ("prefix", Some("p")),
        ("versionId", Some("a b&c")),
        ("ACL", None),
        ("x-obs-Anything", Some("")),
        ("marker", Some("m")),
    ];
    let request = Request {
        query: &query,
        ..GET
    };
    assert_eq!(
        resource(&request),
        "/bucket/a/key?ACL&versionId=a b&c&x-obs-Anything="
    );
    assert_eq!(
        url(&request),
        "https://bucket.obs.example.com/a/key\
         ?prefix=p&versionId=a%20b%26c&ACL&x-obs-Anything=&marker=m"
    );
}

#[test]
fn bad_input_is_refused_by_part() {
    let query = |name: &str| Part::Query(name.to_owned());
    let header = |name: &str| Part::Header(name.to_owned());
    let cases = [
        (Request { method: "", ..GET }, Part::Method),
        (
            Request {
                method: "GE T",
                ..GET
            },
            Part::Method,
        ),
        (
            Request {
                endpoint: "",
                ..GET
            },
            Part::Endpoint,
        ),
        (
            Request {
                endpoint: "https://",
                ..GET
            },
            Part::Endpoint,
        ),
        (
            Request {
                endpoint: "ftp://d.org",
                ..GET
            },
            Part::Endpoint,
        ),
        (
            Request {
                endpoint: "d.org/path",
                ..GET
            },
            Part::Endpoint,
        ),
        (
            Request {
                endpoint: "user@d.org",
                ..GET
            },
            Part::Endpoint,
        ),
        (
            Request {
                endpoint: "bucket.obs.example.com",
                ..GET
            },
            Part::Endpoint,
        ),
        (
            Request {
                address: Address::VirtualHost(""),
                ..GET
            },
            Part::Bucket,
        ),
        (
            Request {
                address: Address::VirtualHost("a/b"),
                ..GET
            },
            Part::Bucket,
        ),
        (
            Request {
                endpoint: "盘.example.com",
                ..GET
            },
            Part::Endpoint,
        ),
        (
            Request {
                address: Address::VirtualHost("Bucket"),
                ..GET
            },
            Part::Bucket,
        ),
        (
            Request {
                address: Address::PathStyle("a..b"),
                ..GET
            },
            Part::Bucket,
        ),
        (
            Request {
                address: Address::PathStyle("a."),
                ..GET
            },
            Part::Bucket,
        ),
        (
            Request {
                address: Address::PathStyle(".."),
                ..GET
            },
            Part::Bucket,
        ),
        (
            Request {
                address: Address::PathStyle("é"),
                ..GET
            },
            Part::Bucket,
        ),
        (
            Request {
                address: Address::Service,
                ..GET
            },
            Part::ObjectKey,
        ),
        (
            Request {
                key: Some(""),
                ..GET
            },
            Part::ObjectKey,
        ),
        (
            Request {
                key: Some("a/../b"),
                ..GET
            },
            Part::ObjectKey,
        ),
        (
            Request {
                key: Some("."),
                ..GET
            },
            Part::ObjectKey,
        ),
        (
            Request {
                query: &[("", None)],
                ..GET
            },
            query(""),
        ),
        (
            Request {
                query: &[("acl", None), ("acl", None)],
                ..GET
            },
            query("acl"),
        ),
        (
            Request {
                query: &[("acl", Some("a\nb"))],
                ..GET
            },
            query("acl"),
        ),
        (
            Request {
                query: &[("x-amz-acl", None)],
                ..GET
            },
            query("x-amz-acl"),
        ),
        (
            Request {
                headers: &[("a b", "")],
                ..GET
            },
            Part::HeaderName(0),
        ),
        (
            Request {
                headers: &[("X-Obs-Acl", "a\nb")],
                ..GET
            },
            header("x-obs-acl"),
        ),
        (
            Request {
                headers: &[("X-Amz-Acl", "a")],
                ..GET
            },
            header("x-amz-acl"),
        ),
        (
            Request {
                headers: &[("Authorization", "a")],
                ..GET
            },
            header("authorization"),
        ),
        (
            Request {
                headers: &[("Host", "d.org")],
                ..GET
            },
            Part::Host,
        ),
        (
            Request {
                headers: &[("content-md5", "a"), ("Content-MD5", "a")],
                ..GET
            },
            header("content-md5"),
        ),
    ];
    for (request, part) in cases {
        assert_eq!(refused(&request), part, "{request:?}");
    }
}

#[test]
fn a_date_in_the_request_has_to_be_one() {
    let sign = |name, value| {
        let headers = [(name, value)];
        obs::sign(
            &Request {
                headers: &headers,
                ..GET
            },
            Dialect::Obs,
            &key(),
            now(),
        )
    };
    for name in ["date", "x-obs-date"] {
        let signed = sign(name, "Fri, 24 May 2013 00:00:00 GMT").unwrap();
        assert!(signed.headers().map(|(name, _)| name).eq(["authorization"]));
        for bad in [
            "",
            "20130524T000000Z",
            "Sat, 24 May 2013 00:00:00 GMT",
            "Fri, 24 May 2013 00:00:00",
            "Fri, 24 May 2013 24:00:00 GMT",
            "Fri, 24 MAY 2013 00:00:00 GMT",
            "Fri,  24 May 2013 00:00:00 GMT",
            "Sun, 30 Feb 2025 00:00:00 GMT",
        ] {
            let error = sign(name, bad).unwrap_err();
            assert_eq!(error.part(), &Part::Header(name.to_owned()), "{bad}");
        }
    }
}

#[test]
fn the_date_that_is_added_has_the_right_day_of_the_week() {
    for (seconds, expected) in [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (951_825_599, "Tue, 29 Feb 2000 11:59:59 GMT"),
        (1_740_816_000, "Sat, 01 Mar 2025 08:00:00 GMT"),
        (4_102_444_799, "Thu, 31 Dec 2099 23:59:59 GMT"),
    ] {
        let date = SigningDate::from_unix_seconds(seconds).unwrap();
        let signed = obs::sign(&GET, Dialect::AwsV2, &key(), date).unwrap();
        assert_eq!(signed.headers().next(), Some(("x-amz-date", expected)));
    }
}

#[test]
fn lifetimes_have_an_end() {
    let v2 = |seconds| obs::presign(&GET, Dialect::Obs, &key(), now(), seconds).map(|_| ());
    let v4 = |seconds| v4::presign(&GET, REGION, &key(), now(), seconds).map(|_| ());
    let policy = Policy {
        bucket: "bucket",
        key: KeyRule::StartsWith(""),
        fields: &[],
    };
    let form = |seconds| obs::sign_policy(&policy, &key(), now(), seconds).map(|_| ());
    type Try<'a> = &'a dyn Fn(u64) -> Result<(), SignError>;
    let cases: [(Try<'_>, u64); 3] = [
        (&v2, MAX_LIFETIME_SECONDS),
        (&v4, v4::MAX_LIFETIME_SECONDS),
        (&form, MAX_LIFETIME_SECONDS),
    ];
    for (sign, most) in cases {
        for good in [1, most] {
            assert_eq!(sign(good), Ok(()));
        }
        for bad in [0, most + 1, u64::MAX] {
            assert_eq!(sign(bad).unwrap_err().part(), &Part::Lifetime);
        }
    }
}

#[test]
fn what_a_presigned_url_adds_must_not_be_there() {
    for name in [
        "Expires",
        "AccessKeyId",
        "AWSAccessKeyId",
        "Signature",
        "signature",
    ] {
        let query = [(name, Some("1"))];
        let request = Request {
            query: &query,
            ..GET
        };
        let error = obs::presign(&request, Dialect::Obs, &key(), now(), 60).unwrap_err();
        assert_eq!(error.part(), &Part::Query(name.to_owned()));
        assert!(obs::sign(&request, Dialect::Obs, &key(), now()).is_ok());
    }
    for name in ["X-Amz-Date", "x-amz-signature"] {
        let query = [(name, Some("1"))];
        let request = Request {
            query: &query,
            ..GET
        };
        let error = v4::presign(&request, REGION, &key(), now(), 60).unwrap_err();
        assert_eq!(error.part(), &Part::Query(name.to_owned()));
    }
}

#[test]
fn keys_around_the_block_size_give_the_macs_of_another_implementation() {
    // Python's hmac.new(key, b"message", "sha1").
    for (length, expected) in [
        (0, "d5d1ed05121417247616cfc8378f360a39da7cfa"),
        (63, "39ad604614b97f146ed3d8d669ff2ac1bd42a9c0"),
        (64, "0a0b7a314b101739c3557f6b5e1dd6ab55658970"),
        (65, "9e8b701143a82cdc059a72a86230df264354cdb0"),
        (200, "ce26829f081871264088cab6de541c8f21bdeb11"),
    ] {
        let mac = hmac_sha1(&vec![b'k'; length], b"message");
        assert_eq!(pangulm_signer::hex(&mac), expected, "{length}");
    }
}

#[test]
fn nothing_prints_a_secret() {
    const TOKEN: &str = "the-security-token";
    const SECRET: &str = "the-secret-key";
    let key = SigningKey::new("AK", &SecretKey::from(SECRET)).unwrap();
    let headers = [("x-obs-security-token", TOKEN)];
    let query = [("x-obs-security-token", Some(TOKEN))];
    let request = Request {
        headers: &headers,
        query: &query,
        ..GET
    };
    let prepared = obs::prepare(&request, Dialect::Obs, "AK", now()).unwrap();
    let signed = obs::sign(&request, Dialect::Obs, &key, now()).unwrap();
    let prepared_url = obs::prepare_url(&request, Dialect::Obs, "AK", now(), 60).unwrap();
    let url = obs::presign(&request, Dialect::Obs, &key, now(), 60).unwrap();
    let fields = [("x-obs-security-token", TOKEN)];
    let policy = Policy {
        bucket: "b",
        key: KeyRule::Exactly("k"),
        fields: &fields,
    };
    let prepared_policy = obs::prepare_policy(&policy, "AK", now(), 60).unwrap();
    let signed_policy = obs::sign_policy(&policy, &key, now(), 60).unwrap();
    let v4_headers = [("x-amz-security-token", TOKEN)];
    let v4_request = Request {
        headers: &v4_headers,
        ..GET
    };
    let v4_prepared = v4::prepare(&v4_request, REGION, "AK", now()).unwrap();
    let printed = format!(
        "{request:?} {prepared:?} {signed:?} {prepared_url:?} {url:?} {policy:?} \
         {prepared_policy:?} {signed_policy:?} {v4_prepared:?}"
    );
    let (_, signature) = signed.authorization().split_once(':').unwrap();
    for hidden in [
        TOKEN,
        SECRET,
        signature,
        signed_policy.signature(),
        url.as_str(),
    ] {
        assert!(!printed.contains(hidden), "{hidden} is in {printed}");
    }
}
