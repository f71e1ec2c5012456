//! The access key that signs: the client's own, or a temporary one of IAM's.

use std::time::Duration;

use bytes::Bytes;
use pangulm_core::credential::{Account, Agency, Credentials, SigningSecret, Temporary};
use pangulm_core::{Error, ErrorKind, Operation, Secret};
use pangulm_signer::{SecretKey, SigningKey};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::time::Instant;

use crate::driver::{Driver, Request};

/// Keys that are fetched without being asked for live an hour.
const SECONDS: u32 = 3_600;

/// A key that can sign, with the token that goes with it.
#[derive(Clone)]
pub(super) struct Key {
    pub(super) signing: SigningKey,
    pub(super) security_token: Option<Secret>,
}

/// A temporary key, and when another one is to be had.
pub(crate) struct Lease {
    key: Key,
    renew: Instant,
}

#[derive(Deserialize)]
struct Granted {
    credential: Pair,
}

#[derive(Deserialize)]
struct Pair {
    access: String,
    secret: String,
    securitytoken: String,
}

/// The key for a request. With `refused`, another one than the temporary key that was refused.
pub(super) async fn key(driver: &Driver, refused: Option<&Key>) -> Result<Key, Error> {
    let credentials = driver.settings().credentials();
    let own = credentials.access_key.as_ref();
    let plain = credentials.temporary.is_none() && credentials.agency.is_none();
    if let Some(pair) = own.filter(|_| plain) {
        let SigningSecret::Held(secret) = &pair.secret else {
            return Err(none("the secret key is held elsewhere"));
        };
        return Ok(Key {
            signing: signing_key(&pair.id, secret.expose())?,
            security_token: pair.security_token.clone(),
        });
    }
    if own.is_none() && credentials.token.is_none() {
        return Err(none(
            "the client has no access key pair, and no token to get one with",
        ));
    }
    let mut lease = driver.storage().lease.lock().await;
    let used = |lease: &Lease| {
        let id = refused.map(|key| key.signing.access_key());
        Instant::now() < lease.renew && id != Some(lease.key.signing.access_key())
    };
    if let Some(lease) = lease.as_ref().filter(|lease| used(lease)) {
        return Ok(lease.key.clone());
    }
    let asking = driver.storage().asking.as_ref().unwrap_or(driver);
    let fresh = fetch(asking, credentials).await?;
    let key = fresh.key.clone();
    *lease = Some(fresh);
    Ok(key)
}

async fn fetch(asking: &Driver, credentials: &Credentials) -> Result<Lease, Error> {
    let asked = credentials.temporary.clone().unwrap_or(Temporary {
        duration_seconds: SECONDS,
        policy: None,
    });
    let operation = Operation::find("createTemporaryAccessKey")?;
    let body = identity(&asked, credentials.agency.as_ref());
    let request = Request {
        operation,
        parameters: Vec::new(),
        body: Some(Bytes::from(body.to_string())),
    };
    // Counted from before the request: it may have been on its way for a while.
    let renew = Duration::from_secs(u64::from(asked.duration_seconds)) * 4 / 5;
    let renew = Instant::now() + renew;
    let answer: Granted = asking.call(request).await?.json()?;
    let Pair {
        access,
        secret,
        securitytoken,
    } = answer.credential;
    Ok(Lease {
        key: Key {
            signing: signing_key(&access, &secret)?,
            security_token: Some(Secret::new(&securitytoken)),
        },
        renew,
    })
}

fn identity(asked: &Temporary, agency: Option<&Agency>) -> Value {
    let seconds = asked.duration_seconds;
    let (method, mut details) = match agency {
        None => ("token", Map::new()),
        Some(agency) => {
            let (name, account) = match &agency.account {
                Account::Name(name) => ("domain_name", name),
                Account::Id(id) => ("domain_id", id),
            };
            let mut details = Map::new();
            details.insert("agency_name".to_owned(), json!(agency.name));
            details.insert(name.to_owned(), json!(account));
            ("assume_role", details)
        }
    };
    details.insert("duration_seconds".to_owned(), json!(seconds));
    let mut identity = json!({"methods": [method], method: details});
    let policy = asked
        .policy
        .as_deref()
        .and_then(|text| serde_json::from_str::<Value>(text).ok());
    if let (Some(policy), Some(identity)) = (policy, identity.as_object_mut()) {
        identity.insert("policy".to_owned(), policy);
    }
    json!({"auth": {"identity": identity}})
}

fn signing_key(id: &str, secret: &str) -> Result<SigningKey, Error> {
    SigningKey::new(id, &SecretKey::from(secret))
        .map_err(|error| Error::invalid("accessKeyId", error.to_string()))
}

fn none(why: &str) -> Error {
    let message = format!(
        "OBS takes access keys alone, and {why}; give it an access key pair \
        (HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK), or a token or password"
    );
    Error::builder(ErrorKind::Credential, message)
        .field("credentials")
        .build()
}
