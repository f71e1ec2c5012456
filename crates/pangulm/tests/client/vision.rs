//! Models that see, by way of the client.

use crate::support::*;
use pangulm::vision::{
    ClassifyMode, ClassifyRequest, DetectN2Request, DetectRequest, DetectS3Request, Image,
    OpenSetRequest, Vision,
};
use pangulm::{Client, ErrorKind};
use pangulm_emulator::Running;
use serde_json::json;

/// A grey bitmap of these sides, with a palette of one colour and one bit a pixel.
fn bitmap(width: u32, height: u32) -> Vec<u8> {
    let stride = width.div_ceil(32) * 4;
    let size = 58 + stride * height;
    let mut bytes = b"BM".to_vec();
    for number in [
        size,
        0,
        58,
        40,
        width,
        height,
        0x0001_0001,
        0,
        0,
        0,
        0,
        1,
        0,
        0x0080_8080,
    ] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.resize(usize::try_from(size).unwrap(), 0);
    bytes
}

async fn vision(client: &Client, running: &Running, operation: &str) -> Vision {
    client
        .vision()
        .deployment(deployment(running, operation).await)
}

#[tokio::test]
async fn an_image_s_bytes_are_enough_to_have_its_objects_found() {
    let running = start();
    let vision = vision(&with_key(&running), &running, "detectObjectsS2").await;
    let found = vision.detect(bitmap(640, 480)).await.unwrap();
    assert_eq!(found.items.len(), 3);
    for thing in &found.items {
        assert!(!thing.label.is_empty() && thing.score.unwrap() >= 0.25);
        let at = thing.bounds;
        assert!(at.x >= 0.0 && at.x + at.width <= 640.0, "{at:?}");
        assert!(at.y >= 0.0 && at.y + at.height <= 480.0, "{at:?}");
    }
    assert_eq!(found.raw["result"].as_array().unwrap().len(), 3);
    let request = DetectRequest::new(bitmap(640, 480)).threshold(0.9);
    assert_eq!(vision.detect(request).await.unwrap().items.len(), 1);
}

#[tokio::test]
async fn every_generation_of_detection_gives_the_same_shape() {
    let running = start();
    let client = with_key(&running);
    let image = Image::from(bitmap(64, 48));
    let s2 = vision(&client, &running, "detectObjectsS2").await;
    let s2 = s2.detect(image.clone()).await.unwrap();
    let n2 = vision(&client, &running, "detectObjectsN2").await;
    let request = DetectN2Request::new(image.clone())
        .nms_iou_thr(0.5)
        .agnositc_nms(true);
    let n2 = n2.detect_n2(request).await.unwrap();
    let s3 = vision(&client, &running, "detectObjectsS3").await;
    let s3 = s3
        .detect_s3(DetectS3Request::new(image.clone()).threshold("0.25"))
        .await;
    let open = vision(&client, &running, "detectOpenSet").await;
    let open = open
        .detect_open_set(OpenSetRequest::new(image).threshold(0.25))
        .await;
    for other in [n2, s3.unwrap(), open.unwrap()] {
        assert_eq!(other.items, s2.items);
    }
}

#[tokio::test]
async fn the_other_models_answer_in_their_own_ways() {
    let running = start();
    let client = with_key(&running);
    let image = Image::from(bitmap(9, 7));
    let classes = vision(&client, &running, "classifyImage").await;
    let request = ClassifyRequest::new([image.clone(), image.clone()]).mode(ClassifyMode::Multiple);
    let classes = classes.classify(request).await.unwrap();
    assert_eq!(classes["result"].as_array().unwrap().len(), 2);
    let pixels = vision(&client, &running, "segmentImage").await;
    let pixels = pixels.segment(image.clone()).await.unwrap();
    let rows = &pixels.result[0].result;
    assert_eq!((rows.len(), rows[0].len()), (7, 9));
    let instances = vision(&client, &running, "segmentInstances").await;
    let instances = instances.segment_instances(image.clone()).await.unwrap();
    assert!(!instances.img_res.unwrap().is_empty());
    let prompted = vision(&client, &running, "detectInteractive").await;
    let request = json!({"images": image.as_base64()});
    let prompted = prompted.detect_interactive(request).await.unwrap();
    assert!(!prompted["result"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn an_image_beyond_a_documented_limit_is_refused_before_anything_is_sent() {
    let running = start();
    let client = with_key(&running);
    let vision = client.vision().deployment("any");
    let wide = Image::from(bitmap(600, 100));
    let refused = vision.detect_n2(wide.clone()).await.unwrap_err();
    assert_eq!(refused.field(), Some("images"));
    let expected = "the longer side may be at most 5 times the shorter; got 600 x 100";
    assert!(refused.to_string().contains(expected), "{refused}");
    let refused = vision.detect_open_set(wide).await.unwrap_err();
    assert!(refused.is_invalid_input());
    let url = Image::from_base64("data:image/png;base64,AAAA");
    assert!(vision.detect(url).await.unwrap_err().is_invalid_input());
    let many = vec![Image::from(bitmap(1, 1)); 25];
    let refused = vision.classify(many).await.unwrap_err();
    assert_eq!(refused.field(), Some("images"));
    assert!(requests(&running).await.is_empty());
}

#[tokio::test]
async fn a_refusal_of_the_service_keeps_code_request_id_and_remedy() {
    let running = start();
    let client = with_key(&running);
    let text = Image::from(b"no image".to_vec());
    let vision = vision(&client, &running, "detectObjectsS2").await;
    let refused = vision.detect(text).await.unwrap_err();
    assert_eq!(
        (refused.status(), refused.code()),
        (Some(400), Some("PANGU.0010"))
    );
    assert!(refused.request_id().is_some() && refused.remedy().is_some());
    let elsewhere = client.vision().deployment("nowhere");
    let refused = elsewhere.detect(bitmap(1, 1)).await.unwrap_err();
    assert!(refused.is_not_found(), "{refused}");
}

#[tokio::test]
async fn an_answer_without_boxes_is_an_error_that_keeps_it() {
    let running = start();
    let client = with_key(&running);
    // The classifier's answer has labels alone.
    let vision = vision(&client, &running, "classifyImage").await;
    let error = vision.detect_s3(bitmap(1, 1)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer);
    assert_eq!(error.status(), Some(200));
    assert!(error.request_id().is_some() && error.body().is_some());
}
