//! Which handler serves which operation of the spec. A test holds this table against the spec.

use axum::http::Method;
use futures_util::future::BoxFuture;

use crate::call::Call;
use crate::reply::Answer;
use crate::{chat, count_tokens, iam, securitytokens};

/// One operation of the platform.
pub(crate) struct Route {
    pub(crate) method: Method,
    /// The path template of the spec.
    pub(crate) path: &'static str,
    pub(crate) operation_id: &'static str,
    pub(crate) handler: fn(Call) -> BoxFuture<'static, Answer>,
}

impl Route {
    /// Whether the project's limit counts its requests.
    pub(crate) fn is_model(&self) -> bool {
        !self.path.starts_with("/v3")
    }
}

pub(crate) static ROUTES: &[Route] = &[
    Route {
        method: Method::POST,
        path: "/v1/{project_id}/deployments/{deployment_id}/chat/completions",
        operation_id: "createChatCompletionV1",
        handler: |call| Box::pin(chat::v1(call)),
    },
    Route {
        method: Method::POST,
        path: "/api/v2/chat/completions",
        operation_id: "createChatCompletionV2",
        handler: |call| Box::pin(chat::v2(call)),
    },
    Route {
        method: Method::POST,
        path: "/v1/{project_id}/deployments/{deployment_id}/caltokens",
        operation_id: "countTokens",
        handler: |call| Box::pin(count_tokens::count(call)),
    },
    Route {
        method: Method::POST,
        path: "/v3/auth/tokens",
        operation_id: "createToken",
        handler: |call| Box::pin(iam::create_token(call)),
    },
    Route {
        method: Method::GET,
        path: "/v3/auth/tokens",
        operation_id: "validateToken",
        handler: |call| Box::pin(iam::validate_token(call)),
    },
    Route {
        method: Method::POST,
        path: "/v3.0/OS-CREDENTIAL/securitytokens",
        operation_id: "createTemporaryAccessKey",
        handler: |call| Box::pin(securitytokens::create(call)),
    },
    Route {
        method: Method::GET,
        path: "/v3/projects",
        operation_id: "listProjects",
        handler: |call| Box::pin(iam::list_projects(call)),
    },
];

/// What a method and path lead to.
pub(crate) enum Found {
    /// A route, and what the path's parameters stand for.
    Route(&'static Route, Vec<(&'static str, String)>),
    /// The path is known, but not by this method.
    OtherMethod,
    Nothing,
}

pub(crate) fn find(method: &Method, path: &str) -> Found {
    let mut found = Found::Nothing;
    for route in ROUTES {
        if let Some(values) = matches(route.path, path) {
            if route.method == method {
                return Found::Route(route, values);
            }
            found = Found::OtherMethod;
        }
    }
    found
}

/// The path's parameters, if it fits the template. A trailing slash does not matter.
fn matches(template: &'static str, path: &str) -> Option<Vec<(&'static str, String)>> {
    let mut segments = path.strip_suffix('/').unwrap_or(path).split('/');
    let mut values = Vec::new();
    for expected in template.split('/') {
        let actual = segments.next()?;
        match expected
            .strip_prefix('{')
            .and_then(|name| name.strip_suffix('}'))
        {
            Some(name) if !actual.is_empty() => values.push((name, actual.to_owned())),
            None if expected == actual => {}
            _ => return None,
        }
    }
    segments.next().is_none().then_some(values)
}
