//! Moving tenants and databases: every row of every table arrives, on either engine, or nothing does.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test binary: a panic is the message")]

mod catalogues;
mod children;
mod copies;
mod exports;
mod filled;
mod killed;
mod transfers;

#[path = "../scratch/mod.rs"]
mod scratch;

use muster_store::Timestamp;

const NOW: Timestamp = Timestamp(1_700_000_000_000);

/// Nobody watches.
fn quiet(_: &str, _: u64) {}
