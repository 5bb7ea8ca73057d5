//! The only crate that knows Git and the file system: a folder, a bare repository or an address in, one tree out.
//!
//! Everything it meets is hostile until read: nothing is checked out, no hook or filter is run, no symbolic link is
//! followed, and every number that a repository chooses (entries, depth, sizes, paths of a commit) has a bound.

mod content;
mod folder;
mod git_dir;
mod history;
mod limits;
mod path_text;
mod progress;
mod reading;
mod repository;
mod source;
mod submodules;
mod tree;
pub mod wire;

pub use history::{Batch, History, HistoryEnd, HistoryError, Walk};
pub use limits::Limits;
pub use progress::{Phase, Progress, Silent};
pub use reading::{KnownTree, ReadOptions, Reading, ReadingError};
pub use repository::{OpenError, RepositoryFacts};
pub use source::{Refs, RefsError, Source, SubmoduleError};
