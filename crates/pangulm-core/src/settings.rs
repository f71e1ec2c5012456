//! What a client is told once: addresses, ids, credentials, limits.

mod check;
mod grants;

pub(crate) use check::check_credential;

use crate::address::{Address, PlainHttp};
use crate::credential::{
    AccessKey, Account, Agency, Credentials, GRANTS, Passcode, Password, SigningSecret, Temporary,
    TokenSource,
};
use crate::error::Error;
use crate::nearest;
use crate::operation::Endpoint;
use crate::secret::Secret;
use crate::text::{concat, holds_only, number};
use check::{check_credentials, check_positive, check_region};

/// The region the platform is documented for: Southwest-Guiyang1.
pub const DEFAULT_REGION: &str = "cn-southwest-2";
/// Ten minutes: a long answer of a reasoning model takes minutes.
pub const DEFAULT_TIMEOUT_MS: u64 = 600_000;
/// One minute of silence ends a stream.
pub const DEFAULT_IDLE_TIMEOUT_MS: u64 = 60_000;
/// Two further attempts.
pub const DEFAULT_MAX_RETRIES: u32 = 2;
/// The largest answer taken into memory: 64 MiB.
pub const DEFAULT_MAX_ANSWER_BYTES: usize = 64 << 20;

/// What was asked for, as it was written. [`Settings::new`] checks it.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The platform's address or a call path pasted from the console.
    /// Default: the region's gateway for V1; none is documented for V2.
    pub endpoint: Option<String>,
    /// The address of the OpenAI-compatible interface, if it is another one than `endpoint`.
    pub v2_endpoint: Option<String>,
    /// IAM's address. Default: the region's.
    pub iam_endpoint: Option<String>,
    /// The region, for default addresses and tokens. Default: [`DEFAULT_REGION`].
    pub region: Option<String>,
    /// The project, for every operation that names one.
    pub project_id: Option<String>,
    /// The account's id (`X-Domain-Id`), for signed requests to IAM.
    pub domain_id: Option<String>,
    /// The deployment (V1) for calls that name none.
    pub deployment: Option<String>,
    /// The model (V2) for calls that name none.
    pub model: Option<String>,
    /// Who is calling.
    pub credentials: Credentials,
    /// Whether plain http may leave this machine. Default: no.
    pub plain_http: PlainHttp,
    /// The time for a whole call, waits and retries included, in milliseconds; for a stream, the
    /// time until it begins. Default: [`DEFAULT_TIMEOUT_MS`].
    pub timeout_ms: Option<u64>,
    /// How long a stream may be silent, in milliseconds. Default: [`DEFAULT_IDLE_TIMEOUT_MS`].
    pub idle_timeout_ms: Option<u64>,
    /// How often a call may be sent again. Default: [`DEFAULT_MAX_RETRIES`].
    pub max_retries: Option<u32>,
    /// How many requests a second may go to the models at most, from 1; set, the client also learns
    /// the service's own limit from its refusals. Default: no limit.
    pub requests_per_second: Option<u32>,
    /// How many calls and streams may be under way at once, from 1. Default: no limit.
    pub max_concurrency: Option<u32>,
    /// The largest answer to take, in bytes. Default: [`DEFAULT_MAX_ANSWER_BYTES`].
    pub max_answer_bytes: Option<usize>,
}

/// The options that can be set by name: name here and in JavaScript, variable in the environment.
/// The variables that are not ours are the official ones (facts: auth.md 4).
const BY_NAME: [(&str, &str); 15] = [
    ("endpoint", "PANGU_ENDPOINT"),
    ("v2Endpoint", "PANGU_V2_ENDPOINT"),
    ("iamEndpoint", "HUAWEICLOUD_SDK_IAM_ENDPOINT"),
    ("region", "PANGU_REGION"),
    ("projectId", "HUAWEICLOUD_SDK_PROJECT_ID"),
    ("projectId", "PANGU_PROJECT_ID"),
    ("domainId", "HUAWEICLOUD_SDK_DOMAIN_ID"),
    ("deployment", "PANGU_DEPLOYMENT_ID"),
    ("model", "PANGU_MODEL"),
    ("apiKey", "PANGU_API_KEY"),
    ("token", "PANGU_TOKEN"),
    ("accessKeyId", "HUAWEICLOUD_SDK_AK"),
    ("secretAccessKey", "HUAWEICLOUD_SDK_SK"),
    ("securityToken", "HUAWEICLOUD_SDK_SECURITY_TOKEN"),
    ("allowPlainHttp", "PANGU_ALLOW_PLAIN_HTTP"),
];

