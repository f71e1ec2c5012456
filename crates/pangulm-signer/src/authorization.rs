//! Reading the `Authorization` header.

use std::fmt;

use crate::refusal::Refusal;

/// The fields of an `Authorization` header, borrowed from it.
#[derive(Clone, PartialEq, Eq)]
pub struct Authorization<'a> {
    access_key: &'a str,
    scope: Option<&'a str>,
    signed_headers: &'a str,
    signature: [u8; 32],
}

impl<'a> Authorization<'a> {
    /// The access key id.
    #[must_use]
    pub fn access_key(&self) -> &'a str {
        self.access_key
    }

    /// `YYYYMMDD/region/service` in a `V11-HMAC-SHA256` header, nothing in an `SDK-HMAC-SHA256`
    /// one.
    #[must_use]
    pub fn scope(&self) -> Option<&'a str> {
        self.scope
    }

    /// The names of the signed headers: in lower case, sorted, each once.
    pub fn signed_headers(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.signed_headers.split(';')
    }

    /// The signature as bytes.
    #[must_use]
    pub fn signature(&self) -> &[u8; 32] {
        &self.signature
    }
}

impl fmt::Debug for Authorization<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authorization")
            .field("access_key", &self.access_key)
            .field("scope", &self.scope)
            .field("signed_headers", &self.signed_headers)
            .field("signature", &format_args!("***"))
            .finish()
    }
}

/// Reads `SDK-HMAC-SHA256 Access=<AK>, SignedHeaders=<a;b;c>, Signature=<hex>`, or the same with
/// `V11-HMAC-SHA256 Credential=<AK>/<YYYYMMDD>/<region>/<service>` in front.
///
/// ```
/// use pangulm_signer::parse_authorization;
///
/// let header = format!("SDK-HMAC-SHA256 Access=AK, SignedHeaders=host;x-sdk-date, Signature={:064}", 0);
/// let authorization = parse_authorization(&header)?;
/// assert_eq!(authorization.access_key(), "AK");
/// assert!(authorization.signed_headers().eq(["host", "x-sdk-date"]));
/// # Ok::<(), pangulm_signer::Refusal>(())
/// ```
///
/// # Errors
/// [`Refusal::WrongAlgorithm`] for any other scheme, [`Refusal::MalformedAuthorization`] when a
/// field is missing, out of order or malformed.
pub fn parse_authorization(header: &str) -> Result<Authorization<'_>, Refusal> {
    let (algorithm, fields) = header.split_once(' ').unwrap_or((header, ""));
    let derived = match algorithm {
        "SDK-HMAC-SHA256" => false,
        "V11-HMAC-SHA256" => true,
        _ => return Err(Refusal::WrongAlgorithm),
    };
    let mut fields = fields.split(',').map(|field| field.trim_matches(' '));
    let mut field = |name: &str, problem| {
        fields
            .next()
            .and_then(|field| field.strip_prefix(name))
            .and_then(|field| field.strip_prefix('='))
            .filter(|value| !value.is_empty())
            .ok_or(Refusal::MalformedAuthorization(problem))
    };
    let (access_key, scope) = if derived {
        let first = "Credential=<AK>/<day>/<region>/<service> must come first";
        let (access_key, scope) = split_credential(field("Credential", first)?)
            .ok_or(Refusal::MalformedAuthorization(first))?;
        (access_key, Some(scope))
    } else {
        let first = "Access=<AK> must come first, after the algorithm";
        (field("Access", first)?, None)
    };
    let signed_headers = field("SignedHeaders", "SignedHeaders=<a;b;c> must come second")?;
    let signature = field("Signature", "Signature=<hex> must come third")?;
    let malformed = |problem| Err(Refusal::MalformedAuthorization(problem));
    if fields.next().is_some() {
        return malformed("nothing may follow Signature");
    }
    let Some(signature) = read_signature(signature) else {
        return malformed("Signature must be 64 lower-case hexadecimal digits");
    };
    if !are_lower_case_and_sorted(signed_headers) {
        return malformed("SignedHeaders must be in lower case, sorted, each name once");
    }
    Ok(Authorization {
        access_key,
        scope,
        signed_headers,
        signature,
    })
}

/// The scope is what the last three slashes begin; an access key id may hold slashes too.
fn split_credential(credential: &str) -> Option<(&str, &str)> {
    let (at, _) = credential.rmatch_indices('/').nth(2)?;
    let (access_key, scope) = credential.split_at(at);
    let scope = scope.strip_prefix('/')?;
    let complete = !access_key.is_empty() && scope.split('/').all(|part| !part.is_empty());
    complete.then_some((access_key, scope))
}

fn read_signature(digits: &str) -> Option<[u8; 32]> {
    if digits.len() != 64 {
        return None;
    }
    let mut signature = [0; 32];
    for (byte, pair) in signature.iter_mut().zip(digits.as_bytes().chunks_exact(2)) {
        for digit in pair {
            let value = match digit {
                b'0'..=b'9' => digit - b'0',
                b'a'..=b'f' => digit - b'a' + 10,
                _ => return None,
            };
            *byte = *byte << 4 | value;
        }
    }
    Some(signature)
}

fn are_lower_case_and_sorted(names: &str) -> bool {
    let well_formed = names
        .split(';')
        .all(|name| !name.is_empty() && !name.contains(|c: char| c.is_uppercase()));
    well_formed && names.split(';').is_sorted_by(|a, b| a < b)
}
