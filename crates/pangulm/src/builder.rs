//! How a client is made.

use std::time::Duration;

use pangulm_core::address::PlainHttp;
use pangulm_core::credential::{AccessKey, Password, SigningSecret, TokenSource};
use pangulm_core::{Error, Options, Secret, Settings};
use reqwest::Certificate;

use crate::client::Client;
use crate::driver::{Driver, Functions, milliseconds};
use crate::middleware::{Next, Request, Response};
use crate::obs::Storage;
use crate::token::{BoxError, Token, TokenFunction};

/// Makes a [`Client`]. Nothing is required; what a call lacks, its error names.
///
/// More than one credential is fine: each call takes what its operation accepts, an API key before
/// a token before an access key.
///
/// ```
/// use pangulm::Client;
///
/// let client = Client::builder()
///     .endpoint("https://pangu.cn-southwest-2.myhuaweicloud.com")
///     .project_id("7f3c1e9a5b2d4860a1c8e0f2d4b6a897")
///     .deployment("5c9d1f34-0e6a-4b87-9f2c-3a8b7d6e1045")
///     .api_key("the-key-from-the-console")
///     .build()?;
/// # Ok::<(), pangulm::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct ClientBuilder {
    pub(crate) options: Options,
    pub(crate) obs_endpoint: Option<String>,
    functions: Functions,
    root_certificates: Vec<Vec<u8>>,
}

impl ClientBuilder {
    /// The platform's address, or a call path pasted from the console, which sets project and
    /// deployment too unless they are set apart. One that ends in `/tasks`, a scientific model's, is
    /// called as it is. Without a project it is taken for a deployment's own address, as at the edge.
    ///
    /// Default: `https://pangu.REGION.myhuaweicloud.com`, which serves V1; no address is documented
    /// for V2. Variable: `PANGU_ENDPOINT`.
    pub fn endpoint(mut self, address: impl Into<String>) -> Self {
        self.options.endpoint = Some(address.into());
        self
    }

    /// The address of the OpenAI-compatible interface (V2). Default: [`endpoint`](Self::endpoint).
    /// Variable: `PANGU_V2_ENDPOINT`.
    pub fn v2_endpoint(mut self, address: impl Into<String>) -> Self {
        self.options.v2_endpoint = Some(address.into());
        self
    }

    /// IAM's address. Default: `https://iam.REGION.myhuaweicloud.com`. Variable:
    /// `HUAWEICLOUD_SDK_IAM_ENDPOINT`.
    pub fn iam_endpoint(mut self, address: impl Into<String>) -> Self {
        self.options.iam_endpoint = Some(address.into());
        self
    }

    /// The address of OBS, the object storage, without a bucket. Default:
    /// `https://obs.REGION.myhuaweicloud.com`. Variable: `PANGU_OBS_ENDPOINT`.
    pub fn obs_endpoint(mut self, address: impl Into<String>) -> Self {
        self.obs_endpoint = Some(address.into());
        self
    }

    /// The region, for default addresses and the scope of tokens. Default: `cn-southwest-2`.
    /// Variable: `PANGU_REGION`.
    pub fn region(mut self, id: impl Into<String>) -> Self {
        self.options.region = Some(id.into());
        self
    }

    /// The project, found in the console under "My Credentials". No default; V1 needs it.
    /// Variables: `PANGU_PROJECT_ID`, or the official `HUAWEICLOUD_SDK_PROJECT_ID`.
    pub fn project_id(mut self, id: impl Into<String>) -> Self {
        self.options.project_id = Some(id.into());
        self
    }

    /// The deployment for chats that name neither deployment nor model: they use V1. No default.
    /// Variable: `PANGU_DEPLOYMENT_ID`.
    pub fn deployment(mut self, id: impl Into<String>) -> Self {
        self.options.deployment = Some(id.into());
        self
    }

    /// The model for chats that name neither deployment nor model: they use V2. No default.
    /// Variable: `PANGU_MODEL`.
    pub fn model(mut self, name: impl Into<String>) -> Self {
        self.options.model = Some(name.into());
        self
    }

