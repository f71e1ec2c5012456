//! Users.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::caller::{bad, manager, manager_or_self};
use super::store::{MOST_USERS, User};
use super::{created, done, link, listed, not_found, ok, refuse};
use crate::call::Call;
use crate::info::DOMAIN_ID;
use crate::reply::{Answer, Refusal};
use crate::{calendar, random};

/// Members that have a place of their own, or are not to be kept.
const OWN: [&str; 5] = ["name", "password", "enabled", "domain_id", "id"];

/// Both forms.
pub(super) fn create(call: &Call) -> Answer {
    manager(call)?;
    let members = members(call)?;
    let text = |name: &str| members.get(name).and_then(Value::as_str);
    if text("domain_id").is_some_and(|id| id != DOMAIN_ID) {
        return Err(bad(call, "domain_id is not the account's."));
    }
    let name = text("name").unwrap_or_default().to_owned();
    let id = random::hex(32);
    let user = User {
        password: text("password").map(str::to_owned),
        enabled: members
            .get("enabled")
            .and_then(Value::as_bool)
            .unwrap_or(true),
        created: call.state.clock.micros(),
        more: more(&members),
        name: name.clone(),
    };
    let mut kept = call.state.identity.lock();
    let taken = kept.users.values().any(|it| it.name == name);
    if taken || name == call.state.info.iam.user {
        return Err(refuse(StatusCode::CONFLICT, "A user of this name exists."));
    }
    if name.is_empty() || kept.users.len() >= MOST_USERS {
        return Err(bad(
            call,
            "The name is empty, or the account has 1000 users.",
        ));
    }
    let shown = json(call, &id, &user);
    kept.users.insert(id, user);
    created(json!({"user": shown}))
}

pub(super) fn list(call: &Call) -> Answer {
    manager(call)?;
    let asked_name = call.query("name");
    let asked_enabled = call.query("enabled");
    let kept = call.state.identity.lock();
    let users = kept.users.iter().filter(|(_, user)| {
        asked_name.as_ref().is_none_or(|name| *name == user.name)
            && asked_enabled
                .as_ref()
                .is_none_or(|it| *it == user.enabled.to_string())
    });
    let mut shown: Vec<Value> = users.map(|(id, user)| json(call, id, user)).collect();
    let owner = &call.state.info.iam;
    if asked_name.is_none_or(|name| name == owner.user)
        && asked_enabled.is_none_or(|it| it == "true")
    {
        shown.insert(0, owner_json(call));
    }
    listed(call, "users", shown)
}

pub(super) fn show(call: &Call) -> Answer {
    let id = call.path_value("user_id");
    manager_or_self(call, id)?;
    if id == call.state.info.iam.user_id {
        return ok(json!({"user": owner_json(call)}));
    }
    let kept = call.state.identity.lock();
    let user = kept.users.get(id).ok_or_else(|| not_found("user"))?;
    ok(json!({"user": json(call, id, user)}))
}

/// Both forms: what is given takes the place of what was.
pub(super) fn update(call: &Call) -> Answer {
    manager(call)?;
    let members = members(call)?;
    let id = call.path_value("user_id");
    let mut kept = call.state.identity.lock();
    let name = members.get("name").and_then(Value::as_str);
    let taken = |(other, user): (&String, &User)| other != id && Some(user.name.as_str()) == name;
    if kept.users.iter().any(taken) {
        return Err(refuse(StatusCode::CONFLICT, "A user of this name exists."));
    }
    let user = kept.users.get_mut(id).ok_or_else(|| not_found("user"))?;
    if let Some(name) = name {
        user.name = name.to_owned();
    }
    let password = members.get("password").and_then(Value::as_str);
    let enabled = members.get("enabled").and_then(Value::as_bool);
    if let Some(password) = password {
        user.password = Some(password.to_owned());
    }
    user.enabled = enabled.unwrap_or(user.enabled);
    user.more.extend(more(&members));
    if password.is_some() || enabled == Some(false) {
        call.state.tokens.revoke_user(id);
    }
    ok(json!({"user": json(call, id, user)}))
}

pub(super) fn delete(call: &Call) -> Answer {
    manager(call)?;
    let id = call.path_value("user_id");
    let mut kept = call.state.identity.lock();
    kept.users.remove(id).ok_or_else(|| not_found("user"))?;
    kept.keys.retain(|_, key| key.user_id != id);
    kept.groups.values_mut().for_each(|group| {
        group.users.remove(id);
    });
    call.state.tokens.revoke_user(id);
    call.state.temporary.revoke_user(id);
    done()
}

pub(super) fn change_password(call: &Call) -> Answer {
    let id = call.path_value("user_id");
    if super::caller::anyone(call)? != id {
        let message = "Users change their own password here.";
        return Err(refuse(StatusCode::FORBIDDEN, message));
    }
    let members = members(call)?;
    let text = |name: &str| members.get(name).and_then(Value::as_str);
    let mut kept = call.state.identity.lock();
    // The owner's password stays what the info line says.
    let user = kept.users.get_mut(id).ok_or_else(|| not_found("user"))?;
    if user.password.as_deref() != text("original_password") {
        let message = "The original password is wrong.";
        return Err(refuse(StatusCode::UNAUTHORIZED, message));
    }
    user.password = text("password").map(str::to_owned);
    call.state.tokens.revoke_user(id);
    done()
}

pub(super) fn of_group(call: &Call) -> Answer {
    manager(call)?;
    let kept = call.state.identity.lock();
    let group = kept.groups.get(call.path_value("group_id"));
    let group = group.ok_or_else(|| not_found("group"))?;
    let users = kept
        .users
        .iter()
        .filter(|(id, _)| group.users.contains(*id));
    let shown = users.map(|(id, user)| json(call, id, user)).collect();
    listed(call, "users", shown)
}

fn members(call: &Call) -> Result<Map<String, Value>, Refusal> {
    let mut body = call.json()?;
    let user = body.get_mut("user").map(Value::take);
    match user {
        Some(Value::Object(members)) => Ok(members),
        _ => Err(bad(call, "user must be an object.")),
    }
}

/// The members that are only kept. A schema has bounded their names, not their number.
fn more(members: &Map<String, Value>) -> Map<String, Value> {
    let known = [
        "access_mode",
        "email",
        "areacode",
        "phone",
        "pwd_status",
        "xuser_type",
        "xuser_id",
        "description",
    ];
    let kept = members
        .iter()
        .filter(|(name, _)| known.contains(&name.as_str()) && !OWN.contains(&name.as_str()));
    kept.map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

fn json(call: &Call, id: &str, user: &User) -> Value {
    let mut members = user.more.clone();
    members.insert("id".to_owned(), json!(id));
    members.insert("name".to_owned(), json!(user.name));
    members.insert("domain_id".to_owned(), json!(DOMAIN_ID));
    members.insert("enabled".to_owned(), json!(user.enabled));
    members.insert("is_domain_owner".to_owned(), json!(false));
    members.insert("password_expires_at".to_owned(), Value::Null);
    members.insert(
        "create_time".to_owned(),
        json!(calendar::iso_micros(user.created)),
    );
    members.insert("links".to_owned(), link(call, &format!("/v3/users/{id}")));
    Value::Object(members)
}

fn owner_json(call: &Call) -> Value {
    let owner = &call.state.info.iam;
    json!({
        "id": owner.user_id,
        "name": owner.user,
        "domain_id": DOMAIN_ID,
        "enabled": true,
        "is_domain_owner": true,
        "password_expires_at": null,
        "links": link(call, &format!("/v3/users/{}", owner.user_id)),
    })
}
