//! A server of actions and pages, HTTP/1.1 and HTTP/2 on one port: bounded in what it waits for, and ended gracefully.

mod activity;
mod deadline;

use std::convert::Infallible;
use std::error::Error;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use bytes::Bytes;
use enact::PageBody;
use enact_hyper::{ActionsBody, ActionsService};
use http::{HeaderValue, Request, Response, StatusCode, Version, header};
use http_body::Body;
use http_body_util::{Either, Full};
use hyper::body::Incoming;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use activity::{Activity, Stream, Watched};
use deadline::Timed;

/// How much a client gets.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// How many connections are open at once. More wait until one is closed.
    pub(crate) connections: usize,
    /// How long a connection may do nothing but wait for its client: to send a request's head to its end, to send the next
    /// request, to take more of an answer. Then it is closed.
    pub(crate) idle: Duration,
    /// How long a request's body may keep its call waiting, from first to last. Then the answer is 408.
    pub(crate) body: Duration,
    /// How long calls in flight have to end in once the server is stopped. Then they are cut off.
    pub(crate) grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 1000,
            idle: Duration::from_secs(20),
            body: Duration::from_secs(30),
            grace: Duration::from_secs(25),
        }
    }
}

/// What comes to a page.
pub(crate) type PageRequest = Request<PageBody<Timed<Incoming>>>;

/// What it takes to be a page here: any hyper service that can be sent to another thread. Its error is logged, and answered
/// with 500.
pub(crate) trait Pages<R>:
    Service<PageRequest, Response = Response<R>, Error: Into<BoxError>, Future: Send> + Clone + Send + 'static
{
}

impl<R, P> Pages<R> for P where
    P: Service<PageRequest, Response = Response<R>, Error: Into<BoxError>, Future: Send> + Clone + Send + 'static
{
}

/// What a page may answer with.
pub(crate) trait PageAnswer: Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static {}

impl<R> PageAnswer for R where R: Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static {}

pub(crate) type BoxError = Box<dyn Error + Send + Sync>;

/// Serves until `stop`. Then new connections are refused, calls in flight end, and it returns.
pub(crate) async fn serve<P: Pages<R>, R: PageAnswer>(
    listener: TcpListener,
    actions: ActionsService<P>,
    limits: Limits,
    stop: impl Future<Output = ()>,
) {
    let (stopping, _) = watch::channel(());
    let mut connections = JoinSet::new();
    let mut stop = pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept(), if connections.len() < limits.connections => match accepted {
                Ok((stream, peer)) => {
                    connections.spawn(connection(stream, peer, actions.clone(), limits, stopping.subscribe()));
                }
                Err(error) => {
                    eprintln!("no connection: {error}");
                    // Too many open files, perhaps: some may soon be closed.
                    sleep(Duration::from_millis(50)).await;
                }
            },
        }
    }
    drop(listener);
    stopping.send_replace(());
    let ended = async { while connections.join_next().await.is_some() {} };
    if timeout(limits.grace, ended).await.is_err() {
        eprintln!("{} connections are cut off", connections.len());
    }
}

async fn connection<P: Pages<R>, R: PageAnswer>(
    stream: TcpStream,
    peer: SocketAddr,
    actions: ActionsService<P>,
    limits: Limits,
    mut stopping: watch::Receiver<()>,
) {
    // Small answers leave at once. Where that cannot be had, they leave a little later.
    let _ = stream.set_nodelay(true);
    let activity = Activity::default();
    let service = service_fn({
        let (actions, activity) = (actions.client(peer.ip().to_canonical()), activity.clone());
        move |request| answer(actions.clone(), request, activity.clone(), limits.body)
    });
    let mut hyper = auto::Builder::new(TokioExecutor::new());
    hyper.http1().max_buf_size(64 * 1024);
    hyper
        .http2()
        .timer(TokioTimer::new())
        // A client that is gone is found out while its call still runs. Where none runs, it is idle before it is asked: to be
        // asked is not to take an answer.
        .keep_alive_interval(limits.idle.saturating_mul(2))
        .keep_alive_timeout(Duration::from_secs(10))
        .max_concurrent_streams(64);
    let mut connection = pin!(hyper.serve_connection(TokioIo::new(Stream::new(stream, activity.clone())), service));
    tokio::select! {
        // A client may break off at any time: its errors are no news.
        _ = connection.as_mut() => return,
        () = activity.quiet(limits.idle) => {}
        _ = stopping.changed() => {}
    }
    connection.as_mut().graceful_shutdown();
    // A client that has not sent a request yet, or does not take its answer, is not waited for as long.
    let quiet = activity.quiet(limits.idle.min(Duration::from_secs(5)));
    tokio::select! {
        _ = connection => {}
        () = quiet => {}
    }
}

async fn answer<P: Pages<R>, R: PageAnswer>(
    actions: ActionsService<P>,
    request: Request<Incoming>,
    activity: Activity,
    longest: Duration,
) -> Result<Response<Watched<ActionsBody<R>>>, Infallible> {
    let busy = activity.begin();
    let version = request.version();
    let (request, late) = deadline::timed(request, longest);
    let response = tokio::select! {
        response = actions.call(request) => response.unwrap_or_else(|error| failed(error.into())),
        () = late => too_late(version),
    };
    Ok(response.map(|body| Watched::new(body, busy)))
}

/// The answer to a body that does not come (RFC 9110, section 15.5.9).
fn too_late<R>(version: Version) -> Response<ActionsBody<R>> {
    let mut response = text(StatusCode::REQUEST_TIMEOUT, "The request's body took too long");
    // HTTP/2 has no such header: there the stream alone ends.
    if version < Version::HTTP_2 {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// The answer of a page that failed. Why it did is for whoever runs the server.
fn failed<R>(error: BoxError) -> Response<ActionsBody<R>> {
    eprintln!("a page failed: {error}");
    text(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
}

fn text<R>(status: StatusCode, text: &'static str) -> Response<ActionsBody<R>> {
    let mut response = Response::new(Either::Left(Full::from(text)));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}
