//! Faults on demand: what the header `x-emulator-fault` asks for, or the administration.

use std::collections::VecDeque;
use std::str::FromStr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::http::{HeaderValue, StatusCode};

use crate::reply::Refusal;

/// The header that asks for a fault.
pub(crate) const HEADER: &str = "x-emulator-fault";

const MOST_KEYS: usize = 1_000;
const LONGEST_KEY: usize = 100;
const LONGEST_DELAY: u64 = 600_000;
/// The documented reasons for which an answer ends early (facts: inference 3.2).
const FINISH_REASONS: [&str; 3] = ["length", "content_filter", "insufficient_system_resource"];

/// What one request's header asks for. The default asks for nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fault {
    pub(crate) delay: Duration,
    pub(crate) kind: Option<Kind>,
    pub(crate) key: Option<String>,
    times: Option<u32>,
}

/// The fault itself.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    /// Close the connection before any answer.
    Drop,
    /// Answer this instead.
    Refuse(Refusal),
    /// A gateway's HTML page.
    Html(StatusCode),
    /// 200 with a text body.
    NotJson,
    /// 302, to another path.
    Redirect,
    /// The real answer, its body bent.
    Bend(Bend),
}

/// What becomes of a body. Numbers count the events of a stream, the bytes of any other body.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Bend {
    StallAfter(usize),
    DropAfter(usize),
    TruncateAfter(usize),
    ErrorAfter(usize),
    OversizedAfter(usize),
    NoDone,
    BadJson,
    /// The finish reason is this one.
    Finish(&'static str),
}

impl Fault {
    /// Reads the header.
    pub(crate) fn of(value: &HeaderValue) -> Result<Self, Refusal> {
        let wrong = |why: String| malformed(&format!("{HEADER} header: {why}"));
        let text = value
            .to_str()
            .map_err(|_| wrong("it is not plain ASCII".to_owned()))?;
        let fault = Self::parse(text).map_err(wrong)?;
        if fault.times.is_some() && fault.key.is_none() {
            let why = "times needs a key to count by, as in times=2; key=my-test";
            return Err(wrong(why.to_owned()));
        }
        Ok(fault)
    }

    /// Reads a fault that is to stand for all requests; an empty text is none.
    pub(crate) fn standing(text: &str) -> Result<Option<Self>, Refusal> {
        let fault = Self::parse(text).map_err(|why| malformed(&format!("fault: {why}")))?;
        let is_one = fault.kind.is_some() || !fault.delay.is_zero();
        Ok(is_one.then_some(fault))
    }

    fn parse(text: &str) -> Result<Self, String> {
        let mut fault = Self::default();
        let (mut code, mut retry_after) = (None, None);
        for item in text
            .split(';')
            .map(str::trim)
            .filter(|item| !item.is_empty())
        {
            let (name, value) = match item.split_once('=') {
                Some((name, value)) => (name.trim(), Some(value.trim())),
                None => (item, None),
            };
            match name {
                "delay" => {
                    let millis = number::<u64>(name, value)?;
                    if millis > LONGEST_DELAY {
                        return Err(format!("delay={millis} is over {LONGEST_DELAY} ms"));
                    }
                    fault.delay = Duration::from_millis(millis);
                }
                "times" => fault.times = Some(number(name, value)?),
                "key" => fault.key = Some(key(value)?),
                "code" => code = Some(value.ok_or("code needs a value")?.to_owned()),
                "retry-after" => retry_after = Some(number(name, value)?),
                _ => {
                    let kind = kind(name, value)?;
                    if fault.kind.replace(kind).is_some() {
                        return Err(format!("{name} comes on top of another fault; ask for one"));
                    }
                }
            }
        }
        match &mut fault.kind {
            Some(Kind::Refuse(refusal)) => {
                refusal.retry_after = retry_after;
                if let Some(code) = code {
                    refusal.code = code;
                }
            }
            _ if code.is_some() || retry_after.is_some() => {
                return Err("code and retry-after belong to a status fault".to_owned());
            }
            _ => {}
        }
        Ok(fault)
    }

    /// Leaves the fault only if it still has to strike by `times`.
    pub(crate) fn counted(self, counts: &Counts) -> Self {
        match (&self.key, self.times) {
            (Some(key), Some(times)) if counts.next(key) >= times => Self {
                key: self.key,
                ..Self::default()
            },
            _ => self,
        }
    }
}

fn malformed(why: &str) -> Refusal {
    Refusal::bad("EMULATOR.FAULT", format!("malformed {why}"))
}

