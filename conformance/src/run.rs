//! Sending the cases.

use crate::{
    case::Case,
    compare::compare,
    mismatch::Mismatch,
    report::{Outcome, Report, Verdict},
    transport::Transport,
};

/// Cases that may fail on a server, and why. They are sent all the same: one that excuses no failure any more is itself
/// a failure of the run, so that a list of skips cannot outlive its reasons.
#[derive(Clone, Copy, Debug)]
pub struct Skip {
    pub(crate) id: &'static str,
    pub(crate) prefix: bool,
    pub(crate) reason: &'static str,
}

impl Skip {
    /// The case of that name may fail.
    #[must_use]
    pub const fn case(id: &'static str, reason: &'static str) -> Self {
        Self { id, prefix: false, reason }
    }

    /// Every case whose name begins so may fail: `pages/` for a whole area.
    #[must_use]
    pub const fn prefix(id: &'static str, reason: &'static str) -> Self {
        Self { id, prefix: true, reason }
    }

    fn covers(&self, case: &Case) -> bool {
        if self.prefix { case.id.starts_with(self.id) } else { case.id == self.id }
    }
}

/// A choice of cases, to be sent to any number of servers.
#[derive(Clone, Debug)]
pub struct Runner<'a> {
    cases: &'a [Case],
    area: Option<String>,
    filter: Option<String>,
    skips: &'a [Skip],
}

impl<'a> Runner<'a> {
    /// All of the cases, none skipped.
    #[must_use]
    pub fn new(cases: &'a [Case]) -> Self {
        Self { cases, area: None, filter: None, skips: &[] }
    }

    /// Only those of an area.
    #[must_use]
    pub fn area(mut self, area: impl Into<String>) -> Self {
        self.area = Some(area.into());
        self
    }

    /// Only those whose name holds a text.
    #[must_use]
    pub fn filter(mut self, text: impl Into<String>) -> Self {
        self.filter = Some(text.into());
        self
    }

    /// What may fail on the server that is asked.
    #[must_use]
    pub fn skips(mut self, skips: &'a [Skip]) -> Self {
        self.skips = skips;
        self
    }

    /// Sends the cases one after the other.
    pub fn run(&self, transport: &dyn Transport) -> Report {
        self.run_with(transport, |_, _, _| {})
    }

    /// Sends the cases, and before each tells how many were sent, how many there are, and which comes.
    pub fn run_with(&self, transport: &dyn Transport, mut progress: impl FnMut(usize, usize, &Case)) -> Report {
        let chosen: Vec<_> = self.cases.iter().filter(|case| self.chooses(case)).collect();
        let mut excused = vec![false; self.skips.len()];
        let mut outcomes = Vec::with_capacity(chosen.len());
        for (sent, &case) in chosen.iter().enumerate() {
            progress(sent, chosen.len(), case);
            let mismatches = send(transport, case);
            let skip = self.skips.iter().zip(&mut excused).find(|(skip, _)| skip.covers(case));
            let verdict = match skip {
                _ if mismatches.is_empty() => Verdict::Passed,
                Some((skip, excused)) => {
                    *excused = true;
                    Verdict::Skipped(skip.reason.to_owned())
                }
                None => Verdict::Failed(mismatches),
            };
            outcomes.push(Outcome::new(case, verdict));
        }
        let all = self.area.is_none() && self.filter.is_none();
        let stale = |skip: &Skip| all || chosen.iter().any(|case| skip.covers(case));
        let unused = self.skips.iter().zip(excused).filter(|(skip, excused)| !excused && stale(skip));
        Report {
            transport: transport.name().to_owned(),
            outcomes,
            unused_skips: unused.map(|(skip, _)| (skip.id.to_owned(), skip.reason.to_owned())).collect(),
        }
    }

    fn chooses(&self, case: &Case) -> bool {
        self.area.as_ref().is_none_or(|area| case.area == *area)
            && self.filter.as_ref().is_none_or(|text| case.id.contains(text))
    }
}

fn send(transport: &dyn Transport, case: &Case) -> Vec<Mismatch> {
    let answer = case.request.prepare(transport.port()).and_then(|request| transport.send(&request));
    match answer {
        Ok(answer) => compare(&case.expect, &answer),
        Err(reason) => vec![Mismatch::new("answer", "one", reason)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{answer::Answer, prepared::PreparedRequest};

    /// Answers with the status that the path names; not at all if it names none.
    struct Fake;

    impl Transport for Fake {
        fn name(&self) -> &str {
            "fake"
        }

        fn send(&self, request: &PreparedRequest) -> Result<Answer, String> {
            assert_eq!(request.headers, [("Host".to_owned(), "127.0.0.1:4321".to_owned())]);
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
    fn each_case_is_sent_and_judged() {
        let report = Runner::new(&cases()).run(&Fake);
        assert_eq!(verdicts(&report), ["passed", "failed", "passed", "failed"]);
        assert!(!report.is_success());
        assert!(report.to_string().contains("wanted 200\n      came   404"), "{report}");
        assert!(report.to_string().contains("came   no such path"), "{report}");
    }

    #[test]
    fn an_area_or_a_part_of_a_name_is_chosen() {
        let cases = cases();
        assert_eq!(verdicts(&Runner::new(&cases).area("a").run(&Fake)), ["passed", "failed"]);
        assert!(Runner::new(&cases).filter("/1").run(&Fake).is_success());
        assert!(!Runner::new(&cases).filter("zzz").run(&Fake).is_success(), "a run of nothing shows nothing");
    }

    #[test]
    fn a_skip_excuses_failures_with_its_reason() {
        let skips = [Skip::case("a/2", "not yet"), Skip::prefix("b/", "no b here")];
        let report = Runner::new(&cases()).skips(&skips).run(&Fake);
        assert_eq!(verdicts(&report), ["passed", "skipped", "passed", "skipped"]);
        assert!(report.is_success(), "{report}");
        assert!(report.to_string().contains("a/2: not yet"), "{report}");
    }

    #[test]
    fn a_skip_that_excuses_nothing_fails_the_run() {
        let cases = cases();
        let needed = [Skip::case("a/2", "x"), Skip::prefix("b/", "x")];
        for unneeded in [Skip::case("a/1", "passes"), Skip::case("c/1", "gone"), Skip::prefix("a/1", "passes")] {
            let skips = [needed[0], needed[1], unneeded];
            let report = Runner::new(&cases).skips(&skips).run(&Fake);
            assert!(!report.is_success());
            assert!(report.to_string().contains(unneeded.reason), "{report}");
        }
        assert!(Runner::new(&cases).area("b").skips(&needed).run(&Fake).is_success(), "a/2 was not asked for");
    }
}
