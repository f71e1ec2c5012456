//! What a client may be given to prove who is calling, and which of it an operation takes.

use crate::error::{Error, ErrorKind};
use crate::operation::{Operation, Scheme};
use crate::secret::Secret;
use crate::text::concat;

/// Everything a client has been given. More than one is fine: each call takes what it accepts,
/// an API key before a token before a signature.
#[derive(Clone, Debug, Default)]
pub struct Credentials {
    /// An API key of the console's 应用接入 page.
    pub api_key: Option<Secret>,
    /// A source of IAM tokens.
    pub token: Option<TokenSource>,
    /// An access key pair.
    pub access_key: Option<AccessKey>,
}

/// Where IAM tokens come from.
#[derive(Clone, Debug)]
pub enum TokenSource {
    /// One given token, used until the service refuses it.
    Static(Secret),
    /// The driver asks the user's own function when a token is needed.
    Callback,
    /// The engine fetches tokens from IAM and renews them before they expire.
    Password(Password),
}

/// An IAM user's name and password. A HUAWEI ID itself cannot get tokens: make an IAM user.
#[derive(Clone, Debug)]
pub struct Password {
    /// The account the user belongs to.
    pub domain: String,
    /// The user's name.
    pub user: String,
    /// The user's password.
    pub password: Secret,
}

/// An access key pair (AK/SK).
#[derive(Clone, Debug)]
pub struct AccessKey {
    /// The access key id (AK).
    pub id: String,
    /// The secret access key (SK).
    pub secret: SigningSecret,
    /// The security token that comes with a temporary pair.
    pub security_token: Option<Secret>,
}

/// Where the key of a signature is.
#[derive(Clone, Debug)]
pub enum SigningSecret {
    /// Here.
    Held(Secret),
    /// With the driver, which computes HMAC-SHA256 itself: a non-extractable key of Web Crypto.
    WithDriver,
}

/// The credential chosen for one call.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Chosen<'a> {
    /// The operation needs none.
    None,
    AppCode(&'a Secret),
    ApiKey(&'a Secret),
    Token(&'a TokenSource),
    Signature(&'a AccessKey),
}

impl Credentials {
    /// The first credential held that the operation takes.
    pub(crate) fn choose(&self, operation: &'static Operation) -> Result<Chosen<'_>, Error> {
        let takes = |scheme| operation.security.contains(&scheme);
        if operation.security.is_empty() {
            return Ok(Chosen::None);
        }
        if let Some(key) = &self.api_key {
            if takes(Scheme::AppCode) {
                return Ok(Chosen::AppCode(key));
            }
            if takes(Scheme::ApiKey) {
                return Ok(Chosen::ApiKey(key));
            }
        }
        if let Some(source) = self.token.as_ref().filter(|_| takes(Scheme::IamToken)) {
            return Ok(Chosen::Token(source));
        }
        if let Some(pair) = self.access_key.as_ref().filter(|_| takes(Scheme::AkSk)) {
            return Ok(Chosen::Signature(pair));
        }
        Err(self.none_fits(operation))
    }

    fn none_fits(&self, operation: &'static Operation) -> Error {
        let held = [
            self.api_key.as_ref().map(|_| "an API key"),
            self.token.as_ref().map(|_| "an IAM token source"),
            self.access_key.as_ref().map(|_| "an access key pair"),
        ];
        let held = listed(held.into_iter().flatten(), " and ");
        let mut message = if held.is_empty() {
            "the client has no credential".to_owned()
        } else {
            concat(&[
                "the client has ",
                &held,
                ", which this operation does not take",
            ])
        };
        message += "; give it ";
        message += &listed(
            operation.security.iter().map(|scheme| scheme.remedy()),
            ", or ",
        );
        Error::builder(ErrorKind::Credential, message)
            .operation(operation.id)
            .field("credentials")
            .build()
    }

    /// What of this must not be in a web page without the author's consent, by its name.
    #[must_use]
    pub fn permanent_secret(&self) -> Option<&'static str> {
        let held_key = |pair: &&AccessKey| {
            matches!(pair.secret, SigningSecret::Held(_)) && pair.security_token.is_none()
        };
        if matches!(self.token, Some(TokenSource::Password(_))) {
            Some("a password")
        } else if self.access_key.as_ref().filter(held_key).is_some() {
            Some("a permanent secret access key")
        } else {
            self.api_key.as_ref().map(|_| "an API key")
        }
    }
}

fn listed<'a>(things: impl Iterator<Item = &'a str>, separator: &str) -> String {
    let mut list = String::new();
    for thing in things {
        if !list.is_empty() {
            list += separator;
        }
        list += thing;
    }
    list
}

impl Scheme {
    /// What somebody must do to be able to use this scheme.
    fn remedy(self) -> &'static str {
        match self {
            Self::IamToken => "an IAM token (token, PANGU_TOKEN, or user name and password)",
            Self::AppCode | Self::ApiKey => "an API key (api_key, PANGU_API_KEY)",
            Self::AkSk => "an access key pair (HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK)",
        }
    }
}
