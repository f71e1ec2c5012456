//! Permanent access keys.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::caller::{bad, manager_or_self};
use super::store::{AccessKey, MOST_KEYS};
use super::{created, done, not_found, ok, refuse, text};
use crate::call::Call;
use crate::reply::{Answer, Refusal};
use crate::{calendar, random};

pub(super) fn create(call: &Call) -> Answer {
    let body = call.json()?;
    let user_id = text(&body, "/credential/user_id").unwrap_or_default();
    manager_or_self(call, &user_id)?;
    let mut kept = call.state.identity.lock();
    let is_owner = user_id == call.state.info.iam.user_id;
    if !is_owner && !kept.users.contains_key(&user_id) {
        return Err(not_found("user"));
    }
    let own = kept.keys.values().filter(|key| key.user_id == user_id);
    // The owner's first key is the one of the info line.
    if own.count() + usize::from(is_owner) >= MOST_KEYS {
        let message = "The user has two access keys, the most there may be: delete one first.";
        return Err(refuse(StatusCode::BAD_REQUEST, message));
    }
    let id = format!("EMULATOR{}", random::hex(12).to_ascii_uppercase());
    let key = AccessKey {
        secret: random::hex(40),
        user_id,
        active: true,
        description: text(&body, "/credential/description").unwrap_or_default(),
        created: call.state.clock.micros(),
        used: None,
    };
    let mut shown = json(&id, &key);
    if let Value::Object(members) = &mut shown {
        members.insert("secret".to_owned(), json!(key.secret));
    }
    kept.keys.insert(id, key);
    created(json!({"credential": shown}))
}

pub(super) fn list(call: &Call) -> Answer {
    let caller = super::caller::anyone(call)?;
    let user_id = call.query("user_id").unwrap_or(caller);
    manager_or_self(call, &user_id)?;
    let kept = call.state.identity.lock();
    let keys = kept.keys.iter().filter(|(_, key)| key.user_id == user_id);
    let shown: Vec<Value> = keys.map(|(id, key)| json(id, key)).collect();
    ok(json!({"credentials": shown}))
}

pub(super) fn show(call: &Call) -> Answer {
    let (id, key) = find(call)?;
    let mut shown = json(&id, &key);
    if let (Value::Object(members), Some(used)) = (&mut shown, key.used) {
        members.insert(
            "last_use_time".to_owned(),
            json!(calendar::iso_micros(used)),
        );
    }
    ok(json!({"credential": shown}))
}

pub(super) fn update(call: &Call) -> Answer {
    let (id, mut key) = find(call)?;
    let body = call.json()?;
    match text(&body, "/credential/status").as_deref() {
        None => {}
        Some("active") => key.active = true,
        Some("inactive") => key.active = false,
        Some(_) => return Err(bad(call, "status must be active or inactive.")),
    }
    if let Some(description) = text(&body, "/credential/description") {
        key.description = description;
    }
    let shown = json(&id, &key);
    ended(call, &key);
    call.state.identity.lock().keys.insert(id, key);
    ok(json!({"credential": shown}))
}

pub(super) fn delete(call: &Call) -> Answer {
    let (id, key) = find(call)?;
    call.state.identity.lock().keys.remove(&id);
    ended(call, &key);
    done()
}

/// A change of a key ends the tokens of its user (facts: auth 3.2).
fn ended(call: &Call, key: &AccessKey) {
    if key.user_id != call.state.info.iam.user_id {
        call.state.tokens.revoke_user(&key.user_id);
    }
}

/// The key of the path, for who may see it.
fn find(call: &Call) -> Result<(String, AccessKey), Refusal> {
    let id = call.path_value("access_key");
    let key = call.state.identity.lock().keys.get(id).cloned();
    let Some(key) = key else {
        super::caller::manager(call)?;
        return Err(not_found("access key"));
    };
    manager_or_self(call, &key.user_id)?;
    Ok((id.to_owned(), key))
}

fn json(id: &str, key: &AccessKey) -> Value {
    json!({
        "access": id,
        "status": if key.active { "active" } else { "inactive" },
        "user_id": key.user_id,
        "description": key.description,
        "create_time": calendar::iso_micros(key.created),
    })
}
