//! Which handler serves which operation of the spec. A test holds this table against the spec.

use axum::http::Method;
use futures_util::future::BoxFuture;

use crate::call::Call;
use crate::reply::Answer;
use crate::{
    agents, chat, count_tokens, data, iam, identity, prediction, science, search, securitytokens,
    supply_chain, text, video, vision,
};

/// One operation of the platform.
pub(crate) struct Route {
    pub(crate) method: Method,
    /// The path template of the spec.
    pub(crate) path: &'static str,
    pub(crate) operation_id: &'static str,
    /// The deployment that answers it, where method and path serve several models.
    pub(crate) deployment: Option<&'static str>,
    pub(crate) handler: fn(Call) -> BoxFuture<'static, Answer>,
}

impl Route {
    /// Whether the project's limit counts its requests.
    pub(crate) fn is_model(&self) -> bool {
        !self.path.starts_with("/v3")
    }

    fn serves(&self, values: &[(&str, String)]) -> bool {
        self.deployment
            .is_none_or(|deployment| values.contains(&("deployment_id", deployment.to_owned())))
    }
}

/// The tables of all areas. Where several routes share method and path, the deployment decides.
static AREAS: &[&[Route]] = &[
    chat::ROUTES,
    count_tokens::ROUTES,
    iam::ROUTES,
    identity::ROUTES,
    securitytokens::ROUTES,
    vision::ROUTES,
    prediction::ROUTES,
    text::ROUTES,
    search::ROUTES,
    agents::ROUTES,
    data::ROUTES,
    science::ROUTES,
    video::ROUTES,
    supply_chain::ROUTES,
];

/// Every route there is.
pub(crate) fn all() -> impl Iterator<Item = &'static Route> {
    AREAS.iter().copied().flatten()
}

/// What a method and path lead to.
pub(crate) enum Found {
    /// A route, and what the path's parameters stand for.
    Route(&'static Route, Vec<(&'static str, String)>),
    /// The path is known, but not by this method.
    OtherMethod,
    /// Method and path are known, but no model is deployed under this id.
    OtherDeployment,
    Nothing,
}

pub(crate) fn find(method: &Method, path: &str) -> Found {
    let mut found = Found::Nothing;
    for route in all() {
        let Some(values) = matches(route.path, path) else {
            continue;
        };
        if route.method != method {
            if matches!(found, Found::Nothing) {
                found = Found::OtherMethod;
            }
        } else if route.serves(&values) {
            return Found::Route(route, values);
        } else {
            found = Found::OtherDeployment;
        }
    }
    found
}

/// The path's parameters, if it fits the template. A trailing slash does not matter.
fn matches(template: &'static str, path: &str) -> Option<Vec<(&'static str, String)>> {
    let template = template.strip_suffix('/').unwrap_or(template);
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
