//! The profile file of the official SDKs, `~/.huaweicloud/credentials`.

use super::decoded;
use crate::credential::{AccessKey, SigningSecret};
use crate::error::Error;
use crate::secret::Secret;
use crate::settings::{Options, check_credential};

/// The sections of the file, in the order in which they are asked: the platform is a regional
/// service, for which `[basic]` is meant; `[global]` is meant for IAM.
const SECTIONS: [&str; 2] = ["basic", "global"];
/// What is read of a section. Anything else in it is passed over.
const KEYS: [&str; 6] = [
    "ak",
    "sk",
    "security_token",
    "project_id",
    "domain_id",
    "iam_endpoint",
];

/// What a profile says.
#[derive(Clone, Debug)]
pub struct Profile {
    /// The access key pair.
    pub access_key: AccessKey,
    /// The project (`project_id`).
    pub project_id: Option<String>,
    /// The account (`domain_id`).
    pub domain_id: Option<String>,
    /// IAM's address (`iam_endpoint`).
    pub iam_endpoint: Option<String>,
}

impl Profile {
    /// Puts its access key pair into options, and what else it says that they do not.
    pub fn apply(self, options: &mut Options) {
        options.credentials.access_key = Some(self.access_key);
        options.project_id = options.project_id.take().or(self.project_id);
        options.domain_id = options.domain_id.take().or(self.domain_id);
        options.iam_endpoint = options.iam_endpoint.take().or(self.iam_endpoint);
    }
}

/// Reads the text of a profile file: the first of its sections `[basic]` and `[global]` that holds
/// a key; `None` if neither does (facts: auth.md 4).
///
/// # Errors
/// A section holds half a key pair, or a line is none of an INI file. The error names section and
/// line and never shows a value.
///
/// ```
/// let file = b"[basic]\nak = AKEXAMPLE\nsk = SKEXAMPLE\nproject_id = p1\n";
/// let profile = pangulm_core::sources::profile(file)?.unwrap();
/// assert_eq!(profile.access_key.id, "AKEXAMPLE");
/// assert_eq!(profile.project_id.as_deref(), Some("p1"));
/// # Ok::<(), pangulm_core::Error>(())
/// ```
pub fn profile(file: &[u8]) -> Result<Option<Profile>, Error> {
    let text = decoded(file).map_err(wrong)?;
    let mut found: [Section<'_>; 2] = Default::default();
    let mut current: Option<usize> = None;
    let mut in_section = false;
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        let wrong = |problem: &str| wrong(&format!("line {}: {problem}", at + 1));
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = line.strip_prefix('[') {
            let name = name
                .strip_suffix(']')
                .ok_or_else(|| wrong("a section's name is never closed by ]"))?;
            current = SECTIONS.iter().position(|known| *known == name.trim());
            in_section = true;
            continue;
        }
        let (key, value) = line
            .split_once(['=', ':'])
            .ok_or_else(|| wrong("is neither [section] nor key = value"))?;
        if !in_section {
            return Err(wrong("stands before any [section]"));
        }
        let key = key.trim().to_ascii_lowercase();
        let known = KEYS.iter().position(|known| *known == key);
        let place = current
            .and_then(|section| found.get_mut(section))
            .zip(known)
            .and_then(|(section, key)| section.values.get_mut(key));
        match place {
            Some(place) if place.is_some() => {
                return Err(wrong(&format!("{key} stands here a second time")));
            }
            Some(place) => *place = Some(value.trim()).filter(|value| !value.is_empty()),
            None => {}
        }
    }
    for (name, section) in SECTIONS.iter().zip(found) {
        if let Some(profile) = section.profile(name)? {
            return Ok(Some(profile));
        }
    }
    Ok(None)
}

/// The values of a section, in the order of [`KEYS`].
#[derive(Default)]
struct Section<'a> {
    values: [Option<&'a str>; 6],
}

