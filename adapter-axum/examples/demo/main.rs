//! A page whose forms and buttons reach typed Rust functions: `cargo run -p enact-axum --example demo`.
//!
//! Everything is kept in memory. `--port N`, or the environment variable `PORT`, chooses another port than 3000; `DEMO_KEY`
//! holds the key of the results that wait for their page, 64 bytes in hexadecimal.

mod assets;
mod booking;
mod fields;
mod film;
mod hut;
mod letter;
mod log;
mod membership;
mod page;
mod session;
mod store;
mod tide;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;

use axum::routing::get;
use axum::{Extension, Router};
use enact::{BuildError, Key, PostRedirectGet, Registry};
use enact_axum::ActionsLayer;
use tokio::net::TcpListener;

use store::Store;

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
    let port = port()?;
    let app = app(key()?)?;
    let listener = listen(port).await?;
    println!("Open http://{}/ in a browser. Ctrl-C ends it, and what you typed is gone.", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}

fn app(key: Key) -> Result<Router, BuildError> {
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
    let client = assets::client(&actions);
    Ok(Router::new()
        .route("/", get(page::page).post(page::page))
        .route("/photo", get(membership::photo))
        .route("/demo.css", get(assets::style))
        .route("/demo.js", get(assets::script))
        .route("/actions.js", client)
        .layer(ActionsLayer::new(actions))
        // Outside the actions, so that their handlers find it as well.
        .layer(Extension(Store::new())))
}

/// What encrypts results on their way to the page: `DEMO_KEY`, or a key that ends with the process.
fn key() -> Result<Key, String> {
    let Ok(text) = std::env::var("DEMO_KEY") else {
        println!("DEMO_KEY is not set, so forms that are sent while this restarts lose what came of them.");
        return Ok(Key::generate());
    };
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let bytes: Vec<u8> = text.trim().as_bytes().chunks(2).map_while(byte).collect();
    Key::try_from(&*bytes).map_err(|_| "DEMO_KEY is no key: `openssl rand -hex 64` makes one".to_owned())
}

/// What `--port` says, else `PORT`, else 3000.
fn port() -> Result<u16, String> {
    let mut args = std::env::args().skip(1);
    let text = match args.next() {
        None => match std::env::var("PORT") {
            Ok(text) => text,
            Err(_) => return Ok(3000),
        },
        Some(arg) => match arg.strip_prefix("--port=") {
            Some(text) => text.to_owned(),
            None if arg == "--port" => args.next().unwrap_or_default(),
            None => return Err(format!("`{arg}` is unknown here; there is only `--port N`")),
        },
    };
    text.parse().map_err(|_| format!("`{text}` is no port: a number from 0 to 65535 is"))
}

async fn listen(port: u16) -> io::Result<TcpListener> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    match TcpListener::bind(address).await {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            println!("Port {port} is taken by another program, so this takes one that is free.");
            TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await
        }
        result => result,
    }
}
