//! The stream of a chat, a text or a run: events in, chunks of one shape and at last the whole message
//! out.

mod chunk;
mod fields;
mod message;
mod part;
mod reader;
mod run;

use crate::cut_short;
use crate::error::{Error, ErrorKind, Reported};
use crate::operation::{Operation, ResponseKind};
use crate::scan;
use crate::shared::Place;
use crate::sse::{Decoder, Event};
use crate::text::concat;
pub use chunk::{Chunk, Node, Nodes};
use message::Message;
use reader::Reader;
use run::Run;

/// How a body ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// The server closed it in good order.
    Clean,
    /// The connection broke; in the transport's own words.
    Broken(String),
    /// Nothing came for longer than the idle timeout.
    Stalled,
}

/// What a stream has for its reader.
#[derive(Debug)]
pub enum Progress<'a> {
    /// A chunk.
    Chunk(Chunk<'a>),
    /// Nothing until more bytes are pushed.
    NeedBytes,
    /// The answer is complete.
    Complete,
    /// The stream failed. What had arrived is in [`ChatStream::message`].
    Failed(Error),
}

/// Decodes the stream of a chat and tells a whole answer from a cut one.
///
/// An answer is complete on `[DONE]`, or when the body ends after every choice had a finish
/// reason. Anything else is an error, and so is an answer whose finish reason says that the platform
/// cut it short.
///
/// The runs of agents and workflows are read by it too: an agent's is complete on
/// `summary_response`. What ends a workflow's is not known. A run whose body ends in good order
/// without a known end is taken as it is, and its message says `"end_confirmed": false`.
///
/// ```
/// use pangulm_core::chat_stream::{ChatStream, End, Progress};
/// # let operation = pangulm_core::Operation::find("createChatCompletionV1Stream").unwrap();
/// let mut stream = ChatStream::new(operation, None);
/// stream.push(b"data:{\"choices\":[{\"index\":0,\"message\":{\"content\":\"Hi\"}}]}\n\n");
/// let Progress::Chunk(chunk) = stream.progress() else { panic!() };
/// assert_eq!(chunk.to_json(), r#"{"choices":[{"index":0,"delta":{"content":"Hi"}}]}"#);
/// stream.end(End::Clean);
/// let Progress::Failed(error) = stream.progress() else { panic!() };
/// assert!(error.is_truncated());
/// ```
#[derive(Debug)]
pub struct ChatStream {
    operation: &'static Operation,
    request_id: Option<String>,
    /// Requests sent until the stream began.
    attempts: u32,
    /// Given up when the stream is over.
    place: Option<Place>,
    decoder: Decoder,
    reader: Reader,
    message: Gathered,
    /// The end mark has come.
    done: bool,
    end: Option<End>,
    outcome: Option<Result<(), Error>>,
}

/// The answer of a chat is text of at most some hundred KB; this bounds what a broken server fills.
const MAX_MESSAGE_BYTES: usize = 64 << 20;

impl ChatStream {
    /// Begins a stream of this operation.
    #[must_use]
    pub fn new(operation: &'static Operation, request_id: Option<String>) -> Self {
        let message = Gathered::of(operation.response);
        Self {
            operation,
            request_id,
            attempts: 1,
            place: None,
            decoder: Decoder::default(),
            reader: Reader::new(matches!(message, Gathered::Completion(_))),
            message,
            done: false,
            end: None,
            outcome: None,
        }
    }

    /// The same stream, begun by the last of so many requests, whose place in flight it keeps.
    pub(crate) fn after(self, attempts: u32, place: Option<Place>) -> Self {
        Self {
            attempts,
            place,
            ..self
        }
    }

    /// Takes the next piece of the body.
    pub fn push(&mut self, bytes: &[u8]) {
        self.decoder.push(bytes);
    }

    /// Says how the body ended.
    pub fn end(&mut self, end: End) {
        if self.end.is_none() {
            self.decoder.end();
            self.end = Some(end);
        }
    }

