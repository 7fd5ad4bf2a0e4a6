//! `cargo bench -p enact` prints how the core does beside the same work by hand, as a Markdown table.
//!
//! What is compared does the same work: [`work`] holds the bodies, the types and the handlers, and before anything is measured
//! all answers must be equal. Instructions are counted by callgrind, in this same program; where it is not installed, only
//! time is measured. Without `--bench`, as `cargo test --benches` runs it, nothing is measured.

mod calls;
mod lists;
mod lookup;
mod measure;
mod uploads;
mod work;
mod wrong;

use bytes::Bytes;
use serde_json::Value;

/// A work, and who does it.
struct Contest {
    title: &'static str,
    /// What `Rivals::beside` is.
    beside: &'static str,
    /// The most instructions that the core may take, as a multiple of what stands beside it.
    target: Option<f64>,
    /// How often it is done under callgrind.
    runs: u32,
    rivals: fn() -> Rivals,
}

struct Rivals {
    enact: Rival,
    beside: Rival,
    /// Hand-written, without a framework.
    floor: Option<Rival>,
}

/// One way to do the work.
struct Rival {
    /// Does it once, and gives the answer's body.
    run: Box<dyn Fn() -> Bytes>,
    /// Reads the answer.
    read: fn(&[u8]) -> Value,
}

impl Rival {
    /// One that answers in devalue.
    fn devalue(run: impl Fn() -> Bytes + 'static) -> Self {
        Self { run: Box::new(run), read: |body| enact::devalue::from_slice(body).expect("devalue") }
    }

    /// One that answers in JSON.
    fn json(run: impl Fn() -> Bytes + 'static) -> Self {
        Self { run: Box::new(run), read: |body| serde_json::from_slice(body).expect("JSON") }
    }

    fn answer(&self) -> Value {
        (self.read)(&(self.run)())
    }
}

impl Rivals {
    fn all(&self) -> Vec<&Rival> {
        [Some(&self.enact), Some(&self.beside), self.floor.as_ref()].into_iter().flatten().collect()
    }
}

const CONTESTS: &[Contest] = &[
    Contest { title: "A JSON action", beside: "axum, `Json<T>`", target: Some(0.8), runs: 200, rivals: calls::json },
    Contest {
        title: "A form of 15 fields",
        beside: "axum-extra, `Form<T>`",
        target: Some(0.8),
        runs: 100,
        rivals: calls::form,
    },
    Contest {
        title: "1,000 records with dates, written",
        beside: "`serde_json::to_vec`",
        target: Some(1.5),
        runs: 4,
        rivals: lists::records_written,
    },
    Contest {
        title: "1,000 records, read",
        beside: "axum, `Json<T>`",
        target: None,
        runs: 4,
        rivals: lists::records_read,
    },
    Contest {
        title: "A multipart form with a file of 10 MB",
        beside: "multer alone",
        target: Some(1.1),
        runs: 2,
        rivals: uploads::file,
    },
    Contest {
        title: "Six wrong fields, all reported",
        beside: "axum, `Json<Value>` and checks by hand",
        target: None,
        runs: 100,
        rivals: wrong::six,
    },
    Contest {
        title: "Finding one of 100 actions",
        beside: "one of 10",
        target: Some(1.05),
        runs: 1000,
        rivals: lookup::among::<100>,
    },
    Contest {
        title: "Finding one of 1,000 actions",
        beside: "one of 10",
        target: Some(1.05),
        runs: 1000,
        rivals: lookup::among::<1_000>,
    },
    Contest {
        title: "Finding one of 10,000 actions",
        beside: "one of 10",
        target: Some(1.05),
        runs: 1000,
        rivals: lookup::among::<10_000>,
    },
];

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let Some(order) = measure::Order::from_args(&args) {
        return order.obey(CONTESTS);
    }
    let bench = args.iter().any(|arg| arg == "--bench");
    let wanted = args.iter().find(|arg| !arg.starts_with('-'));
    if bench {
        println!("| Work | Measured | enact | Beside it | Ratio | Target | | Floor |");
        println!("|---|---|--:|--:|--:|--:|---|--:|");
    }
    for (index, contest) in CONTESTS.iter().enumerate() {
        if wanted.is_some_and(|wanted| !contest.title.contains(wanted.as_str())) {
            continue;
        }
        let rivals = (contest.rivals)();
        for rival in rivals.all() {
            assert_eq!(rivals.enact.answer(), rival.answer(), "{}: the rivals answer differently", contest.title);
        }
        if bench {
            report(index, contest, &rivals);
        }
    }
}

fn report(index: usize, contest: &Contest, rivals: &Rivals) {
    let Contest { title, beside, target, .. } = contest;
    let rivals = rivals.all();
    let counts: Option<Vec<f64>> =
        (0..rivals.len()).map(|rival| measure::instructions(index, rival, contest.runs)).collect();
    match counts {
        Some(counts) => {
            let ratio = counts[0] / counts[1];
            let (limit, verdict) = match target {
                Some(target) if ratio <= *target => (format!("≤ {target:.2}"), "reached"),
                Some(target) => (format!("≤ {target:.2}"), "**not reached**"),
                None => (String::new(), ""),
            };
            let [enact, other, floor] = cells(&counts, measure::grouped);
            println!(
                "| {title} | instructions | {enact} | {other} ({beside}) | {ratio:.2} | {limit} | {verdict} | {floor} |"
            );
        }
        None => println!("| {title} | instructions | valgrind is not installed | | | | | |"),
    }
    let times = measure::times(&rivals);
    let [enact, other, floor] = cells(&times.each, measure::readable);
    println!("| | time | {enact} | {other} | {:.2} | | | {floor} |", times.ratio);
}

fn cells(figures: &[f64], print: fn(f64) -> String) -> [String; 3] {
    [0, 1, 2].map(|at| figures.get(at).map_or_else(String::new, |figure| print(*figure)))
}
