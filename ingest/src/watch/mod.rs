//! Watching a running service: is it alive, is it ready, how is it doing.
//!
//! Nothing here tells of a tenant, a repository or a secret, and no metric has a label with their names. Still these routes
//! are for whoever runs the service: a proxy in front of it should pass on `/api/` and keep these inside.

mod checks;
mod disk;
mod metrics;
mod routes;
pub mod spans;
#[cfg(feature = "otel")]
mod traces;

pub use checks::{Readiness, Watched};
pub use metrics::{InstallError, Metrics, install};
pub use routes::router;
#[cfg(feature = "otel")]
pub use traces::{Traces, TracesError};
