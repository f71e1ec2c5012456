//! The emulator as a child process.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::cargo::{self, Built};
use crate::step;

/// The name of its program.
pub(crate) const NAME: &str = "pangulm-emulator";

/// How long the emulator may take to end after it is asked to.
const GRACE: Duration = Duration::from_secs(5);

/// A running emulator. It ends when this value is dropped, and also when this process dies.
pub(crate) struct Emulator {
    child: Child,
    /// The line it prints about itself, one JSON object.
    pub(crate) info: String,
    json: Value,
}

/// Builds the emulator and these examples.
pub(crate) fn build_with(examples: &[&str]) -> Result<Built> {
    let what = ["the emulator"].into_iter().chain(examples.iter().copied());
    step::announce(format!("Building {}", what.collect::<Vec<_>>().join(", ")));
    // Chosen like this, cargo's features are those of the tests, which then share what is built.
    let mut arguments = vec!["--workspace", "--bin", NAME];
    arguments.extend(examples.iter().flat_map(|example| ["--example", example]));
    cargo::build(&arguments)
}

impl Emulator {
    /// Starts `program` with `arguments`, on loopback, callable from web pages.
    pub(crate) fn start<S: AsRef<OsStr>>(program: &Path, arguments: &[S]) -> Result<Self> {
        let mut child = Command::new(program)
            .args(["--until-stdin-closes", "--cors"])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("the emulator {} does not start", program.display()))?;
        let stdout = child
            .stdout
            .take()
            .context("the emulator has no standard output")?;
        let mut emulator = Self {
            child,
            info: String::new(),
            json: Value::Null,
        };
        let mut stdout = BufReader::new(stdout);
        stdout.read_line(&mut emulator.info)?;
        emulator.json = serde_json::from_str(&emulator.info)
            .context("the emulator ended before it said where it is; see its message above")?;
        // Whatever it prints later must not block it.
        std::thread::spawn(move || std::io::copy(&mut stdout, &mut std::io::stdout()));
        Ok(emulator)
    }

    /// A member of the info line that is a string.
    pub(crate) fn get(&self, member: &str) -> Result<&str> {
        let value = self.json.get(member).and_then(Value::as_str);
        value.with_context(|| format!("the emulator's first line has no `{member}`"))
    }

    /// Any member of the info line.
    pub(crate) fn member(&self, member: &str) -> Result<&Value> {
        let value = self.json.get(member);
        value.with_context(|| format!("the emulator's first line has no `{member}`"))
    }

    /// Its process id.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    /// Waits until the emulator ends by itself.
    pub(crate) fn wait(&mut self) -> Result<()> {
        // Not `Child::wait`, which would close the pipe that keeps the emulator alive.
        while self.child.try_wait()?.is_none() {
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(())
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let start = Instant::now();
        while start.elapsed() < GRACE {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        // Nothing is left to do about a failure here: this process is ending too.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
