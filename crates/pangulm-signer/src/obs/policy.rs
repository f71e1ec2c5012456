//! Uploads by an HTML form: a policy says what the form may hold, and its signature goes along.

use std::fmt;

use crate::{
    date::SigningDate,
    digest::push_hex,
    error::{Part, SignError},
    headers::is_token,
    key::{SigningKey, check_access_key},
    obs::{
        http_date::extended,
        location::check_bucket,
        mac::{base64, hmac_sha1},
        prepared::Prepared,
        presign::{MAX_LIFETIME_SECONDS, check_lifetime},
    },
    request::Names,
};

/// What an upload by form may hold.
#[derive(Clone, Copy)]
pub struct Policy<'a> {
    /// The bucket to upload into.
    pub bucket: &'a str,
    /// Which key the object may get.
    pub key: KeyRule<'a>,
    /// The other fields of the form, each with the one value it may have, such as `x-obs-acl` and
    /// `content-type`. A temporary key's token is the field `x-obs-security-token`.
    pub fields: &'a [(&'a str, &'a str)],
}

impl fmt::Debug for Policy<'_> {
    /// The fields' values stay out: one may be a token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Policy")
            .field("bucket", &self.bucket)
            .field("key", &self.key)
            .field("fields", &Names(self.fields))
            .finish()
    }
}

/// Which key an uploaded object may get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyRule<'a> {
    /// This one.
    Exactly(&'a str),
    /// Any that starts with this; `""` allows every key.
    StartsWith(&'a str),
}

/// Signs a policy that is valid for `lifetime_seconds` (1 to [`MAX_LIFETIME_SECONDS`]) from `now`.
///
/// # Errors
/// [`SignError`], naming the part of the policy that cannot be signed.
pub fn sign_policy(
    policy: &Policy<'_>,
    key: &SigningKey,
    now: SigningDate,
    lifetime_seconds: u64,
) -> Result<SignedPolicy, SignError> {
    let prepared = prepare_policy(policy, key.access_key(), now, lifetime_seconds)?;
    let secret = key.secret().expose().as_bytes();
    let mac = hmac_sha1(secret, prepared.string_to_sign().as_bytes());
    Ok(prepared.finish(mac))
}

/// The first of two phases, for a MAC that is made elsewhere. [`Prepared::finish`] is the
/// second.
///
/// # Errors
/// [`SignError`], naming the part of the policy or credential that cannot be signed.
pub fn prepare_policy(
    policy: &Policy<'_>,
    access_key: &str,
    now: SigningDate,
    lifetime_seconds: u64,
) -> Result<Prepared<SignedPolicy>, SignError> {
    check_access_key(access_key)?;
    check_lifetime(lifetime_seconds, MAX_LIFETIME_SECONDS)?;
    check_bucket(policy.bucket)?;
    let expires = now.unix_seconds().saturating_add(lifetime_seconds);
    let text = write(policy, &SigningDate::from_unix_seconds(expires)?)?;
    Ok(Prepared {
        string_to_sign: base64(text.as_bytes()),
        unfinished: SignedPolicy {
            access_key: access_key.to_owned(),
            text,
            encoded: String::new(),
            signature: String::new(),
        },
    })
}

impl Prepared<SignedPolicy> {
    /// The second phase, from the HMAC-SHA1 of [`string_to_sign`](Self::string_to_sign), which is
    /// the policy in Base64.
    #[must_use]
    pub fn finish(self, mac: [u8; 20]) -> SignedPolicy {
        SignedPolicy {
            encoded: self.string_to_sign,
            signature: base64(&mac),
            ..self.unfinished
        }
    }
}

/// What a form needs beside the bucket, the key and its fields. The official SDK names these
/// `accessKeyId`, `policy` and `signature`.
#[derive(Clone)]
pub struct SignedPolicy {
    access_key: String,
    text: String,
    encoded: String,
    signature: String,
}

impl SignedPolicy {
    /// The access key id.
    #[must_use]
    pub fn access_key(&self) -> &str {
        &self.access_key
    }

    /// The policy in Base64, as the form sends it.
    #[must_use]
    pub fn policy(&self) -> &str {
        &self.encoded
    }

    /// The policy as JSON, to look at.
    #[must_use]
    pub fn policy_text(&self) -> &str {
        &self.text
    }

    /// The signature in Base64.
    #[must_use]
    pub fn signature(&self) -> &str {
        &self.signature
    }
}

impl fmt::Debug for SignedPolicy {
    /// Whoever has the signature may upload, and the policy may hold a token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedPolicy")
            .field("access_key", &self.access_key)
            .field("signature", &format_args!("***"))
            .finish_non_exhaustive()
    }
}

fn write(policy: &Policy<'_>, expires: &SigningDate) -> Result<String, SignError> {
    let mut text = [
        "{\"expiration\":\"",
        &extended(expires),
        "\", \"conditions\":[",
    ]
    .concat();
    for (index, (name, value)) in policy.fields.iter().enumerate() {
        let refuse = |problem| Err(SignError::new(Part::Field((*name).to_owned()), problem));
        if !is_token(name) {
            return refuse("is empty or holds a character that no field name may hold");
        }
        let is_it = |other: &str| other.eq_ignore_ascii_case(name);
        if ["bucket", "key", "policy", "signature"]
            .into_iter()
            .any(is_it)
        {
            return refuse("is no field to give; it comes from the rest of the policy");
        }
        if policy
            .fields
            .iter()
            .take(index)
            .any(|(other, _)| is_it(other))
        {
            return refuse("is there more than once; give it once");
        }
        push_exact(&name.to_ascii_lowercase(), value, &mut text);
        text.push(',');
    }
    push_exact("bucket", policy.bucket, &mut text);
    text.push(',');
    match policy.key {
        KeyRule::Exactly("") => {
            return Err(SignError::new(
                Part::ObjectKey,
                "is empty; to allow every key, give `StartsWith(\"\")`",
            ));
        }
        KeyRule::Exactly(key) => push_exact("key", key, &mut text),
        KeyRule::StartsWith(start) => {
            text.push_str("[\"starts-with\", \"$key\", \"");
            push_escaped(start, &mut text);
            text.push_str("\"]");
        }
    }
    text.push_str("]}");
    Ok(text)
}

fn push_exact(name: &str, value: &str, text: &mut String) {
    text.push_str("{\"");
    push_escaped(name, text);
    text.push_str("\":\"");
    push_escaped(value, text);
    text.push_str("\"}");
}

/// A JSON string's inside. The official SDK does not escape, which makes another policy of a value
/// with a quote.
fn push_escaped(value: &str, text: &mut String) {
    for character in value.chars() {
        match character {
            '"' | '\\' => text.extend(['\\', character]),
            '\0'..='\x1f' => {
                text.push_str("\\u00");
                push_hex(&[u8::try_from(character).unwrap_or_default()], text);
            }
            _ => text.push(character),
        }
    }
}
