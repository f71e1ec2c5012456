//! What a client is made with.

use pangulm_core::credential::{AccessKey, SigningSecret, TokenSource};

use super::crypto::SigningKey;
use super::guard::SecretsInPage;
use super::token::{BoxError, TokenFunction};
use super::{Settings, Token};

/// What a [`Client`](super::Client) is made with. Nothing is required; what a call lacks, its error
/// names.
///
/// ```
/// use pangulm_wasm::web::{Options, Secret};
///
/// let mut options = Options::default();
/// options.settings.endpoint = Some("https://my-app.example/pangu".to_owned());
/// options.settings.credentials.token = None;
/// ```
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Addresses, ids, credentials and limits.
    pub settings: Settings,
    pub(super) token: Option<TokenFunction>,
    pub(super) key: Option<SigningKey>,
    pub(super) secrets: SecretsInPage,
}

impl Options {
    /// A function that gives IAM tokens. It is asked when a token is needed, before the last one
    /// ends, and when the service refuses one; once, however many calls wait. It takes the place of
    /// any other source of tokens.
    #[must_use]
    pub fn token_function<F>(mut self, function: F) -> Self
    where
        F: AsyncFn() -> Result<Token, BoxError> + 'static,
    {
        self.settings.credentials.token = Some(TokenSource::Callback);
        self.token = Some(TokenFunction::new(function));
        self
    }

    /// An access key pair whose secret is in Web Crypto, with which V1 requests are signed. It
    /// takes the place of any other access key pair.
    #[must_use]
    pub fn signing_key(mut self, access_key_id: impl Into<String>, key: SigningKey) -> Self {
        self.settings.credentials.access_key = Some(AccessKey {
            id: access_key_id.into(),
            secret: SigningSecret::WithDriver,
            security_token: None,
        });
        self.key = Some(key);
        self
    }

    /// Consents to have a lasting secret in a web page, where every visitor can read it: an API
    /// key, a password, a permanent secret access key. For local trials.
    #[must_use]
    pub fn accept_secrets_in_page(mut self) -> Self {
        self.secrets = SecretsInPage::Accepted;
        self
    }
}

impl From<Settings> for Options {
    fn from(settings: Settings) -> Self {
        Self {
            settings,
            ..Self::default()
        }
    }
}
