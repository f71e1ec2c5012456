//! The decoder of a stream, fed by the TypeScript driver.

use super::json::Object;
use super::question::Question;
use pangulm_core::chat_stream::{End, Progress};
use pangulm_core::{ChatStream, Error};

/// No word at all takes the next piece of the body, as it is said for each; `clean`, `stalled` and `broken` say how it ended. They
/// are answered with `{"chunks": […], "state": "open" | "complete"}` or `"failed"` and its `reason`:
/// one crossing and one parse for all events of a network chunk. `message` is answered with what
/// has arrived so far, as one chat completion.
pub(super) fn answer(
    stream: &mut ChatStream,
    question: &Question<'_>,
    bytes: &[u8],
    answer: &mut Object,
) -> Result<(), Error> {
    match &*question.ask {
        "message" => {
            answer.raw("message", &stream.message());
            return Ok(());
        }
        "" => stream.push(bytes),
        "clean" => stream.end(End::Clean),
        "stalled" => stream.end(End::Stalled),
        _ => stream.end(End::Broken(question.text.to_string())),
    }
    drain(stream, answer);
    Ok(())
}

fn drain(stream: &mut ChatStream, answer: &mut Object) {
    let mut chunks = String::from("[");
    let state = loop {
        match stream.progress() {
            Progress::Chunk(chunk) => {
                if chunks.len() > 1 {
                    chunks.push(',');
                }
                chunk.write_into(&mut chunks);
            }
            Progress::NeedBytes => break "open",
            Progress::Complete => break "complete",
            Progress::Failed(error) => {
                answer.error("reason", &error);
                break "failed";
            }
        }
    };
    chunks.push(']');
    answer.raw("chunks", &chunks).text("state", state);
}
