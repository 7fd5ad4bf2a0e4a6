//! The fixture on `std::net` alone: an adapter written by hand, for a stack that nobody has written one for.
//!
//! One thread and one request for each connection. `cargo run -p enact-conformance --example adapter -- 3000`

use std::convert::Infallible;
use std::error::Error;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use bytes::{Bytes, BytesMut};
use enact::{ClientAddr, PageBody, ReceivedAt, Registry};
use enact_conformance::fixture;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, header};
use http_body::{Body, Frame};

fn main() -> Result<(), Box<dyn Error>> {
    let port = std::env::args().nth(1).map_or(Ok(3000), |port| port.parse())?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    println!("http://{}", listener.local_addr()?);
    serve(&listener, &fixture::actions().build()?);
    Ok(())
}

/// How long a client may take for its whole request.
const PATIENCE: Duration = Duration::from_secs(30);
const LONGEST_HEAD: usize = 64 * 1024;
const LONGEST_LINE: usize = 4 * 1024;

pub(crate) fn serve(listener: &TcpListener, actions: &Registry) {
    for stream in listener.incoming().flatten() {
        let actions = actions.clone();
        // A connection that fails is its client's loss.
        thread::spawn(move || drop(connection(stream, &actions)));
    }
}

fn connection(mut stream: TcpStream, actions: &Registry) -> io::Result<()> {
    stream.set_write_timeout(Some(PATIENCE))?;
    let wire = Wire { stream: stream.try_clone()?, held: BytesMut::new(), deadline: Instant::now() + PATIENCE };
    let (response, head_only) = match request(wire) {
        Ok(mut request) => {
            // What the core cannot know of itself: it has no clock and sees no socket.
            request.extensions_mut().insert(ReceivedAt::from(SystemTime::now()));
            request.extensions_mut().insert(ClientAddr(stream.peer_addr()?.ip()));
            let head_only = request.method() == Method::HEAD;
            let pages = async |request: Request<PageBody<Wired>>| Ok::<_, Infallible>(fixture::page(&request));
            let Ok(response) = pollster::block_on(actions.serve(request, pages));
            (response, head_only)
        }
        Err(error) if error.kind() == ErrorKind::InvalidData => {
            let mut response = Response::new(Bytes::from(error.to_string()));
            *response.status_mut() = StatusCode::BAD_REQUEST;
            (response, false)
        }
        Err(error) => return Err(error),
    };
    send(&mut stream, response, head_only)?;
    linger(&mut stream)
}

fn send(stream: &mut TcpStream, response: Response<Bytes>, head_only: bool) -> io::Result<()> {
    let (head, body) = response.into_parts();
    let mut text = format!("HTTP/1.1 {}\r\n", head.status).into_bytes();
    // Each `Set-Cookie` is a line of its own.
    for (name, value) in &head.headers {
        text.extend_from_slice(&[name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    if head.status != StatusCode::NO_CONTENT {
        text.extend_from_slice(format!("content-length: {}\r\n", body.len()).as_bytes());
    }
    text.extend_from_slice(b"connection: close\r\n\r\n");
    if !head_only {
        text.extend_from_slice(&body);
    }
    stream.write_all(&text)
}

/// A client that still sends hears no answer on a connection that is closed at once (RFC 9112, section 9.6).
fn linger(stream: &mut TcpStream) -> io::Result<()> {
    stream.shutdown(Shutdown::Write)?;
    let end = Instant::now() + Duration::from_secs(2);
    while let Some(left) = end.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()) {
        stream.set_read_timeout(Some(left))?;
        if stream.read(&mut [0; 16 * 1024])? == 0 {
            break;
        }
    }
    Ok(())
}

fn invalid(what: &'static str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, what)
}

/// Reads the head, and leaves the body where it is.
fn request(mut wire: Wire) -> io::Result<Request<Wired>> {
    let end = wire.until(b"\r\n\r\n", LONGEST_HEAD)?;
    let head = wire.held.split_to(end).freeze();
    let mut headers = [httparse::EMPTY_HEADER; 100];
    let mut parsed = httparse::Request::new(&mut headers);
    parsed.parse(&head).map_err(|_| invalid("malformed head"))?;
    // The path as it came: names are decoded once, by the core.
    let mut request = Request::builder().method(parsed.method.unwrap_or_default()).uri(parsed.path.unwrap_or_default());
    for header in parsed.headers.iter() {
        // Also one that is there already: that a header comes twice, the core has to see.
        request = request.header(
            HeaderName::from_bytes(header.name.as_bytes()).map_err(|_| invalid("malformed header"))?,
            HeaderValue::from_bytes(header.value).map_err(|_| invalid("malformed header"))?,
        );
    }
    let headers = request.headers_ref().ok_or_else(|| invalid("malformed head"))?;
    let (left, chunked) = framing(headers)?;
    let expects =
        headers.get(header::EXPECT).is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"100-continue"));
    request.body(Wired { wire, left, chunked, expects }).map_err(|_| invalid("malformed head"))
}

