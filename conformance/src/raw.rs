//! HTTP/1.1 over a socket. Requests are sent byte for byte as the case specifies them.

use std::{
    io::{ErrorKind, Read, Write},
    net::{Shutdown, TcpStream, ToSocketAddrs},
    thread,
    time::{Duration, Instant},
};

use crate::{answer::Answer, case::Framing, parse, prepared::PreparedRequest, transport::Transport};

/// A server at an address. Each request uses a new connection.
#[derive(Clone, Debug)]
pub struct Tcp {
    name: String,
    host: String,
    port: u16,
    timeout: Duration,
}

impl Tcp {
    /// Creates a transport to the server at a URL such as `http://127.0.0.1:3000`.
    ///
    /// The `Host` header of requests is `127.0.0.1` even if the URL has another host, because cases compare origins
    /// with it. The timeout is ten seconds.
    ///
    /// # Errors
    ///
    /// Returns a message if the URL is not of the form `http://host:port` or `http://host`.
    pub fn new(url: &str) -> Result<Self, String> {
        let unusable = || format!("invalid URL `{url}`: expected the form http://host:port");
        if url.starts_with("https://") {
            return Err(format!(
                "invalid URL `{url}`: TLS is not supported; pass the http:// address behind the TLS proxy"
            ));
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

    /// Sets the name in reports, which is the URL by default.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Sets the timeout for a whole response.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Returns the timeout for a whole response.
    pub(crate) fn timeout(&self) -> Duration {
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
        // Each chunk is sent immediately, so that the server receives several.
        stream.set_nodelay(true).map_err(|error| error.to_string())?;
        stream.set_write_timeout(Some(self.timeout)).map_err(|error| error.to_string())?;
        // A server may respond and close the connection before it has read the whole body. So one thread writes while
        // the other reads, and a failure to write is reported only if there is no response.
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
    /// Far longer than any expected response.
    const LONGEST: usize = 64 * 1024 * 1024;
    let mut received = Vec::new();
    let mut buffer = [0; 16 * 1024];
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(describe_timeout(&received));
        }
        if received.len() > LONGEST {
            return Err(format!("the response is too long: gave up {}", describe_received(&received)));
        }
        stream.set_read_timeout(Some(left)).map_err(|error| error.to_string())?;
        let (count, reason) = match stream.read(&mut buffer) {
            Ok(0) => (0, "the connection was closed".to_owned()),
            Ok(count) => (count, String::new()),
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                return Err(describe_timeout(&received));
            }
            Err(error) => (0, error.to_string()),
        };
        received.extend_from_slice(buffer.get(..count).unwrap_or_default());
        match parse::parse_answer(&received, head_only, count == 0)? {
            Some(answer) => return Ok(answer),
            None if count == 0 => return Err(format!("{reason} {}", describe_received(&received))),
            None => {}
        }
    }
}

fn describe_timeout(received: &[u8]) -> String {
    format!("timed out {}", describe_received(received))
}

/// Describes the received part of a response.
fn describe_received(received: &[u8]) -> String {
    let start = received.get(..received.len().min(200)).unwrap_or_default();
    match received.len() {
        0 => "before the first byte of a response".to_owned(),
        length => format!("after {length} bytes of the response: {:?}", String::from_utf8_lossy(start)),
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

    /// Sends a request to a server that reads up to `until`, sends `reply` and closes the connection. Returns the text
    /// that the server read and the result of sending.
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
        let answer = Tcp::new(&url).unwrap().with_timeout(Duration::from_secs(5)).send(request);
        (server.join().unwrap(), answer)
    }

    const HEAD: &str =
        "POST /_actions/a%2Eb//?x=%zz HTTP/1.1\r\nHost: 127.0.0.1:7\r\nX-B: 2\r\nx-a: http://127.0.0.1:7\r\nX-B: 1\r\n";
    const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    #[test]
    fn headers_and_path_are_sent_unchanged() {
        let (seen, answer) = exchange(&request(Framing::None, None), "\r\n\r\n", OK);
        assert_eq!(seen, format!("{HEAD}Connection: close\r\n\r\n"));
        let answer = answer.unwrap();
        assert_eq!((answer.status, &answer.body[..]), (200, &b"ok"[..]));
    }

    #[test]
    fn length_is_sent_even_if_zero() {
        let (seen, _) = exchange(&request(Framing::Length, None), "\r\n\r\n", OK);
        assert_eq!(seen, format!("{HEAD}Content-Length: 0\r\nConnection: close\r\n\r\n"));
        let (seen, _) = exchange(&request(Framing::Length, Some(Body::Utf8("é!".into()))), "!", OK);
        assert_eq!(seen, format!("{HEAD}Content-Length: 3\r\nConnection: close\r\n\r\né!"));
    }

    #[test]
    fn chunked_body_has_several_chunks() {
        let head = format!("{HEAD}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
        let (seen, _) = exchange(&request(Framing::Chunked, Some(Body::Utf8("hello".into()))), "0\r\n\r\n", OK);
        assert_eq!(seen, format!("{head}2\r\nhe\r\n2\r\nll\r\n1\r\no\r\n0\r\n\r\n"));
        let (seen, _) = exchange(&request(Framing::Chunked, None), "0\r\n\r\n", OK);
        assert_eq!(seen, format!("{head}0\r\n\r\n"));
    }

    #[test]
    fn response_before_end_of_body_is_accepted() {
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
    fn incomplete_response_is_an_error() {
        let post = request(Framing::None, None);
        let (_, cut) = exchange(&post, "\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nok");
        assert!(cut.unwrap_err().contains("closed after"));
        let (_, nothing) = exchange(&post, "\r\n\r\n", b"");
        assert!(nothing.unwrap_err().contains("closed before the first byte"));
        let (_, other) = exchange(&post, "\r\n\r\n", b"SSH-2.0-OpenSSH\r\n\r\n");
        assert!(other.unwrap_err().contains("SSH"));

        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", silent.local_addr().unwrap());
        let answer = Tcp::new(&url).unwrap().with_timeout(Duration::from_millis(50)).send(&post);
        assert!(answer.unwrap_err().contains("timed out"));
    }

    #[test]
    fn only_plain_http_origin_is_accepted() {
        assert_eq!(Tcp::new("http://[::1]:3000").unwrap().host, "::1");
        assert_eq!(Tcp::new("http://localhost").unwrap().port, 80);
        assert!(Tcp::new("https://a:1").unwrap_err().contains("TLS"));
        for url in ["127.0.0.1:3000", "http://a:1/base", "http://a:x", "http://:1"] {
            assert!(Tcp::new(url).is_err(), "{url}");
        }
    }
}
