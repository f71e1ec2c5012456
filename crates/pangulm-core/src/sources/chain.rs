//! Asking one source after another, and accounting for it.

use super::{credentials_csv, profile};
use crate::address::PlainHttp;
use crate::credential::Credentials;
use crate::error::Error;
use crate::settings::Options;
use zeroize::Zeroizing;

/// The variable that names the file to read credentials from: the official SDKs' profile file, or
/// a `credentials.csv` if its name ends in `.csv`.
pub const CREDENTIALS_FILE: &str = "HUAWEICLOUD_SDK_CREDENTIALS_FILE";
/// The file that is read if the variable is not set. `~` is the user's home.
pub const PROFILE_FILE: &str = "~/.huaweicloud/credentials";

const AK: &str = "HUAWEICLOUD_SDK_AK";
const SK: &str = "HUAWEICLOUD_SDK_SK";
const SECURITY_TOKEN: &str = "HUAWEICLOUD_SDK_SECURITY_TOKEN";

/// What reading a file came to.
#[derive(Clone, Debug)]
pub enum File {
    /// Its bytes; they are wiped from memory after use.
    Read(Zeroizing<Vec<u8>>),
    /// There is no such file.
    Missing,
    /// There is one, but it cannot be read, for this reason.
    Unreadable(String),
}

/// Completes what was set explicitly: settings by the environment, and credentials, if none was
/// set, by the first source that has one: the environment, the file that [`CREDENTIALS_FILE`]
/// names, and without that variable [`PROFILE_FILE`].
///
/// `variable` looks up an environment variable, `file` reads a file whose name may begin with `~/`.
/// If no source has a credential, that is no error yet, for there are calls that need none; the
/// error of a call that does need one tells what each source said.
///
/// # Errors
/// A source holds half a credential, or a named file cannot be used: neither is passed over. The
/// error names the variable, or file and line, and never shows a value.
///
/// ```
/// use pangulm_core::Options;
/// use pangulm_core::sources::{File, complete};
///
/// let variable = |_: &str| None;
/// let file = |name: &str| match name {
///     "~/.huaweicloud/credentials" => File::Read(b"[basic]\nak=AK\nsk=SK\n".to_vec().into()),
///     _ => File::Missing,
/// };
/// let options = complete(Options::default(), variable, file)?;
/// assert_eq!(options.credentials.access_key.unwrap().id, "AK");
/// # Ok::<(), pangulm_core::Error>(())
/// ```
pub fn complete(
    explicit: Options,
    variable: impl Fn(&str) -> Option<String>,
    file: impl Fn(&str) -> File,
) -> Result<Options, Error> {
    let variable = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
    let is_set = |name: &str| variable(name).is_some();
    let has_own = explicit.credentials.holds_any();
    if !has_own {
        whole_pair(is_set)?;
    }
    let mut options = or(explicit, Options::from_env(variable)?, has_own);
    if options.credentials.holds_any() {
        return Ok(options);
    }
    let said = match variable(CREDENTIALS_FILE) {
        Some(name) => {
            read_named(&mut options, name.trim(), &file(name.trim()))?;
            return Ok(options);
        }
        None => read_profile(&mut options, &file(PROFILE_FILE))?,
    };
    if let Some(said) = said {
        options.credentials.searched = Some(format!(
            "given: none; environment: none of PANGU_API_KEY, PANGU_TOKEN and {AK} is set; file: \
             {CREDENTIALS_FILE} is not set; {PROFILE_FILE}: {said}"
        ));
    }
    Ok(options)
}

/// Half a key pair in the environment is no reason to look elsewhere, but a mistake.
fn whole_pair(is_set: impl Fn(&str) -> bool) -> Result<(), Error> {
    let missing = match (is_set(AK), is_set(SK), is_set(SECURITY_TOKEN)) {
        (true, true, _) | (false, false, false) => return Ok(()),
        (true, false, _) => SK,
        (false, _, _) => AK,
    };
    let message = format!(
        "is not set, but other variables of the same pair are: {AK} and {SK} go together, and \
         {SECURITY_TOKEN} with them if the pair is temporary"
    );
    Err(Error::invalid(missing, message))
}

