//! A page whose forms and buttons call typed Rust functions: `cargo run -p enact-axum --example demo`.
//!
//! All data is kept in memory. `--port N` or the environment variable `PORT` sets the port (3000 by default). `DEMO_KEY` sets
//! the key that encrypts waiting results: 64 bytes in hexadecimal.

mod assets;
mod data;
mod markup;
mod page;
mod sections;
mod session;
mod settings;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;

use axum::routing::get;
use axum::{Extension, Router};
use enact::page::{Key, PostRedirectGet};
use enact::{BuildError, Registry};
use enact_axum::ActionsLayer;
use tokio::net::TcpListener;

use data::store::Store;
use sections::{booking, film, hut, letter, log, membership};

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

async fn run() -> Result<(), Box<dyn std::error::Error>> {
    let port = settings::read_port()?;
    let app = build_app(settings::read_key()?)?;
    let listener = listen(port).await?;
    println!("Open http://{}/ in a browser. Press Ctrl-C to stop; all data is then lost.", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}

fn build_app(key: Key) -> Result<Router, BuildError> {
    let actions = Registry::builder()
        .merge(letter::actions())
        .merge(booking::actions())
        .merge(log::actions())
        .merge(membership::actions())
        .merge(film::actions())
        .merge(session::actions())
        .merge(hut::actions())
        .post_redirect_get(PostRedirectGet::cookie(key))
        .build()?;
    let client = assets::serve_client(&actions);
    Ok(Router::new()
        .route("/", get(page::show_page).post(page::show_page))
        .route("/photo", get(membership::show_photo))
        .route("/demo.css", get(assets::serve_style))
        .route("/demo.js", get(assets::serve_script))
        .route("/actions.js", client)
        .layer(ActionsLayer::new(actions))
        // Outside the actions, so that their handlers find the store too.
        .layer(Extension(Store::new())))
}

/// Listens on `port`, or on a free port if another program uses it.
async fn listen(port: u16) -> io::Result<TcpListener> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    match TcpListener::bind(address).await {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            println!("Port {port} is in use by another program. Choosing a free port.");
            TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await
        }
        result => result,
    }
}
