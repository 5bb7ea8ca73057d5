//! One sentence each: scan, reconcile, link, save. The only place that joins scanner, detectors, linker and store.

pub mod reconcile;
mod snapshot;

pub use snapshot::{ExtractRow, Snapshot};
