//! Reports of runs, as text and as JSON.

use std::{collections::BTreeMap, fmt, time::Duration};

use serde_json::{Value, json};

use crate::{answer::Answer, mismatch::Mismatch};

/// The outcome of one case.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The case's name.
    pub id: String,
    /// The case's area.
    pub area: String,
    /// The request's method and path.
    pub request: String,
    /// The reason why the case expects something other than Astro's response, if it does.
    pub deviation: Option<String>,
    /// Whether the case passed.
    pub verdict: Verdict,
    /// The response. `None` for a check, or if the server did not respond.
    pub answer: Option<Answer>,
    /// The time from opening the connection to the end of the response.
    pub took: Duration,
}

/// The prefix of the security areas, which are counted separately.
const SECURITY: &str = "security/";

/// Whether a case passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The response is as expected.
    Passed,
    /// The response differs from the expectation in these ways.
    Failed(Vec<Mismatch>),
    /// The case failed, and a skip allows that for this reason.
    Skipped(String),
}

/// The number of cases by verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
pub struct Counts {
    /// Passed cases.
    pub passed: usize,
    /// Failed cases.
    pub failed: usize,
    /// Failed cases that a skip covers.
    pub skipped: usize,
}

impl Counts {
    fn add(&mut self, verdict: &Verdict) {
        *match verdict {
            Verdict::Passed => &mut self.passed,
            Verdict::Failed(_) => &mut self.failed,
            Verdict::Skipped(_) => &mut self.skipped,
        } += 1;
    }
}

/// The report of a run against one server.
///
/// It prints as a table by area, followed by the skipped cases with their reasons, and each failure with the expected and
/// the received value. The security areas have a table of their own.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The transport's name.
    pub transport: String,
    /// The outcome of each case, in order.
    pub outcomes: Vec<Outcome>,
    /// The name and reason of each skip that no failing case needed.
    pub unused_skips: Vec<(String, String)>,
    /// The reason why the run stopped early, if the server stopped responding.
    pub stopped: Option<String>,
}

impl Report {
    /// Returns whether cases were sent, none failed, the run was complete, and every skip was needed.
    #[must_use]
    pub fn is_success(&self) -> bool {
        let failed = self.outcomes.iter().any(|outcome| matches!(outcome.verdict, Verdict::Failed(_)));
        !failed && !self.outcomes.is_empty() && self.stopped.is_none() && self.unused_skips.is_empty()
    }

    /// Returns the counts of all areas except the security areas.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.sum(|area| !area.starts_with(SECURITY))
    }

    /// Returns the counts of the security areas.
    #[must_use]
    pub fn security(&self) -> Counts {
        self.sum(|area| area.starts_with(SECURITY))
    }

    fn sum(&self, counted: impl Fn(&str) -> bool) -> Counts {
        let mut counts = Counts::default();
        let counted = self.outcomes.iter().filter(|outcome| counted(&outcome.area));
        counted.for_each(|outcome| counts.add(&outcome.verdict));
        counts
    }

    /// Returns the median time of a call, from opening its connection to the end of its response.
    #[must_use]
    pub fn median(&self) -> Duration {
        let answered = self.outcomes.iter().filter(|outcome| outcome.answer.is_some());
        let mut times: Vec<_> = answered.map(|outcome| outcome.took).collect();
        times.sort_unstable();
        times.get(times.len() / 2).copied().unwrap_or_default()
    }

    /// Returns the total time of all calls.
    #[must_use]
    pub fn took(&self) -> Duration {
        self.outcomes.iter().map(|outcome| outcome.took).sum()
    }

    /// Returns the counts of each area, by name.
    #[must_use]
    pub fn areas(&self) -> BTreeMap<&str, Counts> {
        let mut areas = BTreeMap::<_, Counts>::new();
        for outcome in &self.outcomes {
            areas.entry(outcome.area.as_str()).or_default().add(&outcome.verdict);
        }
        areas
    }

    /// Returns the report as JSON: `{transport, success, total, security, areas, failures, skipped, unusedSkips, stopped,
    /// microseconds: {call, all}}`. `total` excludes `security`; `call` is the median.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let (mut failures, mut skipped) = (Vec::new(), Vec::new());
        for Outcome { id, area, request, deviation, verdict, .. } in &self.outcomes {
            match verdict {
                Verdict::Passed => {}
                Verdict::Failed(mismatches) => failures.push(json!({
                    "id": id, "area": area, "request": request, "deviation": deviation, "mismatches": mismatches,
                })),
                Verdict::Skipped(reason) => skipped.push(json!({ "id": id, "area": area, "reason": reason })),
            }
        }
        let unused: Vec<_> =
            self.unused_skips.iter().map(|(id, reason)| json!({ "id": id, "reason": reason })).collect();
        json!({
            "transport": self.transport,
            "success": self.is_success(),
            "total": self.counts(),
            "security": self.security(),
            "areas": self.areas(),
            "failures": failures,
            "skipped": skipped,
            "unusedSkips": unused,
            "stopped": self.stopped,
            "microseconds": { "call": to_micros(self.median()), "all": to_micros(self.took()) },
        })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let areas = self.areas();
        let width = areas.keys().map(|area| area.len()).max().unwrap_or_default().max("total".len());
        let row = |f: &mut fmt::Formatter<'_>, name: &str, counts: Counts| {
            let Counts { passed, failed, skipped } = counts;
            writeln!(f, "  {name:width$}  {passed:>7}  {failed:>7}  {skipped:>7}")
        };
        writeln!(f, "{}", self.transport)?;
        let (security, cases): (Vec<_>, Vec<_>) = areas.iter().partition(|(area, _)| area.starts_with(SECURITY));
        for (areas, total) in [(cases, self.counts()), (security, self.security())] {
            if !areas.is_empty() {
                writeln!(f, "  {:width$}  {:>7}  {:>7}  {:>7}", "area", "passed", "failed", "skipped")?;
                areas.into_iter().try_for_each(|(area, counts)| row(f, area, *counts))?;
                row(f, "total", total)?;
            }
        }
        if self.outcomes.is_empty() {
            writeln!(f, "no case was selected")?;
        }
        for Outcome { id, request, deviation, verdict, .. } in &self.outcomes {
            match verdict {
                Verdict::Passed => {}
                Verdict::Skipped(reason) => writeln!(f, "skipped {id}: {reason}")?,
                Verdict::Failed(mismatches) => {
                    writeln!(f, "\nfailed {id}\n    {request}")?;
                    if let Some(deviation) = deviation {
                        writeln!(f, "    differs from Astro: {deviation}")?;
                    }
                    for mismatch in mismatches {
                        writeln!(f, "    {}", mismatch.to_string().replace('\n', "\n    "))?;
                    }
                }
            }
        }
        for (id, reason) in &self.unused_skips {
            writeln!(f, "\nunused skip {id}: {reason}")?;
        }
        if let Some(reason) = &self.stopped {
            writeln!(f, "\n{reason}")?;
        }
        let all = self.outcomes.len();
        let wrong = self.counts().failed + self.security().failed;
        write!(f, "\n{wrong} of {all} failed")?;
        match self.unused_skips.len() {
            0 => {}
            unused => write!(f, ", {unused} unused skips")?,
        }
        writeln!(f, "; {:.0?} per call, {:.1?} in total", self.median(), self.took())
    }
}

