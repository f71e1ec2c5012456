//! The account, its one project, its quotas.

use serde_json::{Value, json};

use super::caller::{anyone, manager, manager_or_self};
use super::store::{MOST_GROUPS, MOST_USERS};
use super::{link, listed, not_found, ok};
use crate::call::Call;
use crate::info::DOMAIN_ID;
use crate::reply::Answer;

pub(super) fn list(call: &Call) -> Answer {
    anyone(call)?;
    let account = json!({
        "id": DOMAIN_ID,
        "name": call.state.info.iam.domain,
        "enabled": true,
        "description": "",
        "links": link(call, &format!("/v3/domains/{DOMAIN_ID}")),
    });
    listed(call, "domains", vec![account])
}

pub(super) fn own_projects(call: &Call) -> Answer {
    anyone(call)?;
    listed(call, "projects", vec![project_json(call)])
}

pub(super) fn projects_of_user(call: &Call) -> Answer {
    manager_or_self(call, call.path_value("user_id"))?;
    listed(call, "projects", vec![project_json(call)])
}

pub(super) fn project(call: &Call) -> Answer {
    anyone(call)?;
    if call.path_value("project_id") != call.state.info.project_id {
        return Err(not_found("project"));
    }
    ok(json!({"project": project_json(call)}))
}

pub(super) fn quota(call: &Call) -> Answer {
    manager(call)?;
    if call.path_value("domain_id") != DOMAIN_ID {
        return Err(not_found("account"));
    }
    let kept = call.state.identity.lock();
    let asked = call.query("type");
    let quota = |kind: &str, quota: usize, used: usize| {
        let fits = asked.as_ref().is_none_or(|asked| asked == kind);
        fits.then(|| json!({"type": kind, "min": 0, "max": quota, "quota": quota, "used": used}))
    };
    let quotas = [
        quota("user", MOST_USERS, kept.users.len() + 1),
        quota("group", MOST_GROUPS, kept.groups.len()),
    ];
    let shown: Vec<Value> = quotas.into_iter().flatten().collect();
    ok(json!({"quotas": {"resources": shown}}))
}

pub(crate) fn project_json(call: &Call) -> Value {
    let info = &call.state.info;
    json!({
        "id": info.project_id,
        "name": info.region,
        "domain_id": DOMAIN_ID,
        "parent_id": DOMAIN_ID,
        "enabled": true,
        "is_domain": false,
        "description": "",
        "links": link(call, &format!("/v3/projects/{}", info.project_id)),
    })
}
