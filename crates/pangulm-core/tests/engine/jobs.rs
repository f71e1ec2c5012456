//! Following long work, and lists that come in pages.

use pangulm_core::job::{Job, Phase};
use pangulm_core::operation::{
    BodyKind, Endpoint, JobRules, PageRules, PageStyle, ResponseKind, Scheme,
};
use pangulm_core::{ErrorKind, Moment, Operation, Pages};

static RULES: JobRules = JobRules {
    id: &["/task_id", "/id"],
    poll: "countTokens",
    parameter: "deployment_id",
    state: "/status",
    succeeded: &["finished"],
    failed: &["failed"],
    progress: Some("/progress/overall"),
    result: Some("/video_url"),
};

static STARTING: Operation = operation("startWork", Some(&RULES), None);

const fn operation(
    id: &'static str,
    job: Option<&'static JobRules>,
    pages: Option<&'static PageRules>,
) -> Operation {
    Operation {
        id,
        method: "POST",
        path: "/work",
        endpoint: Endpoint::Pangu,
        parameters: &[],
        security: &[Scheme::IamToken],
        body: BodyKind::Json,
        response: ResponseKind::Json,
        idempotent: false,
        rules: &[],
        job,
        pages,
    }
}

fn at(steady_ms: u64) -> Moment {
    Moment {
        wall_ms: 0,
        steady_ms,
    }
}

