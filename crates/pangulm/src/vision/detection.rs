//! What detection finds, in one shape for all models.

use pangulm_core::{Error, detection};
use serde::Deserialize;
use serde_json::Value;

use crate::response::Response;

/// What was found in an image.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Detections {
    /// The objects, in the order of the answer.
    pub items: Vec<Detection>,
    /// The whole answer as the service spells it.
    pub raw: Value,
}

/// One object.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Detection {
    /// What it is; empty if the answer does not say.
    pub label: String,
    /// How sure the model is, from 0 to 1, if the answer says.
    pub score: Option<f64>,
    /// Where it is.
    #[serde(rename = "box")]
    pub bounds: Bounds,
}

/// A rectangle in an image, in pixels from the upper left corner.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Bounds {
    /// Its left edge.
    pub x: f64,
    /// Its upper edge.
    pub y: f64,
    /// Its width.
    pub width: f64,
    /// Its height.
    pub height: f64,
    /// Its rotation, in a unit that is not documented; 0 if the answer does not say.
    pub angle: f64,
}

impl Detections {
    pub(super) fn read(response: &Response) -> Result<Self, Error> {
        let text = std::str::from_utf8(response.body()).unwrap_or_default();
        let objects =
            detection::objects(text).ok_or_else(|| response.undecodable(detection::NONE))?;
        let unreadable = |error: serde_json::Error| response.undecodable(&error.to_string());
        Ok(Self {
            items: serde_json::from_str(&objects).map_err(unreadable)?,
            raw: response.json()?,
        })
    }
}
