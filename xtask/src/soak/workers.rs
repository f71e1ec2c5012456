//! The workers of one language, as a child process.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::SyncSender;
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result};
use serde_json::Value;

use super::plan::{Call, Plan};

/// What is heard of the workers; the number says of which.
pub(super) enum News {
    Planned(usize, Call),
    Answered(usize, String),
    /// They wrote their last line.
    Ended(usize),
}

/// A process that makes the calls of a plan. It ends by itself when it has made them all.
pub(super) struct Workers {
    child: Child,
}

impl Workers {
    /// Starts `command` as number `who` and gives it calls until `deadline`.
    pub(super) fn start(
        mut command: Command,
        (who, settings): (usize, Value),
        mut plan: Plan,
        deadline: Instant,
        news: SyncSender<News>,
    ) -> Result<Self> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("the workers {:?} do not start", command.get_program()))?;
        let mut stdin = child.stdin.take().context("workers without stdin")?;
        let stdout = child.stdout.take().context("workers without stdout")?;
        let planned = news.clone();
        // Both threads end with the pipes, which end with the child.
        thread::spawn(move || {
            let mut give = |line: Value| writeln!(stdin, "{line}").is_ok();
            let mut given = give(settings);
            while given && Instant::now() < deadline {
                let call = plan.next();
                let line = call.line();
                // Told first, so that no answer comes before its call.
                given = planned.send(News::Planned(who, call)).is_ok() && give(line);
            }
        });
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if news.send(News::Answered(who, line)).is_err() {
                    return;
                }
            }
            let _ = news.send(News::Ended(who));
        });
        Ok(Self { child })
    }

    pub(super) fn process(&self) -> u32 {
        self.child.id()
    }

    /// Whether they ended as programs do that have done their work.
    pub(super) fn ended_well(&mut self) -> bool {
        self.child.wait().is_ok_and(|status| status.success())
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        // Without effect on workers that have ended, as they should have.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
