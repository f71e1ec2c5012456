//! Images on their way into a request.

use std::fmt;
use std::fs;
use std::path::Path;

use base64ct::{Base64, Encoding};
use pangulm_core::Error;

use super::Images;

/// An image as the models take it: the file's bytes in base64.
///
/// Its format and size are checked when it is sent, before anything leaves, as far as the model's
/// page documents limits.
///
/// ```no_run
/// # fn demo(bytes: Vec<u8>) -> Result<(), pangulm::Error> {
/// use pangulm::vision::Image;
///
/// let from_a_file = Image::open("street.jpg")?;
/// let from_memory = Image::from(bytes);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Image {
    base64: String,
}

impl Image {
    /// Reads an image file. It blocks for as long as that takes.
    ///
    /// # Errors
    /// The file cannot be read; the error names it and the reason.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let bytes = fs::read(path).map_err(|error| {
            let message = format!("{} cannot be read: {error}", path.display());
            Error::invalid("image", message)
        })?;
        Ok(Self::from(bytes))
    }

    /// An image that is in base64 already, without the part of a data URL before the comma.
    pub fn from_base64(text: impl Into<String>) -> Self {
        Self {
            base64: text.into(),
        }
    }

    /// The text as it is sent.
    #[must_use]
    pub fn as_base64(&self) -> &str {
        &self.base64
    }
}

impl fmt::Debug for Image {
    /// The size alone: the rest helps nobody.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Image({} bytes of base64)", self.base64.len())
    }
}

impl From<&[u8]> for Image {
    fn from(bytes: &[u8]) -> Self {
        Self::from_base64(Base64::encode_string(bytes))
    }
}

impl From<Vec<u8>> for Image {
    fn from(bytes: Vec<u8>) -> Self {
        bytes.as_slice().into()
    }
}

impl From<Image> for String {
    fn from(image: Image) -> Self {
        image.base64
    }
}

impl From<Image> for Images {
    fn from(image: Image) -> Self {
        Self::One(image.base64)
    }
}

impl From<Vec<Image>> for Images {
    fn from(images: Vec<Image>) -> Self {
        Self::Several(images.into_iter().map(String::from).collect())
    }
}

impl<const N: usize> From<[Image; N]> for Images {
    fn from(images: [Image; N]) -> Self {
        Vec::from(images).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_is_the_base64_of_its_bytes_and_shows_only_its_size() {
        let image = Image::from(vec![0xff, 0xd8, 0xff]);
        assert_eq!(image.as_base64(), "/9j/");
        assert_eq!(format!("{image:?}"), "Image(4 bytes of base64)");
        assert_eq!(Image::from_base64("/9j/"), image);
    }

    #[test]
    fn a_file_that_cannot_be_read_is_named() {
        let error = Image::open("no/such/picture.png").unwrap_err();
        assert!(error.is_invalid_input());
        assert!(error.to_string().contains("no/such/picture.png"), "{error}");
    }
}
