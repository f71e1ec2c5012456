//! One request and its answer, by the global `fetch` of the page, worker or runtime.

use js_sys::{Array, Promise, Uint8Array};
use pangulm_core::call::{Failure, Header, Request, RequestBody};
use pangulm_core::headers::Headers;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    AbortController, ReadableStreamDefaultReader, ReadableStreamReadResult, RequestInit,
    RequestRedirect, Response, ResponseType,
};

use super::failure;
use super::timer::Sleep;

#[wasm_bindgen]
extern "C" {
    // Not the window's: workers and Node have a fetch and no window.
    fn fetch(url: &str, init: &RequestInit) -> Promise;
}

/// How long, and how much, may come after the end mark of a stream.
const READ_OUT_MS: u64 = 1_000;
const READ_OUT_BYTES: usize = 16 * 1024;

/// A request under way. Dropping it ends it and closes its connection.
#[derive(Debug)]
pub(super) struct Exchange {
    abort: AbortController,
}

impl Drop for Exchange {
    fn drop(&mut self) {
        self.abort.abort();
    }
}

/// An answer whose head is there.
#[derive(Debug)]
pub(super) struct Arrived {
    pub(super) status: u16,
    pub(super) headers: Headers,
    pub(super) body: Body,
    deadline: Sleep,
}

/// Sends a request and waits for the head of its answer.
pub(super) async fn send(request: Request, callers: Option<&str>) -> Result<Arrived, Failure> {
    let mut deadline = Sleep::new(request.timeout_ms);
    let abort = AbortController::new().map_err(|reason| failure::of_reading(&reason))?;
    let sent = fetch(&request.url, &init(&request, callers, &abort));
    let exchange = Exchange { abort };
    let response: Response = deadline
        .outlives(JsFuture::from(sent))
        .await
        .ok_or_else(failure::timed_out)?
        .map_err(|reason| failure::of_fetch(&reason, &request.url))?
        .unchecked_into();
    if response.type_() == ResponseType::Opaqueredirect {
        let message = "the service redirected, which is never followed";
        return Err(failure::broken(message));
    }
    Ok(Arrived {
        status: response.status(),
        headers: read_headers(&response),
        body: Body::new(&response, exchange),
        deadline,
    })
}

impl Arrived {
    /// The whole body, unless it is longer than the limit.
    pub(super) async fn whole(self, limit: usize) -> Result<Vec<u8>, Failure> {
        let body = self.beginning(limit.saturating_add(1)).await?;
        if body.len() > limit {
            return Err(failure::too_large());
        }
        Ok(body)
    }

    /// The first bytes of the body, up to the limit.
    pub(super) async fn beginning(mut self, limit: usize) -> Result<Vec<u8>, Failure> {
        let mut bytes = Vec::new();
        while bytes.len() < limit {
            let piece = self.deadline.outlives(self.body.piece()).await;
            match piece.ok_or_else(failure::timed_out)? {
                Ok(Some(piece)) => bytes.extend_from_slice(&piece),
                Ok(None) => break,
                Err(reason) => return Err(failure::of_reading(&reason)),
            }
        }
        bytes.truncate(limit);
        Ok(bytes)
    }
}

/// The body of an answer, to be read piece by piece.
#[derive(Debug)]
pub(super) struct Body {
    /// None if the answer has no body.
    reader: Option<ReadableStreamDefaultReader>,
    _exchange: Exchange,
}

impl Body {
    fn new(response: &Response, exchange: Exchange) -> Self {
        Self {
            reader: response
                .body()
                .map(|body| body.get_reader().unchecked_into()),
            _exchange: exchange,
        }
    }

    /// Takes what is left after the end mark of a stream, so that the connection can serve again.
    /// If that is much, or takes long, the connection is closed after all.
    pub(super) fn read_out(self) {
        spawn_local(async move {
            let mut limit = Sleep::new(READ_OUT_MS);
            let mut read = 0;
            while let Some(Ok(Some(piece))) = limit.outlives(self.piece()).await {
                read += piece.len();
                if read > READ_OUT_BYTES {
                    return;
                }
            }
        });
    }

    /// The next piece, or nothing at the end.
    pub(super) async fn piece(&self) -> Result<Option<Vec<u8>>, JsValue> {
        match self.start_reading() {
            Some(read) => read.await.map(piece_of),
            None => Ok(None),
        }
    }

    /// Asks for the next piece; [`piece_of`] takes what comes of it. Nothing if there is no body.
    pub(super) fn start_reading(&self) -> Option<JsFuture> {
        self.reader.as_ref().map(|reader| reader.read().into())
    }
}

/// The piece that a read gave, or nothing at the end.
pub(super) fn piece_of(read: JsValue) -> Option<Vec<u8>> {
    let read: ReadableStreamReadResult = read.unchecked_into();
    let value = read.get_value();
    (read.get_done() != Some(true)).then(|| Uint8Array::new(&value).to_vec())
}

fn init(request: &Request, callers: Option<&str>, abort: &AbortController) -> RequestInit {
    let init = RequestInit::new();
    init.set_method(request.method);
    init.set_headers(&request.headers.iter().map(pair).collect::<Array>());
    init.set_redirect(RequestRedirect::Manual);
    init.set_signal(Some(&abort.signal()));
    let body = match &request.body {
        RequestBody::Empty => None,
        RequestBody::Callers => callers,
        RequestBody::Own(text) => Some(text.as_str()),
    };
    if let Some(text) = body {
        init.set_body(&text.into());
    }
    init
}

fn pair(header: &Header) -> Array {
    Array::of2(&header.name.as_str().into(), &header.value.as_str().into())
}

fn read_headers(response: &Response) -> Headers {
    let text = |pair: &Array, at| pair.get(at).as_string().unwrap_or_default();
    response
        .headers()
        .entries()
        .into_iter()
        .flatten()
        .map(|entry| {
            let pair: Array = entry.unchecked_into();
            (text(&pair, 0), text(&pair, 1))
        })
        .collect()
}
