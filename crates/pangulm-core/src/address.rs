//! Addresses of services, and the call paths that the console shows.

use crate::error::Error;
use crate::escape;
use crate::text::{before, concat, cut, digits, first, holds_only, number, pieces};

/// The base of a service's addresses: scheme, host and, where there is one, a path prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    scheme: &'static str,
    host: String,
    prefix: String,
    service: Service,
}

/// Where the paths of a deployment's own interface begin.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Service {
    /// Behind [`GATEWAY`].
    Gateway,
    /// At this path: a call path that is laid out in another way is taken as it is.
    At(String),
    /// At the address itself, as at the edge, unless a project is known: then a gateway is there.
    Here,
}

/// The gateway's path in front of a deployment's own interface.
pub(crate) const GATEWAY: &str = "/v1/{project_id}/infer-api/proxy/service/{deployment_id}";

/// What a pasted call path says beyond the address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallPath {
    /// The project id in `/v1/{project_id}/…`.
    pub project_id: Option<String>,
    /// The deployment id in `/deployments/{deployment_id}` or `/service/{deployment_id}`.
    pub deployment_id: Option<String>,
}

/// Whether plain http may leave this machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PlainHttp {
    /// Only to a loopback address.
    #[default]
    LoopbackOnly,
    /// To any host. For edge deployments on a network you trust.
    Allowed,
}

/// The hosts of the public cloud, which are gateways.
const CLOUD: &str = ".myhuaweicloud.com";

/// The one problem that must not be shown with the text it is in.
const HOLDS_PASSWORD: &str = "must not hold a user name or password: give credentials apart";

impl Address {
    /// Reads an address, and what a call path pasted from the console says besides.
    ///
    /// Accepts `host`, `https://host:port/prefix`, and call paths with or without
    /// `/chat/completions`, `/tasks` or a slash at the end. A call path that ends in `/tasks` is
    /// called as it is, whatever stands before. `field` names the option in errors.
    ///
    /// # Errors
    /// The text is not an address, or is plain http to another machine while that is not allowed.
    ///
    /// ```
    /// use pangulm_core::address::{Address, PlainHttp};
    /// let pasted = "https://pangu.example.com/v1/p1/deployments/d1/chat/completions";
    /// let (address, path) = Address::read("endpoint", pasted, PlainHttp::LoopbackOnly).unwrap();
    /// assert_eq!(address.base(), "https://pangu.example.com");
    /// assert_eq!(path.deployment_id.as_deref(), Some("d1"));
    /// ```
    pub fn read(field: &str, text: &str, plain_http: PlainHttp) -> Result<(Self, CallPath), Error> {
        Self::parse(text.trim_ascii(), plain_http).map_err(|problem| {
            let message = if problem == HOLDS_PASSWORD {
                problem.to_owned()
            } else {
                concat(&[problem, "; got \"", shown(text), "\""])
            };
            Error::invalid(field, message)
        })
    }

    /// The address, or what is wrong with it.
    fn parse(text: &str, plain_http: PlainHttp) -> Result<(Self, CallPath), &'static str> {
        let (scheme, rest) = match split_scheme(text) {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => ("https", rest),
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => ("http", rest),
            Some(_) => return Err("must begin with https:// (or http:// on loopback)"),
            None => ("https", text),
        };
        let authority = before(rest, b'/');
        let path = rest.get(authority.len()..).unwrap_or_default();
        if cut(authority, b'@').is_some() {
            return Err(HOLDS_PASSWORD);
        }
        if cut(rest, b'?').or(cut(rest, b'#')).is_some() {
            return Err("must have no query and no fragment");
        }
        let host = read_host(scheme, authority)
            .ok_or("must have a host name or IP address, with a port from 1 to 65535 if any")?;
        if scheme == "http" && plain_http == PlainHttp::LoopbackOnly && !is_loopback(&host) {
            return Err(
                "must be https: plain http would show the credential to the network. For an edge deployment you trust, allow plain http",
            );
        }
        let (prefix, mut service, call_path) = split_call_path(path).ok_or("must have no empty, \".\" or \"..\" segment, no space and no half of a %XX in its path")?;
        if service == Service::Here && host.ends_with(CLOUD) {
            service = Service::Gateway;
        }
        Ok((
            Self {
                scheme,
                host,
                prefix,
                service,
            },
            call_path,
        ))
    }

    /// A known https host.
    pub(crate) fn https(host: String) -> Self {
        Self {
            scheme: "https",
            host,
            prefix: String::new(),
            service: Service::Gateway,
        }
    }

    /// Scheme, host and prefix, without a slash at the end.
    #[must_use]
    pub fn base(&self) -> String {
        self.origin() + &self.prefix
    }

    /// Scheme and host.
    pub(crate) fn origin(&self) -> String {
        concat(&[self.scheme, "://", &self.host])
    }

    /// The host as it is sent and signed: lower case, with a port only if it is not the scheme's.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The path prefix, such as `/gateway`, or nothing.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The path that takes the place of [`GATEWAY`], if one does.
    pub(crate) fn service(&self, project_known: bool) -> Option<&str> {
        match &self.service {
            Service::At(path) => Some(path),
            Service::Here if !project_known => Some(&self.prefix),
            Service::Here | Service::Gateway => None,
        }
    }
}

