//! Videos out of texts, images and videos, as [`Job`]s.
//!
//! The reference shows only one state, `PROCESSING`, so a video counts as done once its address is
//! there, and whatever else the platform says goes on to the job's deadline.

mod frame;
mod request;

pub use self::frame::Frame;
pub use crate::generated::pangu::types::{
    ImageVideoRequest, TextVideoRequest, VideoConfig, VideoExtensionRequest, VideoTask,
};
pub use crate::vision::Image;

use pangulm_core::Error;

use crate::driver::Driver;
use crate::job::Job;
use crate::service::Service;

/// Makes videos; from [`Client::video`](crate::Client::video).
#[derive(Clone, Debug)]
pub struct Video {
    service: Service,
}

/// What a video is made out of: each has a model of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum VideoKind {
    /// A text.
    FromText,
    /// One or two images.
    FromImage,
    /// Another video, which goes on.
    Extension,
}

impl VideoKind {
    fn create(self) -> &'static str {
        match self {
            Self::FromText => "createTextVideo",
            Self::FromImage => "createImageVideo",
            Self::Extension => "createVideoExtension",
        }
    }
}

impl Video {
    pub(crate) fn new(driver: Driver) -> Self {
        Self {
            service: Service::new(driver),
        }
    }

    /// Asks this deployment instead of the client's.
    #[must_use]
    pub fn deployment(mut self, id: impl Into<String>) -> Self {
        self.service.deployment = Some(id.into());
        self
    }

    /// Starts a video that shows what a text says.
    ///
    /// # Errors
    /// The prompt is over 1000 characters, or the call failed.
    ///
    /// ```no_run
    /// # async fn demo(client: pangulm::Client) -> Result<(), pangulm::Error> {
    /// use pangulm::video::TextVideoRequest;
    ///
    /// let request = TextVideoRequest::new("长江日出").duration(5).aspect_ratio("16:9");
    /// let video = client.video().from_text(request).await?.wait().await?;
    /// println!("{:?}", video.video_url);
    /// # Ok(())
    /// # }
    /// ```
    #[allow(
        clippy::wrong_self_convention,
        reason = "it makes a video, not a Video: the name is the same in all languages"
    )]
    pub async fn from_text(&self, request: TextVideoRequest) -> Result<Job<VideoTask>, Error> {
        self.service
            .start(VideoKind::FromText.create(), &request)
            .await
    }

    /// Starts a video that begins with an image, ends with one, or both.
    ///
    /// # Errors
    /// There is no image, the prompt is over 1000 characters, the model's name over 128; or the call
    /// failed.
    ///
    /// ```no_run
    /// # async fn demo(client: pangulm::Client) -> Result<(), pangulm::Error> {
    /// use pangulm::video::{Image, ImageVideoRequest};
    ///
    /// let request = ImageVideoRequest::beginning_with(Image::open("cat.png")?).prompt("The cat jumps");
    /// let video = client.video().from_image(request).await?.wait().await?;
    /// println!("{:?}", video.video_url);
    /// # Ok(())
    /// # }
    /// ```
    #[allow(
        clippy::wrong_self_convention,
        reason = "it makes a video, not a Video: the name is the same in all languages"
    )]
    pub async fn from_image(&self, request: ImageVideoRequest) -> Result<Job<VideoTask>, Error> {
        self.service
            .start(VideoKind::FromImage.create(), &request)
            .await
    }

    /// Starts a video that goes on where another one ends.
    ///
    /// # Errors
    /// The prompt is over 1000 characters, the model's name over 128; or the call failed.
    pub async fn extend(&self, request: VideoExtensionRequest) -> Result<Job<VideoTask>, Error> {
        self.service
            .start(VideoKind::Extension.create(), &request)
            .await
    }

    /// Takes up a video by its id, to follow it or to ask once how it stands.
    ///
    /// # Errors
    /// The id is empty.
    pub fn resume(&self, kind: VideoKind, id: &str) -> Result<Job<VideoTask>, Error> {
        self.service.resume(kind.create(), id)
    }
}
