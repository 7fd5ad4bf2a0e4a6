//! The command-line program.

use std::{
    collections::BTreeMap,
    error::Error,
    io::{IsTerminal, Write, stderr, stdout},
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use enact_conformance::{
    Answers, Comparison, Report, Runner, Skip, Tcp, Transport, greet, load_dir, recorded, security,
};
use lexopt::{Arg, Parser, ValueExt};

const USAGE: &str = "\
Sends recorded and security cases to a server that runs the fixture, and compares its responses with the expectations.

usage: enact-conformance [options] <url>             e.g. http://127.0.0.1:3000
       enact-conformance --compare <file> <file>...  compare the responses of several servers

  --area <name>       send the cases of one area: forms, security/limits, or security for all security areas
  --filter <text>     send the cases whose name contains a text
  --cases <dir>       add the cases of a directory's *.json files; may be repeated
  --skips <file>      allow failures: a JSON object of reasons by case name or prefix (\"forms/*\"); a listed case that
                      passes is a failure
  --timeout <s>       the timeout for a response in seconds; 10 by default
  --name <text>       the server's name in reports; its URL by default
  --save <file>       save the responses for --compare
  --note <name=text>  add a column to the comparison, such as size=4.1MB; may be repeated
  --json              print the report as JSON
  --help              print this text

Exit status: 0 if every case passed or all responses are equal, 1 if not, 2 if the cases could not be sent.
";

/// A text that each page of the fixture contains.
const FIRST_PAGE: &[u8] = br#"<script type="application/json" id="result">"#;

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

#[derive(Default)]
struct Options {
    values: Vec<String>,
    area: Option<String>,
    filter: Option<String>,
    directories: Vec<PathBuf>,
    skips: Option<PathBuf>,
    timeout: Option<Duration>,
    name: Option<String>,
    save: Option<PathBuf>,
    notes: BTreeMap<String, String>,
    compare: bool,
    json: bool,
    help: bool,
}

fn parse_options() -> Result<Options, Box<dyn Error>> {
    let mut options = Options::default();
    let mut parser = Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("area") => options.area = Some(parser.value()?.string()?),
            Arg::Long("filter") => options.filter = Some(parser.value()?.string()?),
            Arg::Long("cases") => options.directories.push(parser.value()?.into()),
            Arg::Long("skips") => options.skips = Some(parser.value()?.into()),
            Arg::Long("timeout") => options.timeout = Some(parse_seconds(&parser.value()?.string()?)?),
            Arg::Long("name") => options.name = Some(parser.value()?.string()?),
            Arg::Long("save") => options.save = Some(parser.value()?.into()),
            Arg::Long("note") => {
                let note = parser.value()?.string()?;
                let (what, text) =
                    note.split_once('=').ok_or_else(|| format!("invalid --note `{note}`: expected name=text"))?;
                options.notes.insert(what.to_owned(), text.to_owned());
            }
            Arg::Long("compare") => options.compare = true,
            Arg::Long("json") => options.json = true,
            Arg::Long("help") | Arg::Short('h') => options.help = true,
            Arg::Value(value) => options.values.push(value.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(options)
}

fn parse_seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    seconds
        .filter(|time| !time.is_zero())
        .ok_or_else(|| format!("invalid --timeout `{text}`: expected a number of seconds above 0"))
}

fn run() -> Result<ExitCode, Box<dyn Error>> {
    let options = parse_options()?;
    if options.help {
        print(USAGE);
        return Ok(ExitCode::SUCCESS);
    }
    if options.compare {
        return compare(&options.values);
    }
    let [url] = &options.values[..] else {
        return Err(USAGE.into());
    };
    let mut server = Tcp::new(url)?;
    if let Some(timeout) = options.timeout {
        server = server.with_timeout(timeout);
    }
    let report = send_cases(&options, &server.clone().with_name(options.name.as_deref().unwrap_or(url)))?;
    if let Some(file) = &options.save {
        let mut answers = Answers::of(&report, server.port());
        answers.notes = options.notes;
        answers.save(file)?;
    }
    print(&if options.json { format!("{:#}\n", report.to_json()) } else { report.to_string() });
    Ok(match report.stopped {
        Some(_) => ExitCode::from(2),
        None if report.is_success() => ExitCode::SUCCESS,
        None => ExitCode::FAILURE,
    })
}

fn send_cases(options: &Options, server: &Tcp) -> Result<Report, Box<dyn Error>> {
    let mut cases = [recorded()?, security()?].concat();
    for directory in &options.directories {
        cases.extend(load_dir(directory)?);
    }
    let skips = options.skips.as_deref().map(Skip::load).transpose()?.unwrap_or_default();
    let first = greet(server).map_err(|reason| format!("{} does not respond: {reason}", server.name()))?;
    if !first.body.windows(FIRST_PAGE.len()).any(|window| window == FIRST_PAGE) {
        eprintln!("warning: the first page of {} (status {}) is not from the fixture", server.name(), first.status);
    }
    let mut runner = Runner::new(&cases).with_checks().skips(&skips);
    if let Some(area) = &options.area {
        runner = runner.area(area);
    }
    if let Some(filter) = &options.filter {
        runner = runner.filter(filter);
    }
    let visible = stderr().is_terminal();
    let report = runner.run_with(server, |sent, all, area| {
        if visible {
            draw_progress(sent, all, area);
        }
    });
    if visible {
        eprint!("\r\x1b[K");
    }
    Ok(report)
}

fn compare(files: &[String]) -> Result<ExitCode, Box<dyn Error>> {
    if files.is_empty() {
        return Err("--compare requires at least one file that --save has written".into());
    }
    let servers = files.iter().map(|file| Answers::load(Path::new(file))).collect::<Result<Vec<_>, _>>()?;
    let comparison = Comparison::of(&servers);
    print(&comparison.to_string());
    Ok(if comparison.is_success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Prints a text. Ignores errors, because a reader such as `head` may close the pipe early, and the exit status is that
/// of the result.
fn print(text: &str) {
    let _ = stdout().write_all(text.as_bytes());
}

fn draw_progress(sent: usize, all: usize, area: &str) {
    const WIDTH: usize = 30;
    let filled = sent * WIDTH / all.max(1);
    let _ = write!(stderr(), "\r\x1b[K[{:-<WIDTH$}] {sent}/{all} {area}", "#".repeat(filled));
}
