//! Images that videos begin or end with.

use std::io;
use std::path::Path;

use base64ct::{Base64, Encoding};

/// An image: its file, or where to find it. In base64 it must be less than 10 MB, which is 7.5 MB of
/// file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame(String);

impl Frame {
    /// The image at an address that the platform can reach.
    #[must_use]
    pub fn url(address: impl Into<String>) -> Self {
        Self(address.into())
    }

    /// The bytes of an image file.
    #[must_use]
    pub fn bytes(file: &[u8]) -> Self {
        Self(Base64::encode_string(file))
    }

    /// An image file on this machine.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn read(path: impl AsRef<Path>) -> io::Result<Self> {
        Ok(Self::bytes(&std::fs::read(path)?))
    }

    pub(super) fn into_text(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_goes_in_base64_and_an_address_as_it_is() {
        let path = std::env::temp_dir().join(format!("pangulm-frame-{}", std::process::id()));
        std::fs::write(&path, [0xff, 0xd8, 0xff, 0xe0]).unwrap();
        let read = Frame::read(&path);
        std::fs::remove_file(&path).unwrap();
        assert_eq!(read.unwrap().into_text(), "/9j/4A==");
        assert!(Frame::read(&path).is_err());
        assert_eq!(Frame::bytes(b"").into_text(), "");
        assert_eq!(Frame::url("https://e/a.png").into_text(), "https://e/a.png");
    }
}
