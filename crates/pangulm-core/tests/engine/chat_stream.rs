//! A whole answer is told from a cut one, whatever the dialect and however the bytes come.

use pangulm_core::chat_stream::{ChatStream, End, Progress};
use pangulm_core::{Error, ErrorKind, Operation};
use serde_json::{Value, json};

const V1: &str = "createChatCompletionV1Stream";
const V2: &str = "createChatCompletionV2Stream";

/// What a stream gave: its chunks, how it ended, and the message put together.
#[derive(Debug)]
struct Given {
    chunks: Vec<Value>,
    outcome: Result<(), Error>,
    message: Value,
}

impl Given {
    fn error(&self) -> &Error {
        self.outcome.as_ref().unwrap_err()
    }
}

fn drain(stream: &mut ChatStream, chunks: &mut Vec<Value>) -> Option<Result<(), Error>> {
    loop {
        match stream.progress() {
            Progress::Chunk(chunk) => chunks.push(serde_json::from_str(&chunk.to_json()).unwrap()),
            Progress::NeedBytes => return None,
            Progress::Complete => return Some(Ok(())),
            Progress::Failed(error) => return Some(Err(error)),
        }
    }
}

fn play<'a>(dialect: &str, pieces: impl IntoIterator<Item = &'a [u8]>, end: End) -> Given {
    let operation = Operation::find(dialect).unwrap();
    let mut stream = ChatStream::new(operation, Some("r1".to_owned()));
    let mut chunks = Vec::new();
    for piece in pieces {
        stream.push(piece);
        drain(&mut stream, &mut chunks);
    }
    stream.end(end);
    let outcome = drain(&mut stream, &mut chunks).expect("an end after the end");
    Given {
        chunks,
        outcome,
        message: serde_json::from_str(&stream.message()).unwrap(),
    }
}

fn v1(body: &str) -> Given {
    play(V1, [body.as_bytes()], End::Clean)
}

/// An event with one piece of text, and perhaps the end of its choice.
fn piece(index: u32, text: &str, finish: Option<&str>) -> String {
    let chunk = json!({"id": "c1", "choices": [{"index": index, "finish_reason": finish, "message": {"content": text}}]});
    format!("data:{chunk}\n\n")
}

fn contents(given: &Given) -> Vec<&str> {
    let choices = given.message["choices"].as_array().unwrap();
    choices
        .iter()
        .map(|choice| choice["message"]["content"].as_str().unwrap())
        .collect()
}

#[test]
fn a_stream_is_complete_on_done_and_what_follows_is_ignored() {
    let body = piece(0, "Hi", None)
        + "data:[DONE]\n\n"
        + &piece(0, " there", None)
        + "nonsense\n\ndata:{\n\n";
    for end in [End::Clean, End::Broken("cut".to_owned()), End::Stalled] {
        let given = play(V1, [body.as_bytes()], end);
        given.outcome.as_ref().unwrap();
        assert_eq!((given.chunks.len(), contents(&given)), (1, vec!["Hi"]));
    }
}

#[test]
fn a_stream_is_complete_at_a_clean_end_when_every_choice_is_finished() {
    let one = piece(0, "Hi", None) + &piece(0, "", Some("stop"));
    v1(&one).outcome.unwrap();
    let two = piece(0, "a", Some("stop")) + &piece(1, "b", Some("length"));
    let given = v1(&two);
    given.outcome.as_ref().unwrap();
    assert_eq!(contents(&given), ["a", "b"]);

    let half = piece(0, "a", Some("stop")) + &piece(1, "b", None);
    let given = v1(&half);
    assert!(given.error().is_truncated(), "one of two choices goes on");
    assert_eq!(contents(&given), ["a", "b"]);
}

