//! The service asks nothing of the executor: pages may stay on one thread, and so may all else.

use std::convert::Infallible;
use std::rc::Rc;

use enact::{Action, ActionError, Context, PageBody, Registry};
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

/// It takes futures that no other thread may have.
#[derive(Clone)]
struct OneThread;

impl<F: Future + 'static> Executor<F> for OneThread {
    fn execute(&self, future: F) {
        spawn_local(async { drop(future.await) });
    }
}

#[tokio::test]
async fn pages_may_hold_what_no_other_thread_may_have() {
    const COUNT: Action<Vec<u32>, usize> = Action::json("count");
    let actions = Registry::builder()
        .action(COUNT, async |list: Vec<u32>, _: Context| Ok::<_, ActionError>(list.len()))
        .build()
        .unwrap();
    let served = async {
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
                    http2::Builder::new(OneThread).serve_connection(io, service).await
                } else {
                    http1::Builder::new().serve_connection(io, service).await
                }
            };
            let asked = async {
                let mut client = Client::connect(address, version).await;
                assert_eq!(client.ask(get("/")).await.unwrap(), (200, "a page".to_owned()), "{version:?}");
                assert_eq!(client.ask(call("/_actions/count", "[1, 2]")).await.unwrap().1, "[2]", "{version:?}");
            };
            // The client is gone at its end, and with it the connection.
            let (ended, ()) = tokio::join!(connection, asked);
            ended.unwrap();
        }
    };
    LocalSet::new().run_until(served).await;
}
