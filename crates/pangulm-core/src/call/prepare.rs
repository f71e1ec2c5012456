//! From arguments to the parts of a request that stay the same over all attempts.

use super::sign::{check_size, digest};
use super::step::Header;
use crate::address::{GATEWAY, is_dots};
use crate::check::check_body;
use crate::credential::Chosen;
use crate::error::Error;
use crate::escape::encode_into;
use crate::nearest::nearest;
use crate::operation::{BodyKind, Location, Operation};
use crate::parameter::check_parameter;
use crate::settings::Settings;
use crate::text::{concat, cut, holds_only};
use std::fmt;

/// What a call is made with.
#[derive(Clone, Default)]
pub struct Arguments<'a> {
    /// Values of path, query and header parameters, as they are, not encoded. A query parameter
    /// may be given more than once. `project_id` and `deployment_id` default to the client's.
    pub parameters: Vec<(&'a str, &'a str)>,
    /// The JSON body. The call looks at it and does not keep it.
    pub body: Option<&'a [u8]>,
    /// Settings for this call alone.
    pub options: CallOptions<'a>,
}

/// Settings for one call; what is not set is as the client's.
#[derive(Clone, Default)]
pub struct CallOptions<'a> {
    /// The time for the whole call, in milliseconds.
    pub timeout_ms: Option<u64>,
    /// How often the call may be sent again.
    pub max_retries: Option<u32>,
    /// Further headers. Those that credentials and signatures are made of cannot be set.
    pub headers: Vec<(&'a str, &'a str)>,
    /// Bodies from this many bytes up are hashed by the driver; the others by the engine.
    pub driver_hashes_from: Option<usize>,
}

impl fmt::Debug for Arguments<'_> {
    /// Values stay out: a parameter may be a token, a body hold a password.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Arguments")
            .field("parameters", &names(&self.parameters))
            .field("body_bytes", &self.body.map(<[u8]>::len))
            .field("options", &self.options)
            .finish()
    }
}

impl fmt::Debug for CallOptions<'_> {
    /// Values of headers stay out: they may be secrets.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("CallOptions")
            .field("timeout_ms", &self.timeout_ms)
            .field("max_retries", &self.max_retries)
            .field("headers", &names(&self.headers))
            .field("driver_hashes_from", &self.driver_hashes_from)
            .finish()
    }
}

fn names<'a>(pairs: &[(&'a str, &str)]) -> Vec<&'a str> {
    pairs.iter().map(|(name, _)| *name).collect()
}

/// The parts of a request that stay the same.
#[derive(Debug)]
pub(super) struct Prepared {
    /// Scheme, host and prefix.
    pub(super) base: String,
    #[cfg_attr(
        not(feature = "signing"),
        expect(dead_code, reason = "only signatures cover it")
    )]
    pub(super) host: String,
    /// The path as sent, prefix included.
    pub(super) path: String,
    /// Query pairs, not encoded.
    pub(super) query: Vec<(String, String)>,
    pub(super) headers: Vec<Header>,
    pub(super) body: Body,
}

/// What is known of the body.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Body {
    Empty,
    /// There is one; its digest is not known yet.
    Unhashed,
    Hashed([u8; 32]),
}

pub(super) fn prepare(
    settings: &Settings,
    operation: &'static Operation,
    chosen: Chosen<'_>,
    arguments: &Arguments<'_>,
) -> Result<Prepared, Error> {
    check_body(operation, arguments.body)?;
    if chosen.signs() {
        check_size(arguments.body.unwrap_or_default())?;
    }
    check_names(operation, &arguments.parameters)?;
    for (name, value) in &arguments.parameters {
        let known = &mut operation.parameters.iter();
        if let Some(parameter) = known.find(|parameter| parameter.name == *name) {
            check_parameter(parameter, value)?;
        }
    }
    let address = settings.address(operation.endpoint)?;
    let mut prepared = Prepared {
        base: address.origin(),
        host: address.host().to_owned(),
        path: address.prefix().to_owned(),
        query: Vec::new(),
        headers: Vec::new(),
        body: body(chosen, operation, arguments),
    };
    prepared.add_path(settings, operation, arguments)?;
    prepared.add_parameters(operation, arguments)?;
    prepared.add_headers(&arguments.options.headers)?;
    Ok(prepared)
}

/// Only a signature needs the digest.
fn body(chosen: Chosen<'_>, operation: &Operation, arguments: &Arguments<'_>) -> Body {
    match arguments.body {
        None => Body::Empty,
        Some(_) if operation.body == BodyKind::None => Body::Empty,
        Some(bytes) => {
            let by_driver = arguments
                .options
                .driver_hashes_from
                .is_some_and(|least| bytes.len() >= least);
            if chosen.signs() && !by_driver {
                Body::Hashed(digest(bytes))
            } else {
                Body::Unhashed
            }
        }
    }
}

fn given<'a>(arguments: &Arguments<'a>, name: &str) -> Option<&'a str> {
    let mut all = arguments.parameters.iter();
    all.find(|(given, _)| *given == name)
        .map(|(_, value)| *value)
}

fn check_names(operation: &Operation, parameters: &[(&str, &str)]) -> Result<(), Error> {
    let known = || operation.parameters.iter().map(|parameter| parameter.name);
    match parameters
        .iter()
        .find(|(name, _)| known().all(|known| known != *name))
    {
        None => Ok(()),
        Some((name, _)) if operation.parameters.is_empty() => Err(Error::invalid(
            name,
            "is no parameter: this operation takes none",
        )),
        Some((name, _)) => {
            let meant = nearest(name, known());
            Err(Error::invalid(
                name,
                concat(&[
                    "is no parameter of this operation; did you mean \"",
                    meant,
                    "\"?",
                ]),
            ))
        }
    }
}

