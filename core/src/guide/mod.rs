//! The guide: a chapter for each topic, with examples that are compiled and run.
//!
//! The chapters are in reading order. They contain documentation only.

pub mod placeholder {}
