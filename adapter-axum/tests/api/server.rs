//! A real server for the duration of a test.

use std::net::{Ipv4Addr, SocketAddr};

use axum::Router;
use tokio::runtime::Runtime;

/// An axum server on a free port. It stops when it is dropped.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    _runtime: Runtime,
}

impl Server {
    pub(crate) fn start(app: Router) -> Self {
        Self::start_in(async || app)
    }

    /// Like [`start`](Self::start), but builds the application inside the runtime of the server.
    pub(crate) fn start_in(app: impl AsyncFnOnce() -> Router) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
        let app = runtime.block_on(app());
        let listener = runtime.block_on(tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).expect("a free port");
        let address = listener.local_addr().expect("an address");
        let service = app.into_make_service_with_connect_info::<SocketAddr>();
        runtime.spawn(async move { axum::serve(listener, service).await });
        Self { address, _runtime: runtime }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}
