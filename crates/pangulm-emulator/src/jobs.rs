//! Work that takes its time on the emulator's clock.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::http::StatusCode;
use serde_json::Value;

use crate::call::Call;
use crate::reply::Refusal;

const MOST: usize = 10_000;
/// How long a job waits for its turn, in microseconds, and how long it then runs. The platform takes
/// minutes to hours.
const WAITS: u64 = 500_000;
const RUNS: u64 = 1_500_000;
/// What a request holds whose job is to come to nothing.
const DOOMED: &str = "emulate-failure";

/// The jobs started last.
#[derive(Debug, Default)]
pub(crate) struct Jobs(Mutex<VecDeque<Job>>);

/// One job, of any area.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    pub(crate) id: String,
    /// The operation that started it.
    pub(crate) operation_id: &'static str,
    /// When it was started, in microseconds.
    pub(crate) started: u64,
    /// Why it will come to nothing, if it will.
    pub(crate) flaw: Option<String>,
    /// What was asked for.
    pub(crate) request: Value,
}

/// Where a job is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Stage {
    Waiting,
    /// The part that is done, from 0 to 1.
    Running(f64),
    Failed,
    Finished,
}

impl Job {
    /// A job that the call starts now.
    pub(crate) fn of(call: &Call, id: String, request: Value) -> Self {
        let flaw = request
            .to_string()
            .contains(DOOMED)
            .then(|| format!("the request holds {DOOMED}"));
        Self {
            id,
            operation_id: call.route.operation_id,
            started: call.state.clock.micros(),
            flaw,
            request,
        }
    }

    pub(crate) fn stage(&self, now: u64) -> Stage {
        match now.saturating_sub(self.started) {
            0..WAITS => Stage::Waiting,
            elapsed if elapsed < WAITS + RUNS => {
                // Six digits are exact.
                let parts = (elapsed - WAITS) * 1_000 / RUNS;
                Stage::Running(f64::from(u32::try_from(parts).unwrap_or(1_000)) / 1_000.0)
            }
            _ if self.flaw.is_some() => Stage::Failed,
            _ => Stage::Finished,
        }
    }

    /// When the job came to where it is, in microseconds.
    pub(crate) fn changed(&self, now: u64) -> u64 {
        match self.stage(now) {
            Stage::Waiting => self.started,
            Stage::Running(_) => self.started + WAITS,
            Stage::Failed | Stage::Finished => self.ends(),
        }
    }

    /// When it is, or was, at its end, in microseconds.
    pub(crate) fn ends(&self) -> u64 {
        self.started + WAITS + RUNS
    }

    /// A member of the request, or null.
    pub(crate) fn asked(&self, name: &str) -> Value {
        self.request.get(name).cloned().unwrap_or_default()
    }
}

impl Jobs {
    pub(crate) fn keep(&self, job: Job) {
        let mut jobs = self.lock();
        if jobs.len() == MOST {
            jobs.pop_front();
        }
        jobs.push_back(job);
    }

    pub(crate) fn knows(&self, id: &str) -> bool {
        self.lock().iter().any(|job| job.id == id)
    }

    /// The job that an operation started.
    pub(crate) fn find(&self, operation_id: &str, id: &str) -> Result<Job, Refusal> {
        let jobs = self.lock();
        let found = jobs
            .iter()
            .find(|job| job.operation_id == operation_id && job.id == id);
        // The platform's answer is not known.
        found.cloned().ok_or_else(|| {
            let message = "parameter illegal. there is no job of this id";
            Refusal::new(StatusCode::NOT_FOUND, "PANGU.0010", message)
        })
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Job>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_waits_runs_and_ends_by_the_clock() {
        let job = Job {
            id: "j".to_owned(),
            operation_id: "createWeatherTask",
            started: 1_000_000,
            flaw: None,
            request: Value::Null,
        };
        let doomed = Job {
            flaw: Some("doomed".to_owned()),
            ..job.clone()
        };
        for (now, stage, changed) in [
            (0, Stage::Waiting, 1_000_000),
            (1_499_999, Stage::Waiting, 1_000_000),
            (1_500_000, Stage::Running(0.0), 1_500_000),
            (2_250_000, Stage::Running(0.5), 1_500_000),
            (3_000_000, Stage::Finished, 3_000_000),
            (9_000_000, Stage::Finished, 3_000_000),
        ] {
            assert_eq!((job.stage(now), job.changed(now)), (stage, changed));
            let expected = match stage {
                Stage::Finished => Stage::Failed,
                stage => stage,
            };
            assert_eq!(doomed.stage(now), expected);
        }
    }
}
