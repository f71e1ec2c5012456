//! Asking an official signer: requests go in as lines of JSON, its work comes out as lines.

use std::io::Write;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::canonical::Canonical;
use crate::request::Request;

/// What a witness made of a request.
pub(crate) enum Testimony {
    Signed(Signed),
    /// It sent the request on without signing it.
    Unsigned,
    /// It stumbled.
    Error(String),
}

pub(crate) struct Signed {
    pub(crate) canonical: Canonical,
    /// The headers it would send.
    pub(crate) headers: Vec<(String, String)>,
    /// The query it would send.
    pub(crate) query: String,
}

impl Signed {
    pub(crate) fn authorization(&self) -> &str {
        let mut headers = self.headers.iter();
        headers
            .find(|(name, _)| name == "Authorization")
            .map(|(_, value)| value.as_str())
            .unwrap_or_default()
    }

    pub(crate) fn signature(&self) -> &str {
        self.authorization().rsplit('=').next().unwrap_or_default()
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Answer {
    Error {
        error: String,
    },
    Signed {
        canonical: Option<String>,
        headers: Vec<(String, String)>,
        query: String,
    },
}

/// Has all the requests signed in one process.
pub(crate) fn ask(command: &mut Command, requests: &[Request]) -> Result<Vec<Testimony>> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("could not start {command:?}"))?;
    let mut input = String::new();
    for request in requests {
        input.push_str(&serde_json::to_string(request)?);
        input.push('\n');
    }
    let mut stdin = child.stdin.take().context("no way to write to a witness")?;
    // Written beside the reading: a full pipe on both sides would wait for ever.
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output()?;
    let written = writer.join();
    if !output.status.success() || !matches!(written, Ok(Ok(()))) {
        bail!("{command:?} failed ({})", output.status);
    }
    let answers: Vec<Testimony> = String::from_utf8(output.stdout)?
        .lines()
        .map(read)
        .collect::<Result<_>>()?;
    if answers.len() != requests.len() {
        bail!(
            "{command:?} answered {} of {} requests",
            answers.len(),
            requests.len()
        );
    }
    Ok(answers)
}

fn read(line: &str) -> Result<Testimony> {
    let answer = serde_json::from_str(line).with_context(|| format!("an answer of {line}"))?;
    Ok(match answer {
        Answer::Error { error } => Testimony::Error(error),
        Answer::Signed {
            canonical: None, ..
        } => Testimony::Unsigned,
        Answer::Signed {
            canonical: Some(text),
            headers,
            query,
        } => Testimony::Signed(Signed {
            canonical: Canonical::parse(&text)?,
            headers,
            query,
        }),
    })
}
