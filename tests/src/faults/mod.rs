//! Faults of the service as a whole: its processes are killed, its database and its disks fail, its remotes misbehave.
//! Whatever was answered with 2xx is applied once, and nothing is left running.
//!
//! The processes are those of the program that was built, the database and the remotes are real ones on this machine.
//! `scripts/try-kills` runs the longer forms.

mod crash_points;
mod disks;
mod flood;
mod home;
mod killing;
mod mirrors;
#[path = "../../../store/tests/faults/own_server.rs"]
mod own_server;
mod postgres_away;
mod process;
mod remotes;
mod stream;
mod together;
mod visible;
mod waiting;
mod watched;

/// A number that a longer run is told of: `rounds=100` behind the name of the test.
fn told(name: &str) -> Option<u64> {
    std::env::args().find_map(|argument| argument.strip_prefix(name)?.strip_prefix('=')?.parse().ok())
}

pub(crate) use crate::receive::faults::not_run;

/// True where this process may do everything.
fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata("/proc/self").is_ok_and(|of_this_process| of_this_process.uid() == 0)
}