#[test]
fn the_five_ways_to_fail_are_five_errors_that_keep_what_had_arrived() {
    let begun = piece(0, "Hel", None) + &piece(0, "lo", None);
    let oversized = format!("{begun}data:{}", "x".repeat(5 << 20));
    let in_stream = begun.clone()
        + "data:{\"error_code\":\"PANGU.0031\",\"error_msg\":\"Inner service exception.\"}\n\n";
    let malformed = begun.clone() + "data:{\"choices\":[\n\ndata:[DONE]\n\n";
    let cases = [
        (begun.clone(), End::Clean, ErrorKind::Truncated),
        (
            begun.clone(),
            End::Broken("reset".to_owned()),
            ErrorKind::Truncated,
        ),
        (begun, End::Stalled, ErrorKind::Stalled),
        (in_stream, End::Clean, ErrorKind::InStream),
        (malformed, End::Clean, ErrorKind::MalformedEvent),
        (oversized, End::Clean, ErrorKind::TooLarge),
    ];
    for (body, end, kind) in cases {
        let given = play(V1, [body.as_bytes()], end);
        assert_eq!(given.error().kind(), kind);
        assert_eq!(given.error().request_id(), Some("r1"));
        assert_eq!(given.error().operation(), Some(V1));
        assert_eq!(given.error().attempts(), 1);
        assert_eq!(contents(&given), ["Hello"], "{kind:?}");
    }
}

#[test]
fn an_answer_that_the_platform_cut_short_is_an_error_that_keeps_it() {
    for (reason, kind) in [
        ("content_filter", ErrorKind::ContentFiltered),
        ("insufficient_system_resource", ErrorKind::OutOfResources),
    ] {
        let two = piece(0, "a", Some("stop")) + &piece(1, "b", None);
        let body = two + &piece(1, "", Some(reason));
        for body in [body.clone(), body + "data:[DONE]\n\n"] {
            for dialect in [V1, V2] {
                let given = play(dialect, [body.as_bytes()], End::Clean);
                let error = given.error();
                assert_eq!((error.kind(), given.chunks.len()), (kind, 3));
                assert_eq!(error.request_id(), Some("r1"));
                let kept: Value = serde_json::from_slice(error.body().unwrap()).unwrap();
                assert_eq!((&kept, contents(&given)), (&given.message, vec!["a", "b"]));
            }
        }
    }
    for reason in ["stop", "length", "tool_calls", "new_reason"] {
        v1(&piece(0, "a", Some(reason))).outcome.unwrap();
    }
}

#[test]
fn an_event_cut_by_the_end_is_a_truncation_wherever_the_cut_is() {
    let begun = piece(0, "Hel", None);
    let whole = begun.clone() + &piece(0, "lo 你好", None);
    for cut in begun.len()..whole.len() {
        for end in [End::Clean, End::Broken("reset".to_owned())] {
            let given = play(V1, [&whole.as_bytes()[..cut]], end);
            assert!(
                given.error().is_truncated(),
                "cut at {cut}: {}",
                given.error()
            );
        }
        let given = play(V1, [&whole.as_bytes()[..cut]], End::Stalled);
        assert!(
            given.error().is_stalled(),
            "cut at {cut}: {}",
            given.error()
        );
    }
}

#[test]
fn a_malformed_last_event_that_is_whole_stays_malformed() {
    let mut stream = ChatStream::new(Operation::find(V1).unwrap(), None);
    stream.push(b"data:{\"choices\":[\n\n");
    // The end comes before anybody asked for what had arrived.
    stream.end(End::Clean);
    let Progress::Failed(error) = stream.progress() else {
        panic!("a malformed event");
    };
    assert_eq!(error.kind(), ErrorKind::MalformedEvent);
}

#[test]
fn the_end_mark_needs_no_blank_line_after_it() {
    for mark in ["data:[DONE]", "data: [DONE]\n", "data:[DONE]\r"] {
        v1(&(piece(0, "Hi", None) + mark)).outcome.unwrap();
    }
    let cut = piece(0, "Hi", Some("stop")) + "data:[DO";
    v1(&cut).outcome.unwrap();
}

