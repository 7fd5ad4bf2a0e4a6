//! Counts instructions, and takes times.

use std::hint::black_box;
use std::pin::pin;
use std::process::Command;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use crate::{Contest, Rival};

/// Runs a future to its end. Nothing here ever waits, so that it need not be woken.
pub(crate) fn now<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return output;
        }
    }
}

/// What this program tells itself to do under callgrind: one rival's work, so many times.
#[derive(Debug)]
pub(crate) struct Order {
    contest: usize,
    rival: usize,
    runs: u32,
}

const FLAG: &str = "--count";

impl Order {
    pub(crate) fn from_args(args: &[String]) -> Option<Self> {
        let [flag, contest, rival, runs] = args else { return None };
        if flag != FLAG {
            return None;
        }
        Some(Self { contest: contest.parse().ok()?, rival: rival.parse().ok()?, runs: runs.parse().ok()? })
    }

    pub(crate) fn obey(&self, contests: &[Contest]) {
        let rivals = (contests[self.contest].rivals)();
        let rival = rivals.all()[self.rival];
        for _ in 0..self.runs {
            black_box((rival.run)());
        }
    }

    /// All instructions of this order, setting up included; `None` where callgrind cannot run.
    fn count(&self) -> Option<f64> {
        let output = Command::new("valgrind")
            .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
            .arg(std::env::current_exe().ok()?)
            .arg(FLAG)
            .args([self.contest.to_string(), self.rival.to_string(), self.runs.to_string()])
            .output()
            .ok()?;
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "callgrind failed: {said}");
        let (_, count) = said.split_once("Collected : ")?;
        count.lines().next()?.trim().parse().ok()
    }
}

/// The instructions of one run: what twice as many runs take beyond what so many take, so that setting up does not count.
pub(crate) fn instructions(contest: usize, rival: usize, runs: u32) -> Option<f64> {
    let once = Order { contest, rival, runs }.count()?;
    let twice = Order { contest, rival, runs: 2 * runs }.count()?;
    Some((twice - once) / f64::from(runs))
}

pub(crate) struct Times {
    /// The median of each rival, in seconds.
    pub(crate) each: Vec<f64>,
    /// The median of the ratios of the first two, each taken within one round.
    pub(crate) ratio: f64,
}

const ROUNDS: usize = 51;
const TURN: Duration = Duration::from_millis(8);

/// Lets the rivals take turns, so that whatever else the machine does strikes them alike.
pub(crate) fn times(rivals: &[&Rival]) -> Times {
    let runs: Vec<u32> = rivals.iter().map(|rival| runs_per_turn(rival)).collect();
    let mut rounds = vec![Vec::with_capacity(ROUNDS); rivals.len()];
    for _ in 0..ROUNDS {
        for ((rival, runs), times) in rivals.iter().zip(&runs).zip(&mut rounds) {
            times.push(turn(rival, *runs));
        }
    }
    let ratios = rounds[0].iter().zip(&rounds[1]).map(|(enact, other)| enact / other).collect();
    Times { ratio: median(ratios), each: rounds.into_iter().map(median).collect() }
}

fn turn(rival: &Rival, runs: u32) -> f64 {
    let start = Instant::now();
    for _ in 0..runs {
        black_box((rival.run)());
    }
    start.elapsed().as_secs_f64() / f64::from(runs)
}

fn runs_per_turn(rival: &Rival) -> u32 {
    let mut runs = 1;
    while turn(rival, runs) * f64::from(runs) < TURN.as_secs_f64() {
        runs *= 2;
    }
    runs
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

/// A time as a person reads it.
pub(crate) fn readable(seconds: f64) -> String {
    match seconds {
        s if s < 1e-6 => format!("{:.0} ns", s * 1e9),
        s if s < 1e-3 => format!("{:.2} µs", s * 1e6),
        s => format!("{:.2} ms", s * 1e3),
    }
}

/// A count with commas between thousands.
pub(crate) fn grouped(count: f64) -> String {
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