fn path_value<'a>(
    settings: &'a Settings,
    arguments: &Arguments<'a>,
    name: &str,
) -> Result<&'a str, Error> {
    let (default, remedy) = match name {
        "project_id" => (
            settings.project_id.as_deref(),
            ": set the client's projectId (PANGU_PROJECT_ID), found in the console under \"My Credentials\"",
        ),
        // "scope_id" is the deployment once more; see the spec.
        "deployment_id" | "scope_id" => (
            given(arguments, "deployment_id").or(settings.deployment.as_deref()),
            ": set the client's deployment (PANGU_DEPLOYMENT_ID), found in the console under \"Model Deployment\"",
        ),
        _ => (None, ""),
    };
    let value = given(arguments, name).or(default);
    let Some(value) = value.filter(|value| !value.is_empty()) else {
        return Err(Error::invalid(name, concat(&["is missing", remedy])));
    };
    if is_dots(value) {
        return Err(Error::invalid(
            name,
            "must not be \".\" or \"..\", also not percent-encoded: it would change the path",
        ));
    }
    Ok(value)
}

/// The name in lower case, if a caller may set it.
fn check_header_name(name: &str) -> Result<String, Error> {
    const OURS: [&str; 12] = [
        "accept",
        "authorization",
        "connection",
        "content-length",
        "content-type",
        "host",
        "transfer-encoding",
        "x-apig-appcode",
        "x-auth-token",
        "x-domain-id",
        "x-project-id",
        "x-security-token",
    ];
    let lower = name.to_ascii_lowercase();
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if lower.is_empty() || !holds_only(&lower, token) {
        return Err(Error::invalid(
            "headers",
            "a header's name may hold letters, digits and -_. only",
        ));
    }
    if OURS.contains(&lower.as_str()) || lower.starts_with("x-sdk-") {
        return Err(Error::invalid(
            "headers",
            concat(&[&lower, " is set by the client itself and cannot be given"]),
        ));
    }
    Ok(lower)
}

fn check_header_value(name: &str, value: &str) -> Result<(), Error> {
    if holds_only(value, |byte| byte == b'\t' || (b' '..=b'~').contains(&byte)) {
        return Ok(());
    }
    Err(Error::invalid(
        name,
        "a header's value may hold printable ASCII only",
    ))
}

impl Prepared {
    fn add_path(
        &mut self,
        settings: &Settings,
        operation: &Operation,
        arguments: &Arguments<'_>,
    ) -> Result<(), Error> {
        let mut rest = operation.path;
        if let Some(own) = rest.strip_prefix(GATEWAY) {
            let project = given(arguments, "project_id").or(settings.project_id.as_deref());
            let address = settings.address(operation.endpoint)?;
            if let Some(root) = address.service(project.is_some()) {
                self.path = root.to_owned();
                rest = own;
            }
        }
        while let Some((before, after)) = cut(rest, b'{') {
            self.path.push_str(before);
            let (name, after) = cut(after, b'}').unwrap_or((after, ""));
            encode_into(&mut self.path, path_value(settings, arguments, name)?);
            rest = after;
        }
        self.path.push_str(rest);
        Ok(())
    }

    fn add_parameters(
        &mut self,
        operation: &Operation,
        arguments: &Arguments<'_>,
    ) -> Result<(), Error> {
        let accepted = if operation.is_stream() {
            "text/event-stream"
        } else {
            "application/json"
        };
        self.headers.push(Header::new("accept", accepted));
        if arguments.body.is_some() {
            self.headers
                .push(Header::new("content-type", "application/json"));
        }
        for parameter in operation.parameters {
            if parameter.location == Location::Path {
                continue;
            }
            if parameter.is_switch() {
                self.add_switch(operation, given(arguments, parameter.name))?;
                continue;
            }
            if parameter.required && given(arguments, parameter.name).is_none() {
                return Err(Error::invalid(parameter.name, "is missing"));
            }
            for (name, value) in &arguments.parameters {
                if *name != parameter.name {
                    continue;
                }
                if parameter.location == Location::Header {
                    check_header_value(name, value)?;
                    self.headers
                        .push(Header::new(&name.to_ascii_lowercase(), value));
                } else {
                    self.query.push(((*name).to_owned(), (*value).to_owned()));
                }
            }
        }
        Ok(())
    }

    /// The header that asks for a stream says the same as the operation: an answer of the other kind
    /// could not be read.
    fn add_switch(&mut self, operation: &Operation, given: Option<&str>) -> Result<(), Error> {
        let value = if operation.is_stream() {
            "true"
        } else {
            "false"
        };
        if given.is_some_and(|given| given != value) {
            return Err(Error::invalid(
                "stream",
                concat(&["must be ", value, " for this operation"]),
            ));
        }
        self.headers.push(Header::new("stream", value));
        Ok(())
    }

    fn add_headers(&mut self, headers: &[(&str, &str)]) -> Result<(), Error> {
        for (name, value) in headers {
            check_header_value(name, value)?;
            self.headers
                .push(Header::new(&check_header_name(name)?, value.trim_ascii()));
        }
        Ok(())
    }

    /// The query, not encoded.
    pub(super) fn pairs(&self) -> Vec<(&str, &str)> {
        let pairs = self.query.iter();
        pairs.map(|(name, value)| (&**name, &**value)).collect()
    }

    /// The whole address as sent.
    pub(super) fn url(&self) -> String {
        let mut url = concat(&[&self.base, &self.path]);
        if !self.query.is_empty() {
            url.push('?');
            url.push_str(&pangulm_signer::canonical_query(&self.pairs()));
        }
        url
    }

    /// The headers without a credential.
    pub(super) fn plain_headers(&self) -> Vec<Header> {
        self.headers.clone()
    }
}
