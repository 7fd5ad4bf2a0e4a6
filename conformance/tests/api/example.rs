//! The adapter of the guide does what the guide says that an adapter has to do.

use std::io::Write;
use std::net::{Ipv4Addr, TcpListener};
use std::thread;

use enact_conformance::{Runner, Tcp, fixture, recorded, security};

#[path = "../../examples/adapter.rs"]
#[allow(dead_code, reason = "it is a program of its own")]
mod adapter;

#[test]
fn an_adapter_written_by_hand_passes_every_case() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let server = Tcp::new(&format!("http://{}", listener.local_addr().unwrap())).unwrap().named("std::net, by hand");
    thread::spawn(move || adapter::serve(&listener, &fixture::actions().build().unwrap()));
    let cases = [recorded().unwrap(), security().unwrap()].concat();
    let report = Runner::new(&cases).with_checks().run(&server);
    // Not by `print!`, which a test that passes keeps to itself.
    write!(std::io::stdout(), "\n{report}").unwrap();
    assert!(report.is_success());
}