fn kind(name: &str, value: Option<&str>) -> Result<Kind, String> {
    let kind = match name {
        "status" => Kind::Refuse(refusal(status(name, value)?)),
        "html" => Kind::Html(status(name, value)?),
        "stall-after" => Kind::Bend(Bend::StallAfter(number(name, value)?)),
        "drop-after" => Kind::Bend(Bend::DropAfter(number(name, value)?)),
        "truncate-after" => Kind::Bend(Bend::TruncateAfter(number(name, value)?)),
        "error-after" => Kind::Bend(Bend::ErrorAfter(number(name, value)?)),
        "oversized-after" => Kind::Bend(Bend::OversizedAfter(number(name, value)?)),
        "finish" => Kind::Bend(Bend::Finish(finish_reason(value)?)),
        _ => {
            let kind = match name {
                "drop" => Kind::Drop,
                "not-json" => Kind::NotJson,
                "redirect" => Kind::Redirect,
                "bad-json" => Kind::Bend(Bend::BadJson),
                "no-done" => Kind::Bend(Bend::NoDone),
                _ => return Err(format!("there is no fault named {name:?}")),
            };
            if value.is_some() {
                return Err(format!("{name} takes no value"));
            }
            kind
        }
    };
    Ok(kind)
}

fn finish_reason(value: Option<&str>) -> Result<&'static str, String> {
    let known = FINISH_REASONS.iter().find(|known| Some(**known) == value);
    known
        .copied()
        .ok_or_else(|| format!("finish needs one of {}", FINISH_REASONS.join(", ")))
}

fn number<N: FromStr>(name: &str, value: Option<&str>) -> Result<N, String> {
    let text = value.ok_or_else(|| format!("{name} needs a value, as in {name}=3"))?;
    text.parse()
        .map_err(|_| format!("{name}={text:?} is not a whole number in range"))
}

fn status(name: &str, value: Option<&str>) -> Result<StatusCode, String> {
    let code = number::<u16>(name, value)?;
    // Below 200 there is no body, and some clients take 1xx for an interim answer.
    if !(200..=599).contains(&code) {
        return Err(format!("{name}={code} is not a status from 200 to 599"));
    }
    StatusCode::from_u16(code).map_err(|_| format!("{name}={code} is not a status"))
}

fn key(value: Option<&str>) -> Result<String, String> {
    match value {
        Some(key) if !key.is_empty() && key.len() <= LONGEST_KEY => Ok(key.to_owned()),
        _ => Err(format!(
            "key needs a value of 1 to {LONGEST_KEY} characters"
        )),
    }
}

const THROTTLED: &str = "PANGU.3267";
const THROTTLED_TEXT: &str = "The number of service invoking requests exceeds the project limit.";

/// What a request beyond the limit is answered with.
pub(crate) fn throttled() -> Refusal {
    Refusal::new(StatusCode::TOO_MANY_REQUESTS, THROTTLED, THROTTLED_TEXT)
}

/// A status with the documented code that fits it best.
fn refusal(status: StatusCode) -> Refusal {
    let (code, message) = match status.as_u16() {
        400 => ("PANGU.0010", "parameter illegal."),
        401 => ("PANGU.0011", "Authentication failed."),
        404 => (
            "PANGU.3254",
            "The requested inference service does not exist.",
        ),
        429 => (THROTTLED, THROTTLED_TEXT),
        500..=599 => ("PANGU.0031", "Inner service exception."),
        _ => ("PANGU.0001", "unknown error."),
    };
    Refusal::new(status, code, message)
}

/// The fault that strikes requests which ask for none.
#[derive(Debug, Default)]
pub(crate) struct Standing(Mutex<Option<Stands>>);

#[derive(Debug)]
struct Stands {
    fault: Fault,
    operation: Option<String>,
}

impl Standing {
    pub(crate) fn set(&self, fault: Option<Fault>, operation: Option<&str>) {
        *self.lock() = fault.map(|fault| Stands {
            fault,
            operation: operation.map(str::to_owned),
        });
    }

    pub(crate) fn clear(&self) {
        self.set(None, None);
    }

    /// The fault for a request of this operation; none when it has struck often enough.
    pub(crate) fn strike(&self, operation: Option<&str>) -> Option<Fault> {
        let mut standing = self.lock();
        let Stands {
            fault,
            operation: only,
        } = standing.as_mut()?;
        if only.is_some() && only.as_deref() != operation {
            return None;
        }
        if let Some(times) = &mut fault.times {
            *times = times.checked_sub(1)?;
        }
        // It is counted here, not by its key.
        Some(Fault {
            times: None,
            ..fault.clone()
        })
    }

    fn lock(&self) -> MutexGuard<'_, Option<Stands>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How often each key has come, for the last keys seen.
#[derive(Debug, Default)]
pub(crate) struct Counts(Mutex<VecDeque<(String, u32)>>);

impl Counts {
    /// How often `key` came before; this time counts too.
    fn next(&self, key: &str) -> u32 {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, count)) = counts.iter_mut().find(|(known, _)| known == key) {
            *count = count.saturating_add(1);
            return *count - 1;
        }
        if counts.len() == MOST_KEYS {
            counts.pop_front();
        }
        counts.push_back((key.to_owned(), 1));
        0
    }

    pub(crate) fn clear(&self) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}