/// The options that are numbers.
const LIMITS: [&str; 6] = [
    "timeout",
    "idleTimeout",
    "maxRetries",
    "maxAnswerBytes",
    "requestsPerSecond",
    "maxConcurrency",
];

impl Options {
    /// What the environment says; `read` looks a variable up. Empty variables count as not set.
    ///
    /// # Errors
    /// A variable's value is out of range, or half of an access key pair is missing.
    #[inline(never)]
    pub fn from_env(read: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let mut options = Self::default();
        for (name, variable) in BY_NAME {
            if let Some(value) = read(variable).filter(|value| !value.trim_ascii().is_empty()) {
                options
                    .set(name, &value)
                    .map_err(|error| error.into_builder().field(variable).build())?;
            }
        }
        Ok(options)
    }

    /// Sets an option by its name in JavaScript, such as `projectId`.
    ///
    /// # Errors
    /// There is no such option (the nearest is named), or the value is not of its form.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), Error> {
        let value = if name == "password" {
            value
        } else {
            value.trim_ascii()
        };
        let text = match name {
            "endpoint" => &mut self.endpoint,
            "v2Endpoint" => &mut self.v2_endpoint,
            "iamEndpoint" => &mut self.iam_endpoint,
            "region" => &mut self.region,
            "projectId" => &mut self.project_id,
            "domainId" => &mut self.domain_id,
            "deployment" => &mut self.deployment,
            "model" => &mut self.model,
            "allowPlainHttp" => {
                self.plain_http = plain_http(name, value)?;
                return Ok(());
            }
            _ if LIMITS.contains(&name) => return self.set_limit(name, value),
            "domain" | "user" | "password" => {
                self.set_login(name, value);
                return Ok(());
            }
            _ => return self.set_credential(name, value),
        };
        *text = Some(value.to_owned());
        Ok(())
    }

    fn set_limit(&mut self, name: &str, value: &str) -> Result<(), Error> {
        match name {
            "timeout" => self.timeout_ms = Some(whole(name, value)?),
            "idleTimeout" => self.idle_timeout_ms = Some(whole(name, value)?),
            "maxRetries" => self.max_retries = Some(whole(name, value)?),
            "requestsPerSecond" => self.requests_per_second = Some(whole(name, value)?),
            "maxConcurrency" => self.max_concurrency = Some(whole(name, value)?),
            _ => self.max_answer_bytes = Some(whole(name, value)?),
        }
        Ok(())
    }

    /// Changes the login under construction; it takes the place of any other source of tokens.
    fn set_login(&mut self, name: &str, value: &str) {
        let mut login = match self.credentials.token.take() {
            Some(TokenSource::Password(login)) => login,
            _ => Password {
                domain: String::new(),
                user: String::new(),
                password: Secret::new(""),
            },
        };
        match name {
            "domain" => login.domain = value.to_owned(),
            "user" => login.user = value.to_owned(),
            _ => login.password = Secret::new(value),
        }
        self.credentials.token = Some(TokenSource::Password(login));
    }

    fn set_credential(&mut self, name: &str, value: &str) -> Result<(), Error> {
        let secret = Secret::new(value);
        match name {
            "apiKey" => self.credentials.api_key = Some(secret),
            "token" => self.credentials.token = Some(TokenSource::Static(secret)),
            "accessKeyId" => self.access_key().id = value.to_owned(),
            "secretAccessKey" => self.access_key().secret = SigningSecret::Held(secret),
            "securityToken" => self.access_key().security_token = Some(secret),
            // The driver has the key, as a CryptoKey that nobody can read.
            "driverSigns" => self.access_key().secret = SigningSecret::WithDriver,
            "proxied" => self.credentials.proxied = value == "true",
            _ if GRANTS => return self.set_grant(name, value),
            _ => return Err(unknown(name)),
        }
        Ok(())
    }

    fn access_key(&mut self) -> &mut AccessKey {
        self.credentials
            .access_key
            .get_or_insert_with(|| AccessKey {
                id: String::new(),
                secret: SigningSecret::Held(Secret::new("")),
                security_token: None,
            })
    }

    fn set_grant(&mut self, name: &str, value: &str) -> Result<(), Error> {
        let text = value.to_owned();
        match name {
            "userId" => self.passcode().user_id = text,
            "passcode" => self.passcode().code = Secret::new(value),
            "agency" => self.agency().name = text,
            "agencyDomain" => self.agency().account = Account::Name(text),
            "agencyDomainId" => self.agency().account = Account::Id(text),
            "temporaryPolicy" => self.temporary().policy = Some(text),
            "temporarySeconds" => self.temporary().duration_seconds = whole(name, value)?,
            _ => return Err(unknown(name)),
        }
        Ok(())
    }

    fn passcode(&mut self) -> &mut Passcode {
        self.credentials.passcode.get_or_insert_with(|| Passcode {
            user_id: String::new(),
            code: Secret::new(""),
        })
    }

    fn agency(&mut self) -> &mut Agency {
        self.credentials.agency.get_or_insert_with(|| Agency {
            name: String::new(),
            account: Account::Name(String::new()),
        })
    }

    fn temporary(&mut self) -> &mut Temporary {
        self.credentials.temporary.get_or_insert_default()
    }
}

