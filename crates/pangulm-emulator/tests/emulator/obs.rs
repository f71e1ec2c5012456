//! The object storage.

use pangulm_signer::obs::{Address, Dialect, Request, presign, sign};
use pangulm_signer::{SecretKey, SigningDate, SigningKey};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::json;

use crate::platform::{Platform, now, outcome};

/// Names and values.
type Query<'a> = &'a [(&'a str, Option<&'a str>)];

/// The name of a method with the object or bucket it is for.
struct To<'a> {
    method: &'a str,
    address: Address<'a>,
    key: Option<&'a str>,
    query: Query<'a>,
    headers: &'a [(&'a str, &'a str)],
}

impl<'a> To<'a> {
    fn object(method: &'a str, key: &'a str) -> Self {
        Self {
            key: Some(key),
            ..Self::bucket(method, &[])
        }
    }

    fn bucket(method: &'a str, query: Query<'a>) -> Self {
        Self {
            method,
            address: Address::PathStyle("emulator-bucket"),
            key: None,
            query,
            headers: &[],
        }
    }

    fn request<'b>(&'b self, endpoint: &'b str) -> Request<'b> {
        Request {
            method: self.method,
            endpoint,
            address: self.address,
            key: self.key,
            query: self.query,
            headers: self.headers,
        }
    }
}

fn key(platform: &Platform) -> SigningKey {
    let info = platform.info();
    let secret = SecretKey::from(info.secret_access_key.clone());
    SigningKey::new(info.access_key_id.clone(), &secret).unwrap()
}

fn signed_with(platform: &Platform, key: &SigningKey, to: &To<'_>, seconds: u64) -> RequestBuilder {
    let endpoint = platform.info().obs_url.clone();
    let date = SigningDate::from_unix_seconds(seconds).unwrap();
    let dialect = match to
        .headers
        .iter()
        .any(|(name, _)| name.starts_with("x-amz-"))
    {
        true => Dialect::AwsV2,
        false => Dialect::Obs,
    };
    let signed = sign(&to.request(&endpoint), dialect, key, date).unwrap();
    let method = Method::from_bytes(to.method.as_bytes()).unwrap();
    let mut request = platform.http.request(method, signed.url());
    for (name, value) in to.headers {
        request = request.header(*name, *value);
    }
    for (name, value) in signed.headers() {
        request = request.header(name, value);
    }
    request
}

fn signed(platform: &Platform, to: &To<'_>) -> RequestBuilder {
    signed_with(platform, &key(platform), to, now())
}

pub(crate) async fn put(platform: &Platform, key: &str, body: &str) -> Response {
    let request = signed(platform, &To::object("PUT", key));
    request.body(body.to_owned()).send().await.unwrap()
}

pub(crate) async fn get(platform: &Platform, key: &str) -> Response {
    let to = To::object("GET", key);
    signed(platform, &to).send().await.unwrap()
}

fn header<'a>(answer: &'a Response, name: &str) -> &'a str {
    answer.headers()[name].to_str().unwrap()
}

/// Status and code of a refusal; its request id is the header's.
async fn refusal(request: RequestBuilder) -> (u16, String) {
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    let id = header(&answer, "x-obs-request-id").to_owned();
    let text = answer.text().await.unwrap();
    assert!(
        text.contains(&format!("<RequestId>{id}</RequestId>")),
        "{text}"
    );
    let code = text.split_once("<Code>").unwrap().1;
    (status, code.split_once("</Code>").unwrap().0.to_owned())
}

#[tokio::test]
async fn what_was_put_comes_back_with_its_description() {
    let platform = Platform::start();
    let headers = [
        ("content-type", "application/json"),
        ("x-obs-meta-origin", "station 7"),
    ];
    let to = To {
        headers: &headers,
        ..To::object("PUT", "train/数据 1+2.jsonl")
    };
    let answer = signed(&platform, &to).body("{}").send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(
        header(&answer, "etag"),
        "\"99914b932bd37a50b983c5e7c90ae93b\""
    );

    for method in ["GET", "HEAD"] {
        let to = To::object(method, "train/数据 1+2.jsonl");
        let answer = signed(&platform, &to).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(header(&answer, "content-length"), "2");
        assert_eq!(header(&answer, "content-type"), "application/json");
        assert_eq!(header(&answer, "x-obs-meta-origin"), "station 7");
        assert_eq!(header(&answer, "x-emulated"), "true");
        let body = answer.text().await.unwrap();
        assert_eq!(body, if method == "GET" { "{}" } else { "" });
    }
    let gone = signed(&platform, &To::object("DELETE", "train/数据 1+2.jsonl"));
    assert_eq!(gone.send().await.unwrap().status(), 204);
    let get = signed(&platform, &To::object("GET", "train/数据 1+2.jsonl"));
    assert_eq!(refusal(get).await, (404, "NoSuchKey".to_owned()));
}

