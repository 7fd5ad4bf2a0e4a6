//! Prints what is generated from the fixture application's actions.
//!
//! `cargo run -p enact-conformance --bin export -- typescript`

use std::io::Write;
use std::process::ExitCode;

use enact_conformance::fixture;

const USAGE: &str = "export typescript|javascript|javascript-types: prints the client of the fixture's actions";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("export: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn std::error::Error>> {
    let what = std::env::args().nth(1).unwrap_or_default();
    let actions = fixture::actions().build()?;
    let text = match what.as_str() {
        "typescript" => actions.typescript(),
        "javascript" => actions.javascript(),
        "javascript-types" => actions.javascript_types(),
        _ => return Err(USAGE.into()),
    };
    Ok(std::io::stdout().write_all(text.as_bytes())?)
}
