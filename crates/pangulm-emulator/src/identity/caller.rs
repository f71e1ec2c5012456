//! Who is calling, and whether it may.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::roles::{OBS_READ, OBS_WRITE, Role, SECURITY_ADMINISTRATOR, TENANT_ADMINISTRATOR};
use super::store::Where;
use super::{refuse, text};
use crate::call::Call;
use crate::gateway;
use crate::reply::{Refusal, Shape};
use crate::state::State;

/// In a project, what was granted in the account counts too (inferred).
const IN_PROJECT: [Where; 2] = [Where::Domain, Where::Project];

fn is_owner(state: &State, user_id: &str) -> bool {
    user_id == state.info.iam.user_id
}

/// The id and the name of the user whose name and password these are.
pub(crate) fn check_password(state: &State, identity: &Value) -> Option<(String, String)> {
    let iam = &state.info.iam;
    let user = text(identity, "/password/user/name")?;
    let password = text(identity, "/password/user/password")?;
    if text(identity, "/password/user/domain/name")? != iam.domain {
        return None;
    }
    if user == iam.user {
        return (password == iam.password).then(|| (iam.user_id.clone(), user));
    }
    let kept = state.identity.lock();
    let (id, _) = kept.users.iter().find(|(_, it)| {
        it.name == user && it.enabled && it.password.as_deref() == Some(password.as_str())
    })?;
    Some((id.clone(), user))
}

/// The permissions of a user as its token tells them.
pub(crate) fn roles_of(state: &State, user_id: &str, in_project: bool) -> Value {
    if is_owner(state, user_id) {
        return json!([{"id": "0", "name": "te_admin"}]);
    }
    let places: &[Where] = if in_project {
        &IN_PROJECT
    } else {
        &[Where::Domain]
    };
    let roles = state.identity.lock().roles_of(user_id, places);
    let shown = roles.iter().map(|it| json!({"id": it.id, "name": it.name}));
    shown.collect()
}

fn has(state: &State, user_id: &str, any: &[&Role]) -> bool {
    if is_owner(state, user_id) {
        return true;
    }
    let roles = state.identity.lock().roles_of(user_id, &IN_PROJECT);
    roles.iter().any(|role| any.contains(role))
}

/// Models and data: `Tenant Administrator`, which the platform's manual tells to grant. The code is
/// the emulator's own.
pub(crate) fn may_call_models(state: &State, user_id: &str) -> Result<(), Refusal> {
    if has(state, user_id, &[TENANT_ADMINISTRATOR]) {
        return Ok(());
    }
    let message = "The user may not call models: grant \"Tenant Administrator\" on the project to \
                   a group it is in.";
    let status = StatusCode::FORBIDDEN;
    Err(Refusal::new(status, "EMULATOR.PERMISSION", message))
}

/// Objects: `Tenant Administrator`, or one of the two policies for Pangu.
pub(crate) fn may_use_objects(state: &State, user_id: &str, writes: bool) -> bool {
    let narrow = if writes { OBS_WRITE } else { OBS_READ };
    has(state, user_id, &[TENANT_ADMINISTRATOR, narrow])
}

/// Lets through who may manage IAM.
pub(super) fn manager(call: &Call) -> Result<String, Refusal> {
    let user_id = gateway::admit_iam(call)?;
    if has(&call.state, &user_id, &[SECURITY_ADMINISTRATOR]) {
        return Ok(user_id);
    }
    let message = "You are not authorized to perform the requested action: it needs \
                   \"Security Administrator\".";
    Err(refuse(StatusCode::FORBIDDEN, message))
}

/// Lets through who may manage IAM, and the user itself.
pub(super) fn manager_or_self(call: &Call, user_id: &str) -> Result<(), Refusal> {
    if gateway::admit_iam(call)? == user_id {
        return Ok(());
    }
    manager(call).map(drop)
}

/// The caller, whoever that is.
pub(super) fn anyone(call: &Call) -> Result<String, Refusal> {
    gateway::admit_iam(call)
}

/// A wrong value, in the shape of the path.
pub(super) fn bad(call: &Call, message: &str) -> Refusal {
    let shape = Shape::of_path(call.parts.uri.path());
    refuse(StatusCode::BAD_REQUEST, message).in_shape(shape)
}
