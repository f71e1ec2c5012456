//! Models that see.

use pangulm_openapi::{Part, documents};
use serde_json::{Value, json};

use crate::platform::{Platform, outcome};
use crate::spec::assert_fits;

/// 64 x 48 pixels of one colour, as the spec's examples have it.
fn picture() -> String {
    let documents = documents().unwrap();
    let mut operations = documents.iter().flat_map(|it| it.operations().unwrap());
    let detect = operations.find(|it| it.id == "detectObjectsS2").unwrap();
    let example = detect.request_example.unwrap();
    example["images"].as_str().unwrap().to_owned()
}

/// The head of a PNG file with these sides, in base64.
fn head(width: u16, height: u16) -> String {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend([0, 0]);
    bytes.extend(height.to_be_bytes());
    // 24 bytes, so no padding.
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let quads = bytes.chunks(3).flat_map(|group| {
        let bits = group
            .iter()
            .fold(0, |sum, byte| sum << 8 | usize::from(*byte));
        [18, 12, 6, 0].map(|shift| char::from(alphabet[bits >> shift & 63]))
    });
    quads.collect()
}

async fn ask(platform: &Platform, operation: &str, body: Value) -> (u16, Value) {
    let (status, answer) = outcome(platform.model(operation, &body).await).await;
    if status == 200 {
        assert_fits(operation, Part::Response, &answer);
        assert_eq!(answer["x_emulated"], true);
    }
    (status, answer)
}

#[tokio::test]
async fn every_model_answers_the_spec_s_example() {
    let platform = Platform::start();
    for operation in documents().unwrap()[0].operations().unwrap() {
        if operation.tag == "vision" {
            let example = operation.request_example.unwrap();
            let (status, answer) = ask(&platform, &operation.id, example).await;
            assert_eq!(status, 200, "{} {answer}", operation.id);
        }
    }
}

#[tokio::test]
async fn things_lie_within_the_image_and_stay_where_they_are() {
    let platform = Platform::start();
    let body = json!({"images": picture(), "threshold": 0});
    let (_, first) = ask(&platform, "detectObjectsS2", body.clone()).await;
    let things = first["result"].as_array().unwrap();
    assert_eq!(things.len(), 4);
    for thing in things {
        let side = |name: &str| thing["Box"][name].as_u64().unwrap();
        assert!(
            side("Width") > 0 && side("X") + side("Width") <= 64,
            "{thing}"
        );
        assert!(
            side("Height") > 0 && side("Y") + side("Height") <= 48,
            "{thing}"
        );
    }
    let (_, again) = ask(&platform, "detectObjectsS2", body).await;
    assert_eq!(first["result"], again["result"]);
    let other = json!({"images": head(640, 480), "threshold": 0});
    let (_, other) = ask(&platform, "detectObjectsS2", other).await;
    assert_ne!(first["result"], other["result"]);
}

#[tokio::test]
async fn a_threshold_keeps_what_is_surer() {
    let platform = Platform::start();
    for (operation, threshold, count) in [
        ("detectObjectsS2", Value::Null, 3),
        ("detectObjectsS2", json!(0.6), 2),
        ("detectObjectsS3", json!("0.9"), 1),
        ("detectObjectsS3", json!("-1"), 3),
        ("detectOpenSet", json!(1), 0),
    ] {
        let mut body = json!({"images": picture()});
        if !threshold.is_null() {
            body["threshold"] = threshold.clone();
        }
        let (_, answer) = ask(&platform, operation, body).await;
        let found = answer["result"].as_array().unwrap().len();
        assert_eq!(found, count, "{operation} {threshold}");
    }
}

#[tokio::test]
async fn each_generation_spells_its_answer_its_own_way() {
    let platform = Platform::start();
    let body = json!({"images": picture()});
    let (_, s2) = ask(&platform, "detectObjectsS2", body.clone()).await;
    let (_, n2) = ask(&platform, "detectObjectsN2", body).await;
    let (s2, n2) = (&s2["result"][0], &n2["result"][0]);
    assert_eq!((&s2["label"], &s2["Score"]), (&n2["Label"], &n2["Score"]));
    assert_eq!(s2["Box"]["Width"], n2["Box"]["width"]);
    assert_eq!(
        n2["RegisterMatrix"],
        json!([[1, 0, 0], [0, 1, 0], [0, 0, 1]])
    );
}