/// What stands before and after `://`, if that is there before any path.
fn split_scheme(text: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = cut(text, b':')?;
    Some((scheme, rest.strip_prefix("//")?))
}

/// The host in lower case without the scheme's own port.
fn read_host(scheme: &str, authority: &str) -> Option<String> {
    let (end, valid) = match authority.strip_prefix("[") {
        Some(rest) => {
            let address = cut(rest, b']')?.0;
            let part = |byte: u8| byte.is_ascii_hexdigit() || b":.".contains(&byte);
            let valid = cut(address, b':').is_some() && holds_only(address, part);
            (address.len() + 2, valid)
        }
        None => {
            let name = before(authority, b':');
            let part = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
            (name.len(), !name.is_empty() && holds_only(name, part))
        }
    };
    valid.then_some(())?;
    let (name, after) = authority.split_at_checked(end)?;
    let mut host = name.to_ascii_lowercase();
    if !after.is_empty() {
        let port = number(after.strip_prefix(":")?)?;
        (1..=65_535).contains(&port).then_some(())?;
        let default = if scheme == "https" { 443 } else { 80 };
        if port != default {
            host.push(':');
            host += &digits(port);
        }
    }
    Some(host)
}

/// Whether a host, with or without port, is this machine itself.
#[must_use]
pub fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix("[") {
        Some(rest) => before(rest, b']'),
        None => before(host, b':'),
    };
    name == "localhost"
        || name.ends_with(".localhost")
        || name == "::1"
        || (name.starts_with("127.")
            && holds_only(name, |byte| byte.is_ascii_digit() || byte == b'.'))
}

/// Splits a path into the prefix of an address, where services are, and what a call path says.
fn split_call_path(path: &str) -> Option<(String, Service, CallPath)> {
    let mut path = path;
    while let Some(shorter) = path.strip_suffix("/") {
        path = shorter;
    }
    let segments: Vec<&str> = path
        .strip_prefix("/")
        .map(|rest| pieces(rest, b'/').collect())
        .unwrap_or_default();
    segments
        .iter()
        .all(|segment| is_plain_segment(segment))
        .then_some(())?;
    let upto = |end: usize| {
        let length = segments.iter().take(end).map(|part| part.len() + 1).sum();
        path.get(..length).map(str::to_owned)
    };
    let mut call_path = CallPath::default();
    let begin = segments.windows(3).position(|window| match window {
        [
            version,
            _,
            "deployments" | "infer-api" | "alg-infer" | "agent-run",
        ] => is_version(version),
        ["api", "v2", "chat"] => true,
        _ => false,
    });
    let marked = begin.and_then(|at| segments.get(at..));
    if let Some([version, project, rest @ ..]) = marked {
        if is_version(version) {
            call_path.project_id = Some(escape::decode(project));
        }
        call_path.deployment_id = rest.windows(2).find_map(|pair| match pair {
            ["deployments" | "service", id] => Some(escape::decode(id)),
            _ => None,
        });
    }
    let (service, end) = match (marked, segments.as_slice()) {
        (Some([_, _, "infer-api", "proxy", "service", ..]), _) => (Service::Gateway, begin?),
        // The scientific models' call path, whose beginning is not documented.
        (_, [root @ .., "v2", id, "tasks"]) => {
            call_path.deployment_id = Some(escape::decode(id));
            (Service::At(upto(root.len())?), begin.unwrap_or(root.len()))
        }
        (_, [root @ .., "tasks"]) => (Service::At(upto(root.len())?), begin.unwrap_or(root.len())),
        (Some(_), _) => (Service::Gateway, begin?),
        // "…/api/v2" alone is how OpenAI-compatible tools want their base.
        (None, [root @ .., "api", "v2"]) => (Service::Here, root.len()),
        (None, all) => (Service::Here, all.len()),
    };
    Some((upto(end)?, service, call_path))
}

/// `v1`, `v2` and so on.
fn is_version(segment: &str) -> bool {
    segment.strip_prefix("v").and_then(number).is_some()
}

fn is_plain_segment(segment: &str) -> bool {
    let bytes = segment.as_bytes();
    let plain = |(at, byte): (usize, &u8)| match byte {
        b'%' => bytes
            .get(at + 1..at + 3)
            .is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)),
        byte => byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(byte),
    };
    !segment.is_empty() && bytes.iter().enumerate().all(plain) && !is_dots(segment)
}

/// `.` or `..`, also percent-encoded: a URL parser would take them for steps to other paths.
pub(crate) fn is_dots(segment: &str) -> bool {
    let decoded = escape::decode(segment);
    decoded == "." || decoded == ".."
}

