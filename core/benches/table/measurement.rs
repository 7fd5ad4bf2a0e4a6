//! Counting of instructions, and measuring of times.

use std::hint::black_box;
use std::pin::pin;
use std::process::Command;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use crate::{Benchmark, Implementation};

/// Runs a future to completion. It polls without waiting for a wake-up, because no future here ever waits.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return output;
        }
    }
}

/// A number of runs of one implementation, which this program executes under callgrind.
#[derive(Debug)]
pub(crate) struct Job {
    benchmark: usize,
    implementation: usize,
    runs: u32,
}

const JOB_FLAG: &str = "--job";

impl Job {
    pub(crate) fn from_args(args: &[String]) -> Option<Self> {
        let [flag, benchmark, implementation, runs] = args else { return None };
        if flag != JOB_FLAG {
            return None;
        }
        Some(Self {
            benchmark: benchmark.parse().ok()?,
            implementation: implementation.parse().ok()?,
            runs: runs.parse().ok()?,
        })
    }

    pub(crate) fn execute(&self, benchmarks: &[Benchmark]) {
        let implementations = (benchmarks[self.benchmark].implementations)();
        let implementation = implementations.all()[self.implementation];
        for _ in 0..self.runs {
            black_box((implementation.run)());
        }
    }

    /// Returns the number of instructions, including the set-up. Returns `None` if callgrind cannot run.
    fn count_instructions(&self) -> Option<f64> {
        let output = Command::new("valgrind")
            .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
            .arg(std::env::current_exe().ok()?)
            .arg(JOB_FLAG)
            .args([self.benchmark.to_string(), self.implementation.to_string(), self.runs.to_string()])
            .output()
            .ok()?;
        let log = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "callgrind failed: {log}");
        let (_, count) = log.split_once("Collected : ")?;
        count.lines().next()?.trim().parse().ok()
    }
}

/// Returns the number of instructions of one run. It compares two jobs, so that their set-up cancels out.
pub(crate) fn count_instructions(benchmark: usize, implementation: usize, runs: u32) -> Option<f64> {
    let single = Job { benchmark, implementation, runs }.count_instructions()?;
    let double = Job { benchmark, implementation, runs: 2 * runs }.count_instructions()?;
    Some((double - single) / f64::from(runs))
}

pub(crate) struct Times {
    /// The median time of each implementation, in seconds.
    pub(crate) medians: Vec<f64>,
    /// The median ratio of the first two implementations. Each ratio is taken within one round.
    pub(crate) ratio: f64,
}

const ROUNDS: usize = 51;
const TURN: Duration = Duration::from_millis(8);

/// Measures the implementations in turns, so that other load on the machine affects all of them alike.
pub(crate) fn measure_times(implementations: &[&Implementation]) -> Times {
    let runs: Vec<u32> = implementations.iter().map(|implementation| count_runs_per_turn(implementation)).collect();
    let mut times = vec![Vec::with_capacity(ROUNDS); implementations.len()];
    for _ in 0..ROUNDS {
        for ((implementation, runs), times) in implementations.iter().zip(&runs).zip(&mut times) {
            times.push(measure_turn(implementation, *runs));
        }
    }
    let ratios = times[0].iter().zip(&times[1]).map(|(enact, baseline)| enact / baseline).collect();
    Times { ratio: median(ratios), medians: times.into_iter().map(median).collect() }
}

/// Returns the time of one run, in seconds.
fn measure_turn(implementation: &Implementation, runs: u32) -> f64 {
    let start = Instant::now();
    for _ in 0..runs {
        black_box((implementation.run)());
    }
    start.elapsed().as_secs_f64() / f64::from(runs)
}

fn count_runs_per_turn(implementation: &Implementation) -> u32 {
    let mut runs = 1;
    while measure_turn(implementation, runs) * f64::from(runs) < TURN.as_secs_f64() {
        runs *= 2;
    }
    runs
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

/// Formats a time with the unit that suits it.
pub(crate) fn format_time(seconds: f64) -> String {
    match seconds {
        s if s < 1e-6 => format!("{:.0} ns", s * 1e9),
        s if s < 1e-3 => format!("{:.2} µs", s * 1e6),
        s => format!("{:.2} ms", s * 1e3),
    }
}

/// Formats a count with commas between thousands.
pub(crate) fn format_count(count: f64) -> String {
    let digits = format!("{count:.0}");
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
