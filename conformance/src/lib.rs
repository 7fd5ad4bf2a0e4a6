//! What a real Astro server answered, as cases that any server carrying the fixture must pass.
//!
//! A [`Case`] is a request and what is expected of its answer; [`recorded`] returns those that come with this crate and
//! [`load_dir`] reads more of the same format. A [`Transport`] carries a request to a server and brings its [`Answer`]
//! back: [`Tcp`] does so over a socket, byte for byte; a registry in memory, or a platform's emulator, needs a few lines
//! of its own. A [`Runner`] sends the cases and returns a [`Report`]. What every server has to refuse, and bear, is
//! [`security`]: cases of the same form, counted apart. The [`Answers`] of several servers are held against each other, byte
//! for byte, by a [`Comparison`].
//!
//! ```no_run
//! use enact_conformance::{Runner, Skip, Tcp, recorded, security};
//!
//! let cases = [recorded()?, security()?].concat();
//! let skips = [Skip::case("context/whoami/bad-percent", "the host's proxy normalises cookies")];
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
pub mod fixture;
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
