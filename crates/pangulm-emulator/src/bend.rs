//! Bodies that go wrong on the way.

use std::convert::Infallible;

use axum::body::{Body, to_bytes};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream::{self, BoxStream, StreamExt};

use crate::faults::Bend;
use crate::wire::Cutter;

/// The most bytes of a plain answer that are held to be cut.
const LARGEST: usize = 16 * 1024 * 1024;

/// An oversized event is made of so many pieces of so many bytes: more than a socket's buffers hold, so
/// that who gives it up is seen to go away.
const OVERSIZED: usize = 1024;
const PIECE: usize = 64 * 1024;

pub(crate) fn is_stream(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/event-stream"))
}

/// Bends the body of `response`; `error` is the event that an in-stream error sends.
pub(crate) async fn bend(response: Response, bend: Bend, error: Bytes, cutter: Cutter) -> Response {
    let streams = is_stream(response.headers());
    let for_streams = matches!(
        bend,
        Bend::ErrorAfter(_) | Bend::OversizedAfter(_) | Bend::NoDone
    );
    if !streams && for_streams {
        return response;
    }
    let (parts, body) = response.into_parts();
    let units = if streams {
        events(body)
    } else {
        bytes(body, bend).await
    };
    let bent = match bend {
        Bend::NoDone => units
            .filter(|unit| std::future::ready(!is_done(unit)))
            .boxed(),
        Bend::BadJson => {
            let mut first = true;
            units
                .map(move |unit| {
                    let broken = std::mem::take(&mut first);
                    if broken { half(&unit, streams) } else { unit }
                })
                .boxed()
        }
        Bend::Finish(reason) => units.map(move |unit| finished(&unit, reason)).boxed(),
        Bend::TruncateAfter(n) => units.take(count(n, streams)).boxed(),
        Bend::ErrorAfter(n) => units
            .take(count(n, streams))
            .chain(stream::iter([error]))
            .boxed(),
        Bend::OversizedAfter(n) => units
            .enumerate()
            .flat_map(move |(at, unit)| {
                let before = if at == n { oversized() } else { Vec::new() };
                stream::iter(before.into_iter().chain([unit]))
            })
            .boxed(),
        Bend::StallAfter(n) => units
            .take(count(n, streams))
            .chain(stream::once(std::future::pending()))
            .boxed(),
        Bend::DropAfter(n) => {
            let cut = async move {
                // What was sent so far has to reach the socket first.
                tokio::task::yield_now().await;
                cutter.cut();
                std::future::pending().await
            };
            units
                .take(count(n, streams))
                .chain(stream::once(cut))
                .boxed()
        }
    };
    Response::from_parts(parts, Body::from_stream(bent.map(Ok::<_, Infallible>)))
}

/// A stream's units are its events: whoever makes a stream sends each event as one piece.
fn events(body: Body) -> BoxStream<'static, Bytes> {
    body.into_data_stream()
        .filter_map(|piece| std::future::ready(piece.ok()))
        .boxed()
}

/// Any other body's units are two: what comes before the cut, and the rest.
async fn bytes(body: Body, bend: Bend) -> BoxStream<'static, Bytes> {
    let mut whole = to_bytes(body, LARGEST).await.unwrap_or_default();
    let head = match bend {
        Bend::StallAfter(n) | Bend::DropAfter(n) | Bend::TruncateAfter(n) => n,
        Bend::ErrorAfter(_)
        | Bend::OversizedAfter(_)
        | Bend::NoDone
        | Bend::BadJson
        | Bend::Finish(_) => whole.len(),
    };
    let head = whole.split_to(head.min(whole.len()));
    stream::iter([head, whole]).boxed()
}

/// The pieces of one event, which all share the memory of its filling.
fn oversized() -> Vec<Bytes> {
    let filling = Bytes::from(vec![b'x'; PIECE]);
    let mut pieces = vec![filling; OVERSIZED];
    pieces.insert(0, Bytes::from_static(b"data:{\"x_emulated_filling\":\""));
    pieces.push(Bytes::from_static(b"\"}\n\n"));
    pieces
}

fn count(n: usize, streams: bool) -> usize {
    if streams { n } else { 1 }
}

fn is_done(event: &[u8]) -> bool {
    event.trim_ascii_end().ends_with(b"[DONE]")
}

/// The unit with another finish reason, where it has one.
fn finished(unit: &Bytes, reason: &str) -> Bytes {
    let text = String::from_utf8_lossy(unit);
    let mut pieces = text.split("\"finish_reason\":\"");
    let mut bent = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (_, rest) = piece.split_once('"').unwrap_or_default();
        bent += &format!("\"finish_reason\":\"{reason}\"{rest}");
    }
    bent.into()
}

/// The first half of a unit, an event still ended as an event.
fn half(unit: &Bytes, streams: bool) -> Bytes {
    let mut half = unit.slice(..unit.len() / 2).to_vec();
    if streams {
        half.extend_from_slice(b"\n\n");
    }
    half.into()
}
