//! Models that see: classification, detection and segmentation of images.
//!
//! Each deployment serves one model. Name it by [`Vision::deployment`], or make it the client's.
//! Images go in as files or bytes ([`Image`]); limits that a model's page documents are checked
//! before anything is sent. [`Detections`] have one shape for all models that give boxes, with the
//! service's own answer beside it.

mod detection;
mod image;
mod request;

pub use self::detection::{Bounds, Detection, Detections};
pub use self::image::Image;
pub use crate::generated::pangu::types::{
    ImageClassification as Classification, ImageClassificationMode as ClassifyMode,
    ImageClassificationRequest as ClassifyRequest, Images, InstanceSegmentation,
    InstanceSegmentationRequest as SegmentInstancesRequest, InteractiveDetection,
    ObjectDetectionN2Request as DetectN2Request, ObjectDetectionS2Request as DetectRequest,
    ObjectDetectionS3Request as DetectS3Request, OpenSetDetectionRequest as OpenSetRequest,
    SegmentedImage, SemanticSegmentation as Segmentation,
    SemanticSegmentationRequest as SegmentRequest,
};

use pangulm_core::Error;
use serde::Serialize;

use crate::driver::Driver;
use crate::service::Service;

/// Looks at images; from [`Client::vision`](crate::Client::vision).
#[derive(Clone, Debug)]
pub struct Vision {
    service: Service,
}

impl Vision {
    pub(crate) fn new(driver: Driver) -> Self {
        Self {
            service: Service::new(driver),
        }
    }

    /// Calls this deployment instead of the client's.
    #[must_use]
    pub fn deployment(mut self, id: impl Into<String>) -> Self {
        self.service.deployment = Some(id.into());
        self
    }

