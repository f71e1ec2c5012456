//! The classes of requests about which the official signers disagree, or which we refuse. Each
//! is a rule, never a list of cases; docs/signing.md shows this table.

use crate::canonical::Part::{self, Headers, Method, Names, Path, Payload, Query};
use crate::request::Request;
use crate::rules;

pub(crate) struct Class {
    /// The requests it is about, as the documentation says it.
    pub(crate) when: &'static str,
    pub(crate) applies: fn(&Request) -> bool,
    /// Where the two canonical requests may differ for this reason.
    pub(crate) parts: &'static [Part],
    pub(crate) python: &'static str,
    pub(crate) node: &'static str,
    pub(crate) ours: Ours,
    /// Whose request our verifier takes.
    pub(crate) verifier: Takes,
}

/// What our signer does.
pub(crate) enum Ours {
    AsPython(&'static str),
    AsNode(&'static str),
    Own(&'static str),
    /// Even where the two agree.
    Alone(&'static str),
    Refuses(&'static str),
}

/// Whose requests our verifier takes, when nothing else is the matter with them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Takes {
    Both,
    Python,
    Node,
    Neither,
    /// It depends on more than the class, or there is nothing to verify.
    Open,
}

use Ours::{Alone, AsNode, AsPython, Own, Refuses};

pub(crate) const CLASSES: &[Class] = &[
    Class {
        when: "the method is in lower case",
        applies: |request| request.method != request.method.to_uppercase(),
        parts: &[Method],
        python: "upper case",
        node: "as given",
        ours: AsPython("rule 1"),
        verifier: Takes::Python,
    },
    Class {
        when: "the path is empty",
        applies: |request| request.path.is_empty(),
        parts: &[Path],
        python: "fails with `IndexError`",
        node: "`/`",
        ours: AsNode("the empty path is `/`"),
        verifier: Takes::Node,
    },
    Class {
        when: "the path holds `%XX`",
        applies: |request| rules::has_escape(&request.path),
        parts: &[Path],
        python: "decodes once, encodes",
        node: "encodes the `%` again",
        ours: AsPython("rule 2"),
        verifier: Takes::Python,
    },
    Class {
        when: "the path holds `%XX` that make no UTF-8",
        applies: |request| !rules::decodes_to_text(&request.path),
        parts: &[Path],
        python: "U+FFFD in their place",
        node: "encodes the `%` again",
        ours: Own("keep the bytes"),
        verifier: Takes::Neither,
    },
    Class {
        when: "the path holds a raw tab, space or one of `` ' \" < > ` { } | ^ ``",
        applies: |request| request.path.contains(rules::ESCAPED_BY_NODE),
        parts: &[Path],
        python: "encodes it",
        node: "encodes it twice",
        ours: AsPython("rule 2"),
        verifier: Takes::Python,
    },
    Class {
        when: "the path holds a backslash",
        applies: |request| request.path.contains('\\'),
        parts: &[Path],
        python: "encodes it",
        node: "makes it `/`",
        ours: AsPython("rule 2"),
        verifier: Takes::Python,
    },
    Class {
        when: "the path holds a raw `?` or `#`",
        applies: |request| request.path.contains(['?', '#']),
        parts: &[Path],
        python: "encodes it",
        node: "ends the path there",
        ours: Refuses("encode it, or give the query as pairs"),
        verifier: Takes::Open,
    },
    Class {
        when: "the path holds a raw control character",
        applies: |request| request.path.contains(|c: char| c.is_ascii_control()),
        parts: &[Path],
        python: "encodes it",
        node: "encodes it twice",
        ours: Refuses("encode it"),
        verifier: Takes::Open,
    },
    Class {
        when: "a query value is a list of numbers",
        applies: |request| rules::has_list(request, serde_json::Value::is_number),
        parts: &[Query],
        python: "sorts by value",
        node: "sorts by text",
        ours: Own("take texts, sort them by their bytes"),
        verifier: Takes::Open,
    },
    Class {
        when: "a query value is a list of booleans",
        applies: |request| rules::has_list(request, serde_json::Value::is_boolean),
        parts: &[Query],
        python: "`True`, `False`",
        node: "`true`, `false`",
        ours: AsNode("take texts"),
        verifier: Takes::Both,
    },
    Class {
        when: "a query value is a whole floating-point number",
        applies: rules::has_whole_float,
        parts: &[Query],
        python: "`1.0`",
        node: "`1`",
        ours: Own("take texts"),
        verifier: Takes::Both,
    },
    Class {
        when: "query names, or values of one name, above U+FFFF beside some from U+E000 to U+FFFF",
        applies: rules::utf16_sorts_otherwise,
        parts: &[Query],
        python: "sorts by code point",
        node: "sorts by UTF-16 unit",
        ours: AsPython("rule 3"),
        verifier: Takes::Python,
    },
    Class {
        when: "a header name holds `_`",
        applies: |request| rules::has_name(request, |name| name.contains('_')),
        parts: &[Headers, Names],
        python: "leaves it unsigned",
        node: "signs it",
        ours: AsPython("rule 4"),
        verifier: Takes::Open,
    },
    Class {
        when: "a header name holds punctuation other than `-` and `_`",
        applies: |request| {
            rules::has_name(request, |name| {
                name.contains(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_')
            })
        },
        parts: &[Headers],
        python: "sorts by bytes",
        node: "sorts the lines by locale, the names by bytes",
        ours: AsPython("rule 4"),
        verifier: Takes::Open,
    },
    Class {
        when: "a header value has spaces or tabs at an end",
        applies: |request| {
            rules::has_signed_value(request, |value| {
                value.starts_with([' ', '\t']) || value.ends_with([' ', '\t'])
            })
        },
        parts: &[Headers],
        python: "trims",
        node: "keeps them",
        ours: AsPython("rule 4; no server can see them"),
        verifier: Takes::Python,
    },
    Class {
        when: "a header value has other white space at an end, such as U+3000",
        applies: |request| {
            rules::has_signed_value(request, |value| {
                value.trim_matches([' ', '\t']) != value.trim()
            })
        },
        parts: &[Headers],
        python: "trims",
        node: "keeps it",
        ours: AsNode("it is part of the value"),
        verifier: Takes::Open,
    },
    Class {
        when: "`Host`, `X-Sdk-Date` or `X-Sdk-Content-Sha256` given in another spelling",
        applies: rules::has_unusual_spelling,
        parts: &[Headers, Names, Payload],
        python: "knows it",
        node: "does not, signs its own beside it",
        ours: AsPython("names have no case"),
        verifier: Takes::Open,
    },
    Class {
        when: "`X-Sdk-Content-Sha256` in another spelling, and a type other than JSON",
        applies: |request| request.spells("x-sdk-content-sha256") && rules::is_typed(request),
        parts: &[Headers, Names, Payload],
        python: "adds a second one",
        node: "adds a second one",
        ours: Alone("keep the one that is there"),
        verifier: Takes::Neither,
    },
    Class {
        when: "`x-sdk-content-sha256` in lower case, and an empty body",
        applies: |request| {
            request.spells("x-sdk-content-sha256") && request.body.bytes().is_empty()
        },
        parts: &[Payload],
        python: "the digest of nothing",
        node: "the digest of nothing",
        ours: Alone("what is announced"),
        verifier: Takes::Open,
    },
    Class {
        when: "`content-type` in lower case, with `application/json` in other case",
        applies: |request| request.spells("content-type") && rules::is_json_in_other_case(request),
        parts: &[],
        python: "hashes the body",
        node: "hashes the body",
        ours: Alone("`UNSIGNED-PAYLOAD`, by `BodyHashing::JsonOnly` alone"),
        verifier: Takes::Open,
    },
    Class {
        when: "one header name twice, in two spellings",
        applies: rules::has_duplicate,
        parts: &[Headers, Names],
        python: "signs the last value twice",
        node: "signs both",
        ours: Refuses("join the values into one"),
        verifier: Takes::Open,
    },
    Class {
        when: "`Authorization` is there already",
        applies: |request| request.header("Authorization").is_some(),
        parts: &[Headers, Names],
        python: "does not sign",
        node: "signs it, then replaces it",
        ours: Refuses("remove it before signing"),
        verifier: Takes::Open,
    },
    Class {
        when: "the host is not in lower-case ASCII",
        applies: |request| {
            request.header("Host").is_none() && !rules::is_lower_case_ascii(request.host)
        },
        parts: &[Headers],
        python: "as given",
        node: "lower case, Punycode",
        ours: AsPython("give the host as it is sent"),
        verifier: Takes::Both,
    },
    Class {
        when: "`content-type` in lower case, other than JSON",
        applies: |request| request.spells("content-type") && rules::is_typed(request),
        parts: &[Headers, Names, Payload],
        python: "does not know it, hashes the body",
        node: "`UNSIGNED-PAYLOAD`",
        ours: AsNode("names have no case"),
        verifier: Takes::Both,
    },
    Class {
        when: "JSON with parameters, or BSON",
        applies: rules::is_more_than_json,
        parts: &[Headers, Names, Payload],
        python: "hashes the body",
        node: "`UNSIGNED-PAYLOAD`",
        ours: AsPython("`BodyHashing::JsonOnly`; by default every body is hashed"),
        verifier: Takes::Both,
    },
    Class {
        when: "`application/json` in other case",
        applies: rules::is_json_in_other_case,
        parts: &[Headers, Names, Payload],
        python: "`UNSIGNED-PAYLOAD`",
        node: "hashes the body",
        ours: AsPython("`BodyHashing::JsonOnly`; by default every body is hashed"),
        verifier: Takes::Both,
    },
    Class {
        when: "`multipart/form-data`",
        applies: |request| {
            request
                .header("Content-Type")
                .is_some_and(|kind| kind.starts_with("multipart/form-data"))
        },
        parts: &[Headers, Names],
        python: "signs the type",
        node: "leaves the type unsigned",
        ours: AsPython("`SignedHeaders::All`; by default no type is signed"),
        verifier: Takes::Both,
    },
    Class {
        when: "an empty body that is announced as unsigned or with a digest",
        applies: |request| {
            request.body.bytes().is_empty()
                && (request.header("X-Sdk-Content-Sha256").is_some() || rules::is_typed(request))
        },
        parts: &[Payload],
        python: "the digest of nothing",
        node: "what is announced",
        ours: AsNode("rule 5"),
        verifier: Takes::Open,
    },
    Class {
        when: "a digest given, and a type other than JSON",
        applies: |request| {
            rules::is_typed(request)
                && request
                    .header("X-Sdk-Content-Sha256")
                    .is_some_and(|digest| digest != "UNSIGNED-PAYLOAD")
        },
        parts: &[Headers, Payload],
        python: "`UNSIGNED-PAYLOAD` in its place",
        node: "keeps the digest",
        ours: AsNode("rule 5"),
        verifier: Takes::Open,
    },
    Class {
        when: "a body given as text or bytes",
        applies: rules::is_raw_body,
        parts: &[Payload],
        python: "the digest of its bytes",
        node: "the digest of its text as a JSON string",
        ours: AsPython("rule 5"),
        verifier: Takes::Python,
    },
    Class {
        when: "the body is the JSON `null`, `false`, `0` or `\"\"`",
        applies: rules::is_falsy_body,
        parts: &[Payload],
        python: "the digest of its bytes",
        node: "the digest of nothing",
        ours: AsPython("rule 5"),
        verifier: Takes::Python,
    },
];