#[test]
fn a_service_error_in_a_stream_is_known_by_every_documented_shape() {
    let shapes = [
        (
            r#"{"error_code":"PANGU.3267","error_msg":"m","request_id":"r2"}"#,
            "PANGU.3267",
            "r2",
        ),
        (
            r#"{"error":{"code":"PANGU.3267","type":"T","message":"m"}}"#,
            "PANGU.3267",
            "r1",
        ),
        (
            r#"{"choices":[],"error":{"code":"PANGU.3267","message":"m"}}"#,
            "PANGU.3267",
            "r1",
        ),
        (
            r#"{"object":"error","message":"m","type":"T","param":null,"code":400}"#,
            "400",
            "r1",
        ),
        (
            r#"{"errorCode":"PANGU.3267","errorMsg":"m"}"#,
            "PANGU.3267",
            "r1",
        ),
        (r#"{"code":"PANGU.3267","message":"m"}"#, "PANGU.3267", "r1"),
        (r#"{"error_code":"PANGU.3267"}"#, "PANGU.3267", "r1"),
        (
            r#"{"error_code":"PANGU.3267","error_msg":""}"#,
            "PANGU.3267",
            "r1",
        ),
        (r#"{"error":{"code":"PANGU.3267"}}"#, "PANGU.3267", "r1"),
    ];
    for (event, code, request_id) in shapes {
        for dialect in [V1, V2] {
            let body = format!("data:{event}\n\ndata:[DONE]\n\n");
            let given = play(dialect, [body.as_bytes()], End::Clean);
            let error = given.error();
            assert!(error.is_in_stream(), "{event}: {error}");
            assert_eq!(
                (error.code(), error.request_id()),
                (Some(code), Some(request_id))
            );
            assert_eq!(error.is_throttled(), code == "PANGU.3267");
        }
    }
}

#[test]
fn what_is_no_error_passes() {
    let body = [
        r#"{"choices":[],"usage":{"total_tokens":3},"error":null}"#,
        r#"{"id":"c1","something":"new"}"#,
    ]
    .map(|event| format!("data: {event}\n\n"))
    .concat();
    let given = play(V2, [(body + "data: [DONE]\n\n").as_bytes()], End::Clean);
    given.outcome.as_ref().unwrap();
    assert_eq!(given.chunks.len(), 2);
    assert_eq!(given.message["usage"]["total_tokens"], 3);
}

/// The documented V1 stream with what older servers add, and its V2 twin.
fn twins() -> (String, String) {
    let increments = [
        json!({"role": "assistant"}),
        json!({"reasoning_content": "嗯\"\\"}),
        json!({"content": "你"}),
        json!({"content": "好\n😀"}),
        json!({"tool_calls": [{"index": 0, "id": "t", "type": "function", "function": {"name": "f", "arguments": "{\"a\":"}}]}),
        json!({"tool_calls": [{"index": 0, "function": {"arguments": "1}"}}]}),
    ];
    let (mut v1, mut v2) = (String::new(), String::from(": hello\n\n"));
    for (at, increment) in increments.iter().enumerate() {
        let chunk = |name: &str| json!({"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [{"index": 0, "logprobs": null, "finish_reason": null, name: increment}], "usage": {"total_tokens": at}});
        v1 += &format!("data:{}\n\n", chunk("message"));
        v2 += &format!("data: {}\r\n\r\n", chunk("delta"));
    }
    v1 += "event:{\"token_number\":6}\n\ndata:[DONE]\n\n";
    v2 += "data: [DONE]\r\n\r\n";
    (v1, v2)
}

#[test]
fn both_dialects_give_the_same_chunks_and_the_same_message() {
    let (first, second) = twins();
    let first = play(V1, [first.as_bytes()], End::Clean);
    let second = play(V2, [second.as_bytes()], End::Clean);
    first.outcome.as_ref().unwrap();
    second.outcome.as_ref().unwrap();
    assert_eq!(first.chunks.len(), 6);
    assert_eq!(first.chunks, second.chunks);
    assert_eq!(first.message, second.message);
    let expected = json!({
        "role": "assistant", "content": "你好\n😀", "reasoning_content": "嗯\"\\",
        "tool_calls": [{"id": "t", "type": "function", "function": {"name": "f", "arguments": "{\"a\":1}"}}],
    });
    assert_eq!(first.message["choices"][0]["message"], expected);
}

#[test]
fn an_increment_is_found_under_either_name_in_either_dialect() {
    for dialect in [V1, V2] {
        for name in ["message", "delta"] {
            let chunk = json!({"choices": [{"index": 0, "finish_reason": "stop", name: {"content": "Hi"}}]});
            let body = format!("data: {chunk}\n\n");
            let given = play(dialect, [body.as_bytes()], End::Clean);
            assert_eq!(given.chunks[0]["choices"][0]["delta"]["content"], "Hi");
            assert_eq!(contents(&given), ["Hi"], "{name}");
        }
    }
}

/// A small generator of numbers that only look random: the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

#[test]
fn any_chunking_gives_the_same_chunks() {
    for (dialect, body) in [(V1, twins().0), (V2, twins().1)] {
        let body = body.as_bytes();
        let whole = play(dialect, [body], End::Clean);
        let same = |pieces: Vec<&[u8]>| {
            let given = play(dialect, pieces, End::Clean);
            assert!(given.outcome.is_ok());
            assert_eq!(
                (&given.chunks, &given.message),
                (&whole.chunks, &whole.message)
            );
        };
        for size in 1..=body.len() {
            same(body.chunks(size).collect());
        }
        for seed in 0..200 {
            let mut numbers = Numbers(seed);
            let mut rest = body;
            let mut pieces = Vec::new();
            while !rest.is_empty() {
                let (piece, after) = rest.split_at(numbers.below(rest.len().min(64)) + 1);
                pieces.extend([piece, b""]);
                rest = after;
            }
            same(pieces);
        }
    }
}

#[test]
fn any_bytes_end_in_an_outcome_that_no_chunking_changes() {
    let parts: [&[u8]; 12] = [
        b"data:",
        b"data: [DONE]",
        b"\n",
        b"\n\n",
        b"\r",
        b"\r\n",
        b"{\"choices\":[{\"message\":{\"content\":\"a\"}}]}",
        b"{\"error\":\"e\"}",
        b"\xff\xfe",
        b"event: x",
        b":",
        b"{\"choices\":[{\"finish_reason\":\"stop\"}]}",
    ];
    for seed in 0..2_000 {
        let mut numbers = Numbers(seed);
        let body: Vec<u8> = (0..12)
            .flat_map(|_| parts[numbers.below(parts.len())].to_vec())
            .collect();
        let given = |size| {
            let given = play(V1, body.chunks(size), End::Clean);
            (
                given.chunks,
                given.outcome.map_err(|error| error.to_string()),
                given.message,
            )
        };
        let whole = given(body.len());
        assert_eq!(given(1), whole, "{:?}", String::from_utf8_lossy(&body));
        assert_eq!(given(3), whole, "{:?}", String::from_utf8_lossy(&body));
    }
}

#[test]
fn an_outcome_stands_however_often_it_is_asked_for() {
    let operation = Operation::find(V1).unwrap();
    let mut stream = ChatStream::new(operation, None);
    stream.end(End::Stalled);
    for _ in 0..3 {
        assert!(matches!(stream.progress(), Progress::Failed(error) if error.is_stalled()));
        stream.push(b"data:[DONE]\n\n");
        stream.end(End::Clean);
    }
}

#[test]
fn the_decoders_memory_is_bounded_by_an_events_size() {
    let operation = Operation::find(V1).unwrap();
    let mut stream = ChatStream::new(operation, None);
    let piece = vec![b'x'; 1 << 20];
    stream.push(b"data:");
    let mut failed = 0;
    for _ in 0..32 {
        stream.push(&piece);
        failed += u32::from(matches!(stream.progress(), Progress::Failed(_)));
    }
    assert!(failed >= 27, "{failed}");
}
