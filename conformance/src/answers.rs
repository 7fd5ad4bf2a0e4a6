//! Saved responses of a run, and their comparison with those of other servers.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt, fs,
    path::Path,
    time::{Duration, SystemTime},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};

use crate::{
    answer::Answer,
    load::LoadError,
    mismatch::Mismatch,
    report::{Counts, Report, Verdict},
};

/// Headers that depend on the server: those of the connection (RFC 9110, section 7.6.1) and the framing, `Server` and
/// `Date`.
const SERVER_HEADERS: &[&str] = &[
    "alt-svc",
    "connection",
    "content-length",
    "date",
    "keep-alive",
    "proxy-connection",
    "server",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
];

/// The responses of a server to each case, and the counts of the run.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Answers {
    /// The server's name.
    pub server: String,
    /// The counts of the recorded cases.
    pub cases: Counts,
    /// The counts of the security cases.
    pub security: Counts,
    /// The median time of a call.
    pub call: Duration,
    /// The total time of all calls.
    pub total: Duration,
    /// Further columns of the comparison by name, for example `size`.
    pub notes: BTreeMap<String, String>,
    skipped: BTreeSet<String>,
    answers: BTreeMap<String, SavedAnswer>,
}

/// A response without the parts that differ between servers, ports and days.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
struct SavedAnswer {
    status: u16,
    /// Headers sorted by name. Repeated headers keep their order.
    headers: Vec<(String, String)>,
    body: Body,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Body {
    Utf8(String),
    Base64(String),
}

impl Answers {
    /// Collects the responses from the report of a run against a server at `port`.
    #[must_use]
    pub fn of(report: &Report, port: u16) -> Self {
        let now = SystemTime::now();
        let skipped = report.outcomes.iter().filter(|outcome| matches!(outcome.verdict, Verdict::Skipped(_)));
        let answered = report.outcomes.iter().filter_map(|outcome| Some((outcome, outcome.answer.as_ref()?)));
        Self {
            server: report.transport.clone(),
            cases: report.counts(),
            security: report.security(),
            call: report.median(),
            total: report.took(),
            notes: BTreeMap::new(),
            skipped: skipped.map(|outcome| outcome.id.clone()).collect(),
            answers: answered
                .map(|(outcome, answer)| (outcome.id.clone(), SavedAnswer::of(answer, port, now)))
                .collect(),
        }
    }

    /// Reads responses from a file.
    ///
    /// # Errors
    ///
    /// Returns a [`LoadError`] if the file cannot be read or was not written by [`save`](Self::save).
    pub fn load(file: &Path) -> Result<Self, LoadError> {
        let text = fs::read_to_string(file).map_err(|error| LoadError::new(file.display(), error))?;
        serde_json::from_str(&text).map_err(|error| LoadError::new(file.display(), error))
    }

    /// Writes the responses to a file.
    ///
    /// # Errors
    ///
    /// Returns a [`LoadError`] if the file cannot be written.
    pub fn save(&self, file: &Path) -> Result<(), LoadError> {
        let failed = |error: &dyn fmt::Display| LoadError::new(file.display(), error);
        let json = serde_json::to_string(self).map_err(|error| failed(&error))?;
        fs::write(file, json).map_err(|error| failed(&error))
    }
}

impl SavedAnswer {
    fn of(answer: &Answer, port: u16, now: SystemTime) -> Self {
        // The servers listen on different ports, so their origins differ.
        let own = format!("127.0.0.1:{port}");
        let neutral = |text: &str| text.replace(&own, "{host}");
        let mut headers: Vec<_> = answer
            .headers
            .iter()
            .map(|(name, value)| (name.to_ascii_lowercase(), neutral(value)))
            .filter(|(name, _)| !SERVER_HEADERS.contains(&name.as_str()))
            .map(|(name, value)| if name == "set-cookie" { (name, replace_date(&value, now)) } else { (name, value) })
            .collect();
        headers.sort_by(|(a, _), (b, _)| a.cmp(b));
        let body = match std::str::from_utf8(&answer.body) {
            Ok(text) => Body::Utf8(neutral(text)),
            Err(_) => Body::Base64(STANDARD.encode(&answer.body)),
        };
        Self { status: answer.status, headers, body }
    }

