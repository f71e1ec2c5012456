//! The operation table: what the spec says of every operation, as data.
//!
//! It is generated from the OpenAPI description at build time; see `build.rs`.

use crate::error::Error;
use crate::escape;
use crate::text::{concat, pieces};
use std::sync::atomic::{AtomicBool, Ordering};

/// One operation of the platform.
#[derive(Debug)]
pub struct Operation {
    /// Its id in the spec, such as `createChatCompletionV1`. The streaming half of an operation
    /// that answers with JSON or with events has its own entry, whose id ends in `Stream`.
    pub id: &'static str,
    /// The HTTP method, in upper case.
    pub method: &'static str,
    /// The path with `{names}` for its parameters.
    pub path: &'static str,
    /// Which of the configured addresses it goes to.
    pub endpoint: Endpoint,
    /// The parameters in path, query and headers.
    pub parameters: &'static [Parameter],
    /// The credentials it takes; none needed if empty.
    pub security: &'static [Scheme],
    /// Whether it takes a JSON body.
    pub body: BodyKind,
    /// What a success brings.
    pub response: ResponseKind,
    /// Whether sending it twice does no more than sending it once.
    pub idempotent: bool,
    /// What the reference says of the members of the body.
    pub rules: &'static [Rule],
    /// How to follow the work that it starts, if it starts some.
    pub job: Option<&'static JobRules>,
    /// How its list continues, if it gives a page of one.
    pub pages: Option<&'static PageRules>,
}

/// How to follow long work. Places are JSON pointers into answers.
#[derive(Debug)]
pub struct JobRules {
    /// Where the answer to the start may have the work's id; the first one that is there counts.
    pub id: &'static [&'static str],
    /// The operation that tells how it stands.
    pub poll: &'static str,
    /// That operation's path parameter for the id.
    pub parameter: &'static str,
    /// Where its answer has the state.
    pub state: &'static str,
    /// The states of finished work.
    pub succeeded: &'static [&'static str],
    /// The states of work that came to nothing. All others are passing ones.
    pub failed: &'static [&'static str],
    /// Where its answer has the part that is done, from 0 to 1.
    pub progress: Option<&'static str>,
    /// What is only there once the work is finished, whatever the state says.
    pub result: Option<&'static str>,
}

/// How a list continues.
#[derive(Debug)]
pub struct PageRules {
    /// Where the answer has the items of a page, as a JSON pointer.
    pub items: &'static str,
    /// What `position` counts.
    pub style: PageStyle,
    /// The query parameter that says where a page begins, unless the list comes whole.
    pub position: Option<&'static str>,
    /// The query parameter that says how many items a page may have, if there is one.
    pub limit: Option<&'static str>,
    /// Where the answer has the number of all items, as a JSON pointer.
    pub total: Option<&'static str>,
}

/// What the position of a page counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageStyle {
    /// Pages, from 1.
    Page,
    /// Items, from 0.
    Offset,
    /// Nothing: one answer has all that can be had.
    Whole,
}

/// Which address an operation goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// The gateway in front of the platform's own interfaces (V1).
    Pangu,
    /// The OpenAI-compatible interface (V2).
    V2,
    /// Identity and access management.
    Iam,
}

/// One parameter outside the body.
#[derive(Debug)]
pub struct Parameter {
    /// Its name as it is sent.
    pub name: &'static str,
    /// Where it stands.
    pub location: Location,
    /// Whether a request without it is wrong.
    pub required: bool,
    /// What the reference says of its value.
    pub checks: &'static [Check],
}

impl Parameter {
    /// Whether this header says if the answer is to be a stream. The engine sets it.
    pub(crate) fn is_switch(&self) -> bool {
        self.location == Location::Header && self.name == "stream"
    }
}

/// Where a parameter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Location {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In a header.
    Header,
}

/// A way to prove who is calling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// An IAM token in `X-Auth-Token`.
    IamToken,
    /// An API key in `X-Apig-AppCode`.
    AppCode,
    /// An API key as `Authorization: Bearer`.
    ApiKey,
    /// A signature made with an access key pair.
    AkSk,
}

/// What a request carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyKind {
    /// Nothing.
    None,
    /// JSON, or nothing.
    OptionalJson,
    /// JSON.
    Json,
}

/// What a success brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResponseKind {
    /// A JSON document.
    Json,
    /// No body.
    Empty,
    /// Events of a chat in the platform's own dialect: `choices[].message`.
    ChatV1,
    /// Events of a chat in the OpenAI dialect: `choices[].delta`.
    ChatV2,
    /// Events of a text that is continued: `choices[].text`.
    Text,
    /// Events of an agent's run, the last of which is `summary_response`.
    Agent,
    /// Events of a workflow's run, without a known end.
    Workflow,
}

/// What the reference says of one member of a value.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// The member's name; `*` for every item of a list; `=tag` for the value itself, if its member
    /// `type` is `tag`. Of `OneOf` several names.
    pub field: &'static str,
    /// The condition.
    pub check: Check,
}

/// A number as the description writes it: it may have a fraction, and is compared exactly.
pub type Bound = &'static str;

