//! Small requests to the emulator, whose answers are JSON.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;

const TIMEOUT: Duration = Duration::from_secs(10);

/// `GET path` at the server `url`.
pub(crate) fn get(url: &str, path: &str) -> Result<Value> {
    send(url, "GET", path, "")
}

/// `POST path` with a body of JSON.
pub(crate) fn post(url: &str, path: &str, body: &Value) -> Result<Value> {
    send(url, "POST", path, &body.to_string())
}

fn send(url: &str, method: &str, path: &str, body: &str) -> Result<Value> {
    let (_, json) = exchange(url, method, path, body)?;
    serde_json::from_str(&json).with_context(|| format!("{method} {path} of the emulator"))
}

/// Head and body of the answer to a request.
pub(crate) fn exchange(
    url: &str,
    method: &str,
    path: &str,
    body: &str,
) -> Result<(String, String)> {
    let asked = || format!("{method} {path} of the emulator");
    let host = url
        .strip_prefix("http://")
        .context("the emulator speaks http")?;
    let mut connection = TcpStream::connect(host).with_context(asked)?;
    connection.set_read_timeout(Some(TIMEOUT))?;
    // HTTP/1.0: the answer comes in one piece, and the connection ends with it.
    write!(
        connection,
        "{method} {path} HTTP/1.0\r\nhost: {host}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer).with_context(asked)?;
    let (head, body) = answer.split_once("\r\n\r\n").with_context(asked)?;
    Ok((head.to_owned(), body.to_owned()))
}

/// A text as it stands in a query.
pub(crate) fn percent_encoded(text: &str) -> String {
    let encode = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(encode).collect()
}

#[cfg(test)]
mod tests {
    use super::percent_encoded;

    #[test]
    fn a_text_survives_the_address_bar() {
        assert_eq!(percent_encoded("a&b 江"), "a%26b%20%E6%B1%9F");
    }
}
