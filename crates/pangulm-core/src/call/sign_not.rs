//! What stands in for signing where the feature `signing` is off: nothing can be signed, and that
//! is said before anything is sent.

use super::prepare::Prepared;
use super::step::Header;
use crate::credential::AccessKey;
use crate::error::{Error, ErrorKind};
use crate::operation::Operation;
use crate::secret::Secret;
use crate::settings::Settings;

/// There is none.
#[derive(Debug)]
pub(super) enum Unsigned {}

impl Unsigned {
    pub(super) fn new(
        _settings: &Settings,
        _operation: &Operation,
        _request: &Prepared,
        _pair: &AccessKey,
        _now_ms: u64,
    ) -> Result<Self, Error> {
        let message =
            "this build of the engine cannot sign: it was made without the feature `signing`";
        Err(Error::builder(ErrorKind::Credential, message).build())
    }

    pub(super) fn string_to_sign(&self) -> &str {
        match *self {}
    }

    pub(super) fn finish(self, _mac: [u8; 32]) -> Vec<Header> {
        match self {}
    }

    pub(super) fn finish_with(self, _secret: &Secret) -> Vec<Header> {
        match self {}
    }
}

/// What is not signed has no limit that is known.
pub(super) fn check_size(_body: &[u8]) -> Result<(), Error> {
    Ok(())
}

/// Only a signature needs it.
pub(super) fn digest(_body: &[u8]) -> [u8; 32] {
    [0; 32]
}
