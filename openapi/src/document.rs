//! One document of the description.

use serde_json::Value;

use crate::{OpenEnum, Operation, SpecError, json_schema, merge, named, normalise, read};

/// One document of the description.
#[derive(Clone, Debug)]
pub struct Document {
    /// The name of its root file without the ending, as `pangulm`.
    pub name: &'static str,
    raw: Value,
}

/// Which JSON of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The request body.
    Request,
    /// The body of a success.
    Response,
    /// The data of one event of a stream.
    Chunk,
}

impl Document {
    /// Reads a document. It is not checked; [`lint`](crate::lint()) does that.
    ///
    /// # Errors
    ///
    /// The text is not YAML, or not of the kind that JSON can express.
    pub fn from_yaml(name: &'static str, text: &str) -> Result<Self, SpecError> {
        Self::from_parts(name, text, &[])
    }

    /// Reads a document whose areas stand in files of their own, given by name and text.
    ///
    /// # Errors
    ///
    /// As for [`from_yaml`](Self::from_yaml); or two files hold the same path or component.
    pub fn from_parts(
        name: &'static str,
        root: &str,
        fragments: &[(&str, &str)],
    ) -> Result<Self, SpecError> {
        let read = |file: &str, text: &str| -> Result<Value, SpecError> {
            serde_yaml_ng::from_str(text)
                .map_err(|error| SpecError::one(name, file, error.to_string()))
        };
        let root = read("document", root)?;
        let fragments: Result<Vec<_>, _> = fragments
            .iter()
            .map(|(file, text)| Ok((*file, read(file, text)?)))
            .collect();
        let raw = merge::merge(name, root, fragments?)?;
        Ok(Self { name, raw })
    }

    /// The document as it is written.
    pub fn raw(&self) -> &Value {
        &self.raw
    }

    /// The document as the generator of typed clients can take it: only what answers with JSON, and with types that
    /// survive what a service may add later. It leaves [`open_enums`](Self::open_enums) and
    /// [`secrets`](Self::secrets) to the caller.
    pub fn normalised(&self) -> Value {
        self.normalised_for(&|_| true)
    }

    /// The same with the operations of some tags alone, and what they refer to.
    pub fn normalised_for(&self, is_wanted: &dyn Fn(&str) -> bool) -> Value {
        normalise::normalise(&self.raw, is_wanted)
    }

    /// The named string enums, which are plain strings in [`normalised`](Self::normalised).
    pub fn open_enums(&self) -> Vec<OpenEnum> {
        named::open_enums(&self.raw)
    }

    /// The named schemas of secrets (`format: password`), which are plain strings in
    /// [`normalised`](Self::normalised) and must not be so in code.
    pub fn secrets(&self) -> Vec<String> {
        named::secrets(&self.raw)
    }

    /// The operations in the order of the file's paths, those of two kinds of answer twice.
    ///
    /// # Errors
    ///
    /// Something an operation must have is missing or unknown; the problem names the operation.
    pub fn operations(&self) -> Result<Vec<Operation>, SpecError> {
        read::operations(self.name, &self.raw)
    }

    /// A JSON Schema (draft 2020-12) that stands alone, with the schemas it refers to in `$defs`. `None` if there is no
    /// such operation or it has no such part. Both halves of an operation with two kinds of answer are known.
    pub fn json_schema(&self, operation_id: &str, part: Part) -> Option<Value> {
        json_schema::json_schema(&self.raw, operation_id, part)
    }
}