/// What was set explicitly, and for the rest what the environment says.
fn or(explicit: Options, environment: Options, has_own: bool) -> Options {
    Options {
        endpoint: explicit.endpoint.or(environment.endpoint),
        v2_endpoint: explicit.v2_endpoint.or(environment.v2_endpoint),
        iam_endpoint: explicit.iam_endpoint.or(environment.iam_endpoint),
        region: explicit.region.or(environment.region),
        project_id: explicit.project_id.or(environment.project_id),
        domain_id: explicit.domain_id.or(environment.domain_id),
        deployment: explicit.deployment.or(environment.deployment),
        model: explicit.model.or(environment.model),
        credentials: if has_own {
            explicit.credentials
        } else {
            // How to exchange a credential may be said without saying the credential.
            Credentials {
                agency: explicit.credentials.agency,
                temporary: explicit.credentials.temporary,
                ..environment.credentials
            }
        },
        requests_per_second: explicit
            .requests_per_second
            .or(environment.requests_per_second),
        max_concurrency: explicit.max_concurrency.or(environment.max_concurrency),
        plain_http: match explicit.plain_http {
            PlainHttp::Allowed => PlainHttp::Allowed,
            PlainHttp::LoopbackOnly => environment.plain_http,
        },
        timeout_ms: explicit.timeout_ms.or(environment.timeout_ms),
        idle_timeout_ms: explicit.idle_timeout_ms.or(environment.idle_timeout_ms),
        max_retries: explicit.max_retries.or(environment.max_retries),
        max_answer_bytes: explicit.max_answer_bytes.or(environment.max_answer_bytes),
    }
}

/// Reads the file that the variable names; whoever names one means it.
fn read_named(options: &mut Options, name: &str, file: &File) -> Result<(), Error> {
    let wrong = |problem: &str| {
        let message = format!("the file \"{name}\" {problem}");
        Error::invalid(CREDENTIALS_FILE, message)
    };
    if !name.to_ascii_lowercase().ends_with(".csv") {
        return match read_profile(options, file).map_err(|error| wrong(&line(&error)))? {
            None => Ok(()),
            Some(said) => Err(wrong(&said)),
        };
    }
    match file {
        File::Read(bytes) => {
            let pair = credentials_csv(bytes).map_err(|error| wrong(&line(&error)))?;
            options.credentials.access_key = Some(pair);
            Ok(())
        }
        File::Missing => Err(wrong("does not exist")),
        File::Unreadable(reason) => Err(wrong(&format!("cannot be read: {reason}"))),
    }
}

fn line(error: &Error) -> String {
    format!("is at fault: {}", error.message())
}

/// Takes what the profile file holds, or tells why it gives nothing.
fn read_profile(options: &mut Options, file: &File) -> Result<Option<String>, Error> {
    let bytes = match file {
        File::Read(bytes) => bytes,
        File::Missing => return Ok(Some("does not exist".to_owned())),
        File::Unreadable(reason) => return Ok(Some(format!("cannot be read: {reason}"))),
    };
    let Some(found) = profile(bytes)? else {
        return Ok(Some("holds no key in [basic] or [global]".to_owned()));
    };
    found.apply(options);
    Ok(None)
}

