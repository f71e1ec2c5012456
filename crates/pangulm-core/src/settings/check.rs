//! What settings cannot stand, and why.

use super::DEFAULT_REGION;
use super::grants::check_grants;
use crate::credential::{Credentials, SigningSecret, TokenSource};
use crate::error::Error;
use crate::text::{concat, holds_only};

pub(super) fn check_region(region: &str) -> Result<(), Error> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if !region.is_empty() && holds_only(region, plain) {
        return Ok(());
    }
    Err(Error::invalid(
        "region",
        concat(&[
            "must be a region id such as ",
            DEFAULT_REGION,
            "; got \"",
            region,
            "\"",
        ]),
    ))
}

pub(super) fn check_positive(field: &str, number: u64) -> Result<(), Error> {
    if number == 0 {
        return Err(Error::invalid(field, "must be at least 1"));
    }
    Ok(())
}

/// Credentials go into headers: what cannot stand there is refused here, by name, never by value.
pub(super) fn check_credentials(credentials: &Credentials) -> Result<(), Error> {
    if let Some(key) = &credentials.api_key {
        check_credential("apiKey", key.expose())?;
    }
    match &credentials.token {
        Some(TokenSource::Static(token)) => check_credential("token", token.expose())?,
        Some(TokenSource::Password(login)) => {
            for (field, text) in [
                ("domain", &*login.domain),
                ("user", &*login.user),
                ("password", login.password.expose()),
            ] {
                if text.is_empty() {
                    return Err(Error::invalid(field, "must not be empty"));
                }
            }
        }
        Some(TokenSource::Callback) | None => {}
    }
    if let Some(pair) = &credentials.access_key {
        check_credential("accessKeyId", &pair.id)?;
        if let SigningSecret::Held(secret) = &pair.secret {
            check_credential("secretAccessKey", secret.expose())?;
        }
        if let Some(token) = &pair.security_token {
            check_credential("securityToken", token.expose())?;
        }
    }
    check_grants(credentials)
}

/// Refuses what cannot stand in a header as a credential.
pub(crate) fn check_credential(field: &str, text: &str) -> Result<(), Error> {
    let shape = if text.is_empty() {
        "it is empty"
    } else if holds_only(text, |byte| byte.is_ascii_graphic()) {
        return Ok(());
    } else {
        "it holds a space, a line break or a non-ASCII character"
    };
    Err(Error::invalid(
        field,
        concat(&["cannot be a credential: ", shape, ". Copy it again"]),
    ))
}
