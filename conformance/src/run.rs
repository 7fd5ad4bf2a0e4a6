//! The runner, which sends cases and checks the responses.

use std::time::{Duration, Instant};

use http::Method;

use crate::{
    answer::Answer,
    case::{Case, CaseRequest, Framing},
    checks::{CHECKS, Check},
    compare::compare,
    mismatch::Mismatch,
    report::{Outcome, Report, Verdict},
    skip::Skip,
    transport::Transport,
};

/// A selection of cases that can be sent to any number of servers.
#[derive(Clone, Debug)]
pub struct Runner<'a> {
    cases: &'a [Case],
    checks: &'static [Check],
    area: Option<String>,
    filter: Option<String>,
    skips: &'a [Skip],
}

impl<'a> Runner<'a> {
    /// Creates a runner of all `cases` without skips. Cases with raw framing are sent only over connections.
    #[must_use]
    pub fn new(cases: &'a [Case]) -> Self {
        Self { cases, checks: &[], area: None, filter: None, skips: &[] }
    }

    /// Adds the checks that open their own connections. They send bodies that stall, that break off, or that look like
    /// requests.
    ///
    /// They run only against servers that are reached over connections.
    #[must_use]
    pub fn with_checks(mut self) -> Self {
        self.checks = CHECKS;
        self
    }

    /// Selects the cases of one area: `forms`, `security/limits`, or `security` for all areas below it.
    #[must_use]
    pub fn area(mut self, area: impl Into<String>) -> Self {
        self.area = Some(area.into());
        self
    }

    /// Selects the cases whose name contains a text.
    #[must_use]
    pub fn filter(mut self, text: impl Into<String>) -> Self {
        self.filter = Some(text.into());
        self
    }

    /// Sets the failures that are allowed.
    #[must_use]
    pub fn skips(mut self, skips: &'a [Skip]) -> Self {
        self.skips = skips;
        self
    }

    /// Sends the cases one after another. If the server stops responding, the run stops.
    pub fn run(&self, transport: &dyn Transport) -> Report {
        self.run_with(transport, |_, _, _| {})
    }

    /// Like [`run`](Self::run), but calls `progress` before each case with the number of cases sent, their total, and the
    /// area of the next.
    pub fn run_with(&self, transport: &dyn Transport, mut progress: impl FnMut(usize, usize, &str)) -> Report {
        let chosen: Vec<_> = self.list_sendable(transport).filter(|one| self.is_selected(one)).collect();
        let mut met = vec![false; self.skips.len()];
        let mut report = Report { transport: transport.name().to_owned(), ..Report::default() };
        for (sent, one) in chosen.iter().enumerate() {
            progress(sent, chosen.len(), one.area());
            let (mismatches, answer, took) = one.ask(transport);
            let skip = self.skips.iter().zip(&mut met).find(|(skip, _)| skip.covers(one.id()));
            let reason = skip.map(|(skip, met)| {
                *met = true;
                skip.reason.to_string()
            });
            let verdict = match (mismatches.is_empty(), reason) {
                (true, None) => Verdict::Passed,
                (true, Some(reason)) => {
                    report.unused_skips.push((one.id().to_owned(), reason));
                    Verdict::Passed
                }
                (false, Some(reason)) => Verdict::Skipped(reason),
                (false, None) => Verdict::Failed(mismatches),
            };
            let silent = answer.is_none() && verdict != Verdict::Passed;
            report.outcomes.push(one.outcome(verdict, answer, took));
            if silent && let Err(reason) = greet(transport) {
                let left = chosen.len() - sent - 1;
                report.stopped = Some(format!("the server stopped responding; {left} cases were not sent: {reason}"));
                return report;
            }
        }
        let all = self.area.is_none() && self.filter.is_none();
        let gone = self.skips.iter().zip(met).filter(|(_, met)| all && !met);
        report.unused_skips.extend(gone.map(|(skip, _)| (skip.to_string(), skip.reason.to_string())));
        report
    }

