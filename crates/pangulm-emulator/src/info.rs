//! What a client has to know to call an emulator.

use serde::Serialize;

use crate::obs::BUCKET;

/// The one account's id.
pub(crate) const DOMAIN_ID: &str = "c04a7d2be61f4938b5d0f7a9123e8c56";

/// Addresses, ids and credentials of a running emulator.
///
/// The binary prints it as its first line; `GET /_emulator/info` answers it. The ids look like
/// the platform's, the credentials are constants that nobody can mistake for real ones.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Info {
    /// Base address of the model services, V1 and V2: `http://127.0.0.1:PORT`.
    pub url: String,
    /// Base address of IAM.
    pub iam_url: String,
    /// Base address of OBS. The bucket is the path's first segment, or stands before `localhost`.
    pub obs_url: String,
    /// The one bucket.
    pub obs_bucket: String,
    /// The region, which is also the project's name: `cn-southwest-2`.
    pub region: String,
    /// The one project.
    pub project_id: String,
    /// The one workspace.
    pub workspace_id: String,
    /// The deployment that V1 paths name. With `-think` appended, it is one that reasons first.
    pub deployment_id: String,
    /// The model that V2 bodies name. With `-think` appended, it is one that reasons first.
    pub model: String,
    /// The resource pool that its deployment is in.
    pub pool_id: String,
    /// The one agent.
    pub agent_id: String,
    /// The workflow that answers at once.
    pub workflow_id: String,
    /// The workflow that first asks back.
    pub asking_workflow_id: String,
    /// The API key: `X-Apig-AppCode` for V1, `Authorization: Bearer` for V2.
    pub api_key: String,
    /// The access key id (AK) of signed requests.
    pub access_key_id: String,
    /// The secret access key (SK) of signed requests.
    pub secret_access_key: String,
    /// The IAM user whose password buys a token.
    pub iam: IamUser,
}

/// An IAM user with a password.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct IamUser {
    /// The account's name.
    pub domain: String,
    /// The account's id.
    pub domain_id: String,
    /// The user's name.
    pub user: String,
    /// The user's id.
    pub user_id: String,
    /// The user's password.
    pub password: String,
    /// What the user's MFA device always shows.
    pub passcode: String,
    /// The agency that the account has made, for itself: there is no other account.
    pub agency: String,
}

impl Info {
    pub(crate) fn at(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            iam_url: url.to_owned(),
            obs_url: url.to_owned(),
            obs_bucket: BUCKET.to_owned(),
            region: "cn-southwest-2".to_owned(),
            project_id: "7f3c1e9a5b2d4860a1c8e0f2d4b6a897".to_owned(),
            workspace_id: "2b7e6f0c-91d4-4a53-8c1e-6d0f5a9b3e72".to_owned(),
            deployment_id: "5c9d1f34-0e6a-4b87-9f2c-3a8b7d6e1045".to_owned(),
            model: "pangu-nlp-n1-32k_emul8r".to_owned(),
            pool_id: "pool-emulator-0001".to_owned(),
            agent_id: "8d0c4b7e-2f61-4a9d-9b3e-5c7a1f0e6d24".to_owned(),
            workflow_id: "3e9a6c12-8b40-4d7f-a5c1-0f2d8e7b4a96".to_owned(),
            asking_workflow_id: "b1f7d2a8-6c35-4e09-8f4b-9a0e3c5d7b12".to_owned(),
            api_key: "emulator-api-key".to_owned(),
            access_key_id: "EMULATORACCESSKEY001".to_owned(),
            secret_access_key: "emulator-secret-access-key-0000000000001".to_owned(),
            iam: IamUser {
                domain: "emulator-account".to_owned(),
                domain_id: DOMAIN_ID.to_owned(),
                user: "emulator-user".to_owned(),
                user_id: "a91e3c5d7f0b42868e4d6c2a1b0f9d73".to_owned(),
                password: "emulator-password".to_owned(),
                passcode: "271828".to_owned(),
                agency: "emulator-agency".to_owned(),
            },
        }
    }

    /// Whether `name` is the emulator's model (or, for V1, its deployment), plain or reasoning.
    pub(crate) fn knows(&self, name: &str) -> bool {
        let plain = name.strip_suffix("-think").unwrap_or(name);
        plain == self.model || plain == self.deployment_id
    }
}
