//! Faults: what is said when a database cannot be used, and that the same command, or the same open store, works again
//! when it can, without hands.
//!
//! A server is taken away by a proxy that stands before it, for the server of the tests belongs to all of them; what has
//! to be done to a server itself is done to one of its own, where PostgreSQL's programs are found.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test binary: a panic is the message")]

mod child;
mod disk;
mod logging_in;
mod migrating;
mod mixed_writes;
mod own_server;
mod own_server_faults;
mod proxy;
mod read_only;
mod replaced;
mod waiting;
mod wire;

#[path = "../conformance/examples.rs"]
#[allow(dead_code, reason = "made for the laws; some of it serves here too")]
mod examples;
#[path = "../scratch/mod.rs"]
mod scratch;

use std::time::Duration;

use muster_store::{Connections, DatabaseUrl, OpenError, Store, StoreError};

/// More patience than any machine asks for: where waiting is not the matter, it decides nothing.
const PATIENT: Connections =
    Connections { most: 8, patience: Duration::from_secs(300), lock_patience: Duration::from_secs(300) };
/// So little that it may run out, in a test that waits for this.
const HURRIED: Connections =
    Connections { most: 4, patience: Duration::from_secs(5), lock_patience: Duration::from_millis(500) };

/// What is said when the database cannot be opened.
async fn refused(url: &DatabaseUrl) -> String {
    Store::open_with(url, PATIENT).await.unwrap_err().to_string()
}

/// The one reason that lies below.
#[track_caller]
fn reason(error: OpenError) -> StoreError {
    match error {
        OpenError::Store(error) => error,
        other => panic!("{other:?}"),
    }
}

/// Notes what could not be run, and why.
#[expect(clippy::disallowed_methods, reason = "the tests are told by scripts/test where to write it down")]
fn not_run(what: &str) {
    use std::io::Write as _;
    println!("not run: {what}");
    if let Some(summary) = std::env::var_os("MUSTER_NOT_RUN") {
        let mut file = std::fs::OpenOptions::new().append(true).create(true).open(summary).unwrap();
        writeln!(file, "{what}").unwrap();
    }
}

/// True where this process may do everything.
fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata("/proc/self").is_ok_and(|of_this_process| of_this_process.uid() == 0)
}