    /// Returns the cases and checks that the transport can carry.
    fn list_sendable(&self, transport: &dyn Transport) -> impl Iterator<Item = One<'a>> {
        let connects = transport.tcp().is_some();
        let sendable = move |case: &&Case| connects || case.request.framing != Framing::Raw;
        let checks = self.checks.iter().filter(move |_| connects);
        self.cases.iter().filter(sendable).map(One::Case).chain(checks.map(One::Check))
    }

    fn is_selected(&self, one: &One) -> bool {
        let within = |area: &String| {
            one.area().strip_prefix(area.as_str()).is_some_and(|rest| matches!(rest.get(..1), None | Some("/")))
        };
        self.area.as_ref().is_none_or(within) && self.filter.as_ref().is_none_or(|text| one.id().contains(text))
    }
}

/// Requests a server's first page to check that the server responds.
///
/// # Errors
///
/// Returns the reason if there is no response.
pub fn greet(transport: &dyn Transport) -> Result<Answer, String> {
    let visit = CaseRequest {
        method: Method::GET.to_string(),
        path: "/".to_owned(),
        headers: Vec::new(),
        framing: Framing::None,
        body: None,
    };
    transport.send(&visit.prepare(transport.port())?)
}

/// A case or a check.
enum One<'a> {
    Case(&'a Case),
    Check(&'static Check),
}

impl One<'_> {
    fn id(&self) -> &str {
        match self {
            Self::Case(case) => &case.id,
            Self::Check(check) => check.id,
        }
    }

    fn area(&self) -> &str {
        match self {
            Self::Case(case) => &case.area,
            Self::Check(_) => Check::AREA,
        }
    }

    fn ask(&self, transport: &dyn Transport) -> (Vec<Mismatch>, Option<Answer>, Duration) {
        let case = match self {
            Self::Case(case) => case,
            Self::Check(check) => {
                let start = Instant::now();
                let mismatches = transport.tcp().map(check.run).unwrap_or_default();
                return (mismatches, None, start.elapsed());
            }
        };
        let prepared = case.request.prepare(transport.port());
        let start = Instant::now();
        let answer = prepared.and_then(|request| transport.send(&request));
        let took = start.elapsed();
        match answer {
            Ok(answer) => (compare(&case.expect, &answer), Some(answer), took),
            Err(reason) => (vec![Mismatch::new("response", "a response", reason)], None, took),
        }
    }

    fn outcome(&self, verdict: Verdict, answer: Option<Answer>, took: Duration) -> Outcome {
        let (request, deviation) = match self {
            Self::Case(case) => (format!("{} {}", case.request.method, case.request.path), case.deviation.clone()),
            Self::Check(check) => (check.request.to_owned(), None),
        };
        let (id, area) = (self.id().to_owned(), self.area().to_owned());
        Outcome { id, area, request, deviation, verdict, answer, took }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{answer::Answer, prepared::PreparedRequest};

    /// A server that responds with the status in the path. If the path contains no status, it does not respond. The
    /// field states whether it responds to `/`.
    struct Fake(bool);

    const FAKE: Fake = Fake(true);

    impl Transport for Fake {
        fn name(&self) -> &str {
            "fake"
        }

        fn send(&self, request: &PreparedRequest) -> Result<Answer, String> {
            assert_eq!(request.headers, [("Host".to_owned(), "127.0.0.1:4321".to_owned())]);
            if request.path == "/" {
                return self.0.then(Answer::default).ok_or_else(|| "it is gone".to_owned());
            }
            let status = request.path.trim_start_matches('/').parse().map_err(|_| "no such path".to_owned())?;
            Ok(Answer { status, ..Answer::default() })
        }
    }

    fn cases() -> Vec<Case> {
        let case = |id: &str, path: &str| {
            let mut case: Case = serde_json::from_value(serde_json::json!({
                "id": id, "expect": {"status": 200},
                "request": {"method": "GET", "path": path, "headers": [], "framing": "none", "body": null},
            }))
            .unwrap();
            case.area = id[..1].to_owned();
            case
        };
        vec![case("a/1", "/200"), case("a/2", "/404"), case("b/1", "/200"), case("b/2", "/none")]
    }

    fn verdicts(report: &Report) -> Vec<&'static str> {
        let verdict = |outcome: &Outcome| match outcome.verdict {
            Verdict::Passed => "passed",
            Verdict::Failed(_) => "failed",
            Verdict::Skipped(_) => "skipped",
        };
        report.outcomes.iter().map(verdict).collect()
    }

    #[test]
    fn each_case_is_sent_and_checked() {
        let report = Runner::new(&cases()).run(&FAKE);
        assert_eq!(verdicts(&report), ["passed", "failed", "passed", "failed"]);
        assert!(!report.is_success());
        assert!(report.to_string().contains("expected 200\n      received 404"), "{report}");
        assert!(report.to_string().contains("received no such path"), "{report}");
    }

    #[test]
    fn area_and_filter_select_cases() {
        let cases = cases();
        assert_eq!(verdicts(&Runner::new(&cases).area("a").run(&FAKE)), ["passed", "failed"]);
        assert!(Runner::new(&cases).filter("/1").run(&FAKE).is_success());
        assert!(!Runner::new(&cases).filter("zzz").run(&FAKE).is_success(), "a run of nothing shows nothing");
    }

    #[test]
    fn skip_allows_failures_with_its_reason() {
        let skips = [Skip::case("a/2", "not yet"), Skip::prefix("b/2", "no b here")];
        let report = Runner::new(&cases()).skips(&skips).run(&FAKE);
        assert_eq!(verdicts(&report), ["passed", "skipped", "passed", "skipped"]);
        assert!(report.is_success(), "{report}");
        assert!(report.to_string().contains("a/2: not yet"), "{report}");
    }

    #[test]
    fn unneeded_skip_fails_the_run() {
        let cases = cases();
        let needed = [Skip::case("a/2", "x"), Skip::prefix("b/2", "x")];
        let prefixes = [Skip::prefix("a/1", "passes"), Skip::prefix("b/", "one of them passes")];
        for unneeded in [Skip::case("a/1", "passes"), Skip::case("c/1", "gone")].into_iter().chain(prefixes) {
            let skips = [needed[0].clone(), needed[1].clone(), unneeded.clone()];
            let report = Runner::new(&cases).skips(&skips).run(&FAKE);
            assert!(!report.is_success());
            assert!(report.to_string().contains(&*unneeded.reason), "{report}");
        }
        assert!(Runner::new(&cases).area("b").skips(&needed).run(&FAKE).is_success(), "a/2 was not asked for");
    }

    #[test]
    fn lost_server_stops_the_run() {
        let mut cases = cases();
        cases.rotate_right(2);
        let report = Runner::new(&cases).run(&Fake(false));
        assert_eq!(verdicts(&report), ["passed", "failed"]);
        assert!(!report.is_success());
        let text = report.to_string();
        assert!(text.contains("2 cases were not sent: it is gone"), "{text}");
        assert_eq!(Runner::new(&cases).run(&FAKE).outcomes.len(), 4);
    }

    #[test]
    fn area_includes_areas_below_it() {
        let mut cases = cases();
        for (case, area) in cases.iter_mut().zip(["s/a", "s/b", "sa", "s"]) {
            case.area = area.to_owned();
        }
        let ids = |area: &str| -> Vec<String> {
            Runner::new(&cases).area(area).run(&FAKE).outcomes.into_iter().map(|outcome| outcome.id).collect()
        };
        assert_eq!(ids("s"), ["a/1", "a/2", "b/2"]);
        assert_eq!(ids("s/a"), ["a/1"]);
    }

    #[test]
    fn checks_and_raw_framing_need_connections() {
        let mut cases = cases();
        cases[0].request.framing = Framing::Raw;
        assert_eq!(Runner::new(&cases).with_checks().run(&FAKE).outcomes.len(), 3);
    }
}
