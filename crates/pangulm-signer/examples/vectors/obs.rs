//! Cases of the object storage, compared with what this crate makes of them.

use pangulm_signer::{
    ReceivedRequest, SecretKey, SignError, SigningDate, SigningKey, hmac_sha256,
    obs::{self, Address, Dialect, KeyRule, Policy, Request, hmac_sha1, v4},
};
use serde::Deserialize;

use crate::{outcome::Outcome, pairs::Pairs};

/// Friday, 24 May 2013, in Unix seconds.
const DAY_OF_THE_CASES: u64 = 1_369_353_600;

#[derive(Deserialize)]
pub(crate) struct Case {
    pub(crate) id: String,
    kind: String,
    ak: String,
    sk: String,
    method: Option<String>,
    server: Option<String>,
    bucket: Option<String>,
    key: Option<String>,
    #[serde(default)]
    query: Pairs,
    #[serde(default)]
    headers: Pairs,
    /// The fields of a form.
    #[serde(default)]
    form: Pairs,
    security_token: Option<String>,
    #[serde(default)]
    path_style: bool,
    /// `true`, or nothing: the address is the server's.
    cname: Option<bool>,
    region: Option<String>,
    date: Option<String>,
    now: Option<String>,
    now_epoch: Option<u64>,
    expires_in: Option<u64>,
    expected: Expected,
}

#[derive(Deserialize)]
struct Expected {
    string_to_sign: Option<String>,
    canonical_request: Option<String>,
    authorization: Option<String>,
    #[serde(default)]
    headers_out: Pairs,
    signed_url: Option<String>,
    origin_policy: Option<String>,
    policy: Option<String>,
    signature: Option<String>,
    access_key_id: Option<String>,
}

/// A request's parts as the case writes them.
struct Parts {
    query: Vec<(String, Option<String>)>,
    headers: Vec<(String, String)>,
}

impl Case {
    pub(crate) fn check(&self) -> Outcome {
        let outcome = match &*self.kind {
            "header-obs" | "header-v2" => self.check_header(),
            "url-obs" => self.check_url(),
            "header-v4" => self.check_v4_header(),
            "url-v4" => self.check_v4_url(),
            "post-policy-obs" => self.check_policy(),
            other => return Outcome::Skipped(other.to_owned()),
        };
        let expected = &self.expected;
        let wanted = [&expected.authorization, &expected.signed_url];
        let wanted = wanted.into_iter().flatten().next();
        outcome.unwrap_or_else(|error| Outcome::refused(wanted.map_or("", |it| it), error))
    }

    /// The SDK goes over to the names of AWS where it cannot ask the service what it knows.
    fn dialect(&self) -> Dialect {
        if self.kind == "header-v2" || self.path_style || self.cname == Some(true) {
            Dialect::AwsV2
        } else {
            Dialect::Obs
        }
    }

    fn parts(&self) -> Parts {
        let token = match (&*self.kind, self.dialect()) {
            ("url-v4", _) | (_, Dialect::AwsV2) => "x-amz-security-token",
            _ => "x-obs-security-token",
        };
        let own = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let mut parts = Parts {
            query: self.query.0.clone(),
            headers: self.headers.texts().map(own).collect(),
        };
        if let Some(value) = &self.security_token {
            parts.query.push((token.to_owned(), Some(value.clone())));
        }
        parts
    }

