//! IAM: tokens by password or by the agency, their validation, and the one project.

use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::Response;
use serde_json::{Value, json};

use crate::calendar;
use crate::call::Call;
use crate::gateway;
use crate::identity;
use crate::info::DOMAIN_ID;
use crate::reply::{Answer, Refusal, emulated};
use crate::routes::Route;
use crate::state::State;

/// The routes of tokens and projects.
pub(crate) static ROUTES: &[Route] = &[
    Route {
        method: Method::POST,
        path: "/v3/auth/tokens",
        operation_id: "createToken",
        deployment: None,
        handler: |call| Box::pin(create_token(call)),
    },
    Route {
        method: Method::GET,
        path: "/v3/auth/tokens",
        operation_id: "validateToken",
        deployment: None,
        handler: |call| Box::pin(validate_token(call)),
    },
    Route {
        method: Method::GET,
        path: "/v3/projects",
        operation_id: "listProjects",
        deployment: None,
        handler: |call| Box::pin(list_projects(call)),
    },
];

/// POST /v3/auth/tokens: a token for a user's name and password, with a passcode or without, or for
/// who may act by the agency.
pub(crate) async fn create_token(call: Call) -> Answer {
    let body = call.json()?;
    let identity = body.pointer("/auth/identity").unwrap_or(&Value::Null);
    let methods = methods(identity);
    let user = match methods[..] {
        ["password"] => check_password(&call, identity)?,
        ["password", "totp"] | ["totp", "password"] => {
            let user = check_password(&call, identity)?;
            check_passcode(&call, identity)?;
            user
        }
        ["assume_role"] => {
            gateway::admit_iam(&call)?;
            check_agency(&call, identity)?;
            let owner = &call.state.info.iam;
            (owner.user_id.clone(), owner.user.clone())
        }
        _ => {
            let message = "The emulator knows these identity.methods: [\"password\"], \
                           [\"password\", \"totp\"], [\"assume_role\"].";
            return Err(Refusal::bad("400", message));
        }
    };
    let facts = facts(
        &call.state,
        &methods,
        &user,
        scope(&call.state, body.pointer("/auth/scope"))?,
    );
    let expires = call.state.clock.micros() + lifetime(&call.state);
    let token = call.state.tokens.issue(expires, facts.clone());
    Ok(token_answer(&call, StatusCode::CREATED, facts, &token))
}

/// GET /v3/auth/tokens: what the token in X-Subject-Token is good for.
pub(crate) async fn validate_token(call: Call) -> Answer {
    gateway::admit_iam(&call)?;
    let Some(subject) = call.header("x-subject-token").map(str::to_owned) else {
        return Err(Refusal::bad(
            "400",
            "The header X-Subject-Token is missing.",
        ));
    };
    let now = call.state.clock.micros();
    match call.state.tokens.check(&subject, now) {
        Ok(facts) => Ok(token_answer(&call, StatusCode::OK, facts, &subject)),
        // The status is Keystone's; Huawei's page for this case was not seen.
        Err(_) => Err(Refusal::new(
            StatusCode::NOT_FOUND,
            "404",
            "The token could not be found.",
        )),
    }
}

/// GET /v3/projects: the one project, if the filters let it pass.
pub(crate) async fn list_projects(call: Call) -> Answer {
    gateway::admit_iam(&call)?;
    let info = &call.state.info;
    let is = |name: &str, value: &str| call.query(name).is_none_or(|asked| asked == value);
    let found = is("name", &info.region)
        && is("domain_id", DOMAIN_ID)
        && is("parent_id", DOMAIN_ID)
        && is("enabled", "true")
        && is("is_domain", "false")
        && is("page", "1");
    let projects = found.then(|| identity::project_json(&call));
    let projects: Vec<Value> = projects.into_iter().collect();
    let own = format!("{}{}", info.iam_url, call.parts.uri);
    Ok(emulated(
        StatusCode::OK,
        json!({"links": {"self": own, "previous": null, "next": null}, "projects": projects}),
    ))
}

/// The names of the methods of an identity.
pub(crate) fn methods(identity: &Value) -> Vec<&str> {
    let methods = identity.get("methods").and_then(Value::as_array);
    let names = methods.into_iter().flatten();
    names.filter_map(Value::as_str).collect()
}

fn text<'a>(identity: &'a Value, pointer: &str) -> &'a str {
    let found = identity.pointer(pointer).and_then(Value::as_str);
    found.unwrap_or_default()
}

