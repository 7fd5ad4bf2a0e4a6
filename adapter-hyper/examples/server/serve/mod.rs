//! A server for actions and pages: HTTP/1.1 and HTTP/2 on one port, with limits on time and connections, and with graceful
//! shutdown.

mod activity;
mod deadline;
mod listener;

use std::convert::Infallible;
use std::net::IpAddr;
use std::pin::pin;
use std::time::Duration;

use bytes::Bytes;
use enact::host::{PageBody, ResponseBody};
use enact_hyper::ActionsService;
use http::{HeaderValue, Request, Response, StatusCode, Version, header};
use http_body::Body;
use hyper::body::Incoming;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use activity::{Activity, TrackedBody, TrackedStream};
use deadline::DeadlineBody;

pub(crate) use deadline::BoxError;
pub(crate) use listener::Listener;

/// Limits on what clients can use.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// The number of open connections. Further clients wait until a connection is closed.
    pub(crate) connections: usize,
    /// How long the server waits for the client: to complete a request's head, to send the next request, or to take more of a
    /// response. Then the connection is closed.
    pub(crate) idle: Duration,
    /// How long a call or a page waits for the request's body in all. Then the response is 408.
    pub(crate) body: Duration,
    /// How long running calls have to complete after the server is stopped. Then they are aborted.
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

/// A request for a page.
pub(crate) type PageRequest = Request<PageBody<DeadlineBody<Incoming>>>;

/// Pages: any hyper service that can be sent to another thread. If it fails, the error is logged and the response is 500.
pub(crate) trait Pages<R>:
    Service<PageRequest, Response = Response<R>, Error: Into<BoxError>, Future: Send> + Clone + Send + 'static
{
}

impl<R, P> Pages<R> for P where
    P: Service<PageRequest, Response = Response<R>, Error: Into<BoxError>, Future: Send> + Clone + Send + 'static
{
}

/// The body of a page's response.
pub(crate) trait PageResponseBody: Body<Data = Bytes, Error: Into<BoxError>> + Send + Unpin + 'static {}

impl<R> PageResponseBody for R where R: Body<Data = Bytes, Error: Into<BoxError>> + Send + Unpin + 'static {}

/// Serves connections until `stop` completes. Then it refuses new connections, lets running calls complete, and returns.
pub(crate) async fn serve<P: Pages<R>, R: PageResponseBody>(
    mut listener: impl Listener,
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
                Ok((stream, client)) => {
                    connections.spawn(serve_connection(stream, client, actions.clone(), limits, stopping.subscribe()));
                }
                Err(error) => {
                    eprintln!("cannot accept a connection: {error}");
                    // If too many files are open, some may be closed soon.
                    sleep(Duration::from_millis(50)).await;
                }
            },
        }
    }
    drop(listener);
    stopping.send_replace(());
    let completed = async { while connections.join_next().await.is_some() {} };
    if timeout(limits.grace, completed).await.is_err() {
        eprintln!("{} connections were aborted", connections.len());
    }
}

async fn serve_connection<P: Pages<R>, R: PageResponseBody>(
    stream: impl AsyncRead + AsyncWrite + Unpin + 'static,
    client: IpAddr,
    actions: ActionsService<P>,
    limits: Limits,
    mut stopping: watch::Receiver<()>,
) {
    let activity = Activity::default();
    let service = service_fn({
        let (actions, activity) = (actions.client_addr(client), activity.clone());
        move |request| respond(actions.clone(), request, activity.clone(), limits.body)
    });
    let mut hyper = auto::Builder::new(TokioExecutor::new());
    hyper.http1().max_buf_size(64 * 1024);
    hyper
        .http2()
        .timer(TokioTimer::new())
        // Pings detect a client that has vanished during a call. The interval is longer than `idle`, since a ping counts as
        // progress: without a call, the connection is closed before the first ping.
        .keep_alive_interval(limits.idle.saturating_mul(2))
        .keep_alive_timeout(Duration::from_secs(10))
        .max_concurrent_streams(64);
    let stream = TokioIo::new(TrackedStream::new(stream, activity.clone()));
    let mut connection = pin!(hyper.serve_connection(stream, service));
    tokio::select! {
        // The error is not logged: clients disconnect at any time.
        _ = connection.as_mut() => return,
        () = activity.wait_until_idle(limits.idle) => {}
        _ = stopping.changed() => {}
    }
    connection.as_mut().graceful_shutdown();
    // During shutdown, a client that sends no request or takes no response gets less time.
    let idle = activity.wait_until_idle(limits.idle.min(Duration::from_secs(5)));
    tokio::select! {
        _ = connection => {}
        () = idle => {}
    }
}

async fn respond<P: Pages<R>, R: PageResponseBody>(
    actions: ActionsService<P>,
    request: Request<Incoming>,
    activity: Activity,
    max_body_time: Duration,
) -> Result<Response<TrackedBody<ResponseBody<R>>>, Infallible> {
    let busy = activity.begin_work();
    let version = request.version();
    let (request, deadline_missed) = deadline::limit_body_time(request, max_body_time);
    let response = tokio::select! {
        response = actions.call(request) => response.unwrap_or_else(|error| log_page_error(error.into())),
        () = deadline_missed => request_timeout(version),
    };
    Ok(response.map(|body| TrackedBody::new(body, busy)))
}

/// Builds the response to a body that misses its deadline (RFC 9110, section 15.5.9).
fn request_timeout<R>(version: Version) -> Response<ResponseBody<R>> {
    let mut response = text_response(StatusCode::REQUEST_TIMEOUT, "The request body took too long");
    // HTTP/2 has no `Connection` header: only the stream is closed.
    if version < Version::HTTP_2 {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// Logs the error of a page and builds the response, which does not contain it.
fn log_page_error<R>(error: BoxError) -> Response<ResponseBody<R>> {
    eprintln!("a page failed: {error}");
    text_response(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
}

fn text_response<R>(status: StatusCode, text: &'static str) -> Response<ResponseBody<R>> {
    let mut response = Response::new(ResponseBody::Action(text.into()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}
