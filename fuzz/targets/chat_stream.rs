//! However a stream is cut, it gives the same chunks, the same message and the same end.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pangulm_core::chat_stream::{ChatStream, End, Progress};
use pangulm_core::{Operation, scan};
use pangulm_fuzz::pieces;

fuzz_target!(|input: &[u8]| {
    let (whole, pieces) = pieces(input);
    for id in ["createChatCompletionV1Stream", "createTextCompletionStream", "runAgent"] {
        let told = read(id, &[whole]);
        assert_eq!(told, read(id, &pieces));
        for text in &told.0 {
            assert!(scan::parse(text).is_some(), "not JSON: {text}");
        }
    }
});

/// The chunks with the message after them, and the end.
fn read(id: &str, pieces: &[&[u8]]) -> (Vec<String>, String) {
    let operation = Operation::find(id).expect("a known operation");
    let mut stream = ChatStream::new(operation, None);
    let mut chunks = Vec::new();
    let mut end = None;
    for piece in pieces {
        stream.push(piece);
        end = end.or(take(&mut stream, &mut chunks));
    }
    stream.end(End::Clean);
    end = end.or(take(&mut stream, &mut chunks));
    chunks.push(stream.message());
    (chunks, end.expect("a stream that is over has an end"))
}

fn take(stream: &mut ChatStream, chunks: &mut Vec<String>) -> Option<String> {
    loop {
        match stream.progress() {
            Progress::Chunk(chunk) => chunks.push(chunk.to_json()),
            Progress::NeedBytes => return None,
            Progress::Complete => return Some("complete".to_owned()),
            Progress::Failed(error) => return Some(error.to_string()),
        }
    }
}
