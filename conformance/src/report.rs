//! What came of a run, for people and for machines.

use std::{collections::BTreeMap, fmt};

use serde_json::{Value, json};

use crate::{case::Case, mismatch::Mismatch};

/// What came of one case.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The case's name.
    pub id: String,
    /// Its area.
    pub area: String,
    /// Its method and path, to know it by.
    pub request: String,
    /// Why it expects something else than Astro answers, where it does.
    pub deviation: Option<String>,
    /// Whether it passed.
    pub verdict: Verdict,
}

impl Outcome {
    pub(crate) fn new(case: &Case, verdict: Verdict) -> Self {
        Self {
            id: case.id.clone(),
            area: case.area.clone(),
            request: format!("{} {}", case.request.method, case.request.path),
            deviation: case.deviation.clone(),
            verdict,
        }
    }
}

/// Whether a case passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The answer is as expected.
    Passed,
    /// It is not, in these ways.
    Failed(Vec<Mismatch>),
    /// It is not, and is excused for this reason.
    Skipped(String),
}

/// How many cases there were of each verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// As expected.
    pub passed: usize,
    /// Not as expected.
    pub failed: usize,
    /// Not as expected, and excused.
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

/// What came of a run over one transport. It prints as a table by area, followed by what was skipped and why, and each
/// failure with what was wanted and what came.
#[derive(Clone, Debug)]
pub struct Report {
    /// The transport's name.
    pub transport: String,
    /// What came of each case, in their order.
    pub outcomes: Vec<Outcome>,
    /// Name and reason of each skip that excused nothing.
    pub unused_skips: Vec<(String, String)>,
}

impl Report {
    /// Whether there were cases, none failed, and every skip was needed.
    #[must_use]
    pub fn is_success(&self) -> bool {
        let counts = self.counts();
        counts.failed == 0 && counts.passed + counts.skipped > 0 && self.unused_skips.is_empty()
    }

    /// The counts of all areas together.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        self.outcomes.iter().for_each(|outcome| counts.add(&outcome.verdict));
        counts
    }

    /// The counts of each area, by name.
    #[must_use]
    pub fn areas(&self) -> BTreeMap<&str, Counts> {
        let mut areas = BTreeMap::<_, Counts>::new();
        for outcome in &self.outcomes {
            areas.entry(outcome.area.as_str()).or_default().add(&outcome.verdict);
        }
        areas
    }

    /// The report for machines: `{transport, success, total, areas, failures, skipped, unusedSkips}`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let (mut failures, mut skipped) = (Vec::new(), Vec::new());
        for Outcome { id, area, request, deviation, verdict } in &self.outcomes {
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
            "areas": self.areas(),
            "failures": failures,
            "skipped": skipped,
            "unusedSkips": unused,
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
        writeln!(f, "  {:width$}  {:>7}  {:>7}  {:>7}", "area", "passed", "failed", "skipped")?;
        for (area, counts) in areas {
            row(f, area, counts)?;
        }
        row(f, "total", self.counts())?;
        if self.outcomes.is_empty() {
            writeln!(f, "no case was chosen")?;
        }
        for Outcome { id, request, deviation, verdict, .. } in &self.outcomes {
            match verdict {
                Verdict::Passed => {}
                Verdict::Skipped(reason) => writeln!(f, "skipped {id}: {reason}")?,
                Verdict::Failed(mismatches) => {
                    writeln!(f, "\nfailed {id}\n    {request}")?;
                    if let Some(deviation) = deviation {
                        writeln!(f, "    not as Astro: {deviation}")?;
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
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(area: &str, verdict: Verdict) -> Outcome {
        let (id, request) = (format!("{area}/x"), "GET /".to_owned());
        Outcome { id, area: area.to_owned(), request, deviation: Some("why".into()), verdict }
    }

    fn report() -> Report {
        let failed = Verdict::Failed(vec![Mismatch::new("status", 200, 500)]);
        let outcomes = vec![
            outcome("forms", Verdict::Passed),
            outcome("body", failed),
            outcome("body", Verdict::Skipped("because".into())),
        ];
        Report { transport: "fake".into(), outcomes, unused_skips: vec![("old".into(), "was".into())] }
    }

    #[test]
    fn people_see_a_table_and_every_failure() {
        let text = report().to_string();
        assert_eq!(
            text,
            "fake
  area    passed   failed  skipped
  body         0        1        1
  forms        1        0        0
  total        1        1        1

failed body/x
    GET /
    not as Astro: why
    status
      wanted 200
      came   500
skipped body/x: because

unused skip old: was
"
        );
    }

    #[test]
    fn machines_see_the_same() {
        let json = report().to_json();
        assert_eq!(json["success"], false);
        assert_eq!(json["total"], json!({ "passed": 1, "failed": 1, "skipped": 1 }));
        assert_eq!(json["areas"]["forms"]["passed"], 1);
        let mismatch = json!({ "at": "status", "wanted": "200", "came": "500" });
        assert_eq!(json["failures"][0]["mismatches"], json!([mismatch]));
        assert_eq!(json["skipped"][0]["reason"], "because");
        assert_eq!(json["unusedSkips"][0]["id"], "old");
    }
}
