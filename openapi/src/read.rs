//! Operations from their YAML.

use serde_json::{Value, json};

use crate::operation::{
    Body, Endpoint, EventStream, Location, Operation, Parameter, ResponseKind, SWITCH, Scheme,
};
use crate::reference::resolve;
use crate::site::{EVENTS, JSON, Site, sites, successes};
use crate::{Evidence, Problem, Rule, SpecError, limits, long, rule};

/// Reads all operations of a document, or tells everything that keeps it from doing so.
pub(crate) fn operations(
    document: &'static str,
    root: &Value,
) -> Result<Vec<Operation>, SpecError> {
    let mut operations = Vec::new();
    let mut problems = Vec::new();
    for site in sites(root) {
        let mut reader = Reader {
            root,
            site,
            problems: Vec::new(),
        };
        operations.extend(reader.read(document));
        problems.extend(reader.problems.into_iter().map(|message| Problem {
            document: document.into(),
            place: site.name(),
            message,
        }));
    }
    if problems.is_empty() {
        Ok(operations)
    } else {
        Err(SpecError::new(problems))
    }
}

struct Reader<'a> {
    root: &'a Value,
    site: Site<'a>,
    problems: Vec<String>,
}

impl<'a> Reader<'a> {
    fn read(&mut self, document: &'static str) -> Vec<Operation> {
        let (body, rules, request_example) = self.body();
        let (security, security_evidence) = self.security();
        let operation = Operation {
            id: self.text("/operationId"),
            document,
            method: self.site.method.into(),
            path: self.site.path.into(),
            tag: self.tag(),
            summary: self.text("/summary"),
            description: self.text("/description"),
            source: self.text("/externalDocs/url"),
            evidence: self.known(
                "x-evidence",
                self.site.node.get("x-evidence"),
                Evidence::parse,
                Evidence::Inferred,
            ),
            endpoint: self.known(
                "x-endpoint",
                self.site
                    .node
                    .get("x-endpoint")
                    .or_else(|| self.root.get("x-endpoint")),
                Endpoint::parse,
                Endpoint::Pangu,
            ),
            parameters: self.parameters(),
            body,
            response: ResponseKind::Empty,
            event_stream: None,
            security,
            security_evidence,
            idempotent: self.site.method != "POST" && self.site.method != "PATCH"
                || self.site.node.get("x-idempotent") == Some(&Value::Bool(true)),
            rules,
            job: self.long("x-pangu-job", long::job),
            pages: self.long("x-pagination", long::pages),
            request_example,
            response_example: None,
        };
        self.answers(operation)
    }

    fn long<T>(&mut self, name: &str, read: fn(&Value) -> (T, Vec<String>)) -> Option<T> {
        let (found, problems) = read(self.site.node.get(name)?);
        self.problems.extend(problems);
        Some(found)
    }

    /// The operation, once for each kind of answer it can give.
    fn answers(&mut self, operation: Operation) -> Vec<Operation> {
        let mut responses = successes(self.site.node);
        let (Some(response), None) = (responses.next(), responses.next()) else {
            self.problems
                .push("responses must have exactly one of 2xx".into());
            return Vec::new();
        };
        let response = resolve(self.root, response).unwrap_or(response);
        let content = response.get("content").and_then(Value::as_object);
        for media in content.into_iter().flatten().map(|(media, _)| media) {
            if media != JSON && media != EVENTS {
                self.problems
                    .push(format!("response of {media} must be {JSON} or {EVENTS}"));
            }
        }
        let json = content.and_then(|content| content.get(JSON));
        let events = content.and_then(|content| content.get(EVENTS));
        let json_half = json.map(|media| Operation {
            response: ResponseKind::Json,
            response_example: self.example("response", media),
            ..operation.clone()
        });
        let event_half = events.map(|media| {
            let dialect = media.get("x-event-stream");
            let mut half = Operation {
                response: ResponseKind::EventStream,
                event_stream: Some(self.known(
                    "x-event-stream",
                    dialect,
                    EventStream::parse,
                    EventStream::ChatV1,
                )),
                response_example: self.example(EVENTS, media),
                ..operation.clone()
            };
            if json.is_some() {
                half.id.push_str("Stream");
                let by_header = half.parameters.iter().any(Parameter::is_switch);
                if !by_header && let Some(Value::Object(example)) = &mut half.request_example {
                    example.insert(SWITCH.into(), json!(true));
                }
            }
            half
        });
        if json.is_none() && events.is_none() {
            return vec![operation];
        }
        json_half.into_iter().chain(event_half).collect()
    }

