//! What OBS says when it refuses, and what a failing connection means here.

use pangulm_core::call::{Failure, FailureKind};
use pangulm_core::headers::Headers;
use pangulm_core::{Error, ErrorKind};
use serde::Deserialize;

/// The body of a refusal (facts: auth.md 5.5).
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Refusal {
    code: Option<String>,
    message: Option<String>,
    request_id: Option<String>,
    string_to_sign: Option<String>,
}

/// The error of an answer that is no success. `secret` is a token that the service may show.
pub(super) fn refused(
    operation: &'static str,
    (status, headers): (u16, &Headers),
    body: &[u8],
    secret: Option<&str>,
) -> Error {
    let text = String::from_utf8_lossy(body);
    let text = match secret.filter(|secret| !secret.is_empty()) {
        Some(secret) => text.replace(secret, "***"),
        None => text.into_owned(),
    };
    let said: Option<Refusal> = quick_xml::de::from_str(&text).ok();
    let said = said.filter(|said| said.code.is_some());
    let known = said.is_some();
    let Refusal {
        code,
        message,
        request_id,
        string_to_sign,
    } = said.unwrap_or_default();
    let mut message = message.unwrap_or_else(|| format!("OBS answered with status {status}"));
    if let Some(text) = string_to_sign {
        let line = text.replace('\n', "|");
        message = format!("{message}; it signed \"{line}\"");
    }
    let error = Error::builder(ErrorKind::Service, message)
        .operation(operation)
        .status(status)
        .code(code)
        .request_id(headers.get("x-obs-request-id").map(str::to_owned))
        .request_id(request_id.or_else(|| headers.request_id()))
        .retry_after_ms(headers.retry_after_ms())
        .body(text.as_bytes());
    let error = if known {
        error
    } else {
        error.excerpt_of(text.as_bytes())
    }
    .build();
    match remedy(status) {
        // What is known of a code says more than its status.
        Some(remedy) if error.page().is_none() => error.into_builder().remedy(remedy).build(),
        _ => error,
    }
}

fn remedy(status: u16) -> Option<&'static str> {
    Some(match status {
        403 => "The key's owner may not do this: check the bucket's policy and permissions",
        404 => "Check the object's key, or the bucket's name",
        416 => "Ask for a range inside the object",
        507 => "Delete objects first",
        _ => return None,
    })
}

/// The error of a request without an answer. A certificate that does not fit is told from an
/// address that is not there.
pub(super) fn unreachable(operation: &'static str, failure: &Failure, host: &str) -> Error {
    let (kind, message) = match failure.kind {
        FailureKind::TimedOut => (
            ErrorKind::Timeout,
            "no answer in the time given for the call".to_owned(),
        ),
        FailureKind::TooLarge => (ErrorKind::TooLarge, failure.message.clone()),
        FailureKind::NotConnected => (
            ErrorKind::Connect,
            format!("no connection: {}", failure.message),
        ),
        FailureKind::Broken => (
            ErrorKind::Connect,
            format!("the connection broke: {}", failure.message),
        ),
    };
    let error = Error::builder(kind, message).operation(operation);
    match certificate_remedy(&failure.message, host) {
        Some(remedy) => error.remedy(remedy).build(),
        None => error.build(),
    }
}

/// What to do when the server's certificate is not one for its name.
fn certificate_remedy(message: &str, host: &str) -> Option<&'static str> {
    if !message.contains("certificate") {
        return None;
    }
    let bucket = host.split_once(".obs.").map(|(bucket, _)| bucket);
    Some(match bucket {
        Some(bucket) if bucket.contains('.') => {
            "OBS's certificate covers no bucket with a dot in its name: use a bucket without dots, \
             or bind a custom domain with a certificate to this one"
        }
        Some(_) => "Check the address, and whether a proxy on the way has a certificate of its own",
        None => {
            "The custom domain has no certificate that fits its name: bind one to it in OBS's \
             console, or name the bucket itself (https://BUCKET.obs.REGION.myhuaweicloud.com)"
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_that_does_not_fit_is_named_with_what_to_do() {
        let failure = |message: &str| Failure {
            kind: FailureKind::NotConnected,
            message: message.to_owned(),
        };
        let wrong = failure("h: invalid peer certificate: certificate not valid for name \"h\"");
        for (host, part) in [
            (
                "a.b.obs.cn-southwest-2.myhuaweicloud.com",
                "no bucket with a dot",
            ),
            ("data.example.com", "bind one to it"),
            (
                "b.obs.cn-southwest-2.myhuaweicloud.com",
                "a proxy on the way",
            ),
        ] {
            let error = unreachable("obs.getObject", &wrong, host);
            assert!(error.remedy().unwrap().contains(part), "{host}: {error}");
        }
        let refused = unreachable("obs.getObject", &failure("h: Connection refused"), "h");
        assert_eq!(refused.remedy(), None);
    }

    #[test]
    fn a_refusal_never_shows_the_security_token() {
        let body = b"<Error xmlns=\"x\"><Code>SignatureDoesNotMatch</Code><Message>no</Message>\
            <RequestId>r-1</RequestId><StringToSign>GET\n\n\nx-obs-security-token:tok3n\n/b/k\
            </StringToSign></Error>";
        let error = refused(
            "obs.getObject",
            (403, &Headers::default()),
            body,
            Some("tok3n"),
        );
        assert_eq!(error.code(), Some("SignatureDoesNotMatch"));
        assert_eq!(error.request_id(), Some("r-1"));
        assert!(
            error.to_string().contains("x-obs-security-token:***|/b/k"),
            "{error}"
        );
        assert!(!format!("{error:?}").contains("tok3n"));
        assert!(!String::from_utf8_lossy(error.body().unwrap()).contains("tok3n"));
    }
}