/// A condition on a member of a request body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// It must be there and not null.
    Required,
    /// These must hold inside it.
    Inside(&'static [Rule]),
    /// At least one of the members, whose names `|` parts, must be there and not empty.
    OneOf,
    /// It must be of this JSON type.
    Type(JsonType),
    /// A list must have at least so many items.
    MinItems(u32),
    /// A list may have at most so many items.
    MaxItems(u32),
    /// A list must have an odd number of items.
    OddItems,
    /// A list must have an even number of items.
    EvenItems,
    /// A text must be the name of a data set.
    DatasetName,
    /// A text must have at least so many characters.
    MinLength(u32),
    /// A text may have at most so many characters.
    MaxLength(u32),
    /// A number must be at least this.
    AtLeast(Bound),
    /// A number must be at least the first, or be the second, which stands for the service's own
    /// choice.
    AtLeastOr(&'static [Bound; 2]),
    /// A number must be more than this.
    MoreThan(Bound),
    /// A number may be at most this.
    AtMost(Bound),
    /// A number must be less than this.
    LessThan(Bound),
    /// The whole body may have at most so many bytes.
    MaxBytes(u32),
    /// A text must be an image in base64 within these limits, and so must each of a list.
    Image(ImageLimits),
    /// Named columns must be within these limits, and so must each item of a list of such.
    Columns(&'static ColumnLimits),
    /// A text must be a UUID in its usual form.
    Uuid,
}

/// The limits of an image; 0 stands for none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageLimits {
    /// The length of the base64 text in bytes.
    pub max_bytes: u32,
    /// Its longer side in pixels.
    pub max_side: u32,
    /// How many times as long as the shorter side the longer one may be.
    pub max_ratio: u32,
}

/// The limits of named columns; 0 stands for none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ColumnLimits {
    /// Values that a column must have.
    pub min_rows: u32,
    /// Values that a column may have.
    pub max_rows: u32,
    /// Columns side by side.
    pub max_columns: u32,
    /// Values of all columns together.
    pub max_cells: u32,
    /// Whether no column may be shorter than the member `context_len` says.
    pub context: bool,
    /// Whether items must have the same columns, and their lengths fit a forecast; see
    /// `columns.rs`.
    pub forecast: bool,
    /// Whether every column must be one of the member `sample`.
    pub sampled: bool,
}

/// The JSON types a rule can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "they are the types of JSON")]
pub enum JsonType {
    Boolean,
    Integer,
    Number,
    String,
    Array,
    Object,
}

include!(concat!(env!("OUT_DIR"), "/operations.rs"));

/// Whether all operations are there. In a program they are from the start, in the npm package only once
/// the second wasm file is loaded.
static ALL_ARE_HERE: AtomicBool = AtomicBool::new(cfg!(not(feature = "parted")));

/// The operations that a page does not have from the first. By its name the second wasm file is made,
/// so this is called, and its value is not seen through.
#[inline(never)]
fn rest() -> &'static [Operation] {
    std::hint::black_box(REST)
}

impl Operation {
    /// All operations that are here, in no order that means anything.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        let rest = if Self::all_are_here() { rest() } else { &[] };
        FIRST.iter().chain(rest)
    }

    /// Whether no operation is still to be brought: always, but for the npm package.
    #[must_use]
    pub fn all_are_here() -> bool {
        ALL_ARE_HERE.load(Ordering::Relaxed)
    }

    /// Says that the second wasm file of the npm package is loaded.
    pub fn rest_is_here() {
        ALL_ARE_HERE.store(true, Ordering::Relaxed);
    }

    /// Whether the operation with this id is here.
    #[must_use]
    pub fn is_here(id: &str) -> bool {
        Self::all().any(|operation| operation.id == id)
    }

    /// The operation with this id.
    ///
    /// # Errors
    /// Names the nearest id there is.
    pub fn find(id: &str) -> Result<&'static Self, Error> {
        Self::all()
            .find(|operation| operation.id == id)
            .ok_or_else(|| {
                let nearest =
                    crate::nearest::nearest(id, Self::all().map(|operation| operation.id));
                Error::invalid(
                    "operation",
                    concat(&[
                        "there is no operation called \"",
                        id,
                        "\"; did you mean \"",
                        nearest,
                        "\"?",
                    ]),
                )
            })
    }

    /// Whether a success is a stream of events.
    #[must_use]
    pub fn is_stream(&self) -> bool {
        !matches!(self.response, ResponseKind::Json | ResponseKind::Empty)
    }

    /// Whether a header says if the answer is to be a stream, instead of the body's `stream`.
    pub(crate) fn switches_by_header(&self) -> bool {
        self.parameters.iter().any(Parameter::is_switch)
    }

    /// Whether the same request can also be answered as a stream, by an operation of its own.
    pub(crate) fn has_stream_half(&self) -> bool {
        let is_half = |other: &Self| other.id.strip_suffix("Stream") == Some(self.id);
        Self::all().any(is_half)
    }

    /// The values of the path parameters in a path that was built from this operation's template.
    ///
    /// # Errors
    /// The path does not fit the template: a value was empty, `.` or `..`.
    pub fn path_values(&self, path: &str) -> Result<Vec<(&'static str, String)>, Error> {
        let template = pieces(self.path.trim_matches('/'), b'/');
        let mut given = pieces(path.trim_matches('/'), b'/');
        let mut values = Vec::new();
        for segment in template {
            let value = given.next().unwrap_or_default();
            match segment
                .strip_prefix('{')
                .and_then(|name| name.strip_suffix('}'))
            {
                Some(name) if !value.is_empty() => values.push((name, escape::decode(value))),
                None if segment == value => {}
                _ => return Err(self.misfit()),
            }
        }
        if given.next().is_some() {
            Err(self.misfit())
        } else {
            Ok(values)
        }
    }

    fn misfit(&self) -> Error {
        Error::invalid(
            "path",
            format!("a value in {} is empty, \".\" or \"..\"", self.path),
        )
        .into_builder()
        .operation(self.id)
        .build()
    }
}
