//! Tenants are kept apart: every table against every way to reach another tenant's rows, and random work of three
//! tenants against a model.
//!
//! The audit of the catalogue has its proof in `src/isolation/planted.rs`, the pool of connections in
//! `src/database/leaks.rs`: both need what only the crate itself sees.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test binary: a panic is the message")]

mod matrix;
mod model;

#[path = "../conformance/examples.rs"]
#[allow(dead_code, reason = "the laws use all of it")]
mod examples;
#[path = "../scratch/mod.rs"]
mod scratch;
