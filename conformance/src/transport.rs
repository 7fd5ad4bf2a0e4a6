//! How a request reaches a server.

use crate::{answer::Answer, prepared::PreparedRequest, raw::Tcp};

/// The port that stands in the requests' `{origin}` and `Host` where there is no socket.
pub const PORT_WITHOUT_SOCKETS: u16 = 4321;

/// A way to reach a server that carries the fixture.
pub trait Transport {
    /// What the report calls it: `axum over TCP`, `in memory`.
    fn name(&self) -> &str;

    /// The port that the server's own origin has.
    fn port(&self) -> u16 {
        PORT_WITHOUT_SOCKETS
    }

    /// The server itself, where it is reached over connections: for what a request in memory cannot ask.
    fn tcp(&self) -> Option<&Tcp> {
        None
    }

    /// Sends one request and waits for the whole answer.
    ///
    /// # Errors
    /// When there is no answer: a text that says why, reported as the case's failure.
    fn send(&self, request: &PreparedRequest) -> Result<Answer, String>;
}
