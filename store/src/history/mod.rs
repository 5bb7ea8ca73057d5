//! History: commits with their paths, written in batches that no current state depends on, and read back from there.
//!
//! A batch may be cut off at any moment and sent again: commits are immutable, so what is there is left as it is.
//! How far history goes is said by `history` and by the tips of `refs`: a tip is stored only when everything that it
//! reaches is. Both are settled by a look (`look/`), for a scan of one line is a look at that line.

mod append;
mod dictionary;
mod ownership;
mod progress;
mod rebuild;
mod reread;

pub use append::{Appended, CommitRow, MAX_COMMIT_PATHS};
pub use progress::{HistoryProgress, StoredHistory};
pub use rebuild::RebuildMark;
pub use reread::StoredMessage;