    fn find_differences(&self, other: &Self) -> Vec<Mismatch> {
        let mut found = Vec::new();
        if self.status != other.status {
            found.push(Mismatch::new("status", self.status, other.status));
        }
        let lines = |kept: &Self, but: &Self| {
            let own: Vec<_> = kept.headers.iter().filter(|header| !but.headers.contains(header)).collect();
            own.iter().map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>().join(" | ")
        };
        if self.headers != other.headers {
            let (one, two) = (lines(self, other), lines(other, self));
            let order = one.is_empty() && two.is_empty();
            let shown = |lines: String, kept: &Self| if order { format!("{:?}", kept.headers) } else { lines };
            found.push(Mismatch::new("headers", shown(one, self), shown(two, other)));
        }
        if self.body != other.body {
            let (one, two) = (self.body.text(), other.body.text());
            let same = one.char_indices().zip(two.chars()).find(|((_, a), b)| a != b).map(|((at, _), _)| at);
            let at = same.unwrap_or_else(|| one.len().min(two.len()));
            let from = |text: &str| text.get(at..).unwrap_or_default().to_owned();
            found.push(Mismatch::new(format!("body from byte {at}"), from(one), from(two)));
        }
        found
    }
}

impl Body {
    fn text(&self) -> &str {
        match self {
            Self::Utf8(text) | Self::Base64(text) => text,
        }
    }
}

/// Returns a cookie with its expiry date replaced by `past` or `future`.
fn replace_date(cookie: &str, now: SystemTime) -> String {
    let dated = |part: &str| {
        let (name, date) = part.split_once('=')?;
        let date = httpdate::parse_http_date(date).ok().filter(|_| name.trim().eq_ignore_ascii_case("expires"))?;
        Some(format!("{name}={{{}}}", if date <= now { "past" } else { "future" }))
    };
    cookie.split(';').map(|part| dated(part).unwrap_or_else(|| part.to_owned())).collect::<Vec<_>>().join(";")
}

/// A byte-by-byte comparison of several servers.
///
/// It prints as a table of the servers, followed by each case whose response differs from that of the first server.
#[derive(Clone, Debug)]
pub struct Comparison<'a> {
    servers: &'a [Answers],
    same: usize,
    left_out: usize,
    differing: Vec<Differing<'a>>,
}

#[derive(Clone, Debug)]
struct Differing<'a> {
    id: &'a str,
    first: &'a str,
    server: &'a str,
    mismatches: Vec<Mismatch>,
}

impl<'a> Comparison<'a> {
    /// Compares the responses to each case with that of the first server that did not skip it. Cases that fewer than
    /// two servers ran are left out.
    #[must_use]
    pub fn of(servers: &'a [Answers]) -> Self {
        let mut comparison = Self { servers, same: 0, left_out: 0, differing: Vec::new() };
        let ids: BTreeSet<_> = servers.iter().flat_map(|one| one.answers.keys().chain(&one.skipped)).collect();
        for id in ids {
            let mut asked = servers.iter().filter(|one| !one.skipped.contains(id));
            let (Some(first), mut others) = (asked.next(), asked.peekable()) else { continue };
            if others.peek().is_none() {
                comparison.left_out += 1;
                continue;
            }
            let before = comparison.differing.len();
            for other in others {
                let mismatches = match (first.answers.get(id), other.answers.get(id)) {
                    (Some(one), Some(two)) => one.find_differences(two),
                    (one, two) => {
                        let shown = |kept: Option<&SavedAnswer>| {
                            kept.map_or("no response".to_owned(), |kept| kept.status.to_string())
                        };
                        vec![Mismatch::new("response", shown(one), shown(two))]
                    }
                };
                if !mismatches.is_empty() {
                    comparison.differing.push(Differing {
                        id,
                        first: &first.server,
                        server: &other.server,
                        mismatches,
                    });
                }
            }
            comparison.same += usize::from(comparison.differing.len() == before);
        }
        comparison
    }

    /// Returns whether at least one response was compared and none differ. With a single server, returns `true`.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.differing.is_empty() && (self.same > 0 || self.servers.len() == 1)
    }
}

