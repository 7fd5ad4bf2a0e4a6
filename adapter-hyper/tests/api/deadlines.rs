//! The limits on time and connections, in memory and with a paused clock.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use enact::{Action, ActionError, Context, Registry};
use enact_hyper::ActionsService;
use http::{Request, Response, Version, header};
use http_body_util::channel::Channel;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full};
use hyper::service::service_fn;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::{Instant, sleep, timeout};

use crate::client::{VERSIONS, call, get};
use crate::serve::{BoxError, Limits, PageRequest};
use crate::server::{MemoryServer, WIDE};

/// Sleeps for the given milliseconds.
const SLEEP: Action<u64, u64> = Action::json("sleep");

/// The number of times that `SLEEP` has run.
type Runs = Arc<AtomicUsize>;

/// More bytes than all buffers of a connection hold.
const LARGE: usize = 32 * 1024 * 1024;

/// Serves the pages `/endless`, with an endless body; `/slow`, with pauses in its body; `/length`, which reads the request's
/// body; and `/large`, with a body of one frame.
async fn pages(request: PageRequest) -> Result<Response<UnsyncBoxBody<Bytes, BoxError>>, Infallible> {
    let path = request.uri().path().to_owned();
    let whole = match path.as_str() {
        "/length" => Some(match request.into_body().collect().await {
            Ok(body) => body.to_bytes().len().to_string().into(),
            Err(error) => error.to_string().into(),
        }),
        "/large" => Some(Bytes::from(vec![b'x'; LARGE])),
        _ => None,
    };
    if let Some(whole) = whole {
        return Ok(Response::new(Full::new(whole).map_err(|never| match never {}).boxed_unsync()));
    }
    let (mut sender, body) = Channel::<Bytes, BoxError>::new(1);
    tokio::spawn(async move {
        match path.as_str() {
            "/endless" => while sender.send_data(vec![b'x'; 64 * 1024].into()).await.is_ok() {},
            _ => {
                for _ in 0..4 {
                    sleep(LIMIT * 2).await;
                    sender.send_data("part;".into()).await?;
                }
            }
        }
        Ok::<_, http_body_util::channel::SendError>(())
    });
    Ok(Response::new(body.boxed_unsync()))
}

fn start(limits: Limits) -> (MemoryServer, Runs) {
    let runs = Runs::default();
    let count_and_sleep = {
        let runs = Arc::clone(&runs);
        move |time: u64, _: Context| {
            runs.fetch_add(1, Ordering::SeqCst);
            async move {
                sleep(Duration::from_millis(time)).await;
                Ok::<_, ActionError>(time)
            }
        }
    };
    let actions = Registry::builder().action(SLEEP.handler(count_and_sleep)).build().unwrap();
    (MemoryServer::start(ActionsService::new(actions).pages(service_fn(pages)), limits), runs)
}

/// The limit that a test reaches.
const LIMIT: Duration = Duration::from_millis(300);

/// Sends `first` at once and the bytes of `rest` one by one, with pauses. Returns everything received until the server closes
/// the connection, and the time until then.
async fn send_slowly(server: &MemoryServer, first: &[u8], rest: &[u8]) -> (Vec<u8>, Duration) {
    let start = Instant::now();
    let (mut reader, mut writer) = tokio::io::split(server.open());
    let (first, rest) = (first.to_vec(), rest.to_vec());
    tokio::spawn(async move {
        writer.write_all(&first).await?;
        for byte in rest {
            sleep(LIMIT / 10).await;
            writer.write_all(&[byte]).await?;
        }
        // Keeps the connection open.
        sleep(Duration::from_secs(60)).await;
        Ok::<_, std::io::Error>(())
    });
    let mut received = Vec::new();
    let closed = timeout(Duration::from_secs(10), reader.read_to_end(&mut received)).await;
    closed.expect("the connection is still open").unwrap();
    (received, start.elapsed())
}

const HEAD: &[u8] = b"POST /_actions/sleep HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// The empty SETTINGS frame after the preface (RFC 9113, section 6.5).
const SETTINGS: &[u8] = &[0, 0, 0, 4, 0, 0, 0, 0, 0];

#[tokio::test(start_paused = true)]
async fn connection_with_incomplete_head_is_closed() {
    let (server, runs) = start(Limits { idle: LIMIT, ..WIDE });
    let endless = vec![b'x'; 1000];
    let http2 = [PREFACE, SETTINGS].concat();
    let cases: [(&str, &[u8], &[u8]); 6] = [
        ("no bytes", b"", b""),
        ("half of a method", b"POS", b""),
        ("a head byte by byte", b"", HEAD),
        ("an endless header", HEAD, &endless),
        ("half of the HTTP/2 preface", &PREFACE[..10], b""),
        ("HTTP/2 without a request", &http2, b""),
    ];
    for (name, first, rest) in cases {
        let (received, time) = send_slowly(&server, first, rest).await;
        assert!(!received.starts_with(b"HTTP/1.1 2"), "{name}");
        assert!((LIMIT..LIMIT * 3).contains(&time), "{name}: {time:?}");
    }
    assert_eq!(runs.load(Ordering::SeqCst), 0);
}