    /// An API key of the console's application access page. It serves V1 and V2. Variable:
    /// `PANGU_API_KEY`.
    pub fn api_key(mut self, key: &str) -> Self {
        self.options.credentials.api_key = Some(Secret::new(key));
        self
    }

    /// A proxy on the way adds the credential: none is sent, whatever else is set.
    pub fn credential_by_proxy(mut self) -> Self {
        self.options.credentials.proxied = true;
        self
    }

    /// One IAM token, used until the service refuses it (24 hours after it was issued). It takes
    /// the place of any other source of tokens. Variable: `PANGU_TOKEN`.
    pub fn token(self, token: &str) -> Self {
        self.token_source(TokenSource::Static(Secret::new(token)), None)
    }

    /// A function that gives IAM tokens. It is asked when a token is needed, before the last one
    /// ends, and when the service refuses one; once, however many calls wait. It takes the place of
    /// any other source of tokens.
    ///
    /// ```
    /// use pangulm::{Client, Token};
    /// use std::time::Duration;
    ///
    /// let client = Client::builder()
    ///     .token_function(|| async {
    ///         let text = std::fs::read_to_string("token.txt")?;
    ///         Ok(Token::new(&text).valid_for(Duration::from_secs(3600)))
    ///     })
    ///     .build()?;
    /// # Ok::<(), pangulm::Error>(())
    /// ```
    pub fn token_function<F, A>(self, function: F) -> Self
    where
        F: Fn() -> A + Send + Sync + 'static,
        A: Future<Output = Result<Token, BoxError>> + Send + 'static,
    {
        self.token_source(TokenSource::Callback, Some(TokenFunction::new(function)))
    }

    /// An IAM user's name and password: tokens are fetched from IAM, shared by all calls, and
    /// renewed before they end. `domain` is the account's name. A HUAWEI ID cannot get tokens: make
    /// an IAM user. It takes the place of any other source of tokens.
    pub fn password(
        self,
        domain: impl Into<String>,
        user: impl Into<String>,
        password: &str,
    ) -> Self {
        let login = Password {
            domain: domain.into(),
            user: user.into(),
            password: Secret::new(password),
        };
        self.token_source(TokenSource::Password(login), None)
    }

    fn token_source(mut self, source: TokenSource, function: Option<TokenFunction>) -> Self {
        self.options.credentials.token = Some(source);
        self.functions.token = function;
        self
    }

    /// An access key pair (AK/SK), with which V1 requests are signed. Variables: the official
    /// `HUAWEICLOUD_SDK_AK` and `HUAWEICLOUD_SDK_SK`.
    pub fn access_key(mut self, id: impl Into<String>, secret: &str) -> Self {
        self.options.credentials.access_key = Some(AccessKey {
            id: id.into(),
            secret: SigningSecret::Held(Secret::new(secret)),
            security_token: None,
        });
        self
    }

    /// A temporary access key pair with the security token that came with it. Variable of the
    /// latter: `HUAWEICLOUD_SDK_SECURITY_TOKEN`.
    pub fn temporary_access_key(
        mut self,
        id: impl Into<String>,
        secret: &str,
        security_token: &str,
    ) -> Self {
        self.options.credentials.access_key = Some(AccessKey {
            id: id.into(),
            secret: SigningSecret::Held(Secret::new(secret)),
            security_token: Some(Secret::new(security_token)),
        });
        self
    }