/// How many bytes come, or that chunks do (RFC 9112, section 6.3). Two answers to that are none.
fn framing(headers: &HeaderMap) -> io::Result<(u64, bool)> {
    let all = |name| headers.get_all(name).iter().map(HeaderValue::as_bytes).collect::<Vec<_>>();
    match (&all(header::TRANSFER_ENCODING)[..], &all(header::CONTENT_LENGTH)[..]) {
        ([], []) => Ok((0, false)),
        ([], [length]) if length.iter().all(u8::is_ascii_digit) => {
            let length = str::from_utf8(length).ok().and_then(|length| length.parse().ok());
            Ok((length.ok_or_else(|| invalid("unusable length"))?, false))
        }
        ([coding], []) if coding.eq_ignore_ascii_case(b"chunked") => Ok((0, true)),
        _ => Err(invalid("unclear framing")),
    }
}

/// A connection and what was read of it already.
struct Wire {
    stream: TcpStream,
    held: BytesMut,
    deadline: Instant,
}

impl Wire {
    /// Waits for more, as long as there is time for the request.
    fn more(&mut self) -> io::Result<()> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        self.stream.set_read_timeout(Some(left.max(Duration::from_millis(1))))?;
        let mut buffer = [0; 16 * 1024];
        match self.stream.read(&mut buffer)? {
            // What breaks off is not whole.
            0 => Err(ErrorKind::UnexpectedEof.into()),
            _ if left.is_zero() => Err(ErrorKind::TimedOut.into()),
            count => {
                self.held.extend_from_slice(&buffer[..count]);
                Ok(())
            }
        }
    }

    /// Where the end of the next thing is.
    fn until(&mut self, end: &[u8], longest: usize) -> io::Result<usize> {
        loop {
            if let Some(at) = self.held.windows(end.len()).position(|window| window == end) {
                return Ok(at + end.len());
            }
            if self.held.len() > longest {
                return Err(invalid("too long"));
            }
            self.more()?;
        }
    }

    fn line(&mut self) -> io::Result<Bytes> {
        let end = self.until(b"\r\n", LONGEST_LINE)?;
        let line = self.held.split_to(end).freeze();
        Ok(line.slice(..end - 2))
    }
}

/// A body that is read when the core asks for it.
struct Wired {
    wire: Wire,
    /// Of the body, or of the chunk.
    left: u64,
    chunked: bool,
    /// The client waits for a word before it sends its body (RFC 9110, section 10.1.1).
    expects: bool,
}

impl Wired {
    fn next(&mut self) -> io::Result<Option<Bytes>> {
        if std::mem::take(&mut self.expects) {
            self.wire.stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
        }
        if self.chunked && self.left == 0 {
            self.left = chunk_size(&self.wire.line()?)?;
            if self.left == 0 {
                self.chunked = false;
                while !self.wire.line()?.is_empty() {}
            }
        }
        if self.left == 0 {
            return Ok(None);
        }
        if self.wire.held.is_empty() {
            self.wire.more()?;
        }
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(self.wire.held.len());
        let bytes = self.wire.held.split_to(most).freeze();
        self.left -= bytes.len() as u64;
        if self.chunked && self.left == 0 && !self.wire.line()?.is_empty() {
            return Err(invalid("a chunk longer than its size"));
        }
        Ok(Some(bytes))
    }
}

fn chunk_size(line: &[u8]) -> io::Result<u64> {
    let size = line.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
    let digits = str::from_utf8(size).ok().filter(|size| size.bytes().all(|byte| byte.is_ascii_hexdigit()));
    digits.and_then(|size| u64::from_str_radix(size, 16).ok()).ok_or_else(|| invalid("malformed chunk"))
}

impl Body for Wired {
    type Data = Bytes;
    type Error = io::Error;

    // It blocks, as everything on this thread may.
    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        Poll::Ready(self.next().map(|bytes| bytes.map(Frame::data)).transpose())
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0 && !self.chunked
    }
}
