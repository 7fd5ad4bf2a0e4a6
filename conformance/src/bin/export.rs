//! Prints what is generated from the fixture application's actions.
//!
//! `cargo run -p enact-conformance --bin export -- typescript`

use std::io::Write;
use std::process::ExitCode;

use enact::openapi::OpenApiInfo;
use enact_conformance::fixture;

const USAGE: &str =
    "export typescript|javascript|javascript-types|openapi: prints what is generated from the fixture's actions";

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
        "openapi" => {
            let info = OpenApiInfo::new("Fixture", env!("CARGO_PKG_VERSION"))
                .description("The actions that the recorded cases call.");
            format!("{:#}\n", actions.openapi(&info))
        }
        "-h" | "--help" => format!("{USAGE}\n"),
        _ => return Err(USAGE.into()),
    };
    Ok(std::io::stdout().write_all(text.as_bytes())?)
}
