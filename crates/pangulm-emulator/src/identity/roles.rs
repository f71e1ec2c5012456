//! The permissions that can be granted.
//!
//! The display names and what they allow are documented (facts: platform 6); their ids, and all names
//! but `te_admin`, are the emulator's choice.

use serde_json::{Value, json};

use crate::call::Call;

/// A permission of the system.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct Role {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) display_name: &'static str,
    description: &'static str,
    pub(super) catalog: &'static str,
    actions: &'static [&'static str],
}

/// All services except IAM: models, data and objects.
pub(super) const TENANT_ADMINISTRATOR: &Role = &Role {
    id: "5f7a1c0e9d3b48268a4c6e2f0b1d9375",
    name: "te_admin",
    display_name: "Tenant Administrator",
    description: "All services except IAM",
    catalog: "BASE",
    actions: &["*:*:*"],
};

/// IAM.
pub(super) const SECURITY_ADMINISTRATOR: &Role = &Role {
    id: "8c2d4e6f1a3b45709e7d5c3b1a0f2846",
    name: "emulator_security_administrator",
    display_name: "Security Administrator",
    description: "IAM in full, except switching roles",
    catalog: "BASE",
    actions: &["iam:*:*"],
};

pub(super) const OBS_READ: &Role = &Role {
    id: "1b3d5f7092a4c6e8b0d2f4168a3c5e79",
    name: "emulator_pangu_obs_read_only",
    display_name: "Pangu OBSReadOnly",
    description: "Reading objects",
    catalog: "OBS",
    actions: &[
        "obs:bucket:ListBucket",
        "obs:bucket:HeadBucket",
        "obs:object:GetObject",
    ],
};

pub(super) const OBS_WRITE: &Role = &Role {
    id: "2c4e6a8091b3d5f7a9c1e30527496b8d",
    name: "emulator_pangu_obs_write_only",
    display_name: "Pangu OBSWriteOnly",
    description: "Writing and deleting objects",
    catalog: "OBS",
    actions: &[
        "obs:object:PutObject",
        "obs:object:DeleteObject",
        "obs:object:AbortMultipartUpload",
    ],
};

/// There is one account, so there is no other to act in: granted, it changes nothing here.
const AGENT_OPERATOR: &Role = &Role {
    id: "3d5f7b91a2c4e6f80b1d3f52648a7c9e",
    name: "emulator_agent_operator",
    display_name: "Agent Operator",
    description: "Acting in the account that made an agency",
    catalog: "BASE",
    actions: &["sts:agencies:assume"],
};

pub(super) const ALL: [&Role; 5] = [
    TENANT_ADMINISTRATOR,
    SECURITY_ADMINISTRATOR,
    AGENT_OPERATOR,
    OBS_READ,
    OBS_WRITE,
];

pub(super) fn find(id: &str) -> Option<&'static Role> {
    ALL.into_iter().find(|role| role.id == id)
}

impl Role {
    pub(super) fn json(&self, call: &Call) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "display_name": self.display_name,
            "description": self.description,
            "description_cn": null,
            "catalog": self.catalog,
            "type": "AX",
            "domain_id": null,
            "flag": null,
            "policy": {
                "Version": "1.1",
                "Statement": [{"Effect": "Allow", "Action": self.actions}],
            },
            "links": super::link(call, &format!("/v3/roles/{}", self.id)),
        })
    }
}
