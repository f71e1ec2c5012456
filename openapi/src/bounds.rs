//! Limits that take more than a number.

use serde_json::Value;

/// What `x-image` says: the limits of an image in base64. 0 stands for no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImageLimits {
    /// `maxBytes`: the length of the base64 text.
    pub max_bytes: u32,
    /// `maxSide`: the longer side in pixels.
    pub max_side: u32,
    /// `maxRatio`: how many times as long as the shorter side the longer one may be.
    pub max_ratio: u32,
}

/// What `x-columns` says: the limits of named columns. 0 stands for no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ColumnLimits {
    /// `minRows`: values that a column must have.
    pub min_rows: u32,
    /// `maxRows`: values that a column may have.
    pub max_rows: u32,
    /// `maxColumns`: columns side by side.
    pub max_columns: u32,
    /// `maxCells`: values of all columns together.
    pub max_cells: u32,
    /// `context`: no column is shorter than the member `context_len` says.
    pub context: bool,
    /// `forecast`: all items have the same columns. Targets and past covariates are of one length, known covariates
    /// longer by the member `prediction_len`; `target_cols`, `past_cov_cols` and `known_cov_cols` say which is which.
    pub forecast: bool,
    /// `sampled`: every column is one of the member `sample`.
    pub sampled: bool,
}

impl ImageLimits {
    pub(crate) fn read(limits: &Value) -> Result<Self, String> {
        let mut read = Self::default();
        for (name, value) in members(limits) {
            let place = match name {
                "maxBytes" => &mut read.max_bytes,
                "maxSide" => &mut read.max_side,
                "maxRatio" => &mut read.max_ratio,
                _ => return Err(format!("x-image.{name} is unknown")),
            };
            *place = count("x-image", name, value)?;
        }
        Ok(read)
    }
}

impl ColumnLimits {
    pub(crate) fn read(limits: &Value) -> Result<Self, String> {
        let mut read = Self::default();
        for (name, value) in members(limits) {
            let number = || count("x-columns", name, value);
            match name {
                "minRows" => read.min_rows = number()?,
                "maxRows" => read.max_rows = number()?,
                "maxColumns" => read.max_columns = number()?,
                "maxCells" => read.max_cells = number()?,
                "context" => read.context = flag(name, value)?,
                "forecast" => read.forecast = flag(name, value)?,
                "sampled" => read.sampled = flag(name, value)?,
                _ => return Err(format!("x-columns.{name} is unknown")),
            }
        }
        Ok(read)
    }
}

fn members(limits: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let members = limits.as_object().into_iter().flatten();
    members.map(|(name, value)| (name.as_str(), value))
}

fn count(of: &str, name: &str, value: &Value) -> Result<u32, String> {
    let count = value.as_u64().and_then(|count| u32::try_from(count).ok());
    count.ok_or_else(|| format!("{of}.{name} must be a count below 2^32"))
}

fn flag(name: &str, value: &Value) -> Result<bool, String> {
    let flag = value.as_bool();
    flag.ok_or_else(|| format!("x-columns.{name} must be true or false"))
}
