//! An operation as plain data.

use serde_json::Value;

use crate::{Check, Evidence, Job, Pages, Rule};

/// Everything the description says about one operation.
///
/// An operation that answers with JSON or with events is two of these: `createX` and `createXStream`.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// The `operationId`, camelCase and unique over all documents.
    pub id: String,
    /// The name of the document, as `pangulm` or `iam`.
    pub document: &'static str,
    /// The HTTP method in upper case.
    pub method: String,
    /// The path template, as `/v1/{project_id}/tasks`, without a fragment.
    pub path: String,
    /// The API area.
    pub tag: String,
    /// One line.
    pub summary: String,
    /// A paragraph.
    pub description: String,
    /// The page the facts come from.
    pub source: String,
    /// How far to trust them.
    pub evidence: Evidence,
    /// The configured address it goes to.
    pub endpoint: Endpoint,
    /// Path, query and header parameters, without the headers of credentials.
    pub parameters: Vec<Parameter>,
    /// The JSON body, if it takes one.
    pub body: Option<Body>,
    /// What a success answers with.
    pub response: ResponseKind,
    /// The dialect, if the answer is a stream of events.
    pub event_stream: Option<EventStream>,
    /// The credentials that may be tried, best first. Empty: none is needed.
    pub security: Vec<Scheme>,
    /// How far to trust each entry of `security`, in the same order.
    pub security_evidence: Vec<Evidence>,
    /// Whether sending it twice does no more than sending it once.
    pub idempotent: bool,
    /// What can be said about the body before it is sent.
    pub rules: Vec<Rule>,
    /// How to follow the work that it starts, if it starts some.
    pub job: Option<Job>,
    /// How its list continues, if it gives a page of one.
    pub pages: Option<Pages>,
    /// A body that tests may send. That of a stream asks for the stream.
    pub request_example: Option<Value>,
    /// A body that tests may answer with: JSON, or a string with the text of the event stream.
    pub response_example: Option<Value>,
}

/// Which configured address an operation goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// `x-endpoint: pangu`, the gateway with the V1 paths.
    Pangu,
    /// `x-endpoint: v2`, the OpenAI format's own address.
    V2,
    /// `x-endpoint: iam`, the identity service.
    Iam,
}

impl Endpoint {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "pangu" => Some(Self::Pangu),
            "v2" => Some(Self::V2),
            "iam" => Some(Self::Iam),
            _ => None,
        }
    }
}

/// A parameter outside the body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// The name on the wire.
    pub name: String,
    /// Where it stands.
    pub location: Location,
    /// Whether a call without it is an error.
    pub required: bool,
    /// What it is.
    pub description: String,
    /// What can be said about its value before it is sent: bounds of numbers, and [`Check::Uuid`].
    pub checks: Vec<Check>,
}

/// What asks for events instead of JSON: a member of the request body, or a header.
pub(crate) const SWITCH: &str = "stream";

impl Parameter {
    /// Whether this header says if the answer is a stream.
    pub fn is_switch(&self) -> bool {
        self.location == Location::Header && self.name == SWITCH
    }
}

/// Where a parameter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Location {
    /// In the path template.
    Path,
    /// In the query.
    Query,
    /// A header.
    Header,
}

impl Location {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "path" => Some(Self::Path),
            "query" => Some(Self::Query),
            "header" => Some(Self::Header),
            _ => None,
        }
    }
}

/// A request body, always JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Body {
    /// Whether a call without it is an error.
    pub required: bool,
}

/// What a success answers with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResponseKind {
    /// A JSON body.
    Json,
    /// Server-sent events.
    EventStream,
    /// No body.
    Empty,
}

/// A dialect of server-sent events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventStream {
    /// `chat-v1`: `data:` without a space, increments in `choices[].message`.
    ChatV1,
    /// `chat-v2`: `data: ` with a space, increments in `choices[].delta`.
    ChatV2,
    /// `text`: `data:` without a space, increments in `choices[].text`.
    Text,
    /// `agent`: typed events, the last of which is `summary_response`.
    Agent,
    /// `workflow`: typed events, without a known end.
    Workflow,
}

impl EventStream {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "chat-v1" => Some(Self::ChatV1),
            "chat-v2" => Some(Self::ChatV2),
            "text" => Some(Self::Text),
            "agent" => Some(Self::Agent),
            "workflow" => Some(Self::Workflow),
            _ => None,
        }
    }
}

/// A way of proving who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// `iamToken`: an IAM token in `X-Auth-Token`.
    IamToken,
    /// `appCode`: an API key in `X-Apig-AppCode`.
    AppCode,
    /// `apiKey`: an API key in `Authorization: Bearer`.
    ApiKey,
    /// `akSk`: a signature by access key and secret key in `Authorization`.
    AkSk,
}

impl Scheme {
    /// The name in the description, as `iamToken`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::IamToken => "iamToken",
            Self::AppCode => "appCode",
            Self::ApiKey => "apiKey",
            Self::AkSk => "akSk",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        [Self::IamToken, Self::AppCode, Self::ApiKey, Self::AkSk]
            .into_iter()
            .find(|scheme| scheme.as_str() == text)
    }
}
