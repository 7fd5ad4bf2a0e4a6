//! Recorded requests of Astro Actions, and a runner that compares a server's responses with those of a real Astro server.
//!
//! A [`Case`] is a request with the expectations of its response. [`recorded`] and [`security`] return the cases of this
//! crate; [`load_dir`] loads further ones. A [`Transport`] sends requests to a server: [`Tcp`] over sockets, byte for byte, or
//! an implementation of yours in memory or to a platform's emulator. A [`Runner`] sends the cases and returns a [`Report`].
//! [`Answers`] saves the responses of a server, and [`Comparison`] compares several servers byte by byte.
//!
//! ```no_run
//! use enact_conformance::{Runner, Skip, Tcp, recorded, security};
//!
//! let cases = [recorded()?, security()?].concat();
//! let skips = [Skip::case("context/whoami/bad-percent", "the proxy normalizes cookies")];
//! let report = Runner::new(&cases).with_checks().skips(&skips).run(&Tcp::new("http://127.0.0.1:3000")?);
//! print!("{report}");
//! assert!(report.is_success());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod answer;
mod answers;
mod case;
mod checks;
mod compare;
mod cookies;
mod devalue;
mod error;
mod load;
mod mismatch;
mod page;
mod parse;
mod prepared;
mod raw;
mod report;
mod run;
mod skip;
mod tagged;
mod transport;

pub use answer::Answer;
pub use answers::{Answers, Comparison};
pub use case::{Body, Case, CaseRequest, Expect, Framing};
pub use compare::compare;
pub use load::{LoadError, load_dir, recorded, security};
pub use mismatch::Mismatch;
pub use page::{Page, PageResult};
pub use prepared::{BodyFrames, PreparedRequest};
pub use raw::Tcp;
pub use report::{Counts, Outcome, Report, Verdict};
pub use run::{Runner, greet};
pub use skip::Skip;
pub use tagged::{Bytes, Tagged};
pub use transport::{PORT_WITHOUT_SOCKETS, Transport};
