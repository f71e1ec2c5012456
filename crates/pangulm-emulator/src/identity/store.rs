//! Users, groups, grants and access keys, in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Map, Value};

use super::roles::{self, Role};

pub(super) const MOST_USERS: usize = 1_000;
pub(super) const MOST_GROUPS: usize = 100;
/// Facts: auth 3.6.
pub(super) const MOST_KEYS: usize = 2;

/// Everything that was made by IAM's calls.
#[derive(Debug, Default)]
pub(crate) struct Store(Mutex<Kept>);

#[derive(Debug, Default)]
pub(super) struct Kept {
    /// Without the account's owner.
    pub(super) users: BTreeMap<String, User>,
    pub(super) groups: BTreeMap<String, Group>,
    pub(super) keys: BTreeMap<String, AccessKey>,
}

#[derive(Clone, Debug)]
pub(super) struct User {
    pub(super) name: String,
    pub(super) password: Option<String>,
    pub(super) enabled: bool,
    /// The other members that were given.
    pub(super) more: Map<String, Value>,
    /// In microseconds.
    pub(super) created: u64,
}

#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) created: u64,
    pub(super) users: BTreeSet<String>,
    /// Where, and the permission's id.
    pub(super) grants: BTreeSet<(Where, &'static str)>,
}

/// Where a permission is granted.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Where {
    Domain,
    Project,
}

#[derive(Clone, Debug)]
pub(super) struct AccessKey {
    pub(super) secret: String,
    pub(super) user_id: String,
    pub(super) active: bool,
    pub(super) description: String,
    pub(super) created: u64,
    pub(super) used: Option<u64>,
}

impl Store {
    pub(super) fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn clear(&self) {
        *self.lock() = Kept::default();
    }

    /// The secret and the owner of an access key that was made and serves.
    pub(crate) fn access_key(&self, id: &str, now: u64) -> Option<(String, String)> {
        let mut kept = self.lock();
        let key = kept.keys.get(id).filter(|key| key.active)?;
        let user = key.user_id.clone();
        // A key of the account's owner has no user in this table.
        if kept.users.get(&user).is_some_and(|user| !user.enabled) {
            return None;
        }
        let key = kept.keys.get_mut(id)?;
        key.used = Some(now);
        Some((key.secret.clone(), user))
    }
}

impl Kept {
    /// The permissions of a user's groups in these places.
    pub(super) fn roles_of(&self, user_id: &str, places: &[Where]) -> Vec<&'static Role> {
        let mut found = Vec::new();
        let groups = self.groups.values().filter(|it| it.users.contains(user_id));
        for (place, id) in groups.flat_map(|group| &group.grants) {
            if let Some(role) = roles::find(id).filter(|_| places.contains(place))
                && !found.contains(&role)
            {
                found.push(role);
            }
        }
        found
    }
}
