//! Issues and pull requests: tasks whose state the provider owns.
//!
//! What they have in common with other tasks is a row of `tasks`; the rest, and which report of it holds, is a row beside it. A
//! task that is deleted or moved away is closed, and one that was never heard of before is made closed: else an
//! earlier report that comes late would bring it to life.

mod facts;
mod put;
mod row;

pub use facts::ProviderTaskFacts;
pub(crate) use facts::facts_of;
pub use row::{TaskReference, TextSource};
