//! Promises of the object storage's signatures that hold for every input, tried on generated ones.

#![cfg(feature = "obs")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod random;

use pangulm_signer::{
    ReceivedRequest, SecretKey, SigningDate, SigningKey,
    obs::{
        Address, Dialect, KeyRule, Policy, Request, VerifyOptions, presign, sign, sign_policy, v4,
        verify,
    },
};
use random::{Random, borrow};

const ROUNDS: usize = 3_000;
const NOW: u64 = 1_740_816_000;
const ENDPOINT: &str = "obs.example.com";
const NAMES: [&str; 6] = [
    "acl",
    "versionId",
    "uploadId",
    "response-expires",
    "prefix",
    "marker",
];

fn key() -> SigningKey {
    SigningKey::new("AK", &SecretKey::from("SK")).unwrap()
}

fn now() -> SigningDate {
    SigningDate::from_unix_seconds(NOW).unwrap()
}

/// A request as it arrives.
struct Sent {
    method: String,
    path: String,
    query: String,
    headers: Vec<(String, String)>,
}

impl Sent {
    fn new(method: &str, url: &str, headers: &[(&str, &str)]) -> Self {
        let rest = url.strip_prefix("https://").unwrap();
        let (target, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (host, path) = target.split_at(target.find('/').unwrap());
        let mut all = vec![("host".to_owned(), host.to_owned())];
        all.extend(
            headers
                .iter()
                .map(|(n, v)| ((*n).to_owned(), (*v).to_owned())),
        );
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers: all,
        }
    }

    fn is_accepted(&self) -> bool {
        let request = ReceivedRequest {
            method: &self.method,
            path: &self.path,
            query: &self.query,
            headers: &borrow(&self.headers),
            body: b"",
        };
        let known = |_: &str| Some(SecretKey::from("SK"));
        verify(&request, &VerifyOptions::at(NOW, &[ENDPOINT]), &known).is_ok()
    }
}

