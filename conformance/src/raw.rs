//! HTTP/1.1 over a socket, byte for byte: what is sent is what a case says and nothing is repaired on the way.

use std::{
    io::{ErrorKind, Read, Write},
    net::{Shutdown, TcpStream, ToSocketAddrs},
    thread,
    time::{Duration, Instant},
};

use crate::{answer::Answer, case::Framing, parse, prepared::PreparedRequest, transport::Transport};

/// A server at an address, asked over a new connection for each request.
#[derive(Clone, Debug)]
pub struct Tcp {
    name: String,
    host: String,
    port: u16,
    timeout: Duration,
}

impl Tcp {
    /// The server at a URL: `http://127.0.0.1:3000`. Requests call it `127.0.0.1`, whatever the host's name here, as the
    /// cases compare origins with it. An answer is waited for ten seconds.
    ///
    /// # Errors
    /// When the URL is not `http://host:port` or `http://host`.
    pub fn new(url: &str) -> Result<Self, String> {
        let unusable = || format!("{url}: not of the form http://host:port");
        if url.starts_with("https://") {
            return Err(format!("{url}: no TLS is spoken here; give the http:// address behind what ends it"));
        }
        let authority = url.strip_prefix("http://").ok_or_else(unusable)?;
        let authority = authority.strip_suffix('/').unwrap_or(authority);
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, port.parse().map_err(|_| unusable())?),
            _ => (authority, 80),
        };
        if host.is_empty() || host.contains(['/', '?', '#', '@']) {
            return Err(unusable());
        }
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        Ok(Self { name: url.to_owned(), host, port, timeout: Duration::from_secs(10) })
    }

    /// What the report calls it, instead of its URL.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// How long to wait for a whole answer.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How long an answer is waited for.
    pub(crate) fn patience(&self) -> Duration {
        self.timeout
    }

    pub(crate) fn connect(&self) -> Result<TcpStream, String> {
        let failed = |error| format!("no connection to {}:{}: {error}", self.host, self.port);
        let mut last = std::io::Error::from(ErrorKind::AddrNotAvailable);
        for address in (self.host.as_str(), self.port).to_socket_addrs().map_err(failed)? {
            match TcpStream::connect_timeout(&address, self.timeout) {
                Ok(stream) => return Ok(stream),
                Err(error) => last = error,
            }
        }
        Err(failed(last))
    }
}

impl Transport for Tcp {
    fn name(&self) -> &str {
        &self.name
    }

    fn port(&self) -> u16 {
        self.port
    }

    fn tcp(&self) -> Option<&Tcp> {
        Some(self)
    }

    fn send(&self, request: &PreparedRequest) -> Result<Answer, String> {
        let stream = self.connect()?;
        // Each chunk leaves on its own, so that a server sees several.
        stream.set_nodelay(true).map_err(|error| error.to_string())?;
        stream.set_write_timeout(Some(self.timeout)).map_err(|error| error.to_string())?;
        // A server may answer before it has read the whole body, and close: so one thread writes while the other reads,
        // and what becomes of the writing matters only where no answer comes.
        thread::scope(|scope| {
            let writer = scope.spawn(|| write(&stream, request));
            let answer = read(&stream, request.method == "HEAD", Instant::now() + self.timeout);
            let _ = stream.shutdown(Shutdown::Both);
            let written = writer.join().unwrap_or(Ok(()));
            answer.map_err(|reason| match written {
                Ok(()) => reason,
                Err(error) => format!("{reason}; while sending: {error}"),
            })
        })
    }
}

fn write(mut stream: &TcpStream, request: &PreparedRequest) -> std::io::Result<()> {
    let mut head = format!("{} {} HTTP/1.1\r\n", request.method, request.path);
    for (name, value) in &request.headers {
        head.extend([name, ": ", value, "\r\n"]);
    }
    if let Some((name, value)) = request.framing_header() {
        head.extend([name, ": ", &value, "\r\n"]);
    }
    if !request.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("connection")) {
        head.push_str("Connection: close\r\n");
    }
    head.push_str("\r\n");
    stream.write_all(head.as_bytes())?;
    let chunked = request.framing == Framing::Chunked;
    for frame in request.frames() {
        if chunked {
            let chunk = [format!("{:x}\r\n", frame.len()).as_bytes(), &frame, b"\r\n"].concat();
            stream.write_all(&chunk)?;
        } else {
            stream.write_all(&frame)?;
        }
    }
    if chunked {
        stream.write_all(b"0\r\n\r\n")?;
    }
    stream.flush()
}

fn read(mut stream: &TcpStream, head_only: bool, deadline: Instant) -> Result<Answer, String> {
    /// Far beyond what any case brings back.
    const LONGEST: usize = 64 * 1024 * 1024;
    let mut received = Vec::new();
    let mut buffer = [0; 16 * 1024];
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(unfinished(&received));
        }
        if received.len() > LONGEST {
            return Err(format!("no end {}", amount(&received)));
        }
        stream.set_read_timeout(Some(left)).map_err(|error| error.to_string())?;
        let (count, reason) = match stream.read(&mut buffer) {
            Ok(0) => (0, "the connection was closed".to_owned()),
            Ok(count) => (count, String::new()),
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                return Err(unfinished(&received));
            }
            Err(error) => (0, error.to_string()),
        };
        received.extend_from_slice(buffer.get(..count).unwrap_or_default());
        match parse::answer(&received, head_only, count == 0)? {
            Some(answer) => return Ok(answer),
            None if count == 0 => return Err(format!("{reason} {}", amount(&received))),
            None => {}
        }
    }
}

