//! The service on an executor of one thread.

use std::convert::Infallible;
use std::rc::Rc;

use enact::host::PageBody;
use enact::{Action, ActionError, Context, Registry};
use enact_hyper::ActionsService;
use http::{Request, Response, Version};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::rt::Executor;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::{LocalSet, spawn_local};

use crate::client::{Client, VERSIONS, call, get};

/// An executor for futures that are not `Send`.
#[derive(Clone)]
struct LocalExecutor;

impl<F: Future + 'static> Executor<F> for LocalExecutor {
    fn execute(&self, future: F) {
        spawn_local(async { drop(future.await) });
    }
}

#[tokio::test]
async fn pages_need_not_be_send() {
    const COUNT: Action<Vec<u32>, usize> = Action::json("count");
    let actions = Registry::builder()
        .action(COUNT.handler(async |list: Vec<u32>, _: Context| Ok::<_, ActionError>(list.len())))
        .build()
        .unwrap();
    let serving = async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let text = Rc::new("a page");
        let pages = service_fn(move |_: Request<PageBody<Incoming>>| {
            let text = Rc::clone(&text);
            async move { Ok::<_, Infallible>(Response::new(Full::<bytes::Bytes>::from(*text))) }
        });
        let service = ActionsService::new(actions).pages(pages);
        for version in VERSIONS {
            let service = service.clone();
            let connection = async {
                let io = TokioIo::new(listener.accept().await.unwrap().0);
                if version == Version::HTTP_2 {
                    http2::Builder::new(LocalExecutor).serve_connection(io, service).await
                } else {
                    http1::Builder::new().serve_connection(io, service).await
                }
            };
            let requests = async {
                let mut client = Client::connect(address, version).await;
                assert_eq!(client.fetch(get("/")).await.unwrap(), (200, "a page".to_owned()), "{version:?}");
                assert_eq!(client.fetch(call("/_actions/count", "[1, 2]")).await.unwrap().1, "[2]", "{version:?}");
            };
            // The client closes the connection when it is dropped.
            let (connection, ()) = tokio::join!(connection, requests);
            connection.unwrap();
        }
    };
    LocalSet::new().run_until(serving).await;
}