    /// Lends the parts out as a request.
    fn with_request<T>(&self, use_it: impl FnOnce(&Request<'_>) -> T) -> T {
        let parts = self.parts();
        let query: Vec<_> = parts
            .query
            .iter()
            .map(|(n, v)| (&**n, v.as_deref()))
            .collect();
        let headers: Vec<_> = parts.headers.iter().map(|(n, v)| (&**n, &**v)).collect();
        let address = match &self.bucket {
            _ if self.cname == Some(true) => Address::CustomDomain,
            None => Address::Service,
            Some(bucket) if self.path_style => Address::PathStyle(bucket),
            Some(bucket) => Address::VirtualHost(bucket),
        };
        use_it(&Request {
            method: self.method.as_deref().unwrap_or_default(),
            // The V4 cases name the whole host among their headers, and no server.
            endpoint: self
                .server
                .as_deref()
                .unwrap_or("obs.cn-southwest-2.myhuaweicloud.com"),
            address,
            key: self.key.as_deref(),
            query: &query,
            headers: &headers,
        })
    }

    fn key(&self) -> Result<SigningKey, SignError> {
        SigningKey::new(&*self.ak, &SecretKey::from(&*self.sk))
    }

    fn now(&self) -> Result<SigningDate, SignError> {
        match (&self.date, &self.now) {
            (Some(date), _) => date.parse(),
            (_, Some(now)) => now.replace(['-', ':'], "").parse(),
            _ => SigningDate::from_unix_seconds(self.now_epoch.unwrap_or_default()),
        }
    }

    fn check_header(&self) -> Result<Outcome, SignError> {
        let (dialect, now) = (self.dialect(), self.now()?);
        self.with_request(|request| {
            let prepared = obs::prepare(request, dialect, &self.ak, now)?;
            let text = prepared.string_to_sign().to_owned();
            let signed = prepared.finish(hmac_sha1(self.sk.as_bytes(), text.as_bytes()));
            let in_one = obs::sign(request, dialect, &self.key()?, now)?;
            let expected = self.expected.authorization.as_deref();
            Ok(Outcome::of([
                (
                    "string to sign",
                    self.expected.string_to_sign.as_deref(),
                    &*text,
                ),
                ("authorization", expected, signed.authorization()),
                (
                    "authorization in one step",
                    expected,
                    in_one.authorization(),
                ),
                (
                    "verified access key",
                    Some(&*self.ak),
                    &self.verified(in_one.url(), request.headers, expected),
                ),
            ]))
        })
    }

    fn check_url(&self) -> Result<Outcome, SignError> {
        let (dialect, now) = (self.dialect(), self.now()?);
        let lifetime = self.expires_in.unwrap_or_default();
        self.with_request(|request| {
            let prepared = obs::prepare_url(request, dialect, &self.ak, now, lifetime)?;
            let mac = hmac_sha1(self.sk.as_bytes(), prepared.string_to_sign().as_bytes());
            let in_two = prepared.finish(mac);
            let in_one = obs::presign(request, dialect, &self.key()?, now, lifetime)?;
            let expected = self.expected.signed_url.as_deref();
            Ok(Outcome::of([
                ("url", expected, in_two.as_str()),
                ("url in one step", expected, in_one.as_str()),
                (
                    "verified access key",
                    Some(&*self.ak),
                    &self.verified(expected.unwrap_or_default(), request.headers, None),
                ),
            ]))
        })
    }

    /// Who signed, by the verifier, from the official signature: the URL's, or the header's.
    fn verified(&self, url: &str, headers: &[(&str, &str)], authorization: Option<&str>) -> String {
        let host_of = |server: &str| {
            let host = server.rsplit("://").next().unwrap_or_default();
            host.split([':', '/']).next().unwrap_or_default().to_owned()
        };
        let (target, query) = url.split_once('?').unwrap_or((url, ""));
        let target = target.rsplit("://").next().unwrap_or_default();
        let (host, path) = target.split_at(target.find('/').unwrap_or(target.len()));
        let mut all = headers.to_vec();
        all.push(("host", host));
        all.extend(authorization.map(|value| ("authorization", value)));
        let request = ReceivedRequest {
            method: self.method.as_deref().unwrap_or_default(),
            path,
            query,
            headers: &all,
            body: b"",
        };
        let server = self.server.as_deref().map(host_of).unwrap_or_default();
        // A custom domain is none of the service's own hosts.
        let endpoints: &[&str] = match self.cname {
            Some(true) => &[],
            _ => &[&server],
        };
        let options = obs::VerifyOptions::at(DAY_OF_THE_CASES, endpoints);
        let known = |id: &str| (id == self.ak).then(|| SecretKey::from(&*self.sk));
        match obs::verify(&request, &options, &known) {
            Ok(verified) => verified.access_key,
            Err(refusal) => refusal.to_string(),
        }
    }

    fn check_v4_header(&self) -> Result<Outcome, SignError> {
        let (region, now) = (self.region.as_deref().unwrap_or_default(), self.now()?);
        self.with_request(|request| {
            let prepared = v4::prepare(request, region, &self.ak, now)?;
            let key = v4::signing_key(&SecretKey::from(&*self.sk), prepared.scope());
            let mac = hmac_sha256(&*key, prepared.string_to_sign().as_bytes());
            let canonical = prepared.canonical_request().to_owned();
            let signed = prepared.finish(mac);
            let in_one = v4::sign(request, region, &self.key()?, now)?;
            let expected = self.expected.authorization.as_deref();
            let mut all = request.headers.to_vec();
            for (name, value) in signed.headers() {
                all.push((name, value));
            }
            let sent = |name: &str| {
                all.iter()
                    .find(|(other, _)| other.eq_ignore_ascii_case(name))
            };
            let headers = self.expected.headers_out.texts().map(|(name, value)| {
                let got = sent(name).map_or("", |(_, value)| value);
                ("header", Some(value), got)
            });
            let stages = [
                (
                    "canonical request",
                    self.expected.canonical_request.as_deref(),
                    &*canonical,
                ),
                ("authorization", expected, signed.authorization()),
                (
                    "authorization in one step",
                    expected,
                    in_one.authorization(),
                ),
            ];
            Ok(Outcome::of(stages.into_iter().chain(headers)))
        })
    }

    fn check_v4_url(&self) -> Result<Outcome, SignError> {
        let (region, now) = (self.region.as_deref().unwrap_or_default(), self.now()?);
        let lifetime = self.expires_in.unwrap_or_default();
        self.with_request(|request| {
            let prepared = v4::prepare_url(request, region, &self.ak, now, lifetime)?;
            let key = v4::signing_key(&SecretKey::from(&*self.sk), prepared.scope());
            let mac = hmac_sha256(&*key, prepared.string_to_sign().as_bytes());
            let in_two = prepared.finish(mac);
            let in_one = v4::presign(request, region, &self.key()?, now, lifetime)?;
            let expected = self.expected.signed_url.as_deref();
            Ok(Outcome::of([
                ("url", expected, in_two.as_str()),
                ("url in one step", expected, in_one.as_str()),
            ]))
        })
    }

    fn check_policy(&self) -> Result<Outcome, SignError> {
        let fields: Vec<_> = self.form.texts().collect();
        let policy = Policy {
            bucket: self.bucket.as_deref().unwrap_or_default(),
            key: KeyRule::Exactly(self.key.as_deref().unwrap_or_default()),
            fields: &fields,
        };
        let lifetime = self.expires_in.unwrap_or_default();
        let prepared = obs::prepare_policy(&policy, &self.ak, self.now()?, lifetime)?;
        let mac = hmac_sha1(self.sk.as_bytes(), prepared.string_to_sign().as_bytes());
        let signed = prepared.finish(mac);
        let in_one = obs::sign_policy(&policy, &self.key()?, self.now()?, lifetime)?;
        let expected = &self.expected;
        Ok(Outcome::of([
            (
                "policy text",
                expected.origin_policy.as_deref(),
                signed.policy_text(),
            ),
            ("policy", expected.policy.as_deref(), signed.policy()),
            (
                "signature",
                expected.signature.as_deref(),
                signed.signature(),
            ),
            (
                "signature in one step",
                expected.signature.as_deref(),
                in_one.signature(),
            ),
            (
                "access key id",
                expected.access_key_id.as_deref(),
                signed.access_key(),
            ),
        ]))
    }
}