    /// What there is now. To be asked until it is no longer a chunk, after every piece.
    pub fn progress(&mut self) -> Progress<'_> {
        match &self.outcome {
            Some(Ok(())) => return Progress::Complete,
            Some(Err(error)) => return Progress::Failed(error.clone()),
            None => {}
        }
        match self.read_chunk() {
            Ok(true) => Progress::Chunk(self.reader.chunk()),
            Ok(false) => self.without_event(),
            Err(error) => self.close(Err(error)),
        }
    }

    /// What has arrived so far, in JSON: as one completion, or as a run's `content` with its
    /// `end_confirmed` and `last_event`.
    #[must_use]
    pub fn message(&self) -> String {
        self.message.to_json()
    }

    /// Reads up to the next chunk; tells whether there is one.
    fn read_chunk(&mut self) -> Result<bool, Error> {
        while !self.done {
            let Some(event) = self.decoder.next_event() else {
                return Ok(false);
            };
            let context = (self.operation.id, self.request_id.as_deref());
            let event = event.map_err(|_| {
                failure(
                    context,
                    ErrorKind::TooLarge,
                    "an event is larger than 4 MiB; the stream is given up",
                )
                .build()
            })?;
            let read = match read_event(event, &mut self.reader, &mut self.message, context) {
                // Half an event is a truncation, of which the end of the body tells.
                Err(error) if event.cut && error.kind() == ErrorKind::MalformedEvent => {
                    self.message.cut();
                    Read::Nothing
                }
                read => read?,
            };
            match read {
                Read::Nothing => {}
                Read::Done => self.done = true,
                Read::Chunk => {
                    if self.message.size() > MAX_MESSAGE_BYTES {
                        let message = "the answer is larger than 64 MiB; the stream is given up";
                        return Err(failure(context, ErrorKind::TooLarge, message).build());
                    }
                    self.done = self.message.is_over();
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// All events are read: does the stream go on, is it complete, was it cut?
    fn without_event(&mut self) -> Progress<'static> {
        if self.done {
            return self.complete();
        }
        let context = (self.operation.id, self.request_id.as_deref());
        let (kind, message) = match &self.end {
            None => return Progress::NeedBytes,
            Some(End::Clean) if self.message.is_finished() => return self.complete(),
            Some(End::Clean) => (ErrorKind::Truncated, self.message.unfinished().to_owned()),
            Some(End::Broken(reason)) => {
                let broke = "the connection broke before the answer was complete: ";
                (ErrorKind::Truncated, concat(&[broke, reason]))
            }
            Some(End::Stalled) => (
                ErrorKind::Stalled,
                "the stream was silent for longer than the idle timeout".to_owned(),
            ),
        };
        let error = failure(context, kind, message).build();
        self.close(Err(error))
    }

    /// The answer is whole, unless the platform itself cut it short.
    fn complete(&mut self) -> Progress<'static> {
        let cut_short = cut_short::error_of(self.operation, &self.message());
        self.close(cut_short.map_or(Ok(()), |error| {
            let request_id = self.request_id.clone();
            Err(error.into_builder().request_id(request_id).build())
        }))
    }

    fn close(&mut self, outcome: Result<(), Error>) -> Progress<'static> {
        self.place = None;
        let counted = |error: Error| error.into_builder().attempts(self.attempts).build();
        let outcome = outcome.map_err(counted);
        self.outcome = Some(outcome.clone());
        match outcome {
            Ok(()) => Progress::Complete,
            Err(error) => Progress::Failed(error),
        }
    }
}

/// What the events of a stream are put together into.
#[derive(Debug)]
enum Gathered {
    Completion(Message),
    Run { run: Run, of_agent: bool },
}

impl Gathered {
    fn of(response: ResponseKind) -> Self {
        let run = |of_agent| Self::Run {
            run: Run::default(),
            of_agent,
        };
        match response {
            ResponseKind::Agent => run(true),
            ResponseKind::Workflow => run(false),
            ResponseKind::Text => Self::Completion(Message::of_text()),
            _ => Self::Completion(Message::default()),
        }
    }

    fn size(&self) -> usize {
        match self {
            Self::Completion(message) => message.size(),
            Self::Run { run, .. } => run.size(),
        }
    }

    /// Half an event came last. A chat shows by itself whether anything is missing.
    fn cut(&mut self) {
        if let Self::Run { run, .. } = self {
            run.cut();
        }
    }

    /// Whether nothing more is to come.
    fn is_over(&self) -> bool {
        match self {
            Self::Completion(_) => false,
            Self::Run { run, .. } => run.is_over(),
        }
    }

    /// Whether the body may end now.
    fn is_finished(&self) -> bool {
        match self {
            Self::Completion(message) => message.is_finished(),
            Self::Run { run, .. } => run.may_end(),
        }
    }

    fn unfinished(&self) -> &'static str {
        match self {
            Self::Completion(_) => {
                "the stream ended before the answer was complete: no [DONE], and not every choice had its finish reason"
            }
            Self::Run { .. } => "the stream ended without an event, or within one",
        }
    }

    fn to_json(&self) -> String {
        match self {
            Self::Completion(message) => message.to_json(),
            Self::Run { run, .. } => run.to_json(),
        }
    }
}

/// What an event means.
enum Read {
    /// Something tolerated and of no use.
    Nothing,
    Done,
    Chunk,
}

type Context<'a> = (&'static str, Option<&'a str>);

fn failure(
    (operation, request_id): Context<'_>,
    kind: ErrorKind,
    message: impl Into<String>,
) -> crate::error::ErrorBuilder {
    Error::builder(kind, message)
        .operation(operation)
        .request_id(request_id.map(str::to_owned))
}

/// Reads an event; what it adds goes into `gathered`.
fn read_event(
    event: Event<'_>,
    reader: &mut Reader,
    gathered: &mut Gathered,
    context: Context<'_>,
) -> Result<Read, Error> {
    match event.data.trim_ascii() {
        b"[DONE]" => return Ok(Read::Done),
        // A keep-alive without content.
        b"" => return Ok(Read::Nothing),
        data => reader.read(data).map_err(|problem| {
            let error = failure(context, ErrorKind::MalformedEvent, problem);
            error.excerpt_of(event.data).body(event.data).build()
        })?,
    }
    let chunk = reader.chunk();
    // A run's event may hold anything, members named like an error's too.
    let of_run = matches!(gathered, Gathered::Run { .. }) && chunk.member("event").is_some();
    if !chunk.has_choices()
        && !of_run
        && let Some(error) = reported(chunk.text, context)
    {
        return Err(error);
    }
    match gathered {
        Gathered::Completion(message) => message.add(&chunk),
        Gathered::Run { run, of_agent } => run.add(&chunk, *of_agent),
    }
    Ok(Read::Chunk)
}

/// The error that an event without choices reports. If it reports none, it is something new that is
/// passed on as it is.
fn reported(text: &str, context: Context<'_>) -> Option<Error> {
    let reported = Reported::read(scan::parse(text)?)?;
    let message = reported
        .message
        .unwrap_or_else(|| "the service broke off the stream with an error".to_owned());
    // As in other answers, the body knows best which request this was.
    let context = (context.0, reported.request_id.as_deref().or(context.1));
    let error = failure(context, ErrorKind::InStream, message)
        .code(reported.code)
        .body(text.as_bytes());
    Some(error.build())
}
