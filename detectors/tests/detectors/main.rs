//! The detectors as the scanner meets them: cases, laws, a large master, and the tools that know better.

#![allow(clippy::unwrap_used, reason = "to clippy, what helps a test is no test")]

mod case;
mod cases;
mod hostile;
mod master;
mod oracles;
mod properties;
