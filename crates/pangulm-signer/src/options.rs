//! What may be chosen about a signature.

use crate::derived::DerivedFor;

/// How a request is signed. The default is what a client should do.
///
/// ```
/// use pangulm_signer::{BodyHashing, SignedHeaders, SigningOptions};
///
/// let as_official_python = SigningOptions::default()
///     .signed_headers(SignedHeaders::All)
///     .body_hashing(BodyHashing::JsonOnly);
/// # let _ = as_official_python;
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SigningOptions<'a> {
    pub(crate) signed_headers: SignedHeaders,
    pub(crate) body_hashing: BodyHashing,
    pub(crate) derived_for: Option<DerivedFor<'a>>,
}

/// Which headers the signature covers. Headers whose name has a `_` never are: the official
/// signers leave them out, too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignedHeaders {
    /// `host`, `x-sdk-*`, `x-project-id`, `x-domain-id` and `x-security-token`: nothing that a
    /// browser or a proxy may change on the way. The default.
    #[default]
    Client,
    /// Every header of the request, as the official Python signer does.
    All,
}

/// Which bodies the signature covers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum BodyHashing {
    /// Every body. The default.
    #[default]
    Always,
    /// Only bodies without a `Content-Type` or with JSON or BSON; any other type adds and signs
    /// `X-Sdk-Content-Sha256: UNSIGNED-PAYLOAD`, as the official signers do.
    JsonOnly,
}

impl<'a> SigningOptions<'a> {
    /// Chooses the headers that the signature covers.
    #[must_use]
    pub fn signed_headers(self, signed_headers: SignedHeaders) -> Self {
        Self {
            signed_headers,
            ..self
        }
    }

    /// Chooses the bodies that the signature covers.
    #[must_use]
    pub fn body_hashing(self, body_hashing: BodyHashing) -> Self {
        Self {
            body_hashing,
            ..self
        }
    }

    /// Signs with `V11-HMAC-SHA256` in place of `SDK-HMAC-SHA256`: with a key derived for the
    /// day, this region (`globe` for global services) and this service. Few services ask for it.
    ///
    /// ```
    /// use pangulm_signer::SigningOptions;
    ///
    /// let options = SigningOptions::default().derived("region-id-1", "service");
    /// # let _ = options;
    /// ```
    #[must_use]
    pub fn derived(self, region: &'a str, service: &'a str) -> Self {
        Self {
            derived_for: Some(DerivedFor { region, service }),
            ..self
        }
    }
}
