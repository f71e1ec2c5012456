//! What is thrown: the field as JavaScript knows it, a line break, and the message.

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
        Part::Region => "region",
        Part::Service => "service",
        Part::Endpoint => "endpoint",
        Part::Bucket => "bucket",
        Part::ObjectKey => "key",
        Part::Query(_) => "query",
        Part::Lifetime => "expiresIn",
        _ => "headers",
    };
    [field, "\n", &error.line()].concat()
}

/// A list with `%XX` that make no text.
pub(crate) fn malformed(list: &str) -> String {
    [
        list,
        "\nthe ",
        list,
        " holds %XX that are no UTF-8; encode it as UTF-8",
    ]
    .concat()
}