#[tokio::test]
async fn a_range_brings_its_bytes_and_no_others() {
    let platform = Platform::start();
    put(&platform, "digits", "0123456789").await;
    let get = |range: &str| signed(&platform, &To::object("GET", "digits")).header("range", range);
    for (range, status, shown, body) in [
        ("bytes=2-4", 206, "bytes 2-4/10", "234"),
        ("bytes=7-", 206, "bytes 7-9/10", "789"),
        ("bytes=-2", 206, "bytes 8-9/10", "89"),
    ] {
        let answer = get(range).send().await.unwrap();
        assert_eq!(answer.status(), status);
        assert_eq!(header(&answer, "content-range"), shown);
        assert_eq!(answer.text().await.unwrap(), body);
    }
    assert_eq!(
        refusal(get("bytes=10-")).await,
        (416, "InvalidRange".to_owned())
    );
}

#[tokio::test]
async fn a_list_comes_in_pages_and_in_folders() {
    let platform = Platform::start();
    for key in ["a/1", "a/2", "b", "c/1", "d & e"] {
        put(&platform, key, "x").await;
    }
    let list = async |query: Query<'_>| {
        let answer = signed(&platform, &To::bucket("GET", query));
        answer.send().await.unwrap().text().await.unwrap()
    };
    let first = list(&[("max-keys", Some("2"))]).await;
    assert!(first.contains("<IsTruncated>true</IsTruncated><NextMarker>a/2</NextMarker>"));
    let second = list(&[("marker", Some("a/2"))]).await;
    assert!(second.contains("<Key>b</Key>") && second.contains("<Key>d &amp; e</Key>"));
    assert!(!second.contains("<Key>a/2</Key>"), "{second}");
    let folders = list(&[("delimiter", Some("/")), ("max-keys", Some("2"))]).await;
    assert!(folders.contains("<CommonPrefixes><Prefix>a/</Prefix></CommonPrefixes>"));
    assert!(folders.contains("<NextMarker>b</NextMarker>"), "{folders}");
    let rest = list(&[("delimiter", Some("/")), ("marker", Some("a/"))]).await;
    assert!(!rest.contains("<Prefix>a/</Prefix>"), "{rest}");
    let below = list(&[("prefix", Some("c/")), ("encoding-type", Some("url"))]).await;
    assert!(
        below.contains("<Key>c/1</Key>") && !below.contains("<Key>b</Key>"),
        "{below}"
    );
}

#[tokio::test]
async fn parts_become_one_object() {
    let platform = Platform::start();
    let begin = To {
        query: &[("uploads", None)],
        ..To::object("POST", "big")
    };
    let begun = signed(&platform, &begin)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    let id = begun.split_once("<UploadId>").unwrap().1;
    let id = id.split_once("</UploadId>").unwrap().0.to_owned();
    let mut named = String::new();
    let first = "1".repeat(100 * 1024);
    for (number, body) in [("1", first.as_str()), ("2", "end")] {
        let query = [
            ("partNumber", Some(number)),
            ("uploadId", Some(id.as_str())),
        ];
        let to = To {
            query: &query,
            ..To::object("PUT", "big")
        };
        let answer = signed(&platform, &to)
            .body(body.to_owned())
            .send()
            .await
            .unwrap();
        let etag = header(&answer, "etag");
        named += &format!("<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag></Part>");
    }
    let query = [("uploadId", Some(id.as_str()))];
    let finish = To {
        query: &query,
        ..To::object("POST", "big")
    };
    let body = format!("<CompleteMultipartUpload>{named}</CompleteMultipartUpload>");
    let done = signed(&platform, &finish)
        .body(body.clone())
        .send()
        .await
        .unwrap();
    assert_eq!(done.status(), 200);
    assert!(done.text().await.unwrap().contains("-2&quot;</ETag>"));
    let whole = signed(&platform, &To::object("GET", "big"))
        .send()
        .await
        .unwrap();
    assert_eq!(whole.text().await.unwrap(), first + "end");
    let again = signed(&platform, &finish).body(body);
    assert_eq!(refusal(again).await, (404, "NoSuchUpload".to_owned()));
}

