//! Models that see. What they find depends on the size and the bytes of the image alone.
//!
//! The answers of object detection S-2.1.0 and N-2.1.0 and of semantic segmentation have the documented
//! form. All others are made up: their tables could not be read (facts: models 3).

mod picture;
mod scene;

use serde_json::{Value, json};

use crate::reply::Refusal;
use crate::routes::Route;
use crate::service::{PATH, bad, model};
use picture::{Limits, Picture};
use scene::{Thing, things};

pub(crate) static ROUTES: &[Route] = &[
    model!(
        "classifyImage",
        PATH,
        "emulated-cv-image-classification-2-1-0",
        classify
    ),
    model!(
        "detectObjectsS2",
        PATH,
        "emulated-cv-object-detection-s-2-1-0",
        detect_s2
    ),
    model!(
        "detectObjectsN2",
        PATH,
        "emulated-cv-object-detection-n-2-1-0",
        detect_n2
    ),
    model!(
        "detectObjectsS3",
        PATH,
        "emulated-cv-object-detection-s-3-1-0",
        detect_s3
    ),
    model!(
        "segmentImage",
        "/v1/{project_id}/infer-api/proxy/service/{deployment_id}/v1/rs-server/predictions",
        "emulated-cv-semantic-segmentation-2-1-0",
        segment
    ),
    model!(
        "segmentInstances",
        PATH,
        "emulated-cv-instance-segmentation-1-1-0",
        segment_instances
    ),
    model!(
        "detectOpenSet",
        PATH,
        "emulated-cv-open-set-detection-v2",
        detect_open_set
    ),
    model!(
        "detectInteractive",
        PATH,
        "emulated-cv-visual-interactive-detection-v3",
        detect_interactive
    ),
];

/// The documented default of S-2.1.0; the others' are not known.
const THRESHOLD: f64 = 0.25;

/// Per-pixel answers grow with the image; the page's "2K" gives no number.
const MOST_SEGMENTED: u32 = 2048;

fn classify(body: &Value) -> Result<Value, Refusal> {
    let images = match &body["images"] {
        Value::Array(images) => images.iter().collect(),
        image => vec![image],
    };
    let several = body["mode"] == "multiple";
    let labels = |image: &Value| -> Result<Value, Refusal> {
        let picture = Picture::read("images", image, Limits::NONE)?;
        let things = things(&picture);
        let kept = things.iter().take(if several { 2 } else { 1 });
        let labels = kept.map(|thing| json!({"label": thing.label, "score": thing.score}));
        Ok(labels.collect())
    };
    let results: Result<Vec<Value>, Refusal> = images.into_iter().map(labels).collect();
    Ok(json!({"result": results?}))
}

fn detect_s2(body: &Value) -> Result<Value, Refusal> {
    let picture = Picture::read("images", &body["images"], Limits::NONE)?;
    Ok(json!({"result": found(&picture, number(body), s2)}))
}

fn detect_n2(body: &Value) -> Result<Value, Refusal> {
    let picture = Picture::read("images", &body["images"], Limits::DOCUMENTED)?;
    let form = |thing: &Thing| {
        json!({
            "RegisterMatrix": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
            "Label": thing.label,
            "Score": thing.score,
            "Box": {
                "x": thing.x, "y": thing.y, "width": thing.width, "height": thing.height, "Angle": 0,
            },
        })
    };
    Ok(json!({"result": found(&picture, THRESHOLD, form)}))
}

fn detect_s3(body: &Value) -> Result<Value, Refusal> {
    let threshold = match body["threshold"].as_str() {
        None | Some("-1") => THRESHOLD,
        Some(text) => text
            .parse()
            .map_err(|_| bad("threshold", "is no number in text"))?,
    };
    let picture = Picture::read("images", &body["images"], Limits::NONE)?;
    Ok(json!({"result": found(&picture, threshold, s2)}))
}

fn detect_open_set(body: &Value) -> Result<Value, Refusal> {
    let picture = Picture::read("images", &body["images"], Limits::DOCUMENTED)?;
    Ok(json!({"result": found(&picture, number(body), plain)}))
}

/// No member of the request is known: any text in it that is an image is looked at.
fn detect_interactive(body: &Value) -> Result<Value, Refusal> {
    let texts = body.as_object().into_iter().flatten();
    let mut pictures =
        texts.filter_map(|(name, value)| Picture::read(name, value, Limits::NONE).ok());
    let found = pictures.next().map(|it| found(&it, THRESHOLD, plain));
    Ok(json!({"result": found.unwrap_or_default()}))
}

fn segment_instances(body: &Value) -> Result<Value, Refusal> {
    let picture = Picture::read("images", &body["images"], Limits::NONE)?;
    Ok(json!({"img_res": found(&picture, THRESHOLD, plain)}))
}

fn segment(body: &Value) -> Result<Value, Refusal> {
    let picture = Picture::read("img", &body["img"], Limits::NONE)?;
    if picture.width.max(picture.height) > MOST_SEGMENTED {
        let message =
            format!("the emulator segments images of up to {MOST_SEGMENTED} pixels a side");
        return Err(Refusal::bad("EMULATOR.IMAGE", message));
    }
    let things = things(&picture);
    // Class 0 is what is around the things.
    let class = |x, y| {
        let mut classes = (1_u32..).zip(&things);
        let thing = classes.find(|(_, thing)| thing.covers(x, y));
        thing.map_or(0, |(class, _)| class)
    };
    let row = |y| (0..picture.width).map(|x| class(x, y)).collect::<Vec<_>>();
    let rows: Vec<_> = (0..picture.height).map(row).collect();
    Ok(json!({"result": [{"result": rows}]}))
}

fn number(body: &Value) -> f64 {
    body["threshold"].as_f64().unwrap_or(THRESHOLD)
}

fn found(picture: &Picture, threshold: f64, form: impl Fn(&Thing) -> Value) -> Vec<Value> {
    let things = things(picture);
    let kept = things.iter().filter(|thing| thing.score >= threshold);
    kept.map(form).collect()
}

fn s2(thing: &Thing) -> Value {
    let Thing {
        x,
        y,
        width,
        height,
        ..
    } = thing;
    json!({
        "Box": {"Angle": 0, "Height": height, "Width": width, "X": x, "Y": y},
        "Score": thing.score,
        "label": thing.label,
    })
}

/// The box as the page of open-set detection has it; label and score are made up.
fn plain(thing: &Thing) -> Value {
    json!({
        "Box": {"X": thing.x, "Y": thing.y, "Width": thing.width, "Height": thing.height},
        "Score": thing.score,
        "Label": thing.label,
    })
}