impl Section<'_> {
    fn profile(self, name: &str) -> Result<Option<Profile>, Error> {
        let [
            id,
            secret,
            security_token,
            project_id,
            domain_id,
            iam_endpoint,
        ] = self.values;
        let lacks = |key| wrong(&format!("[{name}] has no {key}"));
        let (id, secret) = match (id, secret) {
            (Some(id), Some(secret)) => (id, secret),
            (None, None) if security_token.is_none() => return Ok(None),
            (None, _) => return Err(lacks("ak")),
            (_, None) => return Err(lacks("sk")),
        };
        let given = [
            ("ak", Some(id)),
            ("sk", Some(secret)),
            ("security_token", security_token),
        ];
        for (key, value) in given {
            if let Some(value) = value {
                check_credential(key, value)
                    .map_err(|error| wrong(&format!("[{name}] {key} {}", error.message())))?;
            }
        }
        Ok(Some(Profile {
            access_key: AccessKey {
                id: id.to_owned(),
                secret: SigningSecret::Held(Secret::new(secret)),
                security_token: security_token.map(Secret::new),
            },
            project_id: project_id.map(str::to_owned),
            domain_id: domain_id.map(str::to_owned),
            iam_endpoint: iam_endpoint.map(str::to_owned),
        }))
    }
}

fn wrong(problem: &str) -> Error {
    Error::invalid("profile file", problem)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(file: &str) -> String {
        profile(file.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn the_official_profile_file_is_read_whole() {
        let file = "\u{feff}# mine\r\n[basic]\r\nak = AK1\r\nSK: SK1\r\nsecurity_token = T1\r\nproject_id = p1\r\niam_endpoint = https://iam.example.com:443\r\nidp_id = x\r\n\r\n[global]\r\nak=AK2\r\nsk=SK2\r\ndomain_id=d2\r\n";
        let read = profile(file.as_bytes()).unwrap().unwrap();
        let pair = &read.access_key;
        let SigningSecret::Held(secret) = &pair.secret else {
            panic!("the secret is in the file");
        };
        assert_eq!((&*pair.id, secret.expose()), ("AK1", "SK1"));
        assert_eq!(pair.security_token.as_ref().unwrap().expose(), "T1");
        assert_eq!(read.project_id.as_deref(), Some("p1"));
        assert_eq!(read.domain_id, None);
        assert_eq!(
            read.iam_endpoint.as_deref(),
            Some("https://iam.example.com:443")
        );
    }

    #[test]
    fn without_a_basic_key_the_global_section_serves() {
        let file = b"[basic]\nproject_id = p1\n[other]\nak = no\n[global]\nak = AK2\nsk = SK2\ndomain_id = d2\n";
        let read = profile(file).unwrap().unwrap();
        assert_eq!(read.access_key.id, "AK2");
        assert_eq!(read.domain_id.as_deref(), Some("d2"));
        assert_eq!(read.project_id, None);
    }

    #[test]
    fn a_file_without_a_key_gives_nothing() {
        for file in [
            "",
            "; empty\n",
            "[other]\nak = x\n",
            "[basic]\nak =\nsk =\n",
        ] {
            assert!(profile(file.as_bytes()).unwrap().is_none(), "{file}");
        }
    }

    #[test]
    fn half_a_profile_is_refused_by_section_and_never_by_value() {
        let cases = [
            ("[basic]\nak = hidden\n", "[basic] has no sk"),
            ("[global]\nsk = hidden\n", "[global] has no ak"),
            ("[basic]\nsecurity_token = hidden\n", "[basic] has no ak"),
            (
                "[basic]\nak = hidden\nsk = hidden hidden\n",
                "[basic] sk cannot be a credential: it holds a space",
            ),
            ("ak = hidden\n", "line 1: stands before any [section]"),
            (
                "[basic\nak = hidden\n",
                "line 1: a section's name is never closed by ]",
            ),
            (
                "[basic]\n\nhidden\n",
                "line 3: is neither [section] nor key = value",
            ),
            (
                "[basic]\nak = hidden\nAK = hidden\n",
                "line 3: ak stands here a second time",
            ),
        ];
        for (file, expected) in cases {
            let refused = refusal(file);
            let expected = format!("profile file: {expected}");
            assert!(refused.starts_with(&expected), "{refused}\nnot {expected}");
            assert!(!refused.contains("hidden"), "{refused}");
        }
    }
}