#[tokio::test]
async fn what_is_not_rightly_signed_is_refused_with_the_documented_code() {
    let platform = Platform::start();
    put(&platform, "it", "x").await;
    let plain = platform.http.get(platform.url("/emulator-bucket/it"));
    assert_eq!(refusal(plain).await, (403, "AccessDenied".to_owned()));
    let to = To::object("GET", "it");
    let late = signed_with(&platform, &key(&platform), &to, now() - 1000);
    assert_eq!(
        refusal(late).await,
        (403, "RequestTimeTooSkewed".to_owned())
    );
    let secret = SecretKey::from("another".to_owned());
    let wrong = SigningKey::new(platform.info().access_key_id.clone(), &secret).unwrap();
    let wrong = signed_with(&platform, &wrong, &to, now());
    let text = wrong.send().await.unwrap().text().await.unwrap();
    assert!(
        text.contains("<Code>SignatureDoesNotMatch</Code>"),
        "{text}"
    );
    assert!(text.contains("<StringToSign>GET||||x-obs-date:"), "{text}");
    let foreign = SigningKey::new("nobody".to_owned(), &secret).unwrap();
    let foreign = signed_with(&platform, &foreign, &to, now());
    assert_eq!(
        refusal(foreign).await,
        (403, "InvalidAccessKeyId".to_owned())
    );
    let elsewhere = To {
        address: Address::PathStyle("other-bucket"),
        ..To::object("GET", "it")
    };
    let elsewhere = signed(&platform, &elsewhere);
    assert_eq!(refusal(elsewhere).await, (404, "NoSuchBucket".to_owned()));
}

#[tokio::test]
async fn a_bucket_before_the_host_and_the_names_of_aws_serve_too() {
    let platform = Platform::start();
    put(&platform, "it", "x").await;
    let url = platform.info().obs_url.replace("127.0.0.1", "localhost");
    let to = To {
        address: Address::VirtualHost("emulator-bucket"),
        ..To::object("GET", "it")
    };
    let date = SigningDate::from_unix_seconds(now()).unwrap();
    let signed_there = sign(&to.request(&url), Dialect::Obs, &key(&platform), date).unwrap();
    let host = format!("emulator-bucket.{}", url.strip_prefix("http://").unwrap());
    let mut request = platform.http.get(platform.url("/it")).header("host", host);
    for (name, value) in signed_there.headers() {
        request = request.header(name, value);
    }
    assert_eq!(request.send().await.unwrap().text().await.unwrap(), "x");

    let headers = [("x-amz-meta-a", "b")];
    let to = To {
        headers: &headers,
        ..To::object("PUT", "amz")
    };
    assert_eq!(signed(&platform, &to).send().await.unwrap().status(), 200);
    let seen = signed(&platform, &To::object("HEAD", "amz"))
        .send()
        .await
        .unwrap();
    assert_eq!(header(&seen, "x-obs-meta-a"), "b");
}

#[tokio::test]
async fn a_presigned_url_serves_until_it_ends_and_leaves_no_trace_of_its_signature() {
    let platform = Platform::start();
    put(&platform, "it", "x").await;
    let endpoint = platform.info().obs_url.clone();
    let to = To::object("GET", "it");
    let date = SigningDate::from_unix_seconds(now()).unwrap();
    let url = presign(
        &to.request(&endpoint),
        Dialect::Obs,
        &key(&platform),
        date,
        60,
    )
    .unwrap();
    let get = || {
        let request = platform.http.get(url.as_str());
        request.header("x-emulator-fault", "key=presigned")
    };
    assert_eq!(get().send().await.unwrap().text().await.unwrap(), "x");
    let record = platform.recorded("presigned").await.remove(0);
    assert_eq!(record["operationId"], "obs.getObject");
    let query = record["query"].as_str().unwrap();
    assert!(query.ends_with("&Signature=***"), "{query}");
    platform.admin("clock", json!({"offsetSeconds": 90})).await;
    assert_eq!(refusal(get()).await, (403, "AccessDenied".to_owned()));
}

#[tokio::test]
async fn a_temporary_key_goes_with_its_token() {
    let platform = Platform::start();
    put(&platform, "it", "x").await;
    let token = platform.token().await;
    let body = json!({"auth": {"identity": {"methods": ["token"], "token": {}}}});
    let post = platform
        .http
        .post(platform.url("/v3.0/OS-CREDENTIAL/securitytokens"));
    let (_, pair) = outcome(post.header("x-auth-token", token).json(&body)).await;
    let text = |name: &str| pair["credential"][name].as_str().unwrap().to_owned();
    let secret = SecretKey::from(text("secret"));
    let pair = SigningKey::new(text("access"), &secret).unwrap();
    let token = text("securitytoken");
    let headers = [("x-obs-security-token", token.as_str())];
    let with = To {
        headers: &headers,
        ..To::object("GET", "it")
    };
    let answer = signed_with(&platform, &pair, &with, now())
        .send()
        .await
        .unwrap();
    assert_eq!(answer.text().await.unwrap(), "x");
    let without = signed_with(&platform, &pair, &To::object("GET", "it"), now());
    assert_eq!(
        refusal(without).await,
        (403, "InvalidAccessKeyId".to_owned())
    );
}

