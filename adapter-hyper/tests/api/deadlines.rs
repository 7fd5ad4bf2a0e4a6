//! What the server waits for, and how long; and how many it serves at once.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use enact::{Action, ActionError, Context, Registry};
use enact_hyper::ActionsService;
use http::{Request, Response, Version, header};
use http_body_util::channel::Channel;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full};
use hyper::service::service_fn;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use crate::client::{Client, VERSIONS, call, get};
use crate::serve::{BoxError, Limits, PageRequest};
use crate::server::{Server, WIDE};

/// Sleeps for so many milliseconds.
const SLEEP: Action<u64, u64> = Action::json("sleep");

/// How often `SLEEP` ran.
type Runs = Arc<AtomicUsize>;

/// More than the system's buffers take.
const LARGE: usize = 32 * 1024 * 1024;

/// Pages: `/endless` never ends its answer, `/slow` takes its time between the parts of it, `/length` reads its body, `/large`
/// is one piece.
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
                    sleep(Duration::from_millis(400)).await;
                    sender.send_data("part;".into()).await?;
                }
            }
        }
        Ok::<_, http_body_util::channel::SendError>(())
    });
    Ok(Response::new(body.boxed_unsync()))
}

fn start(limits: Limits) -> (Server, Runs) {
    let runs = Runs::default();
    let nap = {
        let runs = Arc::clone(&runs);
        move |time: u64, _: Context| {
            runs.fetch_add(1, Ordering::SeqCst);
            async move {
                sleep(Duration::from_millis(time)).await;
                Ok::<_, ActionError>(time)
            }
        }
    };
    let actions = Registry::builder().action(SLEEP, nap).build().unwrap();
    (Server::start(ActionsService::new(actions).pages(service_fn(pages)), limits), runs)
}

/// Short, but longer than this machine may take for an answer.
const SHORT: Duration = Duration::from_millis(300);

/// Sends the first bytes, then the others one by one, a little apart; gives what came back before the connection was closed, and
/// after which time it was.
async fn drip(address: SocketAddr, first: &[u8], then: &[u8]) -> (Vec<u8>, Duration) {
    let start = Instant::now();
    let (mut reader, mut writer) = TcpStream::connect(address).await.unwrap().into_split();
    let (first, then) = (first.to_vec(), then.to_vec());
    tokio::spawn(async move {
        writer.write_all(&first).await?;
        for byte in then {
            sleep(Duration::from_millis(30)).await;
            writer.write_all(&[byte]).await?;
        }
        // Still there, and silent.
        sleep(Duration::from_secs(60)).await;
        Ok::<_, std::io::Error>(())
    });
    let mut received = Vec::new();
    // A connection that is reset is closed as well.
    let _ = timeout(Duration::from_secs(10), reader.read_to_end(&mut received)).await.expect("it stays open");
    (received, start.elapsed())
}

const HEAD: &[u8] = b"POST /_actions/sleep HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// The empty SETTINGS frame that follows (RFC 9113, section 6.5).
const SETTINGS: &[u8] = &[0, 0, 0, 4, 0, 0, 0, 0, 0];