fn unfinished(received: &[u8]) -> String {
    format!("timed out {}", amount(received))
}

/// How much of an answer there was, and what it looked like.
fn amount(received: &[u8]) -> String {
    let start = received.get(..received.len().min(200)).unwrap_or_default();
    match received.len() {
        0 => "before a byte of an answer".to_owned(),
        length => format!("after {length} bytes of the answer: {:?}", String::from_utf8_lossy(start)),
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;
    use crate::case::{Body, CaseRequest};

    fn request(framing: Framing, body: Option<Body>) -> PreparedRequest {
        let headers = vec![("X-B".into(), "2".into()), ("x-a".into(), "{origin}".into()), ("X-B".into(), "1".into())];
        CaseRequest { method: "POST".into(), path: "/_actions/a%2Eb//?x=%zz".into(), headers, framing, body }
            .prepare(7)
            .unwrap()
    }

    /// Sends a request to a server that reads until `until` came, answers and closes; what the server read is returned.
    fn exchange(
        request: &PreparedRequest,
        until: &'static str,
        reply: &'static [u8],
    ) -> (String, Result<Answer, String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut seen = Vec::new();
            let mut buffer = [0; 1024];
            while !String::from_utf8_lossy(&seen).ends_with(until) {
                let count = stream.read(&mut buffer).unwrap();
                assert!(count > 0, "{}", String::from_utf8_lossy(&seen));
                seen.extend_from_slice(&buffer[..count]);
            }
            stream.write_all(reply).unwrap();
            String::from_utf8(seen).unwrap()
        });
        let answer = Tcp::new(&url).unwrap().timeout(Duration::from_secs(5)).send(request);
        (server.join().unwrap(), answer)
    }

    const HEAD: &str =
        "POST /_actions/a%2Eb//?x=%zz HTTP/1.1\r\nHost: 127.0.0.1:7\r\nX-B: 2\r\nx-a: http://127.0.0.1:7\r\nX-B: 1\r\n";
    const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    #[test]
    fn headers_and_path_are_sent_as_they_stand() {
        let (seen, answer) = exchange(&request(Framing::None, None), "\r\n\r\n", OK);
        assert_eq!(seen, format!("{HEAD}Connection: close\r\n\r\n"));
        let answer = answer.unwrap();
        assert_eq!((answer.status, &answer.body[..]), (200, &b"ok"[..]));
    }

    #[test]
    fn a_length_is_told_also_when_it_is_zero() {
        let (seen, _) = exchange(&request(Framing::Length, None), "\r\n\r\n", OK);
        assert_eq!(seen, format!("{HEAD}Content-Length: 0\r\nConnection: close\r\n\r\n"));
        let (seen, _) = exchange(&request(Framing::Length, Some(Body::Utf8("é!".into()))), "!", OK);
        assert_eq!(seen, format!("{HEAD}Content-Length: 3\r\nConnection: close\r\n\r\né!"));
    }

    #[test]
    fn a_chunked_body_has_several_chunks() {
        let head = format!("{HEAD}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
        let (seen, _) = exchange(&request(Framing::Chunked, Some(Body::Utf8("hello".into()))), "0\r\n\r\n", OK);
        assert_eq!(seen, format!("{head}2\r\nhe\r\n2\r\nll\r\n1\r\no\r\n0\r\n\r\n"));
        let (seen, _) = exchange(&request(Framing::Chunked, None), "0\r\n\r\n", OK);
        assert_eq!(seen, format!("{head}0\r\n\r\n"));
    }

    #[test]
    fn an_answer_before_the_body_was_read_is_an_answer() {
        let long = Body::Repeat { prefix: String::new(), fill: "x".into(), count: 20_000_000, suffix: String::new() };
        for framing in [Framing::Length, Framing::Chunked] {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let url = format!("http://{}", listener.local_addr().unwrap());
            let server = thread::spawn(move || {
                let (mut stream, _) = listener.accept().unwrap();
                let _ = stream.read(&mut [0; 64]).unwrap();
                stream.write_all(b"HTTP/1.1 413 X\r\nContent-Length: 0\r\n\r\n").unwrap();
            });
            let answer = Tcp::new(&url).unwrap().send(&request(framing, Some(long.clone())));
            server.join().unwrap();
            assert_eq!(answer.unwrap().status, 413);
        }
    }

    #[test]
    fn a_server_that_cuts_off_or_says_nothing_is_a_failure() {
        let post = request(Framing::None, None);
        let (_, cut) = exchange(&post, "\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nok");
        assert!(cut.unwrap_err().contains("closed after"));
        let (_, nothing) = exchange(&post, "\r\n\r\n", b"");
        assert!(nothing.unwrap_err().contains("closed before a byte"));
        let (_, other) = exchange(&post, "\r\n\r\n", b"SSH-2.0-OpenSSH\r\n\r\n");
        assert!(other.unwrap_err().contains("SSH"));

        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", silent.local_addr().unwrap());
        let answer = Tcp::new(&url).unwrap().timeout(Duration::from_millis(50)).send(&post);
        assert!(answer.unwrap_err().contains("timed out"));
    }

    #[test]
    fn only_a_plain_http_origin_is_an_address() {
        assert_eq!(Tcp::new("http://[::1]:3000").unwrap().host, "::1");
        assert_eq!(Tcp::new("http://localhost").unwrap().port, 80);
        assert!(Tcp::new("https://a:1").unwrap_err().contains("TLS"));
        for url in ["127.0.0.1:3000", "http://a:1/base", "http://a:x", "http://:1"] {
            assert!(Tcp::new(url).is_err(), "{url}");
        }
    }
}