#[tokio::test]
async fn pages_may_call_as_far_as_the_buckets_rules_allow() {
    let platform = Platform::start();
    put(&platform, "it", "x").await;
    let preflight = |headers: &str| {
        let ask = platform
            .http
            .request(Method::OPTIONS, platform.url("/emulator-bucket/it"))
            .header("origin", "http://page.example")
            .header("access-control-request-method", "GET");
        ask.header("access-control-request-headers", headers.to_owned())
    };
    let refused = preflight("authorization").send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);

    let body = "<CORSConfiguration><CORSRule><AllowedMethod>GET</AllowedMethod>\
                <AllowedOrigin>http://*.example</AllowedOrigin><AllowedHeader>x-obs-*</AllowedHeader>\
                <AllowedHeader>authorization</AllowedHeader><ExposeHeader>ETag</ExposeHeader>\
                <MaxAgeSeconds>60</MaxAgeSeconds></CORSRule></CORSConfiguration>";
    let set = To::bucket("PUT", &[("cors", None)]);
    let no_digest = signed(&platform, &set).body(body);
    assert_eq!(refusal(no_digest).await, (400, "InvalidRequest".to_owned()));
    let headers = [("content-md5", "aaaaaaaaaaaaaaaaaaaaaa==")];
    let damaged = To {
        headers: &headers,
        ..To::bucket("PUT", &[("cors", None)])
    };
    let damaged = signed(&platform, &damaged).body(body);
    assert_eq!(refusal(damaged).await, (400, "BadDigest".to_owned()));
    let digest = "sr9IwKDhacWT2fhUda8Glg==";
    let headers = [("content-md5", digest)];
    let right = To {
        headers: &headers,
        ..To::bucket("PUT", &[("cors", None)])
    };
    let set = signed(&platform, &right).body(body).send().await.unwrap();
    assert_eq!(set.status(), 200, "{}", set.text().await.unwrap());

    let allowed = preflight("Authorization, x-obs-date").send().await.unwrap();
    assert_eq!(allowed.status(), 200);
    assert_eq!(
        header(&allowed, "access-control-allow-origin"),
        "http://page.example"
    );
    let too_much = preflight("x-auth-token").send().await.unwrap();
    assert_eq!(too_much.status(), StatusCode::FORBIDDEN);
    let get = signed(&platform, &To::object("GET", "it")).header("origin", "http://page.example");
    let answer = get.send().await.unwrap();
    assert_eq!(header(&answer, "access-control-expose-headers"), "ETag");
    let shown = signed(&platform, &To::bucket("GET", &[("cors", None)]))
        .send()
        .await
        .unwrap();
    assert!(
        shown
            .text()
            .await
            .unwrap()
            .contains("<MaxAgeSeconds>60</MaxAgeSeconds>")
    );
    let gone = signed(&platform, &To::bucket("DELETE", &[("cors", None)]))
        .send()
        .await
        .unwrap();
    assert_eq!(gone.status(), 204);
}

#[tokio::test]
async fn the_storage_is_bounded_and_gives_back_what_was_deleted() {
    let platform = Platform::start();
    let most = vec![7_u8; 129 << 20];
    let put = |key| signed(&platform, &To::object("PUT", key)).body(most.clone());
    assert_eq!(put("one").send().await.unwrap().status(), 200);
    assert_eq!(refusal(put("two")).await, (507, "EMULATOR.FULL".to_owned()));
    let delete = signed(&platform, &To::object("DELETE", "one"));
    delete.send().await.unwrap();
    assert_eq!(put("two").send().await.unwrap().status(), 200);
}

/// What this key gets for an object that is not there.
pub(crate) async fn status(
    platform: &Platform,
    (id, secret): &(String, String),
    method: &str,
) -> u16 {
    let key = SigningKey::new(id.clone(), &SecretKey::from(secret.clone())).unwrap();
    let request = signed_with(platform, &key, &To::object(method, "nothing"), now());
    request.send().await.unwrap().status().as_u16()
}
