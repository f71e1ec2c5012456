//! The decoder of a stream, fed by the TypeScript driver.

use super::json::Object;
use super::question::Question;
use pangulm_core::chat_stream::{End, Progress};
use pangulm_core::{ChatStream, Error};

/// Without a word, takes the next piece of the body; `clean`, `stalled` and `broken` say how it ended.
/// The answer has the `chunks`, and once it is over the `state`: `complete`, or `failed` with its
/// `reason`. It is one crossing and one parse for all events of a network chunk. `message` is answered
/// with what has arrived so far, as one chat completion.
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
    let chunks = answer.name("chunks");
    chunks.push('[');
    let mut comma = "";
    loop {
        match stream.progress() {
            Progress::Chunk(chunk) => {
                chunks.push_str(comma);
                chunk.write_into(chunks);
                comma = ",";
            }
            other => {
                chunks.push(']');
                match other {
                    Progress::Complete => answer.raw("state", r#""complete""#),
                    Progress::Failed(error) => {
                        answer.raw("state", r#""failed""#).error("reason", &error)
                    }
                    _ => answer,
                };
                return;
            }
        }
    }
}
