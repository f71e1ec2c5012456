//! Streams that go wrong, slowly, or away.

use std::io::{ErrorKind as Io, Write};
use std::pin::pin;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::support::*;
use futures_util::poll;
use pangulm::Error;
use pangulm::chat::ChatStream;
use tokio::sync::{mpsc as news, oneshot};
use tokio::time::{sleep, timeout};

const EVENT: &str = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\n";
const END: &str = "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

/// Reads to the error that must come, and counts the chunks before it.
async fn failing(stream: &mut ChatStream) -> (usize, Error) {
    let mut chunks = 0;
    loop {
        match stream.next().await {
            Some(Ok(_)) => chunks += 1,
            Some(Err(error)) => return (chunks, error),
            None => panic!("the stream ended well"),
        }
    }
}

#[tokio::test]
async fn each_way_to_fail_is_its_own_error_and_what_had_arrived_stays() {
    let running = start();
    let patient = with_key(&running);
    // Only where silence is wanted: a busy machine is silent now and then.
    let impatient = bare(&running)
        .api_key(&running.info.api_key)
        .idle_timeout(Duration::from_millis(200))
        .build()
        .unwrap();
    type Is = fn(&Error) -> bool;
    let cases: [(&str, Is); 6] = [
        ("drop-after=5", Error::is_truncated),
        ("truncate-after=5", Error::is_truncated),
        ("stall-after=5", Error::is_stalled),
        ("error-after=5", |error| {
            error.is_in_stream() && error.code() == Some("PANGU.0031")
        }),
        ("bad-json", |error| {
            error.kind() == pangulm::ErrorKind::MalformedEvent
        }),
        ("truncate-after=0", Error::is_truncated),
    ];
    for request in [v1(&running, "hello"), v2(&running, "hello")] {
        for (fault, is) in cases {
            let is_silent = fault.starts_with("stall");
            let client = faulty(if is_silent { &impatient } else { &patient }, fault);
            let mut stream = client.chat().stream(request.clone()).await.unwrap();
            let (chunks, error) = failing(&mut stream).await;
            assert!(is(&error), "{fault}: {error:?}");
            assert_eq!(error.request_id().map(str::to_owned), stream.request_id());
            assert!(stream.next().await.is_none(), "{fault}");
            let partial = stream.partial().unwrap();
            assert_eq!(
                partial.text().is_empty(),
                chunks < 2,
                "{fault}: {partial:?}"
            );
            assert!(stream.final_message().await.is_err(), "{fault}");
        }
    }
}

#[tokio::test]
async fn an_answer_without_end_mark_is_whole_if_every_choice_is_finished() {
    let running = start();
    let client = faulty(&with_key(&running), "no-done");
    let mut stream = client.chat().stream(v1(&running, "hello")).await.unwrap();
    assert!(stream.final_message().await.is_ok());
}

#[tokio::test]
async fn a_stream_that_has_begun_is_never_sent_again() {
    let running = start();
    let client = faulty(&with_key(&running), "drop-after=2");
    let mut stream = client.chat().stream(v1(&running, "hello")).await.unwrap();
    failing(&mut stream).await;
    assert_eq!(count(&running, "createChatCompletionV1").await, 1);
}

#[tokio::test]
async fn dropping_a_stream_closes_the_connection_and_reading_it_out_does_not() {
    let running = start();
    let client = with_key(&running);
    let mut whole = client.chat().stream(v1(&running, "hello")).await.unwrap();
    whole.final_message().await.unwrap();
    let endless = faulty(&client, "stall-after=3; key=dropped");
    let mut stream = endless.chat().stream(v1(&running, "hello")).await.unwrap();
    stream.next().await.unwrap().unwrap();
    drop(stream);
    let closed = async {
        loop {
            let requests = requests(&running).await;
            if requests[1]["closedEarly"] == true {
                return requests;
            }
            sleep(Duration::from_millis(5)).await;
        }
    };
    let requests = timeout(PATIENCE, closed).await.unwrap();
    assert_eq!(requests[0]["closedEarly"], false);
}