    /// The time for a whole call, waits and retries included; for a stream, the time until it
    /// begins. Whole milliseconds, at least one. Default: 10 minutes.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout_ms = Some(milliseconds(timeout));
        self
    }

    /// How long a stream may be silent while it is being read. Whole milliseconds, at least one.
    /// Default: 1 minute. There is no limit on how long a stream may take.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.options.idle_timeout_ms = Some(milliseconds(timeout));
        self
    }

    /// How often a call may be sent again. Default: 2. A generation is sent again only if it
    /// provably did not begin, or was refused by a limit of the rate or with status 503; a stream
    /// that has begun never is.
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.options.max_retries = Some(retries);
        self
    }

    /// How many requests a second all clones together send to the models at most; at least 1.
    /// Default: no limit.
    ///
    /// With this limit or that of [`max_concurrency`](Self::max_concurrency), calls stand in one
    /// line, and a refusal for the service's own limits is no failure: the client sends more slowly,
    /// and the refused call again, as long as it has time. It then sends a little faster every
    /// second, so that all callers together settle at what the service takes.
    /// [`max_retries(0)`](Self::max_retries) turns the sending again off.
    ///
    /// ```
    /// let client = pangulm::Client::builder()
    ///     .api_key("the-key-from-the-console")
    ///     .requests_per_second(10)
    ///     .max_concurrency(64)
    ///     .build()?;
    /// # Ok::<(), pangulm::Error>(())
    /// ```
    pub fn requests_per_second(mut self, most: u32) -> Self {
        self.options.requests_per_second = Some(most);
        self
    }

    /// How many calls and streams of all clones together may be under way at once; at least 1.
    /// Default: no limit. A stream counts until it is read to its end or dropped.
    pub fn max_concurrency(mut self, most: u32) -> Self {
        self.options.max_concurrency = Some(most);
        self
    }

    /// The largest answer to take into memory, in bytes. Default: 64 MiB.
    pub fn max_answer_bytes(mut self, bytes: usize) -> Self {
        self.options.max_answer_bytes = Some(bytes);
        self
    }

    /// Lets plain http go to any host, not only to this machine: for edge deployments on a network
    /// you trust, for it shows credentials to everyone on the way. Variable:
    /// `PANGU_ALLOW_PLAIN_HTTP`.
    pub fn allow_plain_http(mut self) -> Self {
        self.options.plain_http = PlainHttp::Allowed;
        self
    }

    /// Adds a function that stands around every attempt of every call, inside of those added before:
    /// the first one sees a request first and its answer last. See [`middleware`](crate::middleware)
    /// for what it may do, and for the secrets that it sees. Default: none.
    ///
    /// ```
    /// use pangulm::Client;
    ///
    /// let client = Client::builder()
    ///     .middleware(|request, next| async move {
    ///         let began = std::time::Instant::now();
    ///         let operation = next.operation();
    ///         let response = next.run(request).await?;
    ///         println!("{operation} {} after {:?}", response.status(), began.elapsed());
    ///         Ok(response)
    ///     })
    ///     .build()?;
    /// # Ok::<(), pangulm::Error>(())
    /// ```
    pub fn middleware<F, A>(mut self, function: F) -> Self
    where
        F: Fn(Request, Next) -> A + Send + Sync + 'static,
        A: Future<Output = Result<Response, BoxError>> + Send + 'static,
    {
        self.functions.middleware.push(function);
        self
    }

    /// Trusts these certificates (PEM, one or more) besides the system's: for a deployment whose
    /// certificate no public authority has signed.
    pub fn root_certificate_pem(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.root_certificates.push(pem.into());
        self
    }

    /// Checks what was set and makes the client. Nothing is sent.
    ///
    /// # Errors
    /// An option's value cannot stand; the error names it.
    pub fn build(self) -> Result<Client, Error> {
        let mut roots = Vec::new();
        for pem in &self.root_certificates {
            roots.extend(certificates(pem)?);
        }
        let make = |options, storage| {
            let settings = Settings::new(options)?;
            Driver::new(settings, self.functions.clone(), roots.clone(), storage)
        };
        let mut storage = Storage::at(self.obs_endpoint.as_deref(), self.options.plain_http)?;
        let grants = &self.options.credentials;
        if grants.agency.is_some() || grants.temporary.is_some() {
            // OBS takes keys alone, and this is who may ask IAM for them.
            let mut asking = self.options.clone();
            asking.credentials.agency = None;
            asking.credentials.temporary = None;
            storage.asking = Some(make(asking, Storage::default())?);
        }
        make(self.options.clone(), storage).map(Client::of)
    }
}

fn certificates(pem: &[u8]) -> Result<Vec<Certificate>, Error> {
    let wrong = || Error::invalid("root_certificate_pem", "holds no certificate in PEM form");
    let found = Certificate::from_pem_bundle(pem).map_err(|_| wrong())?;
    if found.is_empty() {
        return Err(wrong());
    }
    Ok(found)
}
