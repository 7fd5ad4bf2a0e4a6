//! Actions behind a real server, and the fixture behind both of the ways to it.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use enact::Registry;
use enact_axum::ActionsLayer;
use enact_conformance::{Answer, Tcp, fixture};
use tokio::runtime::Runtime;

use crate::ask::Ask;

/// An axum server on a port of its own. It ends when it is dropped.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) tcp: Tcp,
    _runtime: Runtime,
}

impl Server {
    pub(crate) fn of(registry: Registry) -> Self {
        Self::layered(registry, 1)
    }

    /// What the server sends when it is sent these pieces over one connection, each once it is silent.
    pub(crate) fn raw(&self, pieces: &[&[u8]]) -> String {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
        let mut received = Vec::new();
        for piece in pieces {
            // What a server that has closed already does not take is no part of its answer, nor is how it closes.
            let _ = stream.write_all(piece);
            let _ = stream.read_to_end(&mut received);
        }
        String::from_utf8(received).unwrap()
    }

    /// What the server sends, to the last byte, to a client that sends this, shuts its side and waits.
    pub(crate) fn cut_off(&self, sent: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.write_all(sent).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        let mut received = String::new();
        let _ = stream.read_to_string(&mut received);
        received
    }

    /// The same actions in several layers, one over the other.
    pub(crate) fn layered(registry: Registry, layers: usize) -> Self {
        let pages = Router::new().fallback(async |request: Request| fixture::page(&request).map(Body::from));
        let app = (0..layers).fold(pages, |app, _| app.layer(ActionsLayer::new(registry.clone())));
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).unwrap();
        let address = listener.local_addr().unwrap();
        runtime.spawn(async move { axum::serve(listener, app).await });
        Self { address, tcp: Tcp::new(&format!("http://{address}")).unwrap(), _runtime: runtime }
    }
}

/// The same actions in memory and behind a server.
pub(crate) struct Site {
    registry: Registry,
    server: Server,
}

impl Site {
    pub(crate) fn fixture() -> Self {
        Self::of(fixture::actions().build().unwrap())
    }

    pub(crate) fn of(registry: Registry) -> Self {
        Self { server: Server::of(registry.clone()), registry }
    }

    /// The answer of both, which have the same status and the same body.
    #[track_caller]
    pub(crate) fn ask(&self, ask: &Ask) -> Answer {
        let answer = ask.of(&self.registry);
        let served = ask.over(&self.server.tcp);
        assert_eq!((served.status, text(&served)), (answer.status, text(&answer)));
        answer
    }
}

pub(crate) fn text(answer: &Answer) -> String {
    String::from_utf8(answer.body.to_vec()).unwrap()
}

/// The values of all headers of a name.
pub(crate) fn headers<'a>(answer: &'a Answer, name: &str) -> Vec<&'a str> {
    answer.headers.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str()).collect()
}
