//! Credentials out of the environment and out of files, and what IAM gives for them.

use std::env;
use std::fs::File as FsFile;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use pangulm_core::credential::{Account, Agency, Passcode, Temporary};
use pangulm_core::sources::{self, File};
use pangulm_core::{Error, Secret};
use serde_json::Value;

use crate::builder::ClientBuilder;

/// A file of credentials is some hundred bytes; a larger one than this is something else.
const MOST_BYTES: u64 = 1 << 20;

impl ClientBuilder {
    /// Begins with what the environment says, to be changed by the methods called on it.
    ///
    /// Credentials come from the first source that has one:
    ///
    /// 1. the variables `PANGU_API_KEY` and `PANGU_TOKEN`, and the official `HUAWEICLOUD_SDK_AK`,
    ///    `HUAWEICLOUD_SDK_SK` and `HUAWEICLOUD_SDK_SECURITY_TOKEN`;
    /// 2. the file that the official `HUAWEICLOUD_SDK_CREDENTIALS_FILE` names: a profile file, or
    ///    the console's `credentials.csv` if its name ends in `.csv`;
    /// 3. without that variable, the official profile file `~/.huaweicloud/credentials`.
    ///
    /// That none has one is no error yet, for a credential may be set afterwards; the error of a
    /// call that needs one tells what each source said. A file of more than 1 MiB is not read.
    ///
    /// # Errors
    /// A variable's value is not of its form, a source holds half a credential, or the named file
    /// cannot be used. The error names the variable, or file and line, and never shows a value.
    pub fn from_env() -> Result<Self, Error> {
        Self::default().complete_from_env()
    }

    /// Fills in what has not been set so far from the environment, as [`from_env`](Self::from_env)
    /// does. If any credential has been set, none is looked for.
    ///
    /// # Errors
    /// Those of [`from_env`](Self::from_env).
    ///
    /// ```no_run
    /// use pangulm::Client;
    ///
    /// let client = Client::builder()
    ///     .deployment("5c9d1f34-0e6a-4b87-9f2c-3a8b7d6e1045")
    ///     .complete_from_env()?
    ///     .build()?;
    /// # Ok::<(), pangulm::Error>(())
    /// ```
    pub fn complete_from_env(mut self) -> Result<Self, Error> {
        let variable = |name: &str| env::var(name).ok();
        let options = std::mem::take(&mut self.options);
        self.options = sources::complete(options, variable, |name| read(&from_home(name)))?;
        let storage = variable("PANGU_OBS_ENDPOINT").filter(|text| !text.trim().is_empty());
        self.obs_endpoint = self.obs_endpoint.or(storage);
        Ok(self)
    }

    /// Takes the access key pair out of a `credentials.csv`, as the console gives it. It takes the
    /// place of any other access key pair.
    ///
    /// # Errors
    /// The file cannot be read, is larger than 1 MiB, or does not hold exactly one pair. The error
    /// names file, line and column, and never shows a value.
    ///
    /// ```no_run
    /// use pangulm::Client;
    ///
    /// let client = Client::builder()
    ///     .project_id("7f3c1e9a5b2d4860a1c8e0f2d4b6a897")
    ///     .credentials_csv("credentials.csv")?
    ///     .build()?;
    /// # Ok::<(), pangulm::Error>(())
    /// ```
    pub fn credentials_csv(mut self, path: impl AsRef<Path>) -> Result<Self, Error> {
        let pair = with_file(path.as_ref(), sources::credentials_csv)?;
        self.options.credentials.access_key = Some(pair);
        Ok(self)
    }

    /// Takes the access key pair out of a profile file of the official SDKs (INI, sections
    /// `[basic]` and `[global]`), and project, account and IAM's address unless they are set.
    ///
    /// # Errors
    /// The file cannot be read, is larger than 1 MiB, or holds no pair or half of one. The error
    /// names file and line or section, and never shows a value.
    pub fn profile_file(mut self, path: impl AsRef<Path>) -> Result<Self, Error> {
        let profile = with_file(path.as_ref(), |bytes| {
            sources::profile(bytes)?.ok_or_else(|| {
                Error::invalid("profile file", "holds no key in [basic] or [global]")
            })
        })?;
        profile.apply(&mut self.options);
        Ok(self)
    }