fn to_micros(time: Duration) -> u64 {
    time.as_micros().try_into().unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(area: &str, verdict: Verdict) -> Outcome {
        let (id, request) = (format!("{area}/x"), "GET /".to_owned());
        let (area, deviation) = (area.to_owned(), Some("why".into()));
        Outcome { id, area, request, deviation, verdict, answer: None, took: Duration::from_millis(500) }
    }

    fn report() -> Report {
        let failed = Verdict::Failed(vec![Mismatch::new("status", 200, 500)]);
        let outcomes = vec![
            outcome("forms", Verdict::Passed),
            outcome("body", failed),
            outcome("body", Verdict::Skipped("because".into())),
            outcome("security/x", Verdict::Passed),
        ];
        let unused_skips = vec![("old".into(), "was".into())];
        Report { transport: "fake".into(), outcomes, unused_skips, stopped: Some("gone".into()) }
    }

    #[test]
    fn report_prints_a_table_and_every_failure() {
        let text = report().to_string();
        assert_eq!(
            text,
            "fake
  area         passed   failed  skipped
  body              0        1        1
  forms             1        0        0
  total             1        1        1
  area         passed   failed  skipped
  security/x        1        0        0
  total             1        0        0

failed body/x
    GET /
    differs from Astro: why
    status
      expected 200
      received 500
skipped body/x: because

unused skip old: was

gone

1 of 4 failed, 1 unused skips; 0ns per call, 2.0s in total
"
        );
    }

    #[test]
    fn json_report_has_counts_failures_and_skips() {
        let json = report().to_json();
        assert_eq!(json["success"], false);
        assert_eq!(json["total"], json!({ "passed": 1, "failed": 1, "skipped": 1 }));
        assert_eq!(json["security"], json!({ "passed": 1, "failed": 0, "skipped": 0 }));
        assert_eq!((&json["stopped"], &json["microseconds"]["all"]), (&json!("gone"), &json!(2_000_000)));
        assert_eq!(json["areas"]["forms"]["passed"], 1);
        let mismatch = json!({ "at": "status", "expected": "200", "received": "500" });
        assert_eq!(json["failures"][0]["mismatches"], json!([mismatch]));
        assert_eq!(json["skipped"][0]["reason"], "because");
        assert_eq!(json["unusedSkips"][0]["id"], "old");
    }

    #[test]
    fn only_complete_run_without_failure_is_success() {
        let fine = Report { outcomes: vec![outcome("forms", Verdict::Passed)], ..Report::default() };
        assert!(fine.is_success());
        let stopped = Report { stopped: Some("gone".into()), ..fine.clone() };
        let worse = Report { outcomes: vec![outcome("security/x", Verdict::Failed(Vec::new()))], ..fine };
        assert!(!stopped.is_success() && !worse.is_success() && !Report::default().is_success());
    }

    #[test]
    fn median_counts_answered_calls_only() {
        let timed = |millis, answer| Outcome {
            answer,
            took: Duration::from_millis(millis),
            ..outcome("forms", Verdict::Passed)
        };
        let answered = || Some(Answer::default());
        let outcomes = vec![timed(9000, None), timed(90, answered()), timed(1, answered()), timed(5, answered())];
        let report = Report { outcomes, ..Report::default() };
        assert_eq!((report.median(), report.took()), (Duration::from_millis(5), Duration::from_millis(9096)));
    }
}
