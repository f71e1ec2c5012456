//! What is asked of IAM, and what it answers: tokens and temporary keys (facts: auth.md 3.2, 3.5).

use crate::credential::{AccessKey, Account, GRANTS, Password, SigningSecret};
use crate::error::{Error, ErrorKind};
use crate::escape::json_string_into;
use crate::headers::Headers;
use crate::scan;
use crate::secret::Secret;
use crate::settings::Settings;
use crate::shared::{Grant, Lease};
use crate::text::digits;
use crate::time::{self, Moment};
use std::sync::Arc;
use zeroize::Zeroizing;

/// IAM's documented life of a token, for answers that do not say.
const DEFAULT_LIFETIME_MS: u64 = 24 * 3_600_000;

/// The body of a login. The token is for the project, or for the region's own project if none is
/// set; one that is to buy an agency's token is for the user's own account, which is inferred: the
/// project is the agency's.
pub(crate) fn token_request(login: &Password, settings: &Settings) -> Zeroizing<String> {
    let credentials = &settings.credentials;
    let passcode = credentials.passcode.as_ref().filter(|_| GRANTS);
    let mut body = Zeroizing::new(String::with_capacity(512));
    body.push_str(r#"{"auth":{"identity":{"methods":["password""#);
    if let Some(passcode) = passcode {
        body.push_str(r#","totp"],"totp":{"user":{"id":"#);
        json_string_into(&mut body, &passcode.user_id);
        body.push_str(r#","passcode":"#);
        json_string_into(&mut body, passcode.code.expose());
        body.push_str("}}");
    } else {
        body.push(']');
    }
    body.push_str(r#","password":{"user":{"name":"#);
    json_string_into(&mut body, &login.user);
    body.push_str(r#","password":"#);
    json_string_into(&mut body, login.password.expose());
    body.push_str(r#","domain":{"name":"#);
    json_string_into(&mut body, &login.domain);
    body.push_str("}}}}");
    if GRANTS && credentials.agency.is_some() {
        body.push_str(r#","scope":{"domain":{"name":"#);
        json_string_into(&mut body, &login.domain);
        body.push_str("}}}}");
    } else {
        project_scope_into(&mut body, settings);
    }
    body
}

/// Ends a body with the scope of a project.
fn project_scope_into(body: &mut String, settings: &Settings) {
    let (by, project) = match &settings.project_id {
        Some(id) => ("\"id\":", id),
        None => ("\"name\":", &settings.region),
    };
    body.push_str(r#","scope":{"project":{"#);
    body.push_str(by);
    json_string_into(body, project);
    body.push_str("}}}}");
}

/// The body with which an agency's token or a temporary access key pair is asked for.
pub(crate) fn grant_request(settings: &Settings) -> Zeroizing<String> {
    let credentials = &settings.credentials;
    let mut body = Zeroizing::new(String::with_capacity(512));
    body.push_str(r#"{"auth":{"identity":{"methods":["#);
    match &credentials.agency {
        Some(agency) => {
            body.push_str(r#""assume_role"],"assume_role":{"agency_name":"#);
            json_string_into(&mut body, &agency.name);
            let (by, account) = match &agency.account {
                Account::Name(name) => (r#","domain_name":"#, name),
                Account::Id(id) => (r#","domain_id":"#, id),
            };
            body.push_str(by);
            json_string_into(&mut body, account);
        }
        None => body.push_str(r#""token"],"token":{"#),
    }
    let Some(temporary) = &credentials.temporary else {
        body.push_str("}}");
        project_scope_into(&mut body, settings);
        return body;
    };
    if credentials.agency.is_some() {
        body.push(',');
    }
    body.push_str(r#""duration_seconds":"#);
    body.push_str(&digits(temporary.duration_seconds.into()));
    body.push('}');
    if let Some(policy) = &temporary.policy {
        body.push_str(r#","policy":"#);
        body.push_str(policy);
    }
    body.push_str("}}}");
    body
}

/// The access key pair of a successful answer. Its life is what was asked for, unless the answer
/// says it by IAM's own clock.
pub(crate) fn read_key(
    headers: &Headers,
    body: &[u8],
    now: Moment,
    asked_ms: u64,
) -> Result<Lease, Error> {
    let text = std::str::from_utf8(body).unwrap_or_default();
    let credential = scan::parse(text).and_then(|answer| answer.member("credential"));
    let member = |name: &str| credential?.member(name)?.string();
    let (Some(id), Some(secret), Some(token)) =
        (member("access"), member("secret"), member("securitytoken"))
    else {
        let message = "IAM's answer lacks access, secret or securitytoken";
        return Err(Error::builder(ErrorKind::UnexpectedAnswer, message)
            .request_id(headers.request_id())
            .build());
    };
    let expires = member("expires_at").and_then(|time| time::parse_iso(&time));
    let lifetime = expires
        .zip(headers.date())
        .map_or(asked_ms, |(expires, date)| {
            expires.saturating_sub(date.saturating_mul(1_000))
        });
    let token = Secret::new(&token);
    let key = AccessKey {
        id: id.into_owned(),
        secret: SigningSecret::Held(Secret::new(&Zeroizing::new(secret.into_owned()))),
        security_token: Some(token.clone()),
    };
    let grant = Grant {
        token,
        key: Some(Arc::new(key)),
    };
    Ok(Lease::new(grant, now.steady_ms, lifetime))
}

/// The token of a successful answer: it stands in a header, its life in the body.
pub(crate) fn read_token(headers: &Headers, body: &[u8], now: Moment) -> Result<Lease, Error> {
    let Some(secret) = headers
        .get("x-subject-token")
        .filter(|token| !token.is_empty())
    else {
        let message = "IAM's answer shows no X-Subject-Token header. In a browser this means that IAM does not expose it to scripts: fetch the token on a server";
        return Err(Error::builder(ErrorKind::UnexpectedAnswer, message)
            .request_id(headers.request_id())
            .build());
    };
    // Both times are IAM's own, so their difference holds whatever the local clock says.
    let text = std::str::from_utf8(body).unwrap_or_default();
    let token = scan::parse(text).and_then(|answer| answer.member("token"));
    let time = |name: &str| time::parse_iso(&token?.member(name)?.string()?);
    let lifetime = time("expires_at")
        .zip(time("issued_at"))
        .map_or(DEFAULT_LIFETIME_MS, |(expires, issued)| {
            expires.saturating_sub(issued)
        });
    Ok(Lease::new(
        Grant::token(Secret::new(secret)),
        now.steady_ms,
        lifetime,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Options;

    #[test]
    fn the_token_request_is_the_documented_one() {
        let login = Password {
            domain: "acct".to_owned(),
            user: "名\"x".to_owned(),
            password: Secret::new("p\\w"),
        };
        let settings = Settings::new(Options::default()).unwrap();
        let body: serde_json::Value =
            serde_json::from_str(&token_request(&login, &settings)).unwrap();
        let expected = serde_json::json!({"auth": {
            "identity": {"methods": ["password"], "password": {"user": {"name": "名\"x", "password": "p\\w", "domain": {"name": "acct"}}}},
            "scope": {"project": {"name": "cn-southwest-2"}}
        }});
        assert_eq!(body, expected);
    }
}