    /// The account's id, sent with signed requests to IAM. No default. Variable: the official
    /// `HUAWEICLOUD_SDK_DOMAIN_ID`.
    pub fn domain_id(mut self, id: impl Into<String>) -> Self {
        self.options.domain_id = Some(id.into());
        self
    }

    /// The second factor of [`password`](Self::password): the user's id (not the name) and what the
    /// user's virtual MFA device shows now.
    ///
    /// A passcode serves for one login, and is never sent twice. Its token lives for a day; calls
    /// after that fail with an error that says so. A program that runs longer needs a
    /// [token function](Self::token_function) or an access key pair.
    pub fn passcode(mut self, user_id: impl Into<String>, passcode: &str) -> Self {
        self.options.credentials.passcode = Some(Passcode {
            user_id: user_id.into(),
            code: Secret::trimmed(passcode),
        });
        self
    }

    /// Acts by an agency: the right to act in another account, which that account has given. Calls
    /// are made with a token of the agency's, or with its temporary keys if
    /// [`temporary_keys`](Self::temporary_keys) are asked for; both are renewed before they end.
    ///
    /// The other credentials then only show IAM who asks: the access key pair, or else the
    /// password, the token or the token function. That they may ask for a token in this way is
    /// inferred from the official SDKs' models.
    ///
    /// ```
    /// use pangulm::{Account, Client};
    ///
    /// let client = Client::builder()
    ///     .access_key("an-access-key-id", "its-secret")
    ///     .agency("an-agency", Account::Name("their-account".to_owned()))
    ///     .build()?;
    /// # Ok::<(), pangulm::Error>(())
    /// ```
    pub fn agency(mut self, name: impl Into<String>, account: Account) -> Self {
        self.options.credentials.agency = Some(Agency {
            name: name.into(),
            account,
        });
        self
    }

    /// Signs with temporary access keys alone, got from IAM for the other credentials (the access
    /// key pair, or else the password, the token or the token function), shared by all calls, and
    /// renewed before they end. `lifetime` is in whole seconds, from 15 minutes to a day.
    ///
    /// ```
    /// use pangulm::Client;
    /// use std::time::Duration;
    ///
    /// let client = Client::builder()
    ///     .access_key("an-access-key-id", "its-secret")
    ///     .temporary_keys(Duration::from_secs(3600))
    ///     .build()?;
    /// # Ok::<(), pangulm::Error>(())
    /// ```
    pub fn temporary_keys(mut self, lifetime: Duration) -> Self {
        let seconds = u32::try_from(lifetime.as_secs()).unwrap_or(u32::MAX);
        self.temporary().duration_seconds = seconds;
        self
    }

    /// Narrows what temporary keys may do: `{"Version": "1.1", "Statement": […]}`. Only OBS honours
    /// it at present. Alone, it asks for keys of 15 minutes.
    pub fn temporary_keys_policy(mut self, policy: &Value) -> Self {
        self.temporary().policy = Some(policy.to_string());
        self
    }

    fn temporary(&mut self) -> &mut Temporary {
        self.options.credentials.temporary.get_or_insert_default()
    }
}

/// What `parse` finds in the file; an error says which file.
fn with_file<T>(path: &Path, parse: impl Fn(&[u8]) -> Result<T, Error>) -> Result<T, Error> {
    let name = path.display().to_string();
    match read(path) {
        File::Read(bytes) => {
            parse(&bytes).map_err(|error| error.into_builder().field(&name).build())
        }
        File::Missing => Err(Error::invalid(&name, "does not exist")),
        File::Unreadable(reason) => Err(Error::invalid(&name, format!("cannot be read: {reason}"))),
    }
}

fn read(path: &Path) -> File {
    let mut bytes = Vec::new();
    let outcome =
        FsFile::open(path).and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut bytes));
    // Wiped also when it is not used.
    let bytes = bytes.into();
    match outcome {
        Ok(length) if u64::try_from(length).is_ok_and(|length| length <= MOST_BYTES) => {
            File::Read(bytes)
        }
        Ok(_) => File::Unreadable("it is larger than 1 MiB".to_owned()),
        Err(error) if error.kind() == ErrorKind::NotFound => File::Missing,
        Err(error) => File::Unreadable(error.to_string()),
    }
}

fn from_home(name: &str) -> PathBuf {
    match (name.strip_prefix("~/"), env::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(name),
    }
}