impl fmt::Display for Comparison<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let notes: BTreeSet<_> = self.servers.iter().flat_map(|one| one.notes.keys()).collect();
        let head = ["server", "cases", "security", "skipped", "per call", "total"].map(str::to_owned);
        let mut rows = vec![head.into_iter().chain(notes.iter().map(|&note| note.clone())).collect::<Vec<_>>()];
        for one in self.servers {
            let of = |counts: Counts| format!("{}/{}", counts.passed, counts.passed + counts.failed + counts.skipped);
            let skipped = (one.cases.skipped + one.security.skipped).to_string();
            let (call, total) = (format!("{:.0?}", one.call), format!("{:.1?}", one.total));
            let fixed = [one.server.clone(), of(one.cases), of(one.security), skipped, call, total];
            rows.push(
                fixed
                    .into_iter()
                    .chain(notes.iter().map(|&note| one.notes.get(note).cloned().unwrap_or_default()))
                    .collect(),
            );
        }
        for row in &rows {
            let cells = row.iter().enumerate().map(|(column, cell)| {
                let width = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
                let width = width.unwrap_or_default();
                if column == 0 { format!("{cell:width$}") } else { format!("{cell:>width$}") }
            });
            writeln!(f, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
        }
        for Differing { id, first, server, mismatches } in &self.differing {
            writeln!(f, "\ndiffers {id}")?;
            for Mismatch { at, expected, received } in mismatches {
                writeln!(f, "    {at}\n      {first}: {expected}\n      {server}: {received}")?;
            }
        }
        let differing: BTreeSet<_> = self.differing.iter().map(|one| one.id).collect();
        let Self { same, left_out, .. } = self;
        write!(f, "\n{same} responses are equal byte for byte, {} differ", differing.len())?;
        if *left_out > 0 {
            write!(f, ", {left_out} cases were run by fewer than two servers")?;
        }
        writeln!(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Outcome;

    fn outcome(id: &str, answer: Option<Answer>, verdict: Verdict) -> Outcome {
        let (id, area, request) = (id.to_owned(), "a".to_owned(), "GET /".to_owned());
        Outcome { id, area, request, deviation: None, verdict, answer, took: Duration::from_millis(2) }
    }

    fn answer(headers: &[(&str, &str)], body: &'static [u8]) -> Answer {
        let headers = headers.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
        Answer { status: 200, headers, body: body.into() }
    }

    fn run(server: &str, port: u16, answers: Vec<Option<Answer>>) -> Answers {
        let outcomes = answers.into_iter().enumerate().map(|(number, answer)| {
            let verdict = if answer.is_some() { Verdict::Passed } else { Verdict::Skipped("x".into()) };
            outcome(&format!("a/{number}"), answer, verdict)
        });
        Answers::of(&Report { transport: server.into(), outcomes: outcomes.collect(), ..Report::default() }, port)
    }

    #[test]
    fn server_headers_ports_and_dates_do_not_matter() {
        let removed = "s=; Path=/; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT";
        let later = "s=; Path=/; Max-Age=0; Expires=Sat, 22 Nov 2025 15:00:00 GMT";
        let one = answer(
            &[("date", "now"), ("B", "http://127.0.0.1:80/x"), ("A", "1"), ("Set-Cookie", removed)],
            b"127.0.0.1:80",
        );
        let two = answer(
            &[("a", "1"), ("b", "http://127.0.0.1:4000/x"), ("set-cookie", later), ("Server", "x")],
            b"127.0.0.1:4000",
        );
        let servers = [run("one", 80, vec![Some(one)]), run("two", 4000, vec![Some(two)])];
        let comparison = Comparison::of(&servers);
        assert!(comparison.is_success(), "{comparison}");
    }

    #[test]
    fn other_differences_are_reported() {
        let base = || answer(&[("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")], b"body");
        let expires = |date| answer(&[("Set-Cookie", date), ("Set-Cookie", "b=2")], b"body");
        let cases = [
            (Answer { status: 201, ..base() }, "status"),
            (answer(&[("Set-Cookie", "a=1, b=2")], b"body"), "headers"),
            (answer(&[("Set-Cookie", "b=2"), ("Set-Cookie", "a=1")], b"body"), "headers"),
            (answer(&[("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("Vary", "*")], b"body"), "headers"),
            (expires("a=1; Expires=Fri, 01 Jan 2999 00:00:00 GMT"), "headers"),
            (answer(&[("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")], b"boDy"), "body from byte 2"),
            (answer(&[("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")], b"body "), "body from byte 4"),
            (answer(&[("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")], b"\xff"), "body from byte 0"),
        ];
        for (other, at) in cases {
            let servers = [run("one", 80, vec![Some(base())]), run("two", 80, vec![Some(other)])];
            let comparison = Comparison::of(&servers);
            assert!(!comparison.is_success());
            assert!(comparison.to_string().contains(&format!("differs a/0\n    {at}\n")), "{comparison}");
        }
    }

    #[test]
    fn skipped_case_is_compared_among_the_other_servers() {
        let answers = |server, bodies: [Option<&'static [u8]>; 1]| {
            run(server, 1, bodies.into_iter().map(|body| body.map(|body| answer(&[], body))).collect())
        };
        let mut servers = vec![answers("one", [None]), answers("two", [Some(b"x")]), answers("three", [Some(b"x")])];
        assert!(Comparison::of(&servers).is_success());
        servers.push(answers("four", [Some(b"y")]));
        let text = Comparison::of(&servers).to_string();
        assert!(text.contains("two: x\n      four: y"), "{text}");
    }

    #[test]
    fn missing_response_is_a_difference() {
        let good = || Some(answer(&[], b"x"));
        let servers = [run("one", 1, vec![good(), good()]), run("two", 1, vec![good(), None])];
        assert!(Comparison::of(&servers).is_success());
        assert!(
            Comparison::of(&servers)
                .to_string()
                .contains("1 responses are equal byte for byte, 0 differ, 1 cases were run")
        );
        let servers = [run("one", 1, vec![good(), good()]), run("two", 1, vec![good()])];
        assert!(Comparison::of(&servers).to_string().contains("two: no response"));
        assert!(!Comparison::of(&servers).is_success() && !Comparison::of(&[]).is_success());
    }

    #[test]
    fn saved_answers_can_be_loaded() {
        let mut one = run("one", 80, vec![Some(answer(&[("a", "\u{e9}")], b"\xff"))]);
        one.notes.insert("size".into(), "1 MB".into());
        let file = std::env::temp_dir().join(format!("enact-answers-{}.json", std::process::id()));
        one.save(&file).unwrap();
        let servers = [one, Answers::load(&file).unwrap()];
        fs::remove_file(&file).unwrap();
        assert_eq!(servers[0].notes, servers[1].notes);
        let text = Comparison::of(&servers).to_string();
        assert!(text.starts_with("server  cases  security  skipped  per call  total  size\none "), "{text}");
        assert!(text.contains("1/1       0/0        0       2ms  2.0ms  1 MB"), "{text}");
    }
}