#[tokio::test]
async fn a_head_that_does_not_come_is_cut() {
    let (server, runs) = start(Limits { idle: SHORT, ..WIDE });
    let forever = vec![b'x'; 1000];
    let http2 = [PREFACE, SETTINGS].concat();
    let cases: [(&str, &[u8], &[u8]); 6] = [
        ("nothing", b"", b""),
        ("a method", b"POS", b""),
        ("a head, byte by byte", b"", HEAD),
        ("a header without an end", HEAD, &forever),
        ("half of HTTP/2's preface", &PREFACE[..10], b""),
        ("HTTP/2, and no request", &http2, b""),
    ];
    for (what, first, then) in cases {
        let (received, took) = drip(server.address, first, then).await;
        assert!(!received.starts_with(b"HTTP/1.1 2"), "{what}");
        assert!((SHORT..SHORT * 8).contains(&took), "{what}: {took:?}");
    }
    assert_eq!(runs.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_head_that_takes_its_time_within_the_deadline_is_served() {
    let (server, _) = start(Limits { idle: SHORT * 4, ..WIDE });
    let (received, _) = drip(server.address, HEAD, b"Content-Length: 1\r\n\r\n7").await;
    assert!(received.starts_with(b"HTTP/1.1 200 OK"), "{}", received.escape_ascii());
}

#[tokio::test]
async fn a_body_that_drips_is_answered_with_408_and_closed() {
    let (server, runs) = start(Limits { body: SHORT, ..WIDE });
    let forever = vec![b'1'; 1000];
    for path in ["_actions/sleep", "length"] {
        let head = format!(
            "POST /{path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
        );
        let (received, took) = drip(server.address, head.as_bytes(), &forever).await;
        let received = String::from_utf8(received).unwrap();
        assert!(received.starts_with("HTTP/1.1 408 Request Timeout\r\n"), "{received}");
        assert!(received.contains("connection: close\r\n"), "{received}");
        assert!(received.contains("content-type: text/plain; charset=utf-8\r\n"), "{received}");
        assert!((SHORT..SHORT * 8).contains(&took), "{took:?}");
    }
    assert_eq!(runs.load(Ordering::SeqCst), 0, "no action ran without its body");
}

#[tokio::test]
async fn over_http2_the_other_calls_of_the_connection_go_on() {
    let (server, runs) = start(Limits { body: SHORT, ..WIDE });
    let mut client = Client::connect(server.address, Version::HTTP_2).await;
    let (mut sender, body) = Channel::<Bytes, BoxError>::new(1);
    tokio::spawn(async move {
        while sender.send_data("1".into()).await.is_ok() {
            sleep(SHORT / 10).await
        }
    });
    let stalled = Request::post("/_actions/sleep").header(header::CONTENT_TYPE, "application/json").body(body).unwrap();
    assert_eq!(client.ask(stalled).await.unwrap().0, 408);
    assert_eq!(client.ask(call("/_actions/sleep", "1")).await.unwrap().0, 200);
    assert_eq!(runs.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_connection_that_is_in_use_stays_and_one_that_is_not_is_closed() {
    let (server, _) = start(Limits { idle: SHORT, ..WIDE });
    for version in VERSIONS {
        let mut client = Client::connect(server.address, version).await;
        for _ in 0..4 {
            assert_eq!(client.ask(call("/_actions/sleep", "1")).await.unwrap().0, 200, "{version:?}");
            sleep(SHORT / 2).await;
        }
        client.closed().await;
    }
}

#[tokio::test]
async fn a_call_or_a_page_that_takes_long_is_waited_for() {
    let (server, _) = start(Limits { idle: SHORT, body: SHORT, ..WIDE });
    for version in VERSIONS {
        let mut client = Client::connect(server.address, version).await;
        assert_eq!(client.ask(call("/_actions/sleep", "1000")).await.unwrap().0, 200, "{version:?}");
        let (_, page) = client.ask(get("/slow")).await.unwrap();
        assert_eq!(page, "part;part;part;part;", "{version:?}");
    }
}

/// So slowly that it would be idle, if it did not take more all the time.
#[tokio::test]
async fn an_answer_that_is_taken_slowly_arrives_whole() {
    let idle = SHORT * 2;
    let (server, _) = start(Limits { idle, ..WIDE });
    for version in VERSIONS {
        let begun = Instant::now();
        let mut client = Client::connect(server.address, version).await;
        let mut body = client.send(get("/large")).await.unwrap().into_body();
        let (mut length, mut rested) = (0, 0);
        while let Some(frame) = body.frame().await {
            let frame = frame.unwrap_or_else(|error| panic!("{version:?}: {error} after {length} bytes"));
            length += frame.data_ref().map_or(0, Bytes::len);
            while rested < length {
                sleep(Duration::from_millis(10)).await;
                rested += 128 * 1024;
            }
        }
        assert_eq!(length, LARGE, "{version:?}");
        assert!(begun.elapsed() > idle * 3, "{version:?}: {:?} shows nothing", begun.elapsed());
    }
}

/// One that takes nothing of its answer would hold the only connection there is.
#[tokio::test]
async fn a_client_that_does_not_take_its_answer_is_cut() {
    for version in VERSIONS {
        let (server, _) = start(Limits { idle: SHORT, connections: 1, ..WIDE });
        let mut stalled = Client::connect(server.address, version).await;
        let answer = stalled.send(get("/endless")).await.unwrap();
        let mut next = Client::connect(server.address, Version::HTTP_11).await;
        assert_eq!(next.ask(call("/_actions/sleep", "1")).await.unwrap().0, 200, "{version:?}");
        drop(answer);
    }
}

#[tokio::test]
async fn only_so_many_connections_are_served_and_the_next_waits_its_turn() {
    let (server, runs) = start(Limits { connections: 2, ..WIDE });
    let mut first = Client::connect(server.address, Version::HTTP_11).await;
    let mut second = Client::connect(server.address, Version::HTTP_2).await;
    for client in [&mut first, &mut second] {
        assert_eq!(client.ask(call("/_actions/sleep", "1")).await.unwrap().0, 200);
    }
    let mut third = Client::connect(server.address, Version::HTTP_11).await;
    let mut waiting = std::pin::pin!(third.ask(call("/_actions/sleep", "1")));
    assert!(timeout(SHORT, waiting.as_mut()).await.is_err(), "it was served beside two others");
    assert_eq!(runs.load(Ordering::SeqCst), 2);
    drop(first);
    assert_eq!(waiting.await.unwrap().0, 200);
    // The second has been there all the time.
    assert_eq!(second.ask(call("/_actions/sleep", "1")).await.unwrap().0, 200);
}