/// The user's id and name.
fn check_password(call: &Call, identity: &Value) -> Result<(String, String), Refusal> {
    identity::check_password(&call.state, identity)
        .ok_or_else(|| unauthorized("The username or password is wrong."))
}

/// The text of the refusal is the emulator's own; the platform's is not known.
fn check_passcode(call: &Call, identity: &Value) -> Result<(), Refusal> {
    let iam = &call.state.info.iam;
    let known = text(identity, "/totp/user/id") == iam.user_id
        && text(identity, "/totp/user/passcode") == iam.passcode;
    if known {
        return Ok(());
    }
    Err(unauthorized("The user id or passcode is wrong."))
}

/// Status and text of the refusal are inferred.
pub(crate) fn check_agency(call: &Call, identity: &Value) -> Result<(), Refusal> {
    let iam = &call.state.info.iam;
    let by_name = text(identity, "/assume_role/domain_name") == iam.domain;
    let by_id = text(identity, "/assume_role/domain_id") == DOMAIN_ID;
    if text(identity, "/assume_role/agency_name") == iam.agency && (by_name || by_id) {
        return Ok(());
    }
    Err(Refusal::new(
        StatusCode::NOT_FOUND,
        "404",
        "The agency could not be found.",
    ))
}

fn unauthorized(message: &str) -> Refusal {
    Refusal::new(StatusCode::UNAUTHORIZED, "401", message)
}

fn lifetime(state: &State) -> u64 {
    u64::try_from(state.options.token_lifetime.as_micros()).unwrap_or(u64::MAX / 2)
}

/// The token's `project` or `domain`, by what the scope asked for. Without a scope it is the
/// account, which is inferred.
fn scope(state: &State, asked: Option<&Value>) -> Result<(&'static str, Value), Refusal> {
    let info = &state.info;
    let domain = json!({"id": DOMAIN_ID, "name": info.iam.domain});
    let member = |name: &str| asked.and_then(|scope| scope.get(name));
    let fits = |target: &Value, id: &str, name: &str| {
        let is = |key: &str, value: &str| target.get(key).is_none_or(|asked| asked == value);
        is("id", id) && is("name", name)
    };
    if let Some(project) = member("project") {
        if !fits(project, &info.project_id, &info.region) {
            return Err(unauthorized(
                "The user has no access to the project of the scope.",
            ));
        }
        let facts = json!({"id": info.project_id, "name": info.region, "domain": domain});
        return Ok(("project", facts));
    }
    if member("domain").is_some_and(|target| !fits(target, DOMAIN_ID, &info.iam.domain)) {
        return Err(unauthorized(
            "The user has no access to the account of the scope.",
        ));
    }
    Ok(("domain", domain))
}

/// The token's properties, as `token` in the answer holds them.
fn facts(
    state: &State,
    methods: &[&str],
    (user_id, user_name): &(String, String),
    (scope_name, scope): (&str, Value),
) -> Value {
    let info = &state.info;
    let now = state.clock.micros();
    let mut facts = json!({
        "catalog": [{
            "type": "iam",
            "id": "6d5c1f0b8e7a4392",
            "name": "iam",
            "endpoints": [{
                "url": format!("{}/v3", info.iam_url),
                "region": "*",
                "region_id": "*",
                "interface": "public",
                "id": "1a2b3c4d5e6f7081",
            }],
        }],
        "expires_at": calendar::iso_micros(now + lifetime(state)),
        "issued_at": calendar::iso_micros(now),
        "methods": methods,
        "roles": identity::roles_of(state, user_id, scope_name == "project"),
        "user": {
            "id": user_id,
            "name": user_name,
            "password_expires_at": "",
            "domain": {"id": DOMAIN_ID, "name": info.iam.domain},
        },
    });
    if let Value::Object(members) = &mut facts {
        members.insert(scope_name.to_owned(), scope);
    }
    facts
}

fn token_answer(call: &Call, status: StatusCode, mut facts: Value, token: &str) -> Response {
    if call
        .query("nocatalog")
        .is_some_and(|value| !value.is_empty())
        && let Value::Object(members) = &mut facts
    {
        members.remove("catalog");
    }
    let mut response = emulated(status, json!({"token": facts}));
    if let Ok(value) = HeaderValue::from_str(token) {
        response.headers_mut().insert("x-subject-token", value);
    }
    response
}
