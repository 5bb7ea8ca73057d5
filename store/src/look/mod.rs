//! Looks: what a repository's refs reach, compared with what is stored, and the one transaction that moves it.
//!
//! Commits are immutable and are written long before anybody sees them; what changes is which of them some ref reaches and
//! which the default branch reaches. Both are kept with each commit, so that a list needs no walk, and both are moved by the
//! transaction that moves the refs. As long as a repository's history is `complete`, this holds: a commit is shown where,
//! and only where, a ref that is not deleted reaches it; `on_default_since` is set where, and only where, its head reaches
//! it. Whoever is about to break that marks the history `partial` first, and the next look compares everything.

mod change;
mod freshness;
mod pull;
mod refs;
mod settle;
mod standing;

pub use change::{CommitMarks, LookChange, LookSettled, RefChange};
pub use freshness::{FetchSource, Freshness};
pub use pull::{PullChange, PullRequest};
pub use refs::{StoredRef, StoredRefs};
pub use standing::{CommitStanding, GraphCommit, Standing};