#[tokio::test]
async fn every_pixel_gets_its_class() {
    let platform = Platform::start();
    let (_, answer) = ask(&platform, "segmentImage", json!({"img": picture()})).await;
    let rows = answer["result"][0]["result"].as_array().unwrap();
    assert_eq!(rows.len(), 48);
    assert!(rows.iter().all(|row| row.as_array().unwrap().len() == 64));
    let classes: Vec<u64> = rows
        .iter()
        .flat_map(|row| row.as_array().unwrap())
        .map(|class| class.as_u64().unwrap())
        .collect();
    assert!(classes.contains(&0) && classes.contains(&1));
    let (status, answer) = ask(&platform, "segmentImage", json!({"img": head(4096, 10)})).await;
    assert_eq!(
        (status, &answer["error_code"]),
        (400, &json!("EMULATOR.IMAGE"))
    );
}

#[tokio::test]
async fn a_batch_is_classified_image_by_image() {
    let platform = Platform::start();
    let body = json!({"images": [picture(), head(9, 9)], "mode": "multiple"});
    let (_, answer) = ask(&platform, "classifyImage", body).await;
    let images = answer["result"].as_array().unwrap();
    assert_eq!(images.len(), 2);
    assert!(
        images
            .iter()
            .all(|labels| labels.as_array().unwrap().len() == 2)
    );
}

#[tokio::test]
async fn what_a_page_rules_out_is_refused_with_the_member() {
    let platform = Platform::start();
    let too_long = "A".repeat(10 * 1024 * 1024 + 4);
    let cases = [
        (
            "detectObjectsN2",
            json!({"images": head(10_001, 9_000)}),
            "/images",
        ),
        (
            "detectObjectsN2",
            json!({"images": head(100, 501)}),
            "/images",
        ),
        ("detectOpenSet", json!({"images": too_long}), "/images"),
        (
            "detectOpenSet",
            json!({"images": picture(), "threshold": 1.5}),
            "/threshold",
        ),
        (
            "detectObjectsS2",
            json!({"images": "data:image/png;base64,AAAA"}),
            "/images",
        ),
        ("detectObjectsS2", json!({"images": "AAAA"}), "/images"),
        (
            "detectObjectsS3",
            json!({"images": picture(), "threshold": "x"}),
            "/threshold",
        ),
        (
            "classifyImage",
            json!({"images": vec!["AAAA"; 25]}),
            "/images",
        ),
    ];
    for (operation, body, member) in cases {
        let (status, answer) = ask(&platform, operation, body).await;
        assert_eq!(
            (status, &answer["error_code"]),
            (400, &json!("PANGU.0010")),
            "{answer}"
        );
        assert!(
            answer["error_msg"].as_str().unwrap().contains(member),
            "{answer}"
        );
    }
    let (status, answer) = ask(&platform, "segmentImage", json!({"images": picture()})).await;
    assert_eq!((status, &answer["error_code"]), (400, &json!("PANGU.3278")));
    assert!(answer["error_msg"].as_str().unwrap().contains("/img"));
}

#[tokio::test]
async fn a_service_is_found_by_project_and_deployment_and_opens_to_its_credentials() {
    let platform = Platform::start();
    let body = json!({"images": picture()});
    let url = |project: &str, deployment: &str| {
        let path = format!("/v1/{project}/infer-api/proxy/service/{deployment}/");
        platform.http.post(platform.url(&path)).json(&body)
    };
    let project = platform.info().project_id.clone();
    let deployments = platform.deployments().await;
    let deployment = deployments["detectObjectsS2"].as_str().unwrap();
    let key = &platform.info().api_key;
    for post in [url("nobody", deployment), url(&project, "nowhere")] {
        let (status, answer) = outcome(post.header("x-apig-appcode", key)).await;
        assert_eq!((status, &answer["error_code"]), (404, &json!("PANGU.3254")));
    }
    let token = platform.token().await;
    let (status, _) = outcome(url(&project, deployment).header("x-auth-token", token)).await;
    assert_eq!(status, 200);
    let (status, answer) = outcome(url(&project, deployment)).await;
    assert_eq!((status, &answer["error_code"]), (401, &json!("APIG.0301")));
}
