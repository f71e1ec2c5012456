//! IAM's users, groups, permissions and access keys, and what follows from them: whether a caller
//! may do what it asks for.
//!
//! There is one account. Its owner, the user of the info line, may do everything. A user that was
//! made may do nothing until a group it is in was granted a permission (see [`roles`]): at once, where
//! the platform takes up to 30 minutes. As there, a change ends the tokens of whom it concerns.
//!
//! Statuses and codes of refusals are Keystone's by inference, or the emulator's own.

mod access_keys;
mod account;
mod caller;
mod groups;
mod permissions;
mod roles;
mod store;
mod users;

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::Response;
use serde_json::{Map, Value, json};

pub(crate) use account::project_json;
pub(crate) use caller::{check_password, may_call_models, may_use_objects, roles_of};
pub(crate) use store::Store;

use self::store::{Group, User, Where};
use crate::call::Call;
use crate::reply::{Answer, Refusal, X_EMULATED, emulated};
use crate::routes::Route;

macro_rules! route {
    ($method:ident $path:literal $id:literal $handler:path) => {
        Route {
            method: Method::$method,
            path: $path,
            operation_id: $id,
            deployment: None,
            handler: |call| Box::pin(async move { $handler(&call) }),
        }
    };
}

pub(crate) static ROUTES: &[Route] = &[
    route!(POST "/v3.0/OS-USER/users" "createUser" users::create),
    route!(GET "/v3.0/OS-USER/users/{user_id}" "showUser" users::show),
    route!(PUT "/v3.0/OS-USER/users/{user_id}" "updateUser" users::update),
    route!(POST "/v3/users" "createKeystoneUser" users::create),
    route!(GET "/v3/users" "listUsers" users::list),
    route!(GET "/v3/users/{user_id}" "showKeystoneUser" users::show),
    route!(PATCH "/v3/users/{user_id}" "updateKeystoneUser" users::update),
    route!(DELETE "/v3/users/{user_id}" "deleteUser" users::delete),
    route!(POST "/v3/users/{user_id}/password" "changePassword" users::change_password),
    route!(GET "/v3/users/{user_id}/groups" "listGroupsOfUser" groups::of_user),
    route!(GET "/v3/users/{user_id}/projects" "listProjectsOfUser" account::projects_of_user),
    route!(POST "/v3/groups" "createGroup" groups::create),
    route!(GET "/v3/groups" "listGroups" groups::list),
    route!(GET "/v3/groups/{group_id}" "showGroup" groups::show),
    route!(PATCH "/v3/groups/{group_id}" "updateGroup" groups::update),
    route!(DELETE "/v3/groups/{group_id}" "deleteGroup" groups::delete),
    route!(GET "/v3/groups/{group_id}/users" "listUsersOfGroup" users::of_group),
    route!(PUT "/v3/groups/{group_id}/users/{user_id}" "addUserToGroup" groups::add_user),
    route!(HEAD "/v3/groups/{group_id}/users/{user_id}" "checkUserInGroup" groups::check_user),
    route!(DELETE "/v3/groups/{group_id}/users/{user_id}" "removeUserFromGroup" groups::remove_user),
    route!(GET "/v3/roles" "listPermissions" permissions::list),
    route!(GET "/v3/roles/{role_id}" "showPermission" permissions::show),
    route!(GET "/v3/domains/{domain_id}/groups/{group_id}/roles" "listGroupRolesOnDomain" permissions::of_group),
    route!(PUT "/v3/domains/{domain_id}/groups/{group_id}/roles/{role_id}" "grantGroupRoleOnDomain" permissions::grant),
    route!(DELETE "/v3/domains/{domain_id}/groups/{group_id}/roles/{role_id}" "revokeGroupRoleOnDomain" permissions::revoke),
    route!(GET "/v3/projects/{project_id}/groups/{group_id}/roles" "listGroupRolesOnProject" permissions::of_group),
    route!(PUT "/v3/projects/{project_id}/groups/{group_id}/roles/{role_id}" "grantGroupRoleOnProject" permissions::grant),
    route!(DELETE "/v3/projects/{project_id}/groups/{group_id}/roles/{role_id}" "revokeGroupRoleOnProject" permissions::revoke),
    route!(POST "/v3.0/OS-CREDENTIAL/credentials" "createAccessKey" access_keys::create),
    route!(GET "/v3.0/OS-CREDENTIAL/credentials" "listAccessKeys" access_keys::list),
    route!(GET "/v3.0/OS-CREDENTIAL/credentials/{access_key}" "showAccessKey" access_keys::show),
    route!(PUT "/v3.0/OS-CREDENTIAL/credentials/{access_key}" "updateAccessKey" access_keys::update),
    route!(DELETE "/v3.0/OS-CREDENTIAL/credentials/{access_key}" "deleteAccessKey" access_keys::delete),
    route!(GET "/v3/auth/domains" "listAccounts" account::list),
    route!(GET "/v3/auth/projects" "listOwnProjects" account::own_projects),
    route!(GET "/v3/projects/{project_id}" "showProject" account::project),
    route!(GET "/v3.0/OS-QUOTA/domains/{domain_id}" "showQuota" account::quota),
];

/// A success without a body.
fn done() -> Answer {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let emulated = HeaderValue::from_static("true");
    response.headers_mut().insert(X_EMULATED, emulated);
    Ok(response)
}

fn ok(body: Value) -> Answer {
    Ok(emulated(StatusCode::OK, body))
}

fn created(body: Value) -> Answer {
    Ok(emulated(StatusCode::CREATED, body))
}

/// A list on one page, whose link is the request's own address.
fn listed(call: &Call, name: &str, items: Vec<Value>) -> Answer {
    let own = format!("{}{}", call.state.info.iam_url, call.parts.uri);
    ok(json!({name: items, "links": {"self": own, "previous": null, "next": null}}))
}

fn link(call: &Call, path: &str) -> Value {
    json!({"self": format!("{}{path}", call.state.info.iam_url)})
}

fn refuse(status: StatusCode, message: impl Into<String>) -> Refusal {
    Refusal::new(status, "EMULATOR.IAM", message)
}

fn not_found(what: &str) -> Refusal {
    refuse(
        StatusCode::NOT_FOUND,
        format!("The {what} could not be found."),
    )
}

/// A text member of an object inside a body.
fn text(body: &Value, pointer: &str) -> Option<String> {
    body.pointer(pointer)
        .and_then(Value::as_str)
        .map(str::to_owned)
}

/// The users and groups of the demonstration.
pub(crate) fn seed(store: &Store, now: u64) {
    let mut kept = store.lock();
    for (name, password, group, role, place) in [
        (
            "demo-analyst",
            "Demo-analyst-1",
            "demo-readers",
            roles::OBS_READ,
            Where::Domain,
        ),
        (
            "demo-engineer",
            "Demo-engineer-1",
            "demo-builders",
            roles::TENANT_ADMINISTRATOR,
            Where::Project,
        ),
    ] {
        let user = User {
            name: name.to_owned(),
            password: Some(password.to_owned()),
            enabled: true,
            more: Map::new(),
            created: now,
        };
        let group_of = Group {
            name: group.to_owned(),
            description: role.display_name.to_owned(),
            created: now,
            users: BTreeSet::from([name.to_owned()]),
            grants: BTreeSet::from([(place, role.id)]),
        };
        // Their ids are their names.
        kept.users.insert(name.to_owned(), user);
        kept.groups.insert(group.to_owned(), group_of);
    }
}
