//! Why an emulator could not start.

use std::fmt;
use std::io;

/// Why an emulator could not start. Its text says what to do.
#[derive(Clone, Debug)]
pub struct Error(String);

impl Error {
    pub(crate) fn port(port: u16, error: &io::Error) -> Self {
        let why = match error.kind() {
            io::ErrorKind::AddrInUse => "it is taken by another program; choose another port, \
                or 0 for any free one"
                .to_owned(),
            _ => error.to_string(),
        };
        Self(format!("cannot listen on 127.0.0.1:{port}: {why}"))
    }

    pub(crate) fn runtime(error: &io::Error) -> Self {
        Self(format!("cannot start the async runtime: {error}"))
    }

    pub(crate) fn option(name: &str, why: impl fmt::Display) -> Self {
        Self(format!("{name}: {why}"))
    }

    pub(crate) fn spec(error: &dyn fmt::Display) -> Self {
        Self(format!(
            "the built-in description of the platform cannot be read: {error}"
        ))
    }

    pub(crate) fn schema(operation: &str, error: &dyn fmt::Display) -> Self {
        Self(format!(
            "the request schema of {operation} cannot be compiled: {error}"
        ))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}
