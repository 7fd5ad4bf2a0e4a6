//! A production server on hyper, with HTTP/1.1 and HTTP/2 (h2c) on one port, that serves a guest book.
//!
//! `cargo run -p enact-hyper --example server` listens on `127.0.0.1:3000`; `-- 0.0.0.0:80` selects another address. SIGINT or
//! SIGTERM shuts it down gracefully, a second signal at once.
//!
//! The module `serve` is made to be copied into an application. The module `site` is the guest book.

mod serve;
mod site;

use std::error::Error;
use std::io;
use std::process::ExitCode;

use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:3000".to_owned());
    let mut signals = Signals::new()?;
    let listener = TcpListener::bind(&address).await.map_err(|error| format!("{address}: {error}"))?;
    println!("http://{}", listener.local_addr()?);
    let (stop, stopped) = tokio::sync::oneshot::channel();
    let serving = serve::serve(listener, site::build_site()?, serve::Limits::default(), async {
        let _ = stopped.await;
    });
    let second_signal = async {
        signals.wait().await;
        eprintln!("shutting down");
        let _ = stop.send(());
        signals.wait().await;
    };
    tokio::select! {
        () = serving => {}
        () = second_signal => eprintln!("stopped at once"),
    }
    Ok(())
}

/// The signals that stop the process: SIGINT and SIGTERM.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    /// Waits for the next signal.
    async fn wait(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
