//! What the servers of the fixture have in common: their options, and that they say where they listen.

use std::error::Error;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;

use lexopt::prelude::*;
use tokio::net::TcpListener;

/// Serves by `serve`, which is given the path that the actions are below.
pub(crate) fn run(name: &str, serve: impl AsyncFnOnce(TcpListener, String) -> Result<(), Box<dyn Error>>) -> ExitCode {
    match read_and_serve(name, serve) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{name}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn read_and_serve(
    name: &str,
    serve: impl AsyncFnOnce(TcpListener, String) -> Result<(), Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    let mut port = 3000;
    let mut base = "/".to_owned();
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Short('p') | Long("port") => port = arguments.value()?.parse()?,
            Short('b') | Long("base") => base = arguments.value()?.string()?,
            Short('h') | Long("help") => {
                println!(
                    "{name} [--port N] [--base PATH]: serves the fixture application on 127.0.0.1, port 3000 by default, \
                     0 for any, with its actions below the path, / by default"
                );
                return Ok(());
            }
            other => return Err(other.unexpected().into()),
        }
    }
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let listener = TcpListener::bind(address).await.map_err(|error| format!("port {port}: {error}"))?;
        println!("http://{}{}", listener.local_addr()?, base.trim_end_matches('/'));
        serve(listener, base).await
    })
}