    /// Gives an image, or each of up to 24, one label or several (image classification 2.1.0;
    /// [source](https://support.huaweicloud.com/api-pangulm/pangulm_05_0048.html)). The page's table
    /// of the answer could not be read, so it is open.
    ///
    /// # Errors
    /// There are more than 24 images, or the call failed.
    ///
    /// ```no_run
    /// # async fn demo(client: pangulm::Client) -> Result<(), pangulm::Error> {
    /// use pangulm::vision::{ClassifyMode, ClassifyRequest, Image};
    ///
    /// let images = [Image::open("a.png")?, Image::open("b.png")?];
    /// let request = ClassifyRequest::new(images).mode(ClassifyMode::Single);
    /// println!("{:?}", client.vision().classify(request).await?);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn classify(
        &self,
        request: impl Into<ClassifyRequest>,
    ) -> Result<Classification, Error> {
        self.service.ask("classifyImage", request.into()).await
    }

    /// Finds objects (object detection S-2.1.0;
    /// [source](https://support.huaweicloud.com/api-pangulm/pangulm_05_0049.html)).
    ///
    /// # Errors
    /// The threshold is out of range, or the call failed.
    ///
    /// ```no_run
    /// # async fn demo(client: pangulm::Client) -> Result<(), pangulm::Error> {
    /// use pangulm::vision::Image;
    ///
    /// let found = client.vision().detect(Image::open("street.jpg")?).await?;
    /// for thing in &found.items {
    ///     println!("{} at {}, {}", thing.label, thing.bounds.x, thing.bounds.y);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn detect(&self, request: impl Into<DetectRequest>) -> Result<Detections, Error> {
        self.find("detectObjectsS2", request.into()).await
    }

    /// Finds objects (object detection N-2.1.0;
    /// [source](https://support.huaweicloud.com/api-pangulm/pangulm_05_0050.html)). An image has at
    /// most 10 MB of base64 and sides of 1 to 10000 pixels, the longer at most five times the shorter.
    ///
    /// # Errors
    /// The image is beyond one of these limits, or the call failed.
    ///
    /// ```no_run
    /// # async fn demo(client: pangulm::Client) -> Result<(), pangulm::Error> {
    /// use pangulm::vision::{DetectN2Request, Image};
    ///
    /// let request = DetectN2Request::new(Image::open("street.jpg")?).nms_iou_thr(0.5);
    /// println!("{:?}", client.vision().detect_n2(request).await?.items);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn detect_n2(
        &self,
        request: impl Into<DetectN2Request>,
    ) -> Result<Detections, Error> {
        self.find("detectObjectsN2", request.into()).await
    }

    /// Finds objects (object detection S-3.1.0;
    /// [source](https://support.huaweicloud.com/api-pangulm/pangulm_05_0051.html)). The page's table
    /// of the answer could not be read; it is taken to be as its siblings' (inferred).
    ///
    /// # Errors
    /// The call failed, or the answer has another form; the error keeps it.
    ///
    /// ```no_run
    /// # async fn demo(client: pangulm::Client) -> Result<(), pangulm::Error> {
    /// use pangulm::vision::{DetectS3Request, Image};
    ///
    /// let request = DetectS3Request::new(Image::open("street.jpg")?).threshold("0.4");
    /// println!("{:?}", client.vision().detect_s3(request).await?.items);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn detect_s3(
        &self,
        request: impl Into<DetectS3Request>,
    ) -> Result<Detections, Error> {
        self.find("detectObjectsS3", request.into()).await
    }

    /// Finds objects beyond a fixed set of classes (open-set detection V2;
    /// [source](https://support.huaweicloud.com/api-pangulm/pangulm_05_0109.html)). Images have the
    /// limits of [`detect_n2`](Self::detect_n2). Boxes are documented; the members with label and
    /// score are taken to be as the siblings' (inferred).
    ///
    /// # Errors
    /// The image or the threshold is beyond a limit, the call failed, or the answer has no boxes.
    ///
    /// ```no_run
    /// # async fn demo(client: pangulm::Client) -> Result<(), pangulm::Error> {
    /// use pangulm::vision::{Image, OpenSetRequest};
    ///
    /// let request = OpenSetRequest::new(Image::open("shelf.jpg")?).threshold(0.3);
    /// println!("{:?}", client.vision().detect_open_set(request).await?.items);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn detect_open_set(
        &self,
        request: impl Into<OpenSetRequest>,
    ) -> Result<Detections, Error> {
        self.find("detectOpenSet", request.into()).await
    }

    /// Finds what prompts describe (visual-interactive detection V3;
    /// [source](https://support.huaweicloud.com/api-pangulm/pangulm_05_0110.html)). No table of the
    /// page could be read: the request is any JSON object, the answer open.
    ///
    /// # Errors
    /// The request is no JSON object, or the call failed.
    ///
    /// ```no_run
    /// # async fn demo(client: pangulm::Client) -> Result<(), pangulm::Error> {
    /// use pangulm::vision::Image;
    ///
    /// let image = Image::open("shelf.jpg")?;
    /// let request = serde_json::json!({"images": image.as_base64()});
    /// println!("{:?}", client.vision().detect_interactive(request).await?);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn detect_interactive(
        &self,
        request: impl Serialize,
    ) -> Result<InteractiveDetection, Error> {
        self.service.ask("detectInteractive", request).await
    }

    /// Gives every pixel its class (semantic segmentation 2.1.0;
    /// [source](https://support.huaweicloud.com/api-pangulm/pangulm_05_0090.html)).
    ///
    /// # Errors
    /// The call failed.
    ///
    /// ```no_run
    /// # async fn demo(client: pangulm::Client) -> Result<(), pangulm::Error> {
    /// use pangulm::vision::Image;
    ///
    /// let segmented = client.vision().segment(Image::open("field.png")?).await?;
    /// for image in &segmented.result {
    ///     println!("{} rows of classes", image.result.len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn segment(&self, request: impl Into<SegmentRequest>) -> Result<Segmentation, Error> {
        self.service.ask("segmentImage", request.into()).await
    }

    /// Finds objects with their outlines (instance segmentation 1.1.0;
    /// [source](https://support.huaweicloud.com/api-pangulm/pangulm_05_0091.html)). The members of
    /// an object could not be read, so it is open.
    ///
    /// # Errors
    /// The call failed.
    ///
    /// ```no_run
    /// # async fn demo(client: pangulm::Client) -> Result<(), pangulm::Error> {
    /// use pangulm::vision::Image;
    ///
    /// let image = Image::open("street.jpg")?;
    /// println!("{:?}", client.vision().segment_instances(image).await?.img_res);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn segment_instances(
        &self,
        request: impl Into<SegmentInstancesRequest>,
    ) -> Result<InstanceSegmentation, Error> {
        self.service.ask("segmentInstances", request.into()).await
    }

    async fn find(&self, operation_id: &str, request: impl Serialize) -> Result<Detections, Error> {
        Detections::read(&self.service.call(operation_id, request).await?)
    }
}