/// As much of a wrong address as may be shown: no password that may stand in it.
fn shown(text: &str) -> &str {
    let mut safe = text;
    while let Some((_, after)) = cut(safe, b'@') {
        safe = after;
    }
    first(safe, 120)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(String, Option<String>, Option<String>), String> {
        Address::read("endpoint", text, PlainHttp::LoopbackOnly)
            .map(|(address, path)| (address.base(), path.project_id, path.deployment_id))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn a_call_path_from_the_console_is_accepted_whole() {
        let both = |base: &str| {
            Ok((
                base.to_owned(),
                Some("p1".to_owned()),
                Some("d1".to_owned()),
            ))
        };
        let none = |base: &str| Ok((base.to_owned(), None, None));
        let cases = [
            ("pangu.example.com", none("https://pangu.example.com")),
            (
                "https://Pangu.Example.com:443/",
                none("https://pangu.example.com"),
            ),
            (
                "https://pangu.example.com:8443/gate/way/",
                none("https://pangu.example.com:8443/gate/way"),
            ),
            ("https://h/v1/p1/deployments/d1", both("https://h")),
            (
                "https://h/v1/p1/deployments/d1/chat/completions",
                both("https://h"),
            ),
            (
                "https://h/v1/p1/deployments/d1/chat/completions/",
                both("https://h"),
            ),
            (
                "https://h/gate/v1/p1/deployments/d1/",
                both("https://h/gate"),
            ),
            (
                "https://h/v1/p1/infer-api/proxy/service/d1",
                both("https://h"),
            ),
            (
                "https://h/v1/p1/infer-api/proxy/service/d1/v2/d1/tasks/",
                both("https://h"),
            ),
            (
                "https://h/v1/p1/infer-api/proxy/service/d1/tasks/",
                both("https://h"),
            ),
            (
                "https://h/v1/p1/alg-infer/aigc-img-video/service/d1/videos",
                both("https://h"),
            ),
            ("https://h/gate/way/tasks", none("https://h/gate/way")),
            ("https://h/api/v2/chat/completions", none("https://h")),
            ("https://h/gate/api/v2", none("https://h/gate")),
            ("http://127.0.0.1:8080", none("http://127.0.0.1:8080")),
            ("http://[::1]:8080/x", none("http://[::1]:8080/x")),
            ("http://localhost", none("http://localhost")),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn a_deployments_own_paths_begin_where_its_call_path_says() {
        let root = |text: &str, project_known| {
            let (address, _) = Address::read("endpoint", text, PlainHttp::Allowed).unwrap();
            address.service(project_known).map(str::to_owned)
        };
        // The address, and the root without and with a project.
        for (text, without, with) in [
            ("https://h/v1/p/infer-api/proxy/service/d/tasks", None, None),
            ("https://h/v1/p/infer-api/proxy/service/d", None, None),
            ("https://h/v1/p/deployments/d", None, None),
            ("https://pangu.cn-southwest-2.myhuaweicloud.com", None, None),
            (
                "https://h/v1/p/other/service/d/tasks",
                Some("/v1/p/other/service/d"),
                Some("/v1/p/other/service/d"),
            ),
            (
                "https://h/v1/p/alg-infer/x/service/d/tasks/",
                Some("/v1/p/alg-infer/x/service/d"),
                Some("/v1/p/alg-infer/x/service/d"),
            ),
            ("http://192.0.2.7:33333/tasks", Some(""), Some("")),
            (
                "http://192.0.2.7:33333/ab/v2/d/tasks",
                Some("/ab"),
                Some("/ab"),
            ),
            ("http://192.0.2.7:33333", Some(""), None),
            ("http://192.0.2.7:33333/ab/", Some("/ab"), None),
        ] {
            assert_eq!(root(text, false).as_deref(), without, "{text}");
            assert_eq!(root(text, true).as_deref(), with, "{text}");
        }
    }

    #[test]
    fn a_malformed_endpoint_is_refused_with_its_name_and_a_remedy() {
        for text in [
            "",
            "https://",
            "ftp://h",
            "https://h:0",
            "https://h:99999",
            "https://h:",
            "https://a b",
            "https://h/a/../b",
            "https://h/a/%2e%2E/b",
            "https://h//a",
            "https://h/a?b=c",
            "https://h#x",
            "https://[::1",
            "https://[zz]/",
            "https://h/%zz",
            "https://h/a b",
        ] {
            let refused = read(text).unwrap_err();
            assert!(refused.starts_with("endpoint: must"), "{text}: {refused}");
        }
        let refused = read("https://user:hunter2@h").unwrap_err();
        assert!(!refused.contains("hunter2"), "{refused}");
        let refused = read("ftp://user:hunter2@h").unwrap_err();
        assert!(!refused.contains("hunter2"), "{refused}");
    }

    #[test]
    fn plain_http_leaves_this_machine_only_when_allowed() {
        let edge = "http://192.0.2.7:33333/abc";
        assert!(read(edge).unwrap_err().contains("must be https"));
        let (address, _) = Address::read("endpoint", edge, PlainHttp::Allowed).unwrap();
        assert_eq!(address.base(), edge);
        assert!(read("http://127.0.0.1.example.com").is_err());
    }
}
