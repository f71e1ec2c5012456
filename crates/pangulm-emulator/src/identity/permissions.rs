//! Permissions and their grants to groups.

use serde_json::{Value, json};

use super::caller::manager;
use super::groups::group;
use super::roles::{self, Role};
use super::store::Where;
use super::{done, listed, not_found, ok};
use crate::call::Call;
use crate::info::DOMAIN_ID;
use crate::reply::{Answer, Refusal};

/// What Keystone gives where nothing is asked for (inferred).
const PER_PAGE: usize = 300;

pub(super) fn list(call: &Call) -> Answer {
    manager(call)?;
    let fits = |name: &str, value: &str| call.query(name).is_none_or(|asked| asked == value);
    // The account has no permissions of its own here.
    let own = call.query("domain_id").is_some();
    let found: Vec<&Role> = roles::ALL
        .into_iter()
        .filter(|it| !own && fits("name", it.name) && fits("display_name", it.display_name))
        .filter(|it| fits("catalog", it.catalog))
        .collect();
    let number = |name: &str, default: usize| {
        let asked = call.query(name).and_then(|text| text.parse().ok());
        asked.filter(|number| *number > 0).unwrap_or(default)
    };
    let (page, per_page) = (
        number("page", 1),
        number("per_page", PER_PAGE).min(PER_PAGE),
    );
    let before = (page - 1).saturating_mul(per_page);
    let shown = found.iter().skip(before).take(per_page);
    let own = format!("{}{}", call.state.info.iam_url, call.parts.uri);
    ok(json!({
        "roles": shown.map(|it| it.json(call)).collect::<Vec<Value>>(),
        "links": {"self": own, "previous": null, "next": null},
        "total_number": found.len(),
    }))
}

pub(super) fn show(call: &Call) -> Answer {
    manager(call)?;
    ok(json!({"role": role(call)?.json(call)}))
}

pub(super) fn of_group(call: &Call) -> Answer {
    manager(call)?;
    let place = place(call)?;
    let mut kept = call.state.identity.lock();
    let grants = group(&mut kept, call.path_value("group_id"))?.grants.iter();
    let ids = grants.filter(|(granted, _)| *granted == place);
    let shown = ids.filter_map(|(_, id)| Some(roles::find(id)?.json(call)));
    listed(call, "roles", shown.collect())
}

pub(super) fn grant(call: &Call) -> Answer {
    manager(call)?;
    let (place, role) = (place(call)?, role(call)?);
    let mut kept = call.state.identity.lock();
    let group = group(&mut kept, call.path_value("group_id"))?;
    group.grants.insert((place, role.id));
    group
        .users
        .iter()
        .for_each(|id| call.state.tokens.revoke_user(id));
    done()
}

pub(super) fn revoke(call: &Call) -> Answer {
    manager(call)?;
    let (place, role) = (place(call)?, role(call)?);
    let mut kept = call.state.identity.lock();
    let group = group(&mut kept, call.path_value("group_id"))?;
    if !group.grants.remove(&(place, role.id)) {
        return Err(not_found("permission of the group"));
    }
    group
        .users
        .iter()
        .for_each(|id| call.state.tokens.revoke_user(id));
    done()
}

fn role(call: &Call) -> Result<&'static Role, Refusal> {
    roles::find(call.path_value("role_id")).ok_or_else(|| not_found("permission"))
}

/// The account or the project of the path.
fn place(call: &Call) -> Result<Where, Refusal> {
    match (call.path_value("domain_id"), call.path_value("project_id")) {
        (DOMAIN_ID, _) => Ok(Where::Domain),
        ("", project) if project == call.state.info.project_id => Ok(Where::Project),
        _ => Err(not_found("account or project")),
    }
}
