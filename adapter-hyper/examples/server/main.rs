//! A server for the internet on bare hyper, HTTP/1.1 and HTTP/2 (h2c) on one port, with a form to try.
//!
//! `cargo run -p enact-hyper --example server`, and no JavaScript; `-- 0.0.0.0:80` for another address. SIGINT or SIGTERM ends
//! it gracefully, a second one at once.
//!
//! The module `serve` is the server, to be taken along; `site` is what it serves here.

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
    let served = serve::serve(listener, site::site()?, serve::Limits::default(), async {
        let _ = stopped.await;
    });
    let twice = async {
        signals.next().await;
        eprintln!("ending what is in flight");
        let _ = stop.send(());
        signals.next().await;
    };
    tokio::select! {
        () = served => {}
        () = twice => eprintln!("ended at once"),
    }
    Ok(())
}

/// What an operator's keyboard and a supervisor send to end a process.
struct Signals(Signal, Signal);

impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self(signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?))
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.0.recv() => {}
            _ = self.1.recv() => {}
        }
    }
}
