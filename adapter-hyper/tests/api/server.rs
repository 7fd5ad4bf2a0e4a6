//! The example's server, for as long as a test needs it.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use enact_hyper::ActionsService;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::serve::{Limits, PageAnswer, Pages, serve};

/// A server on a port and a runtime of its own. It ends when it is dropped.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    serving: JoinHandle<()>,
    runtime: Option<Runtime>,
}

/// Limits that no test meets by chance.
pub(crate) const WIDE: Limits = Limits {
    connections: 100,
    idle: Duration::from_secs(20),
    body: Duration::from_secs(20),
    grace: Duration::from_secs(20),
};

impl Server {
    pub(crate) fn start<P: Pages<R>, R: PageAnswer>(actions: ActionsService<P>, limits: Limits) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let listener = {
            let _runtime = runtime.enter();
            TcpListener::from_std(listener).unwrap()
        };
        let (stop, stopped) = oneshot::channel();
        let serving = runtime.spawn(serve(listener, actions, limits, async {
            // What is dropped without a word never stops.
            if stopped.await.is_err() {
                std::future::pending().await
            }
        }));
        Self { address, stop: Some(stop), serving, runtime: Some(runtime) }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Asks it to end.
    pub(crate) fn stop(&mut self) {
        self.stop.take().unwrap().send(()).unwrap();
    }

    /// Waits until it has ended.
    pub(crate) async fn ended(&mut self) {
        (&mut self.serving).await.unwrap();
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.serving.is_finished()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Not by its own drop, which waits for its threads and may not be called in another runtime.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
