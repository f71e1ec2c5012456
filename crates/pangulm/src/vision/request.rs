//! Making requests.

use serde_json::Map;

use super::{
    ClassifyMode, ClassifyRequest, DetectN2Request, DetectRequest, DetectS3Request, Image, Images,
    OpenSetRequest, SegmentInstancesRequest, SegmentRequest,
};
use crate::service::setters;

impl ClassifyRequest {
    /// Asks for the label of an image, or of each of up to 24.
    #[must_use]
    pub fn new(images: impl Into<Images>) -> Self {
        Self {
            images: images.into(),
            mode: None,
            extra: Map::new(),
        }
    }
}

impl DetectRequest {
    /// Asks what is in an image.
    #[must_use]
    pub fn new(image: impl Into<Image>) -> Self {
        Self {
            images: image.into().into(),
            threshold: None,
            extra: Map::new(),
        }
    }
}

impl DetectN2Request {
    /// Asks what is in an image.
    #[must_use]
    pub fn new(image: impl Into<Image>) -> Self {
        Self {
            images: image.into().into(),
            nms_iou_thr: None,
            agnositc_nms: None,
            extra: Map::new(),
        }
    }
}

impl DetectS3Request {
    /// Asks what is in an image.
    #[must_use]
    pub fn new(image: impl Into<Image>) -> Self {
        Self {
            images: image.into().into(),
            threshold: None,
            extra: Map::new(),
        }
    }
}

impl OpenSetRequest {
    /// Asks what is in an image.
    #[must_use]
    pub fn new(image: impl Into<Image>) -> Self {
        Self {
            images: image.into().into(),
            threshold: None,
            extra: Map::new(),
        }
    }
}

impl SegmentRequest {
    /// Asks for the class of every pixel.
    #[must_use]
    pub fn new(image: impl Into<Image>) -> Self {
        Self {
            img: image.into().into(),
            extra: Map::new(),
        }
    }
}

impl SegmentInstancesRequest {
    /// Asks for the objects of an image with their outlines.
    #[must_use]
    pub fn new(image: impl Into<Image>) -> Self {
        Self {
            images: image.into().into(),
            extra: Map::new(),
        }
    }
}

setters!(ClassifyRequest {
    /// One label for each image, or several.
    mode: ClassifyMode,
});
setters!(DetectRequest {
    /// The least score of an object to be given, from 0 to 1. The service takes 0.25 if none is set.
    threshold: f64,
});
setters!(DetectN2Request {
    /// The overlap (intersection over union, from 0 to 1) above which the weaker of two boxes is
    /// dropped.
    nms_iou_thr: f64,
    /// Whether boxes of different classes are dropped as well. The spelling is the platform's.
    agnositc_nms: bool,
});
setters!(DetectS3Request {
    /// The least score of an object to be given, as text; `-1` stands for the model's own
    /// (inferred).
    threshold: impl Into<String>,
});
setters!(OpenSetRequest {
    /// The least score of an object to be given, from 0 to 1.
    threshold: f64,
});
setters!(SegmentRequest {});
setters!(SegmentInstancesRequest {});

/// Requests that need nothing but an image are made of one.
macro_rules! from_image {
    ($($request:ident),+) => {
        $(
            impl<T: Into<Image>> From<T> for $request {
                fn from(image: T) -> Self {
                    Self::new(image)
                }
            }
        )+
    };
}

from_image!(
    DetectRequest,
    DetectN2Request,
    DetectS3Request,
    OpenSetRequest,
    SegmentRequest,
    SegmentInstancesRequest
);

impl<T: Into<Images>> From<T> for ClassifyRequest {
    fn from(images: T) -> Self {
        Self::new(images)
    }
}
