//! One sentence each: scan, reconcile, link, save. The only place that joins scanner, detectors, linker and store.

mod commits;
mod merge;
mod present;
pub mod reconcile;
mod save;
mod scan;
mod snapshot;

pub use commits::{CommitReader, ReadCommit};
pub use merge::Merged;
pub use present::{Presentation, present};
pub use save::{HistorySaved, HistoryWriter, SaveCounts, Saved, kept_extracts, save};
pub use scan::{Counts, Rules, Scan, ScanError, ScanOptions, explain, known_tree, scan};
pub use snapshot::{ExtractRow, Snapshot};
