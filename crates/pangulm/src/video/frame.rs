//! Images that videos begin or end with.

use crate::vision::Image;

/// An image: an [`Image`]'s file, or where to find it. In base64 it must be less than 10 MB, which is
/// 7.5 MB of file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// The file itself.
    Image(Image),
    /// An address that the platform can reach.
    Url(String),
}

impl Frame {
    /// The image at an address that the platform can reach.
    #[must_use]
    pub fn url(address: impl Into<String>) -> Self {
        Self::Url(address.into())
    }
}

impl From<Image> for Frame {
    fn from(image: Image) -> Self {
        Self::Image(image)
    }
}

impl From<Frame> for String {
    /// The text as it is sent.
    fn from(frame: Frame) -> Self {
        match frame {
            Frame::Image(image) => image.into(),
            Frame::Url(address) => address,
        }
    }
}
