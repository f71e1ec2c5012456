//! What goes on over several calls: jobs and pages, turned by the TypeScript side.

use super::json::{Object, error_json, list, string};
use super::{pairs, strings};
use crate::number::milliseconds;
use pangulm_core::job::Phase;
use pangulm_core::{Error, Job, Moment, Operation, Pages};
use wasm_bindgen::prelude::*;

/// Long work at the platform.
#[wasm_bindgen(js_name = Job)]
pub struct JobHandle {
    job: Job,
}

#[wasm_bindgen(js_class = Job)]
impl JobHandle {
    /// The work that an answer, as JSON, to the operation tells of.
    pub fn started(operation: &str, answer: &str) -> Result<JobHandle, String> {
        handle(operation, |operation| {
            Job::started(operation, answer.as_bytes())
        })
    }

    /// Work that the operation began earlier.
    pub fn resumed(operation: &str, id: &str) -> Result<JobHandle, String> {
        handle(operation, |operation| Job::resumed(operation, id))
    }

    /// JSON with the id, the operation that tells the state, its parameter for the id, and those of
    /// the start's parameters that it takes too.
    pub fn about(&self) -> String {
        let poll = self.job.poll();
        let names = poll.parameters.iter().map(|parameter| parameter.name);
        let taken = names.filter(|name| self.job.takes(name)).map(string);
        Object::new()
            .text("id", self.job.id())
            .text("poll", poll.id)
            .text("parameter", self.job.parameter())
            .raw("takes", &list(taken))
            .finish()
    }

    /// How the work stands by the answer, as JSON; with the error if it came to nothing.
    pub fn read(&mut self, answer: &str) -> Result<String, String> {
        let status = self
            .job
            .read(answer.as_bytes())
            .map_err(|error| error_json(&error))?;
        let phase = match status.phase {
            Phase::Running => "running",
            Phase::Succeeded => "succeeded",
            Phase::Failed => "failed",
        };
        let mut object = Object::new();
        object.text("state", &status.state).text("phase", phase);
        if let Some(progress) = &status.progress {
            object.raw("progress", progress);
        }
        if status.phase == Phase::Failed {
            object.raw("error", &error_json(&self.job.failure(answer.as_bytes())));
        }
        Ok(object.finish())
    }

    /// How long to wait before asking again, in milliseconds.
    pub fn wait(&mut self, steady: f64, timeout: f64) -> Result<u32, String> {
        let now = Moment {
            wall_ms: 0,
            steady_ms: milliseconds(steady),
        };
        let wait = self.job.wait(now, milliseconds(timeout));
        wait.map(|wait| u32::try_from(wait).unwrap_or(u32::MAX))
            .map_err(|error| error_json(&error))
    }
}

fn handle(
    operation: &str,
    make: impl FnOnce(&'static Operation) -> Result<Job, Error>,
) -> Result<JobHandle, String> {
    let made = Operation::find(operation).and_then(make);
    made.map(|job| JobHandle { job })
        .map_err(|error| error_json(&error))
}

/// The pages of a list.
#[wasm_bindgen(js_name = Pages)]
pub struct PagesHandle {
    pages: Pages,
}

#[wasm_bindgen(js_class = Pages)]
impl PagesHandle {
    /// The pages of the operation's list. Parameters are a JSON list of names and values in turn.
    pub fn of(operation: &str, parameters: &str) -> Result<PagesHandle, String> {
        let parameters = strings(parameters);
        let parameters: Vec<_> = pairs(&parameters).collect();
        let pages =
            Operation::find(operation).and_then(|operation| Pages::of(operation, &parameters));
        pages
            .map(|pages| Self { pages })
            .map_err(|error| error_json(&error))
    }

    /// JSON with the parameters of the next page, and where its answer has items and total; nothing
    /// after the last page.
    pub fn next(&self) -> Option<String> {
        let rules = self.pages.rules();
        let position = self.pages.position()?;
        let parameters = Object::new()
            .number(rules.position, position)
            .number(rules.limit, self.pages.limit())
            .finish();
        Some(
            Object::new()
                .raw("parameters", &parameters)
                .text("items", rules.items)
                .optional("total", rules.total)
                .finish(),
        )
    }

    /// Notes how many items a page had, and how many there are in all if it said so.
    pub fn advance(&mut self, items: u32, total: Option<u32>) {
        self.pages.advance(items.into(), total.map(u64::from));
    }
}
