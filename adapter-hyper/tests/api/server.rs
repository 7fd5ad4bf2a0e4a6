//! The example's server, started for a test.

use std::future::pending;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use enact_hyper::ActionsService;
use http::Version;
use tokio::io::{DuplexStream, duplex};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::client::Client;
use crate::serve::{Limits, Listener, PageResponseBody, Pages, serve};

/// Limits that a test without a deadline does not reach.
pub(crate) const WIDE: Limits = Limits {
    connections: 100,
    idle: Duration::from_secs(20),
    body: Duration::from_secs(20),
    grace: Duration::from_secs(20),
};

/// A server on a TCP port, with its own runtime. Dropping it stops it.
pub(crate) struct TcpServer {
    pub(crate) address: SocketAddr,
    runtime: Option<Runtime>,
}

impl TcpServer {
    pub(crate) fn start<P: Pages<R>, R: PageResponseBody>(actions: ActionsService<P>) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let listener = {
            let _runtime = runtime.enter();
            TcpListener::from_std(listener).unwrap()
        };
        runtime.spawn(serve(listener, actions, WIDE, pending()));
        Self { address, runtime: Some(runtime) }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for TcpServer {
    fn drop(&mut self) {
        // A runtime must not be dropped inside another one: that would block on its threads.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// A server whose connections are in memory. It uses the runtime and the clock of the test.
pub(crate) struct MemoryServer {
    connections: mpsc::UnboundedSender<DuplexStream>,
    stop: Option<oneshot::Sender<()>>,
    serving: JoinHandle<()>,
}

/// The size of the buffer in each direction of a connection.
const BUFFER: usize = 64 * 1024;

impl MemoryServer {
    pub(crate) fn start<P: Pages<R>, R: PageResponseBody>(actions: ActionsService<P>, limits: Limits) -> Self {
        let (connections, listener) = mpsc::unbounded_channel();
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(serve(MemoryListener(listener), actions, limits, async {
            // An error means that the test did not stop the server.
            if stopped.await.is_err() {
                pending().await
            }
        }));
        Self { connections, stop: Some(stop), serving }
    }

    /// Opens a connection.
    pub(crate) fn open(&self) -> DuplexStream {
        let (client, server) = duplex(BUFFER);
        self.connections.send(server).unwrap();
        client
    }

    pub(crate) async fn connect(&self, version: Version) -> Client {
        Client::handshake(self.open(), "server.test", version).await
    }

    /// Starts the shutdown.
    pub(crate) fn stop(&mut self) {
        self.stop.take().unwrap().send(()).unwrap();
    }

    /// Waits until the server accepts no connections.
    pub(crate) async fn wait_until_closed(&self) {
        self.connections.closed().await;
    }

    /// Waits until the server has returned.
    pub(crate) async fn wait_until_stopped(&mut self) {
        (&mut self.serving).await.unwrap();
    }

    pub(crate) fn has_stopped(&self) -> bool {
        self.serving.is_finished()
    }
}

struct MemoryListener(mpsc::UnboundedReceiver<DuplexStream>);

impl Listener for MemoryListener {
    type Stream = DuplexStream;

    async fn accept(&mut self) -> io::Result<(DuplexStream, IpAddr)> {
        match self.0.recv().await {
            Some(stream) => Ok((stream, IpAddr::V4(Ipv4Addr::LOCALHOST))),
            None => pending().await,
        }
    }
}
