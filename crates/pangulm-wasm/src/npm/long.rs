//! What goes on over several calls: jobs and pages, turned by the TypeScript side.

use super::engine::borrowed;
use super::held::{Held, Thing};
use super::json::{Object, list, string};
use super::question::Question;
use pangulm_core::job::Phase;
use pangulm_core::{Error, Job, Operation, Pages, Shared};
use std::sync::Arc;

/// Begins what the operation in `text` starts: the `pages` of its list by the `parameters`, the
/// `job` that its answer tells of, or, to `resume`, the one with this `id`.
#[inline(never)]
pub(super) fn begin(
    shared: &Arc<Shared>,
    question: &Question<'_>,
    started: &[u8],
    answer: &mut Object,
) -> Result<(), Error> {
    let operation = Operation::find(&question.text)?;
    let thing = match &*question.ask {
        "pages" => {
            let parameters = question.pairs("parameters");
            Thing::Pages(Box::new(Pages::of(operation, &borrowed(&parameters))?))
        }
        "job" => about(Job::started(operation, started)?, answer),
        _ => {
            let id = question.optional("id").unwrap_or_default();
            about(Job::resumed(operation, &id)?, answer)
        }
    };
    answer.held(Held::keep(Arc::clone(shared), thing));
    Ok(())
}

/// Tells the id, the operation that tells the state, its parameter for the id, and those of the
/// start's parameters that it takes too.
fn about(job: Job, answer: &mut Object) -> Thing {
    let poll = job.poll();
    let names = poll.parameters.iter().map(|parameter| parameter.name);
    let taken = names.filter(|name| job.takes(name)).map(string);
    answer
        .text("id", job.id())
        .text("poll", poll.id)
        .text("parameter", job.parameter())
        .raw("takes", &list(taken));
    Thing::Job(Box::new(job))
}

/// `read`: how the work stands by an answer, with the reason if it came to nothing; `wait`: how long
/// to wait before asking again, in milliseconds.
#[inline(never)]
pub(super) fn job(
    job: &mut Job,
    question: &Question<'_>,
    read: &[u8],
    answer: &mut Object,
) -> Result<(), Error> {
    if question.ask == "wait" {
        let timeout = question.number("timeout").unwrap_or(u64::MAX);
        answer.number("milliseconds", job.wait(question.moment(), timeout)?);
        return Ok(());
    }
    let status = job.read(read)?;
    let phase = match status.phase {
        Phase::Running => "running",
        Phase::Succeeded => "succeeded",
        Phase::Failed => "failed",
    };
    answer.text("state", &status.state).text("phase", phase);
    if let Some(progress) = &status.progress {
        answer.raw("progress", progress);
    }
    if status.phase == Phase::Failed {
        answer.error("reason", &job.failure(read));
    }
    Ok(())
}

/// `next`: the parameters of the next page, and where its answer has items and total; nothing after
/// the last page. `advance`: notes how many items a page had, and how many there are in all if it
/// said so.
#[inline(never)]
pub(super) fn pages(
    pages: &mut Pages,
    question: &Question<'_>,
    answer: &mut Object,
) -> Result<(), Error> {
    if question.ask == "advance" {
        let items = question.number("items").unwrap_or_default();
        pages.advance(items, question.number("total"));
        return Ok(());
    }
    let rules = pages.rules();
    if let Some(next) = pages.next() {
        let mut parameters = Object::new();
        for (name, value) in next {
            if let Some(name) = name {
                parameters.number(name, value);
            }
        }
        answer
            .raw("parameters", &parameters.finish())
            .text("items", rules.items)
            .optional("total", rules.total);
    }
    Ok(())
}
