//! Groups and who is in them.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::caller::{bad, manager, manager_or_self};
use super::store::{Group, Kept, MOST_GROUPS};
use super::{created, done, link, listed, not_found, ok, refuse, text};
use crate::call::Call;
use crate::info::DOMAIN_ID;
use crate::random;
use crate::reply::{Answer, Refusal};

pub(super) fn create(call: &Call) -> Answer {
    manager(call)?;
    let body = call.json()?;
    let name = text(&body, "/group/name").unwrap_or_default();
    let group = Group {
        name: name.clone(),
        description: text(&body, "/group/description").unwrap_or_default(),
        created: call.state.clock.micros(),
        users: BTreeSet::new(),
        grants: BTreeSet::new(),
    };
    let mut kept = call.state.identity.lock();
    if kept.groups.values().any(|it| it.name == name) {
        return Err(refuse(StatusCode::CONFLICT, "A group of this name exists."));
    }
    if name.is_empty() || kept.groups.len() >= MOST_GROUPS {
        return Err(bad(
            call,
            "The name is empty, or the account has 100 groups.",
        ));
    }
    let id = random::hex(32);
    let shown = json(call, &id, &group);
    kept.groups.insert(id, group);
    created(json!({"group": shown}))
}

pub(super) fn list(call: &Call) -> Answer {
    manager(call)?;
    let asked = call.query("name");
    let kept = call.state.identity.lock();
    let groups = kept.groups.iter();
    let fits = groups.filter(|(_, it)| asked.as_ref().is_none_or(|name| *name == it.name));
    listed(
        call,
        "groups",
        fits.map(|(id, it)| json(call, id, it)).collect(),
    )
}

pub(super) fn show(call: &Call) -> Answer {
    manager(call)?;
    let id = call.path_value("group_id");
    let mut kept = call.state.identity.lock();
    let group = group(&mut kept, id)?;
    ok(json!({"group": json(call, id, group)}))
}

pub(super) fn update(call: &Call) -> Answer {
    manager(call)?;
    let body = call.json()?;
    let id = call.path_value("group_id");
    let mut kept = call.state.identity.lock();
    let group = group(&mut kept, id)?;
    if let Some(name) = text(&body, "/group/name") {
        group.name = name;
    }
    if let Some(description) = text(&body, "/group/description") {
        group.description = description;
    }
    ok(json!({"group": json(call, id, group)}))
}

pub(super) fn delete(call: &Call) -> Answer {
    manager(call)?;
    let mut kept = call.state.identity.lock();
    let gone = kept.groups.remove(call.path_value("group_id"));
    let gone = gone.ok_or_else(|| not_found("group"))?;
    gone.users
        .iter()
        .for_each(|id| call.state.tokens.revoke_user(id));
    done()
}

pub(super) fn add_user(call: &Call) -> Answer {
    manager(call)?;
    let user_id = call.path_value("user_id");
    let mut kept = call.state.identity.lock();
    if !kept.users.contains_key(user_id) {
        return Err(not_found("user"));
    }
    group(&mut kept, call.path_value("group_id"))?
        .users
        .insert(user_id.to_owned());
    call.state.tokens.revoke_user(user_id);
    done()
}

pub(super) fn check_user(call: &Call) -> Answer {
    manager(call)?;
    let mut kept = call.state.identity.lock();
    let group = group(&mut kept, call.path_value("group_id"))?;
    if group.users.contains(call.path_value("user_id")) {
        return done();
    }
    Err(not_found("user in the group"))
}

pub(super) fn remove_user(call: &Call) -> Answer {
    manager(call)?;
    let user_id = call.path_value("user_id");
    let mut kept = call.state.identity.lock();
    let group = group(&mut kept, call.path_value("group_id"))?;
    if !group.users.remove(user_id) {
        return Err(not_found("user in the group"));
    }
    call.state.tokens.revoke_user(user_id);
    done()
}

pub(super) fn of_user(call: &Call) -> Answer {
    let user_id = call.path_value("user_id");
    manager_or_self(call, user_id)?;
    let kept = call.state.identity.lock();
    let groups = kept
        .groups
        .iter()
        .filter(|(_, it)| it.users.contains(user_id));
    listed(
        call,
        "groups",
        groups.map(|(id, it)| json(call, id, it)).collect(),
    )
}

pub(super) fn group<'a>(kept: &'a mut Kept, id: &str) -> Result<&'a mut Group, Refusal> {
    kept.groups.get_mut(id).ok_or_else(|| not_found("group"))
}

fn json(call: &Call, id: &str, group: &Group) -> Value {
    json!({
        "id": id,
        "name": group.name,
        "description": group.description,
        "domain_id": DOMAIN_ID,
        "create_time": group.created / 1_000,
        "links": link(call, &format!("/v3/groups/{id}")),
    })
}
