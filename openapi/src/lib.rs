//! The OpenAPI description of the Pangu platform, and the code that makes it fit for generators.
//!
//! `pangulm.yaml` describes the public cloud, `iam.yaml` the identity service; the files in the folders of these names
//! add an area each; `errors.yaml` lists the error codes. They are the single source of what the other crates know about the platform: the operation table of `pangulm-core`, the typed client of `pangulm`, the
//! TypeScript types of the npm package and the emulator's checks all come from here.
//!
//! ```
//! for document in pangulm_openapi::documents()? {
//!     for operation in document.operations()? {
//!         println!("{} {} {}", operation.id, operation.method, operation.path);
//!     }
//! }
//! # Ok::<(), pangulm_openapi::SpecError>(())
//! ```
//!
//! # The rules of the description
//!
//! [`documents`] refuses a description that breaks one of them and names the operation that does.
//!
//! - OpenAPI 3.0.3, because the generator takes nothing newer.
//! - `operationId`: camelCase, unique over all documents. `tags`: exactly one, the API area. `summary` and
//!   `description` are there; no description holds an indented or fenced block, which would become a Rust doctest.
//! - `externalDocs.url` is the page the facts come from; `x-evidence` says how far to trust them ([`Evidence`]). A single
//!   fact that is weaker than its operation is marked in the description it stands in.
//! - `x-endpoint` on an operation or the document: which configured address it goes to ([`Endpoint`]).
//! - `security`: the credentials that may be tried, best first, from the schemes of [`Scheme`]. Absent ones are
//!   documented not to work and are refused before anything is sent. An empty list: no credential is needed.
//!   `x-security-evidence` gives the evidence for each.
//! - `x-idempotent: true` on a POST that only reads, so that it may be sent again. Other methods know it themselves.
//! - One successful response, of JSON, of events (`text/event-stream`), of either, or empty. Its media types and the
//!   request body have an `example`, which tests use.
//! - A `text/event-stream` response is text; `x-event-stream` names its dialect ([`EventStream`]), `x-event-schema`
//!   describes the JSON of one event. Where JSON stands beside it, the member `stream` of the request body chooses, or
//!   the header parameter `stream` where one is declared, and the operation is listed twice, the second time with
//!   `Stream` after its name ([`Document::operations`]).
//! - Bounds and `format: uuid` of a parameter are checked before a call is sent, like those of a body's members, however
//!   deep these lie ([`Rule`]).
//! - A string `enum` of several values may get new ones, so generators must not close it. `x-open: true` says that not
//!   even a validator may insist on it. An `enum` of one value is the tag of a `oneOf`, and its member is
//!   called `type`.
//! - A secret is a named schema with `format: password`.
//! - `x-client: true`: a schema that no JSON operation uses, but hand-written code of the typed client does.
//! - `x-odd-items: true`, `x-even-items: true`: an array with an odd or even number of items. `x-dataset-name: true`: a
//!   text that is the name of a data set.
//! - `x-one-of: [a, b]` on a request body: at least one of these members is there and not empty.
//! - `x-image`: a text that is an image in base64, or a list of such, with its limits ([`ImageLimits`]). `x-columns`:
//!   named columns, or a list of such ([`ColumnLimits`]). `x-also: N` beside `minimum`: a number below it that is allowed.
//!   `x-max-bytes: N` on the schema of a request body: its longest text in bytes.
//! - `x-pangu-job` on an operation that starts long work: how to follow it ([`Job`]). `x-pagination` on one that lists: how
//!   to get the rest ([`Pages`]).
//! - Several operations that share method and path stand under path keys told apart by a `#fragment`, which is no part of
//!   the path.

mod bounds;
mod codes;
mod document;
mod error;
mod evidence;
mod json_schema;
mod limits;
mod lint;
mod long;
mod merge;
mod named;
mod normalise;
mod operation;
mod prune;
mod read;
mod reference;
mod rule;
mod site;
mod walk;

pub use bounds::{ColumnLimits, ImageLimits};
pub use codes::{Again, ErrorCode, error_codes};
pub use document::{Document, Part};
pub use error::{Problem, SpecError};
pub use evidence::Evidence;
pub use lint::lint;
pub use long::{Job, PageStyle, Pages};
pub use named::OpenEnum;
pub use operation::{
    Body, Endpoint, EventStream, Location, Operation, Parameter, ResponseKind, Scheme,
};
pub use rule::{Check, JsonType, Rule};

/// A file that adds an area to a document, with its name.
macro_rules! fragment {
    ($name:literal) => {
        (
            concat!($name, ".yaml"),
            include_str!(concat!("../", $name, ".yaml")),
        )
    };
}

/// All documents of the description, checked against the rules above.
///
/// # Errors
///
/// Every breach of the rules in all documents, each with the operation it is in.
pub fn documents() -> Result<Vec<Document>, SpecError> {
    let documents = vec![
        Document::from_parts(
            "pangulm",
            include_str!("../pangulm.yaml"),
            &[
                fragment!("pangulm/text"),
                fragment!("pangulm/search"),
                fragment!("pangulm/science"),
                fragment!("pangulm/vision"),
                fragment!("pangulm/series"),
                fragment!("pangulm/tables"),
                fragment!("pangulm/supply-chain"),
                fragment!("pangulm/video"),
                fragment!("pangulm/agents"),
                fragment!("pangulm/data"),
            ],
        )?,
        Document::from_parts(
            "iam",
            include_str!("../iam.yaml"),
            &[
                fragment!("iam/users"),
                fragment!("iam/keystone-users"),
                fragment!("iam/groups"),
                fragment!("iam/permissions"),
                fragment!("iam/access-keys"),
                fragment!("iam/accounts"),
            ],
        )?,
    ];
    lint(&documents)?;
    Ok(documents)
}
