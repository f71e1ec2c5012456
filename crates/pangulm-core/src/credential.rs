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
    /// The second factor of logging in by password.
    pub passcode: Option<Passcode>,
    /// The agency to act by. The other credentials then only prove to IAM who asks for it, the
    /// access key pair before the token source.
    pub agency: Option<Agency>,
    /// Asks IAM for access key pairs that live for a short time, and signs with them alone. The
    /// other credentials then only prove to IAM who asks, the access key pair before the token
    /// source.
    pub temporary: Option<Temporary>,
    /// A proxy on the way adds the credential: none is sent. It goes before all others, which may
    /// be a page's surest way to hold no secret.
    pub proxied: bool,
    /// Where credentials were looked for in vain, for the error of a call that needs one.
    pub searched: Option<String>,
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

/// A one-time passcode of a user's virtual MFA device. It serves for one login: when the token of
/// that login ends after a day, calls fail with an error that says so. A program that runs longer
/// needs a token function, or an access key pair.
#[derive(Clone, Debug)]
pub struct Passcode {
    /// The id of the user, not the name.
    pub user_id: String,
    /// The digits.
    pub code: Secret,
}

/// An agency: the right to act in another account, which that account has given.
#[derive(Clone, Debug)]
pub struct Agency {
    /// The agency's name.
    pub name: String,
    /// The account that made it.
    pub account: Account,
}

/// An account, by one of the two.
#[derive(Clone, Debug)]
pub enum Account {
    /// Its name (`domain_name`).
    Name(String),
    /// Its id (`domain_id`).
    Id(String),
}

/// How temporary access key pairs are to be. They are renewed before they expire.
#[derive(Clone, Debug)]
pub struct Temporary {
    /// Their life in seconds, from 900 to 86400.
    pub duration_seconds: u32,
    /// A policy that narrows what they may do, as JSON: `{"Version":"1.1","Statement":[…]}`. Only
    /// OBS honours it at present (facts: auth.md 3.5).
    pub policy: Option<String>,
}

impl Default for Temporary {
    /// IAM's own default: 15 minutes, not narrowed.
    fn default() -> Self {
        Self {
            duration_seconds: 900,
            policy: None,
        }
    }
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
    /// What IAM grants for another credential: see [`Credentials::base`].
    Granted(Granted),
}

/// What IAM is asked for in exchange for another credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Granted {
    /// A token, by an agency.
    Token,
    /// A temporary access key pair, by an agency or not.
    Key,
}

/// Whether this build knows passcodes, agencies and temporary keys. Who has them can sign: the build
/// that cannot is for pages.
pub(crate) const GRANTS: bool = cfg!(feature = "signing");

impl Chosen<'_> {
    pub(crate) fn is_none(self) -> bool {
        matches!(self, Self::None)
    }

    /// Whether the request is signed.
    pub(crate) fn signs(self) -> bool {
        matches!(self, Self::Signature(_) | Self::Granted(Granted::Key))
    }
}

impl Credentials {
    /// The first credential held that the operation takes.
    pub(crate) fn choose(&self, operation: &'static Operation) -> Result<Chosen<'_>, Error> {
        let takes = |scheme| operation.security.contains(&scheme);
        if operation.security.is_empty() || self.proxied {
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
        match self.granted() {
            Some(Granted::Token) if takes(Scheme::IamToken) => Ok(Chosen::Granted(Granted::Token)),
            Some(Granted::Key) if takes(Scheme::AkSk) => Ok(Chosen::Granted(Granted::Key)),
            Some(_) => Err(self.none_fits(operation)),
            None => match (&self.token, &self.access_key) {
                (Some(source), _) if takes(Scheme::IamToken) => Ok(Chosen::Token(source)),
                (_, Some(pair)) if takes(Scheme::AkSk) => Ok(Chosen::Signature(pair)),
                _ => Err(self.none_fits(operation)),
            },
        }
    }

    /// What is to be had from IAM before a call, if anything.
    pub(crate) fn granted(&self) -> Option<Granted> {
        match (&self.temporary, &self.agency) {
            (Some(_), _) if GRANTS => Some(Granted::Key),
            (None, Some(_)) if GRANTS => Some(Granted::Token),
            _ => None,
        }
    }

    /// What proves to IAM who asks for a grant. IAM recommends the signature.
    pub(crate) fn base(&self) -> Chosen<'_> {
        match (&self.access_key, &self.token) {
            (Some(pair), _) => Chosen::Signature(pair),
            (None, Some(source)) => Chosen::Token(source),
            // Settings with a grant and nothing to ask with are refused.
            (None, None) => Chosen::None,
        }
    }

    fn none_fits(&self, operation: &'static Operation) -> Error {
        let held = [
            self.api_key.as_ref().map(|_| "an API key"),
            self.token.as_ref().map(|_| "an IAM token source"),
            self.access_key.as_ref().map(|_| "an access key pair"),
        ];
        let held = listed(held.into_iter().flatten(), " and ");
        let mut message = if held.is_empty() {
            let mut message = "the client has no credential".to_owned();
            if let Some(searched) = &self.searched {
                message += &concat(&[" (", searched, ")"]);
            }
            message
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
