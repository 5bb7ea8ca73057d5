//! `muster __fetch`: the wire, in a process of its own, so that a stall or crash there costs one job.

use std::io;
use std::process::ExitCode;

/// Fetches what standard input asks for, and reports on standard output.
pub(crate) fn run() -> ExitCode {
    muster_scanner::wire::run_child(io::BufReader::new(io::stdin()), io::stdout())
}
