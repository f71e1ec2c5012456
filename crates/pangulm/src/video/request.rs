//! What videos are asked for with.

use serde_json::Map;

use super::{Frame, ImageVideoRequest, TextVideoRequest, VideoConfig, VideoExtensionRequest};

/// The members of `video_config` that a request takes.
fn form(config: &mut Option<VideoConfig>) -> &mut VideoConfig {
    config.get_or_insert_with(|| VideoConfig {
        resolution: None,
        duration: None,
        aspect_ratio: None,
        extra: Map::new(),
    })
}

impl TextVideoRequest {
    /// A video of what the prompt says, in Chinese or English, at most 1000 characters.
    #[must_use]
    pub fn new(prompt: impl Into<String>) -> Self {
        Self {
            prompt: Some(prompt.into()),
            video_config: None,
            extra: Map::new(),
        }
    }

    /// The length in seconds. Default: 5.
    #[must_use]
    pub fn duration(mut self, seconds: u32) -> Self {
        form(&mut self.video_config).duration = Some(seconds.into());
        self
    }

    /// Such as `720p`, the default.
    #[must_use]
    pub fn resolution(mut self, resolution: impl Into<String>) -> Self {
        form(&mut self.video_config).resolution = Some(resolution.into());
        self
    }

    /// `16:9` (the default), `9:16`, `4:3`, `3:4` or `1:1`.
    #[must_use]
    pub fn aspect_ratio(mut self, ratio: impl Into<String>) -> Self {
        form(&mut self.video_config).aspect_ratio = Some(ratio.into());
        self
    }
}

impl ImageVideoRequest {
    /// A video whose first frame is this image.
    #[must_use]
    pub fn beginning_with(image: impl Into<Frame>) -> Self {
        Self {
            image: Some(image.into().into()),
            ..Self::empty()
        }
    }

    /// A video whose last frame is this image.
    #[must_use]
    pub fn ending_with(image: impl Into<Frame>) -> Self {
        Self {
            image_tail: Some(image.into().into()),
            ..Self::empty()
        }
    }

    /// Ends it with this image.
    #[must_use]
    pub fn and_ending_with(mut self, image: impl Into<Frame>) -> Self {
        self.image_tail = Some(image.into().into());
        self
    }

    /// What happens, in Chinese or English, at most 1000 characters.
    #[must_use]
    pub fn prompt(mut self, prompt: impl Into<String>) -> Self {
        self.prompt = Some(prompt.into());
        self
    }

    /// A LoRA model, by its id of at most 128 characters. Default: the main model.
    #[must_use]
    pub fn model(mut self, id: impl Into<String>) -> Self {
        self.model = Some(id.into());
        self
    }

    /// The length in seconds. Default: 5.
    #[must_use]
    pub fn duration(mut self, seconds: u32) -> Self {
        form(&mut self.video_config).duration = Some(seconds.into());
        self
    }

    /// Such as `720p`, the default.
    #[must_use]
    pub fn resolution(mut self, resolution: impl Into<String>) -> Self {
        form(&mut self.video_config).resolution = Some(resolution.into());
        self
    }

    /// `16:9` (the default), `9:16`, `4:3`, `3:4`, `1:1`, or `original` for the image's own.
    #[must_use]
    pub fn aspect_ratio(mut self, ratio: impl Into<String>) -> Self {
        form(&mut self.video_config).aspect_ratio = Some(ratio.into());
        self
    }

    fn empty() -> Self {
        Self {
            model: None,
            prompt: None,
            image: None,
            image_tail: None,
            video_config: None,
            extra: Map::new(),
        }
    }
}

impl VideoExtensionRequest {
    /// Goes on from the video at an address that the platform can reach, of more than 25 frames and
    /// less than 200 MB.
    #[must_use]
    pub fn of(origin_video: impl Into<String>) -> Self {
        Self {
            origin_video: Some(origin_video.into()),
            model: None,
            prompt: None,
            video_config: None,
            extra: Map::new(),
        }
    }

    /// What happens, in Chinese or English, at most 1000 characters.
    #[must_use]
    pub fn prompt(mut self, prompt: impl Into<String>) -> Self {
        self.prompt = Some(prompt.into());
        self
    }

    /// A LoRA model, by its id of at most 128 characters. Default: the main model.
    #[must_use]
    pub fn model(mut self, id: impl Into<String>) -> Self {
        self.model = Some(id.into());
        self
    }

    /// Such as `720p`, the default.
    #[must_use]
    pub fn resolution(mut self, resolution: impl Into<String>) -> Self {
        form(&mut self.video_config).resolution = Some(resolution.into());
        self
    }

    /// `16:9` (the default), `9:16`, `4:3`, `3:4`, `1:1`, or `original` for the video's own.
    #[must_use]
    pub fn aspect_ratio(mut self, ratio: impl Into<String>) -> Self {
        form(&mut self.video_config).aspect_ratio = Some(ratio.into());
        self
    }
}