    fn body(&mut self) -> (Option<Body>, Vec<Rule>, Option<Value>) {
        let Some(body) = self.site.node.get("requestBody") else {
            return (None, Vec::new(), None);
        };
        let body = resolve(self.root, body).unwrap_or(body);
        let content = body.get("content").and_then(Value::as_object);
        for (media, _) in content
            .into_iter()
            .flatten()
            .filter(|(media, _)| *media != JSON)
        {
            self.problems
                .push(format!("request body of {media} must be {JSON}"));
        }
        let Some(media) = content.and_then(|content| content.get(JSON)) else {
            self.problems
                .push(format!("request body must have content of {JSON}"));
            return (None, Vec::new(), None);
        };
        let schema = media.get("schema").unwrap_or(&Value::Null);
        let rules = limits::rules(self.root, schema).unwrap_or_else(|message| {
            self.problems.push(message);
            Vec::new()
        });
        let required = body.get("required") == Some(&Value::Bool(true));
        (
            Some(Body { required }),
            rules,
            self.example("request body", media),
        )
    }

    fn example(&mut self, of: &str, media: &Value) -> Option<Value> {
        let example = media.get("example").cloned();
        if example.is_none() {
            self.problems.push(format!("{of} must have an example"));
        }
        example
    }

    fn security(&mut self) -> (Vec<Scheme>, Vec<Evidence>) {
        let requirements = self
            .site
            .node
            .get("security")
            .or_else(|| self.root.get("security"))
            .cloned();
        let Some(Value::Array(requirements)) = requirements else {
            self.problems
                .push("security must be a list, empty if no credential is needed".into());
            return Default::default();
        };
        let mut schemes = Vec::new();
        let mut evidence = Vec::new();
        for name in requirements
            .iter()
            .filter_map(Value::as_object)
            .flat_map(|map| map.keys())
        {
            let scheme = Scheme::parse(name).filter(|_| {
                self.root
                    .pointer("/components/securitySchemes")
                    .and_then(|all| all.get(name))
                    .is_some()
            });
            match scheme {
                Some(scheme) => schemes.push(scheme),
                None => self
                    .problems
                    .push(format!("security scheme {name} is not known")),
            }
            let given = self
                .site
                .node
                .get("x-security-evidence")
                .and_then(|all| all.get(name));
            let what = format!("x-security-evidence of {name}");
            evidence.push(self.known(&what, given, Evidence::parse, Evidence::Inferred));
        }
        (schemes, evidence)
    }

    /// The path's parameters, then the operation's; one of the same name and place replaces the path's.
    fn parameters(&mut self) -> Vec<Parameter> {
        let mut parameters: Vec<Parameter> = Vec::new();
        let shared = self.site.item.get("parameters").and_then(Value::as_array);
        let own = self.site.node.get("parameters").and_then(Value::as_array);
        for node in shared.into_iter().chain(own).flatten() {
            let node = resolve(self.root, node).unwrap_or(node);
            let text = |key: &str| node.get(key).and_then(Value::as_str).unwrap_or_default();
            let what = format!("place of parameter {}", text("name"));
            let parameter = Parameter {
                name: text("name").into(),
                location: self.known(&what, node.get("in"), Location::parse, Location::Query),
                required: node.get("required") == Some(&Value::Bool(true)),
                description: text("description").into(),
                checks: node
                    .get("schema")
                    .map_or(Ok(Vec::new()), rule::of_parameter)
                    .unwrap_or_else(|message| {
                        let name = text("name");
                        self.problems.push(format!("parameter {name}: {message}"));
                        Vec::new()
                    }),
            };
            parameters
                .retain(|it| (&it.name, it.location) != (&parameter.name, parameter.location));
            parameters.push(parameter);
        }
        parameters
    }

    fn tag(&mut self) -> String {
        let tags = self
            .site
            .node
            .get("tags")
            .and_then(Value::as_array)
            .map(Vec::as_slice);
        match tags {
            Some([Value::String(tag)]) => tag.clone(),
            _ => {
                self.problems.push("tags must be exactly one".into());
                String::new()
            }
        }
    }

    /// The text at a JSON pointer within the operation.
    fn text(&mut self, pointer: &str) -> String {
        let text = self
            .site
            .node
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_default();
        if text.is_empty() {
            let name = pointer.trim_start_matches('/').replace('/', ".");
            self.problems.push(format!("{name} is missing"));
        }
        text.into()
    }

    /// A value out of a known set; a problem and `fallback` if it is not.
    fn known<T>(
        &mut self,
        what: &str,
        value: Option<&Value>,
        parse: impl Fn(&str) -> Option<T>,
        fallback: T,
    ) -> T {
        match value.and_then(Value::as_str) {
            None => {
                self.problems.push(format!("{what} is missing"));
                fallback
            }
            Some(text) => parse(text).unwrap_or_else(|| {
                self.problems.push(format!("{what} is unknown: {text}"));
                fallback
            }),
        }
    }
}
