//! The worker, on both databases: whatever happens to it, no job is lost and none runs forever.

mod ending;
#[path = "../../../store/tests/conformance/examples.rs"]
#[allow(dead_code, reason = "made for the laws; some of it serves here too")]
mod examples;
mod fairness;
mod killing;
mod losing_the_server;
mod nightly;
mod processes;
mod program;
#[path = "../../../store/tests/faults/proxy.rs"]
#[allow(dead_code, reason = "made for the store's own faults; some of it serves here too")]
mod proxy;
mod routing;
pub(crate) mod scene;
mod stopping;
