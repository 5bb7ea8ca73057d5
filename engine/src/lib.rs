//! One sentence each: scan, reconcile, link, save, look. The only place that joins scanner, detectors, linker and store.

mod commits;
mod link;
mod look;
mod merge;
mod present;
pub mod reconcile;
mod remote;
mod save;
mod scan;
mod snapshot;
mod task_texts;

pub use commits::{CommitReader, ReadCommit};
pub use link::{link, link_some, resolve_links};
pub use muster_scanner::Silent;

pub use look::{LookEnd, LookError, LookOptions, Looked, MOST_PULL_COMMITS, look, look_at_pull};
pub use merge::Merged;
pub use present::{Presentation, present};
pub use remote::{
    AddressError, AddressPolicy, Credentials, FETCH_ENVIRONMENT, FetchError, FetchLimits, FetchOptions,
    FetchTrouble, MIRROR_BYTES, Mirror, MirrorAt, MirrorCache, RemoteAddress, Remotes, Wanted,
};
pub use save::{HistorySaved, HistoryWriter, SaveCounts, Saved, WalkEnd, kept_extracts, save};
pub use scan::{Counts, Rules, Scan, ScanError, ScanOptions, explain, known_tree, scan};
pub use snapshot::{ExtractRow, Snapshot};
pub use task_texts::read_task;
