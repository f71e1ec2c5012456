//! Every documented shape of an error body, read into one.

use super::{Error, ErrorKind};
use crate::headers::Headers;
use crate::scan::{self, Value};
use crate::text::{concat, digits};

/// What an error body says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Reported {
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) request_id: Option<String>,
}

/// The names under which services put code and message, in the order the official SDK tries them
/// (facts: auth.md 3.7, inference.md 11.1).
const SHAPES: [(&str, &str, Evidence); 5] = [
    ("error_code", "error_msg", Evidence::Either),
    ("errorCode", "errorMsg", Evidence::Either),
    ("code", "message", Evidence::Both),
    ("ret", "msg", Evidence::Both),
    ("code", "msg", Evidence::Both),
];

/// Which of the two names must be there for an object to be an error.
enum Evidence {
    /// Other objects have members of such names too.
    Both,
    /// Nothing but an error has either.
    Either,
}

impl Reported {
    /// Reads a body of any documented shape; `None` if it reports no error.
    pub(crate) fn read(body: Value<'_>) -> Option<Self> {
        let nested = body.member("error").filter(|error| !error.is_null());
        let mut reported = Self::flat(body).or_else(|| nested.and_then(Self::of_error_member))?;
        reported.request_id = ["request_id", "requestId"]
            .iter()
            .find_map(|name| label(body, name));
        Some(reported)
    }

    fn flat(object: Value<'_>) -> Option<Self> {
        SHAPES.iter().find_map(|(code, message, evidence)| {
            let (code, message) = (label(object, code), label(object, message));
            let found = match evidence {
                Evidence::Both => code.is_some() && message.is_some(),
                Evidence::Either => code.is_some() || message.is_some(),
            };
            found.then_some(Self {
                code,
                message,
                request_id: None,
            })
        })
    }

    /// `"error": "text"`, or an object of one of the shapes, or one with half of one.
    fn of_error_member(error: Value<'_>) -> Option<Self> {
        if let Some(text) = error.string() {
            return Some(Self {
                message: Some(text.into_owned()),
                ..Self::default()
            });
        }
        Self::flat(error).or_else(|| {
            let code = label(error, "code").or_else(|| label(error, "type"));
            let message = label(error, "message");
            (code.is_some() || message.is_some()).then_some(Self {
                code,
                message,
                request_id: None,
            })
        })
    }
}

fn label(object: Value<'_>, name: &str) -> Option<String> {
    let text = object.member(name)?.label()?;
    (!text.is_empty()).then(|| text.into_owned())
}

impl Error {
    /// The error that an answer with a non-2xx status is.
    pub(crate) fn of_answer(status: u16, headers: &Headers, body: &[u8]) -> Self {
        let text = std::str::from_utf8(body).unwrap_or_default();
        let reported = scan::parse(text).and_then(Reported::read);
        let answered = concat(&["the service answered with status ", &digits(status.into())]);
        let builder = match reported {
            Some(reported) => {
                Self::builder(ErrorKind::Service, reported.message.unwrap_or(answered))
                    .code(reported.code)
                    .request_id(reported.request_id)
            }
            None => {
                let message = answered + " and no error body of the platform's";
                Self::builder(ErrorKind::Service, message).excerpt_of(body)
            }
        };
        builder
            .status(status)
            .request_id(headers.request_id())
            .retry_after_ms(headers.retry_after_ms())
            .body(body)
            .build()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_documented_error_body_keeps_its_code_and_message() {
        let cases = [
            (
                r#"{"error_msg":"token expires","error_code":"APIG.0301","request_id":"4699"}"#,
                "APIG.0301",
                "token expires",
            ),
            (
                r#"{"error":{"message":"not allowed","code":401,"title":"Unauthorized"}}"#,
                "401",
                "not allowed",
            ),
            (
                r#"{"error_msg":"bad","error_code":"IAM.0006"}"#,
                "IAM.0006",
                "bad",
            ),
            (
                r#"{"error":{"error_msg":"bad","error_code":"1100"}}"#,
                "1100",
                "bad",
            ),
            (r#"{"errorCode":"X.1","errorMsg":"camel"}"#, "X.1", "camel"),
            (r#"{"code":"X.2","message":"plain"}"#, "X.2", "plain"),
            (
                r#"{"error":{"code":"PANGU.3342","type":"BadRequestError","message":"see details"}}"#,
                "PANGU.3342",
                "see details",
            ),
            (
                r#"{"object":"error","message":"no","type":"T","param":null,"code":400}"#,
                "400",
                "no",
            ),
            (
                r#"{"ret":"-1","msg":"embedding failed","embedding":[],"cost":0.1}"#,
                "-1",
                "embedding failed",
            ),
        ];
        for (body, code, message) in cases {
            let reported = Reported::read(scan::parse(body).unwrap()).unwrap();
            assert_eq!(reported.code.as_deref(), Some(code), "{body}");
            assert_eq!(reported.message.as_deref(), Some(message), "{body}");
        }
    }

    #[test]
    fn an_answer_without_an_error_reports_none() {
        for body in [
            r#"{"choices":[],"error":null}"#,
            "[]",
            r#"{"tokens":["a"],"token_number":1}"#,
        ] {
            assert_eq!(Reported::read(scan::parse(body).unwrap()), None, "{body}");
        }
    }

    #[test]
    fn an_html_page_keeps_status_and_a_short_excerpt() {
        let page = format!(
            "<html>\n <h1>502 Bad Gateway</h1>{}</html>",
            "x".repeat(10_000)
        );
        let error = Error::of_answer(502, &Headers::default(), page.as_bytes());
        assert_eq!(error.status(), Some(502));
        assert!(
            error.message().contains("<html> <h1>502 Bad Gateway</h1>"),
            "{error}"
        );
        assert!(error.message().len() < 400, "{error}");
        assert_eq!(error.body(), Some(page.as_bytes()));
    }
}
