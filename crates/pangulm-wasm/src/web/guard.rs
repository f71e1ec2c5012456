//! No lasting secret in a web page, unless its author knows.

use js_sys::Reflect;
use pangulm_core::{Credentials, Error};

/// What the author of the app says about secrets in a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum SecretsInPage {
    #[default]
    Refused,
    Accepted,
}

pub(super) fn check(credentials: &Credentials, consent: SecretsInPage) -> Result<(), Error> {
    match credentials.permanent_secret() {
        Some(secret) if consent == SecretsInPage::Refused && is_page() => Err(Error::invalid(
            "credentials",
            format!(
                "{secret} in a web page can be read by every visitor. Let a server of yours hold it and pass calls on, or give a token function; Options::accept_secrets_in_page is for local trials"
            ),
        )),
        _ => Ok(()),
    }
}

fn is_page() -> bool {
    let global = js_sys::global();
    ["window", "document"]
        .into_iter()
        .all(|name| Reflect::get(&global, &name.into()).is_ok_and(|member| member.is_object()))
}
