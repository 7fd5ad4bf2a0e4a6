//! Ways to reach a server.

use crate::{answer::Answer, prepared::PreparedRequest, raw::Tcp};

/// The port in `{origin}` and `Host` for transports without sockets.
pub const PORT_WITHOUT_SOCKETS: u16 = 4321;

/// A way to reach a server that runs the fixture.
pub trait Transport {
    /// Returns the name in reports, for example `axum over TCP` or `in memory`.
    fn name(&self) -> &str;

    /// Returns the port of the server's origin.
    fn port(&self) -> u16 {
        PORT_WITHOUT_SOCKETS
    }

    /// Returns the server if it is reached over connections, which some cases and checks need.
    fn tcp(&self) -> Option<&Tcp> {
        None
    }

    /// Sends one request and waits for the whole response.
    ///
    /// # Errors
    ///
    /// Returns the reason if there is no response. It is reported as the case's failure.
    fn send(&self, request: &PreparedRequest) -> Result<Answer, String>;
}
