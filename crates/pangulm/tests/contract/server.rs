//! A server that remembers what it was sent and answers what it was told.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use serde_json::Value;

/// One request as it came.
#[derive(Debug, PartialEq)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) target: String,
    /// By lower-case name, in order.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<Value>,
}

/// Answers one request after the other, until it is dropped.
pub(crate) struct Server {
    pub(crate) url: String,
    answers: Sender<(String, String)>,
    seen: Receiver<Seen>,
}

impl Server {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (answers, told) = channel::<(String, String)>();
        let (tell, seen) = channel();
        thread::spawn(move || {
            // The next answer is told before its request is made.
            while let Ok((status, answer)) = told.recv() {
                let (stream, _) = listener.accept().unwrap();
                tell.send(serve(stream, &status, &answer)).unwrap();
            }
        });
        Self { url, answers, seen }
    }

    /// What the next request is answered with.
    pub(crate) fn answer(&self, status: &str, body: String) {
        self.answers.send((status.to_owned(), body)).unwrap();
    }

    /// The request that came.
    pub(crate) fn seen(&self) -> Seen {
        self.seen.recv().unwrap()
    }
}

fn serve(stream: TcpStream, status: &str, answer: &str) -> Seen {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, target) = (words.next().unwrap(), words.next().unwrap());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let Some((name, value)) = line.split_once(':') else {
            break;
        };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    headers.sort();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length = length.map_or(0, |(_, value)| value.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let length = match status {
        // There is no body then, and nothing may be said about its length.
        "204" => String::new(),
        _ => format!("content-length: {}\r\n", answer.len()),
    };
    let kind = if answer.starts_with("data:") {
        "text/event-stream"
    } else {
        "application/json"
    };
    write!(
        reader.get_mut(),
        "HTTP/1.1 {status} Fine\r\ncontent-type: {kind}\r\nconnection: close\r\n{length}\r\n{answer}"
    )
    .unwrap();
    Seen {
        method,
        target,
        headers,
        body: (!body.is_empty()).then(|| serde_json::from_slice(&body).unwrap()),
    }
}
