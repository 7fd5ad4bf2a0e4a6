//! Sources of connections.

use std::io;
use std::net::IpAddr;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};

/// A source of connections. Tests implement it with streams in memory.
pub(crate) trait Listener {
    type Stream: AsyncRead + AsyncWrite + Send + Unpin + 'static;

    /// Accepts a connection and returns it with the client's address. The future must be cancel safe.
    fn accept(&mut self) -> impl Future<Output = io::Result<(Self::Stream, IpAddr)>> + Send;
}

impl Listener for TcpListener {
    type Stream = TcpStream;

    async fn accept(&mut self) -> io::Result<(TcpStream, IpAddr)> {
        let (stream, peer) = TcpListener::accept(self).await?;
        // Small responses are sent at once. On an error they are delayed, which does no harm.
        let _ = stream.set_nodelay(true);
        // On an IPv6 socket, an IPv4 client has a mapped address.
        Ok((stream, peer.ip().to_canonical()))
    }
}
