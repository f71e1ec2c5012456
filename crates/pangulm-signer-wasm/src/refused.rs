//! What a refusal crosses as: an empty line, the field as JavaScript knows it, and the message.

use pangulm_signer::{Part, SignError};

/// A request that cannot be signed.
pub(crate) fn refused(error: &SignError) -> String {
    let field = match error.part() {
        Part::Method => "method",
        Part::Host | Part::Path => "url",
        Part::Date => "date",
        Part::Header(name) => name,
        Part::AccessKey => "accessKeyId",
        Part::SecretKey => "secretAccessKey",
        Part::Endpoint => "endpoint",
        Part::Bucket => "bucket",
        Part::ObjectKey => "key",
        Part::Query(_) => "query",
        Part::Lifetime => "expiresIn",
        _ => "headers",
    };
    lines(field, &error.line())
}

/// A list with `%XX` that make no text.
pub(crate) fn malformed(list: &str) -> String {
    lines(list, "holds %XX that are no UTF-8")
}

fn lines(field: &str, message: &str) -> String {
    "\n".to_owned() + field + "\n" + message
}
