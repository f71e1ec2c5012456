//! Fetching an IAM token with a user's name and password (facts: auth.md 3.2).

use crate::credential::Password;
use crate::error::{Error, ErrorKind};
use crate::escape::json_string_into;
use crate::headers::Headers;
use crate::scan;
use crate::secret::Secret;
use crate::settings::Settings;
use crate::shared::Token;
use crate::time::{self, Moment};
use zeroize::Zeroizing;

/// IAM's documented life of a token, for answers that do not say.
const DEFAULT_LIFETIME_MS: u64 = 24 * 3_600_000;

/// The body of the request, scoped to the project, or to the region's own project if none is set.
pub(crate) fn token_request(login: &Password, settings: &Settings) -> Zeroizing<String> {
    let mut body = Zeroizing::new(String::with_capacity(320));
    body.push_str(r#"{"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"#);
    json_string_into(&mut body, &login.user);
    body.push_str(r#","password":"#);
    json_string_into(&mut body, login.password.expose());
    body.push_str(r#","domain":{"name":"#);
    json_string_into(&mut body, &login.domain);
    body.push_str(r#"}}}},"scope":{"project":{"#);
    let (by, project) = match &settings.project_id {
        Some(id) => ("\"id\":", id),
        None => ("\"name\":", &settings.region),
    };
    body.push_str(by);
    json_string_into(&mut body, project);
    body.push_str("}}}}");
    body
}

/// The token of a successful answer: it stands in a header, its life in the body.
pub(crate) fn read_token(headers: &Headers, body: &[u8], now: Moment) -> Result<Token, Error> {
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
    Ok(Token::new(Secret::new(secret), now.steady_ms, lifetime))
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
