//! Long work that goes on at the platform: started by one call, followed by others.

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use futures_util::stream;
use pangulm_core::job::Status;
use pangulm_core::{Error, Operation};
use serde::de::DeserializeOwned;

pub use pangulm_core::job::Phase;

use crate::driver::{Driver, Request, milliseconds};

/// How long a job is followed unless [`Job::deadline`] says otherwise: a day.
const DEADLINE: Duration = Duration::from_secs(24 * 60 * 60);

/// Long work at the platform: a forecast, a video.
///
/// [`wait`](Self::wait) is what most programs want. [`states`](Self::states) gives every state on
/// the way. Dropping a job ends the following, at once and without harm: the work goes on, and the
/// job can be resumed by its [`id`](Self::id), in another program too.
///
/// It asks after 1 second first, then ever more seldom, at most every 30 seconds. States that are
/// not known go on. A poll that fails for a passing reason is made again.
///
/// ```no_run
/// # async fn demo(mut job: pangulm::Job<serde_json::Value>) -> Result<(), pangulm::Error> {
/// println!("started {}", job.id());
/// let result = job.wait().await?;
/// println!("{result}");
/// # Ok(())
/// # }
/// ```
pub struct Job<T> {
    driver: Driver,
    machine: pangulm_core::Job,
    parameters: Vec<(String, String)>,
    deadline: Duration,
    asked: bool,
    answer: PhantomData<fn() -> T>,
}

/// How a job stands.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct JobStatus<T> {
    /// The platform's word for it, such as `running`; empty if it said none.
    pub state: String,
    /// The part that is done, from 0 to 1, where the platform tells it.
    pub progress: Option<f64>,
    /// What the state means. A state that is not known counts as running.
    pub phase: Phase,
    /// The platform's whole answer.
    pub answer: T,
}

impl<T: DeserializeOwned> Job<T> {
    /// Makes the call that starts the work. `parameters` are kept for the calls that follow it.
    pub(crate) async fn start(
        driver: &Driver,
        operation: &'static Operation,
        parameters: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Result<Self, Error> {
        let request = Request {
            operation,
            parameters: parameters.to_vec(),
            body: Some(Bytes::from(body)),
        };
        let response = driver.call(request).await?;
        let machine = pangulm_core::Job::started(operation, response.body())?;
        Ok(Self::follow(driver, machine, parameters))
    }

    /// Takes up work that was started before.
    pub(crate) fn resume(
        driver: &Driver,
        operation: &'static Operation,
        parameters: &[(&str, &str)],
        id: &str,
    ) -> Result<Self, Error> {
        let machine = pangulm_core::Job::resumed(operation, id)?;
        Ok(Self::follow(driver, machine, parameters))
    }

    fn follow(driver: &Driver, machine: pangulm_core::Job, parameters: &[(&str, &str)]) -> Self {
        let taken = parameters.iter().filter(|(name, _)| machine.takes(name));
        let parameters = taken
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        Self {
            driver: driver.clone(),
            machine,
            parameters,
            deadline: DEADLINE,
            asked: false,
            answer: PhantomData,
        }
    }

    /// The platform's id of the work.
    #[must_use]
    pub fn id(&self) -> &str {
        self.machine.id()
    }

    /// Follows the job for this long, counted from the first wait. Default: 24 hours.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Asks once how the work stands.
    ///
    /// # Errors
    /// The call failed, or its answer is not what the operation gives. That the work came to
    /// nothing is no error here, but [`Phase::Failed`].
    pub async fn status(&mut self) -> Result<JobStatus<T>, Error> {
        self.ask().await.map(|(status, _)| status)
    }

    /// Waits for the end of the work and gives the platform's last answer.
    ///
    /// # Errors
    /// The work came to nothing ([`is_job_failed`](Error::is_job_failed)); the deadline passed
    /// ([`is_timeout`](Error::is_timeout), with the last state in its message), though the work
    /// goes on; or the calls failed for good.
    pub async fn wait(&mut self) -> Result<T, Error> {
        loop {
            let status = self.next().await?;
            if status.phase == Phase::Succeeded {
                return Ok(status.answer);
            }
        }
    }

    /// Every state on the way, the first one at once, the last one when the work is finished. Work
    /// that came to nothing ends the stream with its error.
    ///
    /// # Errors
    /// As for [`wait`](Self::wait).
    ///
    /// ```no_run
    /// # async fn demo(job: pangulm::Job<serde_json::Value>) -> Result<(), pangulm::Error> {
    /// use futures_util::{StreamExt, pin_mut};
    ///
    /// let states = job.states();
    /// pin_mut!(states);
    /// while let Some(status) = states.next().await {
    ///     let status = status?;
    ///     println!("{} {:?}", status.state, status.progress);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn states(self) -> impl Stream<Item = Result<JobStatus<T>, Error>> {
        stream::try_unfold(Some(self), |job| async move {
            let Some(mut job) = job else {
                return Ok(None);
            };
            let status = job.next().await?;
            let more = (status.phase == Phase::Running).then_some(job);
            Ok(Some((status, more)))
        })
    }

    /// The next state, after the wait that is due.
    async fn next(&mut self) -> Result<JobStatus<T>, Error> {
        loop {
            if self.asked {
                let now = self.driver.now();
                let wait = self.machine.wait(now, milliseconds(self.deadline))?;
                tokio::time::sleep(Duration::from_millis(wait)).await;
            }
            self.asked = true;
            match self.ask().await {
                Ok((status, body)) if status.phase == Phase::Failed => {
                    return Err(self.machine.failure(&body));
                }
                Ok((status, _)) => return Ok(status),
                Err(error) if self.machine.goes_on_after(&error) => {}
                Err(error) => return Err(error),
            }
        }
    }

    async fn ask(&mut self) -> Result<(JobStatus<T>, Bytes), Error> {
        let own = self.parameters.iter();
        let mut parameters: Vec<_> = own
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        parameters.push((self.machine.parameter(), self.machine.id()));
        let request = Request {
            operation: self.machine.poll(),
            parameters,
            body: None,
        };
        let response = self.driver.call(request).await?;
        let Status {
            state,
            progress,
            phase,
        } = self.machine.read(response.body())?;
        let status = JobStatus {
            state,
            progress: progress.and_then(|progress| progress.parse().ok()),
            phase,
            answer: response.json()?,
        };
        Ok((status, response.body().clone()))
    }
}

impl<T> fmt::Debug for Job<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Job")
            .field("id", &self.machine.id())
            .field("poll", &self.machine.poll().id)
            .finish_non_exhaustive()
    }
}
