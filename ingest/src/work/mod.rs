//! The worker: takes jobs from our queue and does them. apalis is the runtime; the `jobs` table alone says what is so.
//!
//! - [`claiming`] takes as many jobs as there are free slots ([`held`]), [`backend`] hands them to apalis, [`layers`] wraps each
//!   one, [`settling`] writes down how it ended, [`leases`] keeps what is held and takes back what others lost.
//! - [`sharing`] keeps a tenant that floods from taking all processors.
//! - [`handler`] is what somebody writes who adds a kind of job; [`route`], [`look`] and [`prune`] are some.
//! - [`clock`] enqueues what is due once a day, [`watchdog`] measures.
//!
//! No transaction is open while a job works, so a process may end at any moment: its leases run out and the jobs run again.

mod apply;
mod backend;
mod backoff;
mod claiming;
mod clock;
mod handler;
mod held;
mod layers;
mod leases;
mod linking;
mod look;
mod lookups;
mod planning;
mod prune;
mod route;
mod settings;
mod settling;
mod sharing;
mod watchdog;
mod worker;

pub use handler::{Clock, Context, Handler, JobFailure, JobResult, Remedy, Settled, machine_clock};
pub use look::{LookSettings, look_handlers};
pub use planning::{Meaning, PlannedDelivery, plan_delivery};
pub use route::APPLY;
pub use settings::WorkerSettings;
pub use watchdog::watch_queue;
pub use worker::{StartError, Worker};

use std::time::Duration;

/// What is done for each kind of job, but for looks, which need to be told how to fetch ([`look_handlers`]). A kind that lands
/// adds its line.
pub fn handlers() -> Vec<Handler> {
    vec![
        Handler::new(muster_store::ROUTE, Duration::from_secs(60), |job, context| {
            Box::pin(route::route(job, context))
        })
        .brief(),
        Handler::new(APPLY, Duration::from_secs(10 * 60), |job, context| {
            Box::pin(apply::apply(job, context))
        })
        .brief(),
        Handler::new(muster_store::LINK, Duration::from_secs(10 * 60), |job, context| {
            Box::pin(linking::link(job, context))
        }),
        Handler::new(prune::PRUNE, Duration::from_secs(60 * 60), |job, context| {
            Box::pin(prune::prune(job, context))
        }),
    ]
}
