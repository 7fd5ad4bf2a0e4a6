//! The transport of the recorded cases over HTTP/2.

use std::net::SocketAddr;
use std::sync::Mutex;

use enact_conformance::{Answer, PreparedRequest, Transport};
use http::Version;
use http_body_util::BodyExt as _;
use tokio::runtime::Runtime;

use crate::client::Client;
use crate::serve::BoxError;

/// A client that uses HTTP/2 with prior knowledge. Like a browser, it sends all requests over one connection.
pub(crate) struct Http2 {
    name: String,
    address: SocketAddr,
    runtime: Runtime,
    client: Mutex<Option<Client>>,
}

impl Http2 {
    pub(crate) fn new(address: SocketAddr, name: &str) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        Self { name: name.to_owned(), address, runtime, client: Mutex::default() }
    }

    async fn fetch(&self, request: &PreparedRequest) -> Result<Answer, BoxError> {
        let client = self.client.lock().unwrap().take();
        let mut client = match client {
            Some(client) if !client.is_closed() => client,
            _ => Client::connect(self.address, Version::HTTP_2).await,
        };
        let response = client.send(request.to_http()?).await?;
        if response.version() != Version::HTTP_2 {
            return Err(format!("unexpected response over {:?}: expected HTTP/2", response.version()).into());
        }
        let (head, body) = response.into_parts();
        let body = body.collect().await?.to_bytes();
        *self.client.lock().unwrap() = Some(client);
        Ok(Answer::from_http(http::Response::from_parts(head, body)))
    }
}

impl Transport for Http2 {
    fn name(&self) -> &str {
        &self.name
    }

    fn port(&self) -> u16 {
        self.address.port()
    }

    fn send(&self, request: &PreparedRequest) -> Result<Answer, String> {
        self.runtime.block_on(self.fetch(request)).map_err(|error| format!("{error}: {:?}", error.source()))
    }
}