#[test]
fn the_id_of_a_job_is_read_from_the_first_place_that_has_one() {
    for (answer, id) in [
        (r#"{"id":"b","task_id":"a"}"#, "a"),
        (r#"{"id":"b","task_id":""}"#, "b"),
        (r#"{"id":17}"#, "17"),
    ] {
        let job = Job::started(&STARTING, answer.as_bytes()).unwrap();
        assert_eq!(job.id(), id);
        assert_eq!(job.poll().id, "countTokens");
        assert_eq!(job.parameter(), "deployment_id");
    }
}

#[test]
fn an_answer_without_an_id_is_an_error_that_keeps_the_body() {
    for answer in [r#"{"job":"1"}"#, "<html>", ""] {
        let error = Job::started(&STARTING, answer.as_bytes()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer);
        assert_eq!(error.body(), Some(answer.as_bytes()));
        assert!(
            error.to_string().contains("the answer names no job"),
            "{error}"
        );
    }
}

#[test]
fn an_operation_that_starts_no_work_makes_no_job() {
    let chat = Operation::find("createChatCompletionV1").unwrap();
    let error = Job::resumed(chat, "7").unwrap_err();
    assert_eq!(
        error.to_string(),
        "createChatCompletionV1: this operation starts no job"
    );
    assert_eq!(Job::resumed(&STARTING, "").unwrap_err().field(), Some("id"));
}

#[test]
fn unknown_states_go_on_and_a_result_ends_whatever_the_state_says() {
    for (answer, state, progress, phase) in [
        (r#"{"status":"waiting"}"#, "waiting", None, Phase::Running),
        (
            r#"{"status":"running","progress":{"overall":0.5}}"#,
            "running",
            Some("0.5"),
            Phase::Running,
        ),
        (
            r#"{"status":"preempted"}"#,
            "preempted",
            None,
            Phase::Running,
        ),
        (r#"{"status":null}"#, "", None, Phase::Running),
        ("{}", "", None, Phase::Running),
        (
            r#"{"status":"finished"}"#,
            "finished",
            None,
            Phase::Succeeded,
        ),
        (r#"{"status":"failed"}"#, "failed", None, Phase::Failed),
        (
            r#"{"status":"PROCESSING","video_url":""}"#,
            "PROCESSING",
            None,
            Phase::Running,
        ),
        (
            r#"{"status":"whatever","video_url":"https://x/v.mp4"}"#,
            "whatever",
            None,
            Phase::Succeeded,
        ),
    ] {
        let mut job = Job::resumed(&STARTING, "7").unwrap();
        let status = job.read(answer.as_bytes()).unwrap();
        assert_eq!(status.state, state, "{answer}");
        assert_eq!(status.progress.as_deref(), progress, "{answer}");
        assert_eq!(status.phase, phase, "{answer}");
    }
}

#[test]
fn waits_grow_to_half_a_minute_and_never_pass_the_deadline() {
    let mut job = Job::resumed(&STARTING, "7").unwrap();
    let mut now = 0;
    let mut waits = Vec::new();
    let error = loop {
        match job.wait(at(now), 120_000) {
            Ok(wait) => {
                waits.push(wait);
                now += wait;
                job.read(br#"{"status":"preempted"}"#).unwrap();
            }
            Err(error) => break error,
        }
    };
    assert_eq!(waits.iter().sum::<u64>(), 120_000);
    assert_eq!(waits.get(..4), Some(&[1_000, 1_500, 2_250, 3_375][..]));
    assert_eq!(waits.iter().max(), Some(&30_000));
    assert!(error.is_timeout());
    assert_eq!(
        error.message(),
        "the job 7 was not done in the time given; its last state was preempted. It goes on: resume it by its id"
    );
}

#[test]
fn failed_work_is_an_error_with_the_platforms_words() {
    let mut job = Job::resumed(&STARTING, "7").unwrap();
    let answer = br#"{"status":"failed","error_code":"PANGU.0031","error_msg":"no data"}"#;
    job.read(answer).unwrap();
    let error = job.failure(answer);
    assert!(error.is_job_failed());
    assert_eq!(error.code(), Some("PANGU.0031"));
    assert_eq!(error.message(), "the job 7 ended in state failed: no data");
    assert_eq!(error.body(), Some(&answer[..]));
}

static BY_PAGE: PageRules = PageRules {
    items: "/users",
    style: PageStyle::Page,
    position: Some("page"),
    limit: Some("per_page"),
    total: Some("/total"),
};
static BY_OFFSET: PageRules = PageRules {
    items: "/users",
    style: PageStyle::Offset,
    position: Some("offset"),
    limit: Some("limit"),
    total: None,
};
static WHOLE: PageRules = PageRules {
    items: "/items",
    style: PageStyle::Whole,
    position: None,
    limit: Some("limit"),
    total: None,
};
static PAGED: Operation = operation("listByPage", None, Some(&BY_PAGE));
static OFFSET: Operation = operation("listByOffset", None, Some(&BY_OFFSET));
static AT_ONCE: Operation = operation("listAtOnce", None, Some(&WHOLE));

/// The positions asked for while the service gives pages of these sizes.
fn positions(
    operation: &'static Operation,
    limit: Option<u64>,
    total: Option<u64>,
    sizes: &[u64],
) -> Vec<u64> {
    let limit = limit.map(|limit| limit.to_string());
    let rules = operation.pages.unwrap();
    let name = rules.limit.unwrap();
    let parameters: Vec<_> = limit.iter().map(|limit| (name, limit.as_str())).collect();
    let mut pages = Pages::of(operation, &parameters).unwrap();
    let mut asked = Vec::new();
    for size in sizes {
        let Some(next) = pages.next() else {
            break;
        };
        let position = next.iter().find(|(name, _)| *name == rules.position);
        asked.extend(position.map(|(_, position)| position));
        pages.advance(*size, total);
    }
    asked
}

#[test]
fn a_list_ends_with_its_total_an_empty_page_or_one_that_is_not_full() {
    assert_eq!(
        positions(&PAGED, Some(2), Some(5), &[2, 2, 1, 9]),
        [1, 2, 3]
    );
    assert_eq!(positions(&PAGED, None, None, &[100, 100, 99, 9]), [1, 2, 3]);
    assert_eq!(
        positions(&PAGED, Some(2), Some(9), &[2, 2, 0, 9]),
        [1, 2, 3]
    );
    assert_eq!(positions(&OFFSET, Some(3), None, &[3, 3, 1, 9]), [0, 3, 6]);
    assert_eq!(positions(&OFFSET, None, None, &[0, 9]), [0]);
    // A service that gives less than was asked for is believed when it says how many there are.
    assert_eq!(positions(&PAGED, Some(9), Some(4), &[2, 2, 9]), [1, 2]);
}

#[test]
fn a_list_that_comes_whole_is_asked_for_once_with_as_many_items_as_there_may_be() {
    for (parameters, limit) in [(&[][..], 100), (&[("limit", "7")], 7)] {
        let mut pages = Pages::of(&AT_ONCE, parameters).unwrap();
        assert_eq!(pages.next().unwrap(), [(None, 0), (Some("limit"), limit)]);
        pages.advance(limit, None);
        assert_eq!(pages.next(), None);
    }
}

#[test]
fn what_is_no_list_has_no_pages() {
    assert!(Pages::of(&STARTING, &[]).is_err());
    for limit in ["0", "-1", "many", ""] {
        let error = Pages::of(&OFFSET, &[("limit", limit)]).unwrap_err();
        assert_eq!(error.field(), Some("limit"), "{limit}");
    }
}