fn unknown(name: &str) -> Error {
    let names = BY_NAME.iter().map(|(known, _)| *known);
    let nearest = nearest::nearest(name, names.chain(LIMITS));
    Error::invalid(
        name,
        concat(&["is no option; did you mean \"", nearest, "\"?"]),
    )
}

fn whole<T: TryFrom<u64>>(name: &str, value: &str) -> Result<T, Error> {
    let number = number(value);
    number
        .and_then(|number| T::try_from(number).ok())
        .ok_or_else(|| Error::invalid(name, "must be a whole number from 0 up"))
}

fn plain_http(name: &str, value: &str) -> Result<PlainHttp, Error> {
    match value {
        "true" | "1" => Ok(PlainHttp::Allowed),
        "false" | "0" => Ok(PlainHttp::LoopbackOnly),
        _ => Err(Error::invalid(name, "must be true or false")),
    }
}

/// Checked settings of a client.
#[derive(Clone, Debug)]
pub struct Settings {
    pangu: Address,
    v2: Option<Address>,
    iam: Address,
    pub(crate) region: String,
    pub(crate) project_id: Option<String>,
    pub(crate) domain_id: Option<String>,
    pub(crate) deployment: Option<String>,
    pub(crate) model: Option<String>,
    pub(crate) credentials: Credentials,
    pub(crate) timeout_ms: u64,
    pub(crate) idle_timeout_ms: u64,
    pub(crate) max_retries: u32,
    pub(crate) max_answer_bytes: usize,
    pub(crate) requests_per_second: Option<u32>,
    pub(crate) max_concurrency: Option<u32>,
}

impl Settings {
    /// Checks what was asked for and fills in the defaults.
    ///
    /// # Errors
    /// Names the option that cannot stand.
    pub fn new(mut options: Options) -> Result<Self, Error> {
        let region = options.region.take();
        let region = region.unwrap_or_else(|| DEFAULT_REGION.to_owned());
        let host = |service| concat(&[service, ".", &region, ".myhuaweicloud.com"]);
        let timeout_ms = options.timeout_ms.unwrap_or(DEFAULT_TIMEOUT_MS);
        let idle_timeout_ms = options.idle_timeout_ms.unwrap_or(DEFAULT_IDLE_TIMEOUT_MS);
        // Whole before it is checked: every early return out of the middle costs wasm code.
        let mut settings = Self {
            pangu: Address::https(host("pangu")),
            v2: None,
            iam: Address::https(host("iam")),
            region,
            project_id: options.project_id.take(),
            domain_id: options.domain_id.take(),
            deployment: options.deployment.take(),
            model: options.model.take(),
            credentials: std::mem::take(&mut options.credentials),
            timeout_ms,
            idle_timeout_ms,
            max_retries: options.max_retries.unwrap_or(DEFAULT_MAX_RETRIES),
            max_answer_bytes: options.max_answer_bytes.unwrap_or(DEFAULT_MAX_ANSWER_BYTES),
            requests_per_second: options.requests_per_second,
            max_concurrency: options.max_concurrency,
        };
        check_region(&settings.region)?;
        check_credentials(&settings.credentials)?;
        settings.read_addresses(&options)?;
        settings.check_ids()?;
        check_positive("timeout", timeout_ms)?;
        check_positive("idleTimeout", idle_timeout_ms)?;
        let none = |limit: Option<u32>| limit.map_or(1, u64::from);
        check_positive("requestsPerSecond", none(options.requests_per_second))?;
        check_positive("maxConcurrency", none(options.max_concurrency))?;
        Ok(settings)
    }

    fn read_addresses(&mut self, options: &Options) -> Result<(), Error> {
        if let Some(text) = &options.endpoint {
            let (address, path) = Address::read("endpoint", text, options.plain_http)?;
            self.v2 = Some(address.clone());
            self.pangu = address;
            self.project_id = self.project_id.take().or(path.project_id);
            self.deployment = self.deployment.take().or(path.deployment_id);
        }
        if let Some(text) = &options.v2_endpoint {
            self.v2 = Some(Address::read("v2Endpoint", text, options.plain_http)?.0);
        }
        if let Some(text) = &options.iam_endpoint {
            self.iam = Address::read("iamEndpoint", text, options.plain_http)?.0;
        }
        Ok(())
    }

