//! Benchmarks of the core. `cargo bench -p enact` prints a Markdown table.
//!
//! All implementations of a benchmark do the same work: they share the inputs, types and handlers of [`workload`], and their
//! responses are compared before anything is measured. callgrind counts the instructions, by running this program again;
//! without valgrind, only times are measured. `cargo bench -p enact -- TITLE` runs the benchmarks whose titles contain `TITLE`.
//! Without `--bench`, as in `cargo test --benches`, the responses are compared and nothing is measured.

mod calls;
mod issues;
mod lists;
mod lookup;
mod measurement;
mod uploads;
mod workload;

use bytes::Bytes;
use serde_json::Value;

struct Benchmark {
    title: &'static str,
    /// The name of `Implementations::baseline`.
    baseline: &'static str,
    /// The highest accepted ratio of instructions, enact to baseline.
    target: Option<f64>,
    /// The number of runs under callgrind.
    runs: u32,
    implementations: fn() -> Implementations,
}

struct Implementations {
    enact: Implementation,
    baseline: Implementation,
    /// The same work by hand, without a framework.
    by_hand: Option<Implementation>,
}

struct Implementation {
    /// Does the work once and returns the response's body.
    run: Box<dyn Fn() -> Bytes>,
    /// Parses a response's body.
    parse: fn(&[u8]) -> Value,
}

impl Implementation {
    /// An implementation whose response is devalue.
    fn devalue(run: impl Fn() -> Bytes + 'static) -> Self {
        Self { run: Box::new(run), parse: |body| enact::devalue::from_slice(body).expect("devalue") }
    }

    /// An implementation whose response is JSON.
    fn json(run: impl Fn() -> Bytes + 'static) -> Self {
        Self { run: Box::new(run), parse: |body| serde_json::from_slice(body).expect("JSON") }
    }

    fn respond(&self) -> Value {
        (self.parse)(&(self.run)())
    }
}

impl Implementations {
    fn all(&self) -> Vec<&Implementation> {
        [Some(&self.enact), Some(&self.baseline), self.by_hand.as_ref()].into_iter().flatten().collect()
    }
}

const BENCHMARKS: &[Benchmark] = &[
    Benchmark {
        title: "JSON action with one property",
        baseline: "axum, `Json<T>`",
        target: Some(0.8),
        runs: 200,
        implementations: calls::json,
    },
    Benchmark {
        title: "Form action with 15 fields",
        baseline: "axum-extra, `Form<T>`",
        target: Some(0.8),
        runs: 100,
        implementations: calls::form,
    },
    Benchmark {
        title: "Form action with 15 fields on a page, rejected",
        baseline: "the same form, accepted",
        target: None,
        runs: 100,
        implementations: calls::rejected_form,
    },
    Benchmark {
        title: "JSON input of 1,000 records",
        baseline: "axum, `Json<T>`",
        target: None,
        runs: 4,
        implementations: lists::input,
    },
    Benchmark {
        title: "devalue output of 1,000 records with dates",
        baseline: "`serde_json::to_vec`",
        target: Some(1.5),
        runs: 4,
        implementations: lists::output,
    },
    Benchmark {
        title: "Multipart form with a 10 MB file",
        baseline: "multer alone",
        target: Some(1.1),
        runs: 2,
        implementations: uploads::file,
    },
    Benchmark {
        title: "JSON input with six issues",
        baseline: "axum, `Json<Value>`, checks by hand",
        target: None,
        runs: 100,
        implementations: issues::six,
    },
    Benchmark {
        title: "Lookup of an action among 100",
        baseline: "among 10",
        target: Some(1.05),
        runs: 1000,
        implementations: lookup::among::<100>,
    },
    Benchmark {
        title: "Lookup of an action among 1,000",
        baseline: "among 10",
        target: Some(1.05),
        runs: 1000,
        implementations: lookup::among::<1_000>,
    },
    Benchmark {
        title: "Lookup of an action among 10,000",
        baseline: "among 10",
        target: Some(1.05),
        runs: 1000,
        implementations: lookup::among::<10_000>,
    },
];

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let Some(job) = measurement::Job::from_args(&args) {
        return job.execute(BENCHMARKS);
    }
    let measures = args.iter().any(|arg| arg == "--bench");
    let filter = args.iter().find(|arg| !arg.starts_with('-'));
    if measures {
        println!("| Benchmark | Unit | enact | Baseline | Ratio | Target | | By hand |");
        println!("|---|---|--:|--:|--:|--:|---|--:|");
    }
    for (index, benchmark) in BENCHMARKS.iter().enumerate() {
        if filter.is_some_and(|filter| !benchmark.title.contains(filter.as_str())) {
            continue;
        }
        let implementations = (benchmark.implementations)();
        for implementation in implementations.all() {
            let (expected, actual) = (implementations.enact.respond(), implementation.respond());
            assert_eq!(expected, actual, "{}: the responses differ", benchmark.title);
        }
        if measures {
            print_rows(index, benchmark, &implementations);
        }
    }
}

fn print_rows(index: usize, benchmark: &Benchmark, implementations: &Implementations) {
    let Benchmark { title, baseline: name, target, .. } = benchmark;
    let implementations = implementations.all();
    let counts: Option<Vec<f64>> = (0..implementations.len())
        .map(|implementation| measurement::count_instructions(index, implementation, benchmark.runs))
        .collect();
    match counts {
        Some(counts) => {
            let ratio = counts[0] / counts[1];
            let (limit, verdict) = match target {
                Some(target) if ratio <= *target => (format!("≤ {target:.2}"), "met"),
                Some(target) => (format!("≤ {target:.2}"), "**missed**"),
                None => (String::new(), ""),
            };
            let [enact, baseline, by_hand] = format_cells(&counts, measurement::format_count);
            println!(
                "| {title} | instructions | {enact} | {baseline} ({name}) | {ratio:.2} | {limit} | {verdict} | {by_hand} |"
            );
        }
        None => println!("| {title} | instructions | valgrind is not installed | | | | | |"),
    }
    let times = measurement::measure_times(&implementations);
    let [enact, baseline, by_hand] = format_cells(&times.medians, measurement::format_time);
    println!("| | time | {enact} | {baseline} | {:.2} | | | {by_hand} |", times.ratio);
}

fn format_cells(figures: &[f64], format: fn(f64) -> String) -> [String; 3] {
    [0, 1, 2].map(|at| figures.get(at).map_or_else(String::new, |figure| format(*figure)))
}
