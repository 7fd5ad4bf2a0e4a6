//! Checks that need more than a single request and response.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpStream},
    time::{Duration, Instant},
};

use crate::{
    case::{Body, CaseRequest, Framing},
    mismatch::Mismatch,
    raw::Tcp,
    transport::Transport,
};

/// A check that opens its own connections.
#[derive(Debug)]
pub(crate) struct Check {
    pub(crate) id: &'static str,
    /// A description of the requests.
    pub(crate) request: &'static str,
    pub(crate) run: fn(&Tcp) -> Vec<Mismatch>,
}

impl Check {
    pub(crate) const AREA: &'static str = "security/connections";
}

pub(crate) const CHECKS: &[Check] = &[
    Check {
        id: "security/connections/bodies-that-stall",
        request: "64 POST /_actions/setCookie with bodies that never end, then one with a complete body",
        run: check_stalled_bodies,
    },
    Check {
        id: "security/connections/bodies-that-break-off",
        request: "POST /_actions/setCookie, closed by the client before the end of its body",
        run: check_interrupted_bodies,
    },
    Check {
        id: "security/connections/bodies-that-look-like-requests",
        request: "POST that is refused because of its head; its body is a request for /_actions/setCookie",
        run: check_bodies_like_requests,
    },
];

const INPUT: &str = r#"{"value":"called"}"#;

fn build_head(server: &Tcp, path: &str, headers: &str) -> String {
    let host = format!("127.0.0.1:{}", server.port());
    format!("POST {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n{headers}\r\n\r\n")
}

fn check_stalled_bodies(server: &Tcp) -> Vec<Mismatch> {
    let started =
        build_head(server, "/_actions/setCookie", "Content-Type: application/json\r\nContent-Length: 18") + "{\"v";
    let open = |_| {
        server.connect().and_then(|mut stream| {
            stream.write_all(started.as_bytes()).map_err(|error| error.to_string())?;
            Ok(stream)
        })
    };
    let waiting: Result<Vec<TcpStream>, String> = (0..64).map(open).collect();
    let whole = CaseRequest {
        method: "POST".to_owned(),
        path: "/_actions/setCookie".to_owned(),
        headers: vec![("Content-Type".to_owned(), "application/json".to_owned())],
        framing: Framing::Length,
        body: Some(Body::Utf8(INPUT.to_owned())),
    };
    let answer = waiting.and_then(|_waiting| server.send(&whole.prepare(server.port())?));
    match answer {
        Ok(answer) if answer.status == 200 => Vec::new(),
        Ok(answer) => vec![Mismatch::new("status", 200, answer.status)],
        Err(reason) => vec![Mismatch::new("response", "a response while other bodies stall", reason)],
    }
}

/// Checks that an interrupted body is not accepted as complete. The server may refuse it or send nothing.
fn check_interrupted_bodies(server: &Tcp) -> Vec<Mismatch> {
    let mut found = Vec::new();
    let length = INPUT.len();
    for (framing, body) in [
        (format!("Content-Length: {}", length + 1), INPUT.to_owned()),
        ("Transfer-Encoding: chunked".to_owned(), format!("{length:x}\r\n{INPUT}\r\n")),
        ("Transfer-Encoding: chunked".to_owned(), format!("{length:x}\r\n{INPUT}\r\nzz\r\n")),
    ] {
        let sent =
            build_head(server, "/_actions/setCookie", &format!("Content-Type: application/json\r\n{framing}")) + &body;
        match exchange(server, &sent, true) {
            Ok(received) if received.contains("session=called") || received.starts_with("HTTP/1.1 2") => {
                found.push(Mismatch::new(framing, "no call of the action", received));
            }
            Ok(_) => {}
            Err(reason) => found.push(Mismatch::new(framing, "a connection", reason)),
        }
    }
    found
}

/// Checks that the body of a refused request is not read as the next request.
fn check_bodies_like_requests(server: &Tcp) -> Vec<Mismatch> {
    let mut found = Vec::new();
    let framed = format!("Content-Type: application/json\r\nContent-Length: {}", INPUT.len());
    let hidden = build_head(server, "/_actions/setCookie", &framed) + INPUT;
    for (path, refused) in [
        ("/_actions/doesNotExist", "Content-Type: application/json"),
        ("/_actions/setCookie", "Content-Type: image/png"),
        ("/_actions/setCookie", "Content-Type: application/json\r\nSec-Fetch-Site: cross-site"),
        ("/_actions/locked", "Content-Type: application/json"),
        ("/page?_action=doesNotExist", "Content-Type: application/json"),
    ] {
        let length = hidden.len();
        for (framing, body) in [
            (format!("Content-Length: {length}"), hidden.clone()),
            ("Transfer-Encoding: chunked".to_owned(), format!("{length:x}\r\n{hidden}\r\n0\r\n\r\n")),
        ] {
            let sent = build_head(server, path, &format!("{refused}\r\n{framing}")) + &body;
            match exchange(server, &sent, false) {
                Ok(received) if received.contains("session=called") || received.matches("HTTP/1.1 ").count() != 1 => {
                    found.push(Mismatch::new(
                        format!("{path}, {framing}"),
                        "one response that refuses the request",
                        received,
                    ));
                }
                Ok(_) => {}
                Err(reason) => found.push(Mismatch::new(format!("{path}, {framing}"), "a connection", reason)),
            }
        }
    }
    found
}

/// Sends bytes and returns everything received until the server closes the connection or pauses for a quarter of a second.
fn exchange(server: &Tcp, sent: &str, close: bool) -> Result<String, String> {
    const SILENCE: Duration = Duration::from_millis(250);
    let failed = |error: std::io::Error| error.to_string();
    let mut stream = server.connect()?;
    // A server may respond and close the connection before it has read everything, so a failure to write is ignored.
    let _ = stream.write_all(sent.as_bytes());
    if close {
        let _ = stream.shutdown(Shutdown::Write);
    }
    let deadline = Instant::now() + server.timeout();
    let mut received = Vec::new();
    let mut buffer = [0; 4096];
    while Instant::now() < deadline {
        let wait = if received.is_empty() { server.timeout() } else { SILENCE };
        stream.set_read_timeout(Some(wait)).map_err(failed)?;
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => break,
            Ok(count) => received.extend_from_slice(buffer.get(..count).unwrap_or_default()),
        }
    }
    Ok(String::from_utf8_lossy(&received).into_owned())
}