#[tokio::test(start_paused = true)]
async fn slow_head_within_the_limit_is_served() {
    let (server, _) = start(Limits { idle: LIMIT * 4, ..WIDE });
    let (received, _) = send_slowly(&server, HEAD, b"Content-Length: 1\r\n\r\n7").await;
    assert!(received.starts_with(b"HTTP/1.1 200 OK"), "{}", received.escape_ascii());
}

#[tokio::test(start_paused = true)]
async fn slow_body_returns_408_and_closes_the_connection() {
    let (server, runs) = start(Limits { body: LIMIT, ..WIDE });
    let endless = vec![b'1'; 1000];
    for path in ["_actions/sleep", "length"] {
        let head = format!(
            "POST /{path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
        );
        let (received, time) = send_slowly(&server, head.as_bytes(), &endless).await;
        let received = String::from_utf8(received).unwrap();
        assert!(received.starts_with("HTTP/1.1 408 Request Timeout\r\n"), "{received}");
        assert!(received.contains("connection: close\r\n"), "{received}");
        assert!(received.contains("content-type: text/plain; charset=utf-8\r\n"), "{received}");
        assert!((LIMIT..LIMIT * 2).contains(&time), "{time:?}");
    }
    assert_eq!(runs.load(Ordering::SeqCst), 0, "an action ran without its body");
}

#[tokio::test(start_paused = true)]
async fn slow_body_over_http2_does_not_affect_other_calls() {
    let (server, runs) = start(Limits { body: LIMIT, ..WIDE });
    let mut client = server.connect(Version::HTTP_2).await;
    let (mut sender, body) = Channel::<Bytes, BoxError>::new(1);
    tokio::spawn(async move {
        while sender.send_data("1".into()).await.is_ok() {
            sleep(LIMIT / 10).await
        }
    });
    let slow = Request::post("/_actions/sleep").header(header::CONTENT_TYPE, "application/json").body(body).unwrap();
    assert_eq!(client.fetch(slow).await.unwrap().0, 408);
    assert_eq!(client.fetch(call("/_actions/sleep", "1")).await.unwrap().0, 200);
    assert_eq!(runs.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn connection_is_closed_only_when_idle() {
    let (server, _) = start(Limits { idle: LIMIT, ..WIDE });
    for version in VERSIONS {
        let mut client = server.connect(version).await;
        for _ in 0..4 {
            assert_eq!(client.fetch(call("/_actions/sleep", "1")).await.unwrap().0, 200, "{version:?}");
            sleep(LIMIT / 2).await;
        }
        client.wait_until_closed().await;
    }
}

#[tokio::test(start_paused = true)]
async fn slow_action_and_slow_page_are_not_limited() {
    let (server, _) = start(Limits { idle: LIMIT, body: LIMIT, ..WIDE });
    for version in VERSIONS {
        let mut client = server.connect(version).await;
        assert_eq!(client.fetch(call("/_actions/sleep", "5000")).await.unwrap().0, 200, "{version:?}");
        let (_, page) = client.fetch(get("/slow")).await.unwrap();
        assert_eq!(page, "part;part;part;part;", "{version:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn slow_reader_receives_the_whole_response() {
    let idle = LIMIT * 2;
    let (server, _) = start(Limits { idle, ..WIDE });
    for version in VERSIONS {
        let begun = Instant::now();
        let mut client = server.connect(version).await;
        let mut body = client.send(get("/large")).await.unwrap().into_body();
        let (mut length, mut paused_for) = (0, 0);
        while let Some(frame) = body.frame().await {
            let frame = frame.unwrap_or_else(|error| panic!("{version:?}: {error} after {length} bytes"));
            length += frame.data_ref().map_or(0, Bytes::len);
            while paused_for < length {
                sleep(Duration::from_millis(10)).await;
                paused_for += 128 * 1024;
            }
        }
        assert_eq!(length, LARGE, "{version:?}");
        assert!(begun.elapsed() > idle * 3, "{version:?}: {:?} is too fast for this test", begun.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn client_that_stops_reading_is_disconnected() {
    for version in VERSIONS {
        // The next client is served once the only connection is closed.
        let (server, _) = start(Limits { idle: LIMIT, connections: 1, ..WIDE });
        let mut stalled = server.connect(version).await;
        let response = stalled.send(get("/endless")).await.unwrap();
        let mut next = server.connect(Version::HTTP_11).await;
        assert_eq!(next.fetch(call("/_actions/sleep", "1")).await.unwrap().0, 200, "{version:?}");
        drop(response);
    }
}

#[tokio::test(start_paused = true)]
async fn connection_beyond_the_limit_waits_for_its_turn() {
    let (server, runs) = start(Limits { connections: 2, ..WIDE });
    let mut first = server.connect(Version::HTTP_11).await;
    let mut second = server.connect(Version::HTTP_2).await;
    for client in [&mut first, &mut second] {
        assert_eq!(client.fetch(call("/_actions/sleep", "1")).await.unwrap().0, 200);
    }
    let mut third = server.connect(Version::HTTP_11).await;
    let mut waiting = std::pin::pin!(third.fetch(call("/_actions/sleep", "1")));
    assert!(timeout(LIMIT, waiting.as_mut()).await.is_err(), "the third connection was served too");
    assert_eq!(runs.load(Ordering::SeqCst), 2);
    drop(first);
    assert_eq!(waiting.await.unwrap().0, 200);
    assert_eq!(second.fetch(call("/_actions/sleep", "1")).await.unwrap().0, 200);
}
