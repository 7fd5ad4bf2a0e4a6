//! Sends the recorded cases to a server that carries the fixture.

use std::{
    error::Error,
    io::{IsTerminal, Write, stderr, stdout},
    path::PathBuf,
    process::ExitCode,
};

use enact_conformance::{Case, Runner, Tcp, load_dir, recorded};
use lexopt::{Arg, Parser, ValueExt};

const USAGE: &str = "\
Sends what was recorded of a real Astro server to a server that carries the fixture, and compares the answers.

usage: enact-conformance [options] <url>     e.g. http://127.0.0.1:3000

  --area <name>     only the cases of an area
  --filter <text>   only the cases whose name holds a text
  --cases <dir>     the cases of a directory's *.json files too; may be repeated
  --json            print a report for machines
  --help            print this

It exits with 0 if every case passed, 1 if one failed, 2 if the cases could not be sent.
";

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

#[derive(Default)]
struct Options {
    url: Option<String>,
    area: Option<String>,
    filter: Option<String>,
    directories: Vec<PathBuf>,
    json: bool,
    help: bool,
}

fn options() -> Result<Options, lexopt::Error> {
    let mut options = Options::default();
    let mut parser = Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("area") => options.area = Some(parser.value()?.string()?),
            Arg::Long("filter") => options.filter = Some(parser.value()?.string()?),
            Arg::Long("cases") => options.directories.push(parser.value()?.into()),
            Arg::Long("json") => options.json = true,
            Arg::Long("help") | Arg::Short('h') => options.help = true,
            Arg::Value(url) if options.url.is_none() => options.url = Some(url.string()?),
            other => return Err(other.unexpected()),
        }
    }
    Ok(options)
}

fn run() -> Result<bool, Box<dyn Error>> {
    let options = options()?;
    if options.help {
        print!("{USAGE}");
        return Ok(true);
    }
    let server = Tcp::new(&options.url.ok_or(USAGE)?)?;
    let mut cases = recorded()?;
    for directory in &options.directories {
        cases.extend(load_dir(directory)?);
    }
    let mut runner = Runner::new(&cases);
    if let Some(area) = options.area {
        runner = runner.area(area);
    }
    if let Some(filter) = options.filter {
        runner = runner.filter(filter);
    }
    let visible = stderr().is_terminal();
    let report = runner.run_with(&server, |sent, all, case| {
        if visible {
            bar(sent, all, case);
        }
    });
    if visible {
        eprint!("\r\x1b[K");
    }
    // A reader that has seen enough, like `head`, closes the pipe; the exit status is still the result's.
    let _ = if options.json { writeln!(stdout(), "{:#}", report.to_json()) } else { write!(stdout(), "{report}") };
    Ok(report.is_success())
}

fn bar(sent: usize, all: usize, case: &Case) {
    const WIDTH: usize = 30;
    let filled = sent * WIDTH / all.max(1);
    let _ = write!(stderr(), "\r\x1b[K[{:-<WIDTH$}] {sent}/{all} {}", "#".repeat(filled), case.area);
}
