//! A server that costs next to nothing: prepared answers, one thread a connection.
//!
//! `POST /{event|16k|7b}/api/v2/chat/completions` streams the recording in HTTP chunks of that
//! size; any other POST is answered with a completion of 1 KB; `GET /recording` gives the recording.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use crate::recording::{self, CUTS};

struct Answers {
    /// By the first part of the path.
    streams: Vec<(String, Vec<u8>)>,
    recording: Vec<u8>,
    completion: Vec<u8>,
}

/// Serves on loopback until stdin ends.
pub fn serve() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    println!("http://{}", listener.local_addr().expect("an address"));
    let answers = Arc::new(prepare());
    thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            let answers = answers.clone();
            // A client that goes away ends its connection's thread.
            thread::spawn(move || drop(converse(&connection, &answers)));
        }
    });
    let _ = io::copy(&mut io::stdin(), &mut io::sink());
}

fn prepare() -> Answers {
    let body = recording::body();
    let stream = |(cut, name): (recording::Cut, &str)| {
        let mut answer = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\
            transfer-encoding: chunked\r\n\r\n"
            .to_vec();
        for piece in recording::pieces(&body, cut) {
            answer.extend_from_slice(format!("{:x}\r\n", piece.len()).as_bytes());
            answer.extend_from_slice(piece);
            answer.extend_from_slice(b"\r\n");
        }
        answer.extend_from_slice(b"0\r\n\r\n");
        (format!("/{name}/"), answer)
    };
    Answers {
        streams: CUTS.into_iter().map(stream).collect(),
        completion: whole("application/json", completion().as_bytes()),
        recording: whole("text/event-stream", &body),
    }
}

fn whole(kind: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head =
        format!("HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n\r\n");
    [head.as_bytes(), body].concat()
}

/// A chat completion of 1 KB.
fn completion() -> String {
    let around = |text: &str| {
        format!(
            "{{\"id\":\"chat-1\",\"object\":\"chat.completion\",\"created\":1740816000,\
             \"model\":\"pangu-nlp-n2\",\"choices\":[{{\"index\":0,\"message\":{{\"role\":\"assistant\",\
             \"content\":\"{text}\"}},\"logprobs\":null,\"finish_reason\":\"stop\"}}],\
             \"usage\":{{\"prompt_tokens\":9,\"completion_tokens\":90,\"total_tokens\":99}}}}"
        )
    };
    let filling = 1024 - around("").len();
    around(&"a".repeat(filling))
}

fn converse(connection: &TcpStream, answers: &Answers) -> io::Result<()> {
    connection.set_nodelay(true)?;
    let mut reader = BufReader::with_capacity(64 << 10, connection);
    let mut writer = connection;
    loop {
        let mut first = String::new();
        if reader.read_line(&mut first)? == 0 {
            return Ok(());
        }
        let mut length = 0;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            let line = line.trim_end();
            if line.is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().unwrap_or(0);
            }
        }
        io::copy(&mut reader.by_ref().take(length), &mut io::sink())?;
        let path = first.split(' ').nth(1).unwrap_or_default();
        let stream = answers
            .streams
            .iter()
            .find(|(start, _)| path.starts_with(start));
        writer.write_all(match stream {
            Some((_, answer)) => answer,
            None if path == "/recording" => &answers.recording,
            None => &answers.completion,
        })?;
    }
}