    fn check_ids(&self) -> Result<(), Error> {
        for (field, id) in [
            ("projectId", &self.project_id),
            ("domainId", &self.domain_id),
            ("deployment", &self.deployment),
            ("model", &self.model),
        ] {
            let Some(id) = id else { continue };
            if id.is_empty() {
                let message = "must not be empty: leave it out instead";
                return Err(Error::invalid(field, message));
            }
            // With a signature, project and account stand in headers.
            if field.ends_with('d') && !holds_only(id, |byte| (b' '..=b'~').contains(&byte)) {
                let message = "must be printable ASCII. Copy the id from the console again";
                return Err(Error::invalid(field, message));
            }
        }
        Ok(())
    }

    /// The address an endpoint has.
    pub(crate) fn address(&self, endpoint: Endpoint) -> Result<&Address, Error> {
        match endpoint {
            Endpoint::Pangu => Ok(&self.pangu),
            Endpoint::Iam => Ok(&self.iam),
            Endpoint::V2 => self.v2.as_ref().ok_or_else(|| {
                Error::invalid(
                    "endpoint",
                    "is needed for V2: no host is documented. Copy the V2 address from the \"API call\" tab of your model in the console (PANGU_ENDPOINT)",
                )
            }),
        }
    }

    /// How long a stream may be silent, in milliseconds.
    #[must_use]
    pub fn idle_timeout_ms(&self) -> u64 {
        self.idle_timeout_ms
    }

    /// The time for a whole call, in milliseconds.
    #[must_use]
    pub fn timeout_ms(&self) -> u64 {
        self.timeout_ms
    }

    /// How often a call may be sent again.
    #[must_use]
    pub fn max_retries(&self) -> u32 {
        self.max_retries
    }

    /// The largest answer to take into memory, in bytes.
    #[must_use]
    pub fn max_answer_bytes(&self) -> usize {
        self.max_answer_bytes
    }

    /// The region.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The credentials held.
    #[must_use]
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(variables: &[(&str, &str)]) -> Result<Settings, String> {
        let read = |name: &str| {
            variables
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_owned())
        };
        Options::from_env(read)
            .and_then(Settings::new)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn the_environment_alone_makes_a_client() {
        let settings = from(&[
            (
                "PANGU_ENDPOINT",
                "https://h.example/v1/p1/deployments/d1/chat/completions",
            ),
            ("PANGU_API_KEY", " key \n"),
            ("PANGU_TOKEN", ""),
        ])
        .unwrap();
        assert_eq!(settings.project_id.as_deref(), Some("p1"));
        assert_eq!(settings.deployment.as_deref(), Some("d1"));
        assert_eq!(
            settings.credentials.api_key.as_ref().unwrap().expose(),
            "key"
        );
        assert!(settings.credentials.token.is_none());
        assert_eq!(
            settings.address(Endpoint::V2).unwrap().base(),
            "https://h.example"
        );
    }

    #[test]
    fn our_project_variable_wins_over_the_official_one() {
        let settings = from(&[
            ("HUAWEICLOUD_SDK_PROJECT_ID", "official"),
            ("PANGU_PROJECT_ID", "ours"),
        ])
        .unwrap();
        assert_eq!(settings.project_id.as_deref(), Some("ours"));
    }

    #[test]
    fn half_a_key_pair_is_refused_by_name() {
        let refused = from(&[("HUAWEICLOUD_SDK_AK", "AK")]).unwrap_err();
        assert!(
            refused.starts_with("secretAccessKey: cannot be a credential: it is empty"),
            "{refused}"
        );
        let refused = from(&[("HUAWEICLOUD_SDK_SK", "SK")]).unwrap_err();
        assert!(refused.starts_with("accessKeyId:"), "{refused}");
    }

    #[test]
    fn a_credential_that_cannot_stand_in_a_header_is_never_shown() {
        let refused = from(&[("PANGU_API_KEY", "hunter\u{1}two")]).unwrap_err();
        assert!(
            refused.starts_with("apiKey:") && !refused.contains("hunter"),
            "{refused}"
        );
    }

    #[test]
    fn v2_without_an_address_says_where_to_find_it() {
        let error = from(&[]).unwrap().address(Endpoint::V2).unwrap_err();
        assert!(error.to_string().contains("PANGU_ENDPOINT"), "{error}");
    }

    #[test]
    fn a_misspelt_option_is_met_with_the_nearest() {
        let error = Options::default().set("projectID", "p").unwrap_err();
        assert_eq!(
            error.to_string(),
            "projectID: is no option; did you mean \"projectId\"?"
        );
    }
}