/// A generated request, lent out with its dialect.
fn with_request(random: &mut Random, use_it: impl FnOnce(&mut Random, &Request<'_>, Dialect)) {
    let dialect = random.one_of(&[Dialect::Obs, Dialect::AwsV2]);
    let meta = match dialect {
        Dialect::Obs => "X-Obs-Meta-A",
        Dialect::AwsV2 => "X-Amz-Meta-A",
    };
    let key = format!("k{}", random.text(6)).replace("/.", "/-");
    let values: [String; 3] = std::array::from_fn(|_| random.text(4));
    let first = random.below(NAMES.len());
    let query: Vec<_> = (0..random.below(4))
        .map(|n| NAMES[(first + n) % NAMES.len()])
        .zip([None, Some(&*values[0]), Some(&*values[1])])
        .collect();
    let headers = [
        (meta, &*values[2]),
        ("Content-Type", "text/plain"),
        ("Range", "bytes=0-1"),
    ];
    let address = random.one_of(&[
        Address::VirtualHost("bucket"),
        Address::PathStyle("bucket"),
        Address::CustomDomain,
    ]);
    let request = Request {
        method: random.one_of(&["GET", "put", "Delete"]),
        endpoint: match address {
            Address::CustomDomain => "data.example.org:8443",
            _ => ENDPOINT,
        },
        address,
        key: Some(&key).filter(|_| random.below(5) > 0).map(|key| &**key),
        query: &query,
        headers: &headers[..random.below(4)],
    };
    use_it(random, &request, dialect);
}

#[test]
fn whatever_is_signed_verifies_and_nothing_else() {
    let mut random = Random(11);
    for round in 0..ROUNDS {
        with_request(&mut random, |random, request, dialect| {
            let mut headers = request.headers.to_vec();
            let (url, added);
            if round % 2 == 0 {
                let signed = sign(request, dialect, &key(), now()).unwrap();
                url = signed.url().to_owned();
                added = signed
                    .headers()
                    .map(|(name, value)| (name, value.to_owned()))
                    .collect();
            } else {
                url = String::from(presign(request, dialect, &key(), now(), 60).unwrap());
                added = Vec::new();
            }
            headers.extend(added.iter().map(|(name, value)| (*name, value.as_str())));
            let mut sent = Sent::new(request.method, &url, &headers);
            let at = random.below(sent.headers.len());
            sent.headers.rotate_left(at);
            assert!(sent.is_accepted(), "{request:?}");

            match random.below(5) {
                0 => sent.method.push('X'),
                1 => sent.path.push('x'),
                2 => {
                    let separator = if sent.query.is_empty() { "" } else { "&" };
                    sent.query.push_str(&format!("{separator}lifecycle"));
                }
                3 => {
                    let prefix = if dialect == Dialect::Obs {
                        "x-obs-x"
                    } else {
                        "x-amz-x"
                    };
                    sent.headers.push((prefix.to_owned(), String::new()));
                }
                _ => sent
                    .headers
                    .push(("content-md5".to_owned(), "x".to_owned())),
            }
            assert!(!sent.is_accepted(), "{request:?}");
        });
    }
}

#[test]
fn the_order_of_headers_and_parameters_does_not_matter() {
    let mut random = Random(12);
    for _ in 0..ROUNDS {
        with_request(&mut random, |_, request, dialect| {
            let (mut query, mut headers) = (request.query.to_vec(), request.headers.to_vec());
            query.reverse();
            headers.reverse();
            let turned = Request {
                query: &query,
                headers: &headers,
                ..*request
            };
            let one = sign(request, dialect, &key(), now()).unwrap();
            let other = sign(&turned, dialect, &key(), now()).unwrap();
            assert_eq!(one.authorization(), other.authorization());
            if dialect == Dialect::AwsV2 {
                let one = v4::sign(request, "r", &key(), now()).unwrap();
                let other = v4::sign(&turned, "r", &key(), now()).unwrap();
                assert_eq!(one.authorization(), other.authorization());
            }
        });
    }
}

#[test]
fn no_input_panics() {
    let mut random = Random(13);
    for _ in 0..ROUNDS {
        let texts: [String; 6] = std::array::from_fn(|_| random.wild(5));
        let [method, endpoint, bucket, object, region, target] = &texts;
        let (query, mut headers) = (random.wild_pairs(), random.wild_pairs());
        let parameters: Vec<_> = query.iter().map(|(n, v)| (&**n, Some(&**v))).collect();
        let request = Request {
            method,
            endpoint,
            address: random.one_of(&[
                Address::Service,
                Address::VirtualHost(bucket),
                Address::PathStyle(bucket),
                Address::CustomDomain,
            ]),
            key: Some(object.as_str()).filter(|_| random.below(2) == 0),
            query: &parameters,
            headers: &borrow(&headers),
        };
        let _ = sign(&request, Dialect::Obs, &key(), now());
        let _ = presign(&request, Dialect::AwsV2, &key(), now(), 60);
        let _ = v4::sign(&request, region, &key(), now());
        let _ = v4::presign(&request, region, &key(), now(), 60);
        let policy = Policy {
            bucket: "bucket",
            key: KeyRule::StartsWith(object),
            fields: &borrow(&query),
        };
        let _ = sign_policy(&policy, &key(), now(), 60);

        headers.push(("host".to_owned(), random.wild(3)));
        headers.push((
            "date".to_owned(),
            "Sat, 01 Mar 2025 08:00:00 GMT".to_owned(),
        ));
        let signature = "A".repeat(27) + "=";
        let query = if random.below(2) == 0 {
            headers.push((
                "authorization".to_owned(),
                format!("OBS {bucket}:{signature}"),
            ));
            target.clone()
        } else {
            format!("{target}&Expires=1740816001&AccessKeyId={bucket}&Signature={signature}")
        };
        let sent = Sent {
            method: method.clone(),
            path: target.clone(),
            query,
            headers,
        };
        assert!(!sent.is_accepted());
    }
}
