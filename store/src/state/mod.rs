//! The current state of a repository: loaded whole, compared outside (`engine`), and changed in one short transaction.
//!
//! Loading and changing are two transactions, since the comparison between them is work. The repository's `revision`
//! ties them together: where somebody saved in between, the change is refused and the caller starts again.

mod apply;
mod change;
mod load;
mod project_row;
mod task_row;

pub(crate) use apply::write_state;
pub use change::{Applied, ProjectChange, ProjectRef, StateChange, TaskChange, TaskRef};
pub use load::{ExtractKey, KnownProject, KnownState, KnownTask, StoredExtract};
pub(crate) use project_row::{manifest_from_row, project_from_row};
pub(crate) use task_row::found_from_row;