impl Credentials {
    /// Whether there is any credential, not merely a way to exchange one.
    fn holds_any(&self) -> bool {
        self.api_key.is_some() || self.token.is_some() || self.access_key.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;
    use crate::settings::Settings;
    use crate::{Arguments, Call, Operation, Shared};

    const PROFILE: &str = "[basic]\nak = PROFILEAK\nsk = hidden\nproject_id = profile-project\niam_endpoint = https://iam.profile.example\n";
    const CSV: &str = "User Name,Access Key Id,Secret Access Key\nu,CSVAK,hidden\n";

    fn searched(
        explicit: Options,
        variables: &[(&str, &str)],
        files: &[(&str, &str)],
    ) -> Result<Options, Error> {
        let find = |pairs: &[(&str, &str)], wanted: &str| {
            let found = pairs.iter().find(|(name, _)| *name == wanted);
            found.map(|(_, value)| (*value).to_owned())
        };
        let file = |name: &str| match find(files, name).as_deref() {
            Some("locked") => File::Unreadable("permission denied".to_owned()),
            Some(text) => File::Read(text.as_bytes().to_vec().into()),
            None => File::Missing,
        };
        complete(explicit, |name| find(variables, name), file)
    }

    fn key_id(options: &Options) -> Option<&str> {
        options
            .credentials
            .access_key
            .as_ref()
            .map(|pair| &*pair.id)
    }

    #[test]
    fn the_first_source_that_has_a_credential_gives_it() {
        let pair = [
            (AK, "ENVAK"),
            (SK, "hidden"),
            ("HUAWEICLOUD_SDK_DOMAIN_ID", "d1"),
        ];
        let files = [
            (PROFILE_FILE, PROFILE),
            ("/k/Credentials.CSV", CSV),
            ("/k/profile", PROFILE),
        ];
        let named = |name| [(CREDENTIALS_FILE, name)];

        let mut explicit = Options::default();
        explicit.credentials.api_key = Some(Secret::new("hidden"));
        let options = searched(explicit, &pair, &files).unwrap();
        assert_eq!(key_id(&options), None);
        assert_eq!(
            options.domain_id.as_deref(),
            Some("d1"),
            "settings are taken all the same"
        );

        let options = searched(Options::default(), &pair, &files).unwrap();
        assert_eq!(
            (key_id(&options), options.project_id.as_deref()),
            (Some("ENVAK"), None)
        );

        let options = searched(Options::default(), &named("/k/Credentials.CSV"), &files).unwrap();
        assert_eq!(key_id(&options), Some("CSVAK"));

        let options = searched(Options::default(), &named(" /k/profile "), &files[2..]).unwrap();
        assert_eq!(key_id(&options), Some("PROFILEAK"));

        let options = searched(Options::default(), &[], &files).unwrap();
        assert_eq!(key_id(&options), Some("PROFILEAK"));
        assert_eq!(options.project_id.as_deref(), Some("profile-project"));
        assert_eq!(
            options.iam_endpoint.as_deref(),
            Some("https://iam.profile.example")
        );
    }

    #[test]
    fn what_the_environment_sets_beside_a_profile_wins() {
        let variables = [("PANGU_PROJECT_ID", "env-project")];
        let options = searched(Options::default(), &variables, &[(PROFILE_FILE, PROFILE)]).unwrap();
        assert_eq!(options.project_id.as_deref(), Some("env-project"));
    }

    #[test]
    fn half_a_source_is_an_error_that_names_the_missing_half() {
        let named = |name| (CREDENTIALS_FILE, name);
        let cases = [
            (
                vec![(AK, "hidden")],
                vec![],
                "HUAWEICLOUD_SDK_SK: is not set",
            ),
            (
                vec![(SK, "hidden"), (AK, " ")],
                vec![],
                "HUAWEICLOUD_SDK_AK: is not set",
            ),
            (
                vec![(SECURITY_TOKEN, "hidden")],
                vec![(PROFILE_FILE, PROFILE)],
                "HUAWEICLOUD_SDK_AK: is not set",
            ),
            (
                vec![],
                vec![(PROFILE_FILE, "[basic]\nak = hidden")],
                "profile file: [basic] has no sk",
            ),
            (
                vec![named("/gone")],
                vec![(PROFILE_FILE, PROFILE)],
                "HUAWEICLOUD_SDK_CREDENTIALS_FILE: the file \"/gone\" does not exist",
            ),
            (
                vec![named("/k.csv")],
                vec![("/k.csv", "locked")],
                "HUAWEICLOUD_SDK_CREDENTIALS_FILE: the file \"/k.csv\" cannot be read: permission",
            ),
            (
                vec![named("/k.csv")],
                vec![("/k.csv", "Access Key Id,Secret Access Key\nhidden,")],
                "HUAWEICLOUD_SDK_CREDENTIALS_FILE: the file \"/k.csv\" is at fault: line 2: column 2",
            ),
            (
                vec![named("/k")],
                vec![("/k", "[basic]\n")],
                "HUAWEICLOUD_SDK_CREDENTIALS_FILE: the file \"/k\" holds no key",
            ),
        ];
        for (variables, files, expected) in cases {
            let error = searched(Options::default(), &variables, &files).unwrap_err();
            let refused = error.to_string();
            assert!(refused.starts_with(expected), "{refused}\nnot {expected}");
            assert!(!refused.contains("hidden"), "{refused}");
        }
    }

    #[test]
    fn a_call_without_a_credential_tells_what_every_source_said() {
        for (files, said) in [
            (vec![], "~/.huaweicloud/credentials: does not exist"),
            (
                vec![(PROFILE_FILE, "locked")],
                "~/.huaweicloud/credentials: cannot be read: permission denied",
            ),
            (
                vec![(PROFILE_FILE, "[other]\n")],
                "~/.huaweicloud/credentials: holds no key in [basic] or [global]",
            ),
        ] {
            let options = searched(Options::default(), &[("PANGU_PROJECT_ID", "p")], &files);
            let shared = Shared::new(Settings::new(options.unwrap()).unwrap(), 1);
            let operation = Operation::find("listProjects").unwrap();
            let error = Call::new(&shared, operation, Arguments::default()).unwrap_err();
            let told = error.to_string();
            for part in [
                "given: none",
                "environment: none of PANGU_API_KEY, PANGU_TOKEN and HUAWEICLOUD_SDK_AK is set",
                "HUAWEICLOUD_SDK_CREDENTIALS_FILE is not set",
                said,
            ] {
                assert!(told.contains(part), "{told}\nlacks {part}");
            }
        }
    }
}
