//! The signer of the AWS SDK for Rust on a request of the same size.

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    SignableBody, SignableRequest, SigningSettings, sign as sign_request,
};
use aws_sigv4::sign::v4;
use aws_smithy_runtime_api::client::identity::Identity;

use crate::ours::{HOST, PATH};

const URL: &str = "https://pangu.cn-southwest-2.myhuaweicloud.com/v1/0a1b2c3d4e5f60718293a4b5c6d7e8f9/deployments/5d1a8a3c-7f5e-4f0b-9e7c-3a2b1c0d9e8f/chat/completions";

pub fn identity() -> Identity {
    let secret = "an-invented-secret-key-of-40-characters!";
    Credentials::new("QTWAOYTTINDUT2QVKYUC", secret, None, None, "bench").into()
}

pub fn sign(identity: &Identity, body: &[u8]) -> String {
    let params = v4::SigningParams::builder()
        .identity(identity)
        .region("cn-southwest-2")
        .name("pangu")
        .time(SystemTime::now())
        .settings(SigningSettings::default())
        .build()
        .expect("all parameters are given")
        .into();
    debug_assert!(URL.contains(HOST) && URL.ends_with(PATH));
    let headers = [
        ("host", HOST),
        ("content-type", "application/json"),
        ("x-project-id", "0a1b2c3d4e5f60718293a4b5c6d7e8f9"),
    ];
    let request = SignableRequest::new("POST", URL, headers.into_iter(), SignableBody::Bytes(body))
        .expect("a well-formed request");
    let (_, signature) = sign_request(request, &params)
        .expect("a signature")
        .into_parts();
    signature
}