/// Lets the client notice what has arrived: however slow the machine is, each turn looks at the sockets.
async fn notice() {
    for _ in 0..10 {
        sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_stream_read_out_leaves_its_connection_to_the_next_call() {
    let (told, mut ended) = news::unbounded_channel();
    let url = serve_once(move |mut connection| {
        // The listener is gone by now, so the second call has this connection or none.
        for _ in 0..2 {
            let size = EVENT.len() + END.len();
            let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n";
            let chunks =
                format!("{head}transfer-encoding: chunked\r\n\r\n{size:x}\r\n{EVENT}{END}\r\n");
            connection.write_all(chunks.as_bytes()).unwrap();
            // The end of the body comes later than the end mark.
            thread::sleep(Duration::from_millis(20));
            connection.write_all(b"0\r\n\r\n").unwrap();
            told.send(()).unwrap();
            read_request(&mut connection);
        }
    });
    let client = by_hand(&url).max_retries(0).build().unwrap();
    for _ in 0..2 {
        let mut stream = client.chat().stream(hello()).await.unwrap();
        assert_eq!(stream.final_message().await.unwrap().text(), "a");
        ended.recv().await.unwrap();
        notice().await;
    }
}

#[tokio::test]
async fn dropping_a_call_closes_the_connection() {
    let (arrived, asked) = oneshot::channel();
    let (closed, seen) = oneshot::channel();
    let url = serve_once(move |mut connection| {
        arrived.send(()).unwrap();
        // Nothing comes but the end.
        let read = std::io::Read::read(&mut connection, &mut [0]);
        let _ = closed.send(matches!(read, Ok(0)) || read.is_err());
    });
    let client = by_hand(&url).build().unwrap();
    let chat = client.chat();
    tokio::select! {
        answer = chat.create(hello()) => panic!("{answer:?}"),
        asked = asked => asked.unwrap(),
    }
    assert!(timeout(PATIENCE, seen).await.unwrap().unwrap());
}

#[tokio::test]
async fn a_slow_reader_is_no_silent_server() {
    let (go, wait) = mpsc::channel();
    let url = serve_once(move |mut connection| {
        connection
            .write_all(format!("{STREAM_HEAD}{EVENT}").as_bytes())
            .unwrap();
        wait.recv().unwrap();
        connection
            .write_all(format!("{EVENT}{END}").as_bytes())
            .unwrap();
    });
    let idle = Duration::from_secs(1);
    let client = by_hand(&url).idle_timeout(idle).build().unwrap();
    let mut stream = client.chat().stream(hello()).await.unwrap();
    stream.next().await.unwrap().unwrap();
    // The reader is busy for longer than the server may be silent.
    sleep(idle + idle / 2).await;
    let mut reading = pin!(stream.final_message());
    assert!(poll!(reading.as_mut()).is_pending());
    go.send(()).unwrap();
    assert_eq!(reading.await.unwrap().text(), "aa");
}

#[tokio::test]
async fn a_stream_may_take_longer_than_a_call() {
    let whole = Duration::from_secs(1);
    let url = serve_once(move |mut connection| {
        let begin = format!("{STREAM_HEAD}{EVENT}");
        connection.write_all(begin.as_bytes()).unwrap();
        thread::sleep(whole + whole / 2);
        connection.write_all(END.as_bytes()).unwrap();
    });
    let client = by_hand(&url).timeout(whole).build().unwrap();
    let mut stream = client.chat().stream(hello()).await.unwrap();
    assert_eq!(stream.final_message().await.unwrap().text(), "a");
}

#[tokio::test]
async fn a_reader_that_waits_holds_the_server_back() {
    const MOST: usize = 256 << 20;
    let (told, written) = oneshot::channel();
    let url = serve_once(move |mut connection| {
        connection.write_all(STREAM_HEAD.as_bytes()).unwrap();
        connection.set_nonblocking(true).unwrap();
        let events = EVENT.repeat(1000);
        let (mut sent, mut refusals) = (0, 0);
        // Held back for half a second in a row is held back.
        while sent < MOST && refusals < 50 {
            match connection.write(events.as_bytes()) {
                Ok(bytes) => (sent, refusals) = (sent + bytes, 0),
                Err(error) if error.kind() == Io::WouldBlock => {
                    refusals += 1;
                    thread::sleep(Duration::from_millis(10));
                }
                Err(error) => panic!("{error}"),
            }
        }
        told.send(sent).unwrap();
        // Keep the connection until the client has gone.
        connection.set_nonblocking(false).unwrap();
        let _ = std::io::Read::read(&mut connection, &mut [0]);
    });
    let client = by_hand(&url).build().unwrap();
    let mut stream = client.chat().stream(hello()).await.unwrap();
    stream.next().await.unwrap().unwrap();
    let sent = timeout(PATIENCE, written).await.unwrap().unwrap();
    assert!(sent < MOST / 4, "{sent}");
    stream.next().await.unwrap().unwrap();
}

#[tokio::test]
async fn a_kept_connection_that_died_is_replaced_in_silence() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (served, closed) = mpsc::channel();
    thread::spawn(move || {
        let body = r#"{"choices":[{"index":0,"message":{"content":"hi"},"finish_reason":"stop"}]}"#;
        for _ in 0..3 {
            let (mut connection, _) = listener.accept().unwrap();
            read_request(&mut connection);
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json";
            let answer = format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
            connection.write_all(answer.as_bytes()).unwrap();
            // It promised to stay and goes all the same.
            drop(connection);
            served.send(()).unwrap();
        }
    });
    let client = by_hand(&url).max_retries(0).build().unwrap();
    for _ in 0..3 {
        assert_eq!(client.chat().create(hello()).await.unwrap().text(), "hi");
        closed.recv().unwrap();
        notice().await;
    }
}
