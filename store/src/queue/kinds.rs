//! The jobs that follow from what is written here: what they are called, what keeps two of them apart and what makes them one.
//!
//! They are made in the transaction that makes them necessary, so their shape stands beside the rows. What they do is for others
//! to know.

use serde_json::json;

use super::{JobKey, NewJob, Priority};
use crate::{RepositoryId, Timestamp};

/// Looks at a repository's refs and applies what moved; its payload is `{"repository": <id>}`.
pub const LOOK: &str = "look";
/// Fetches the commits of a pull request; its payload is `{"repository": <id>, "number": <n>}`.
pub const PULL: &str = "pull";
/// Makes the links that are still to be made; its payload is empty.
pub const LINK: &str = "link";

impl NewJob {
    /// A look at a repository; `first` where its whole history is still to come.
    pub fn look(repository: RepositoryId, priority: Priority, first: bool, now: Timestamp) -> Self {
        Self {
            kind: LOOK.to_owned(),
            payload: json!({ "repository": repository }),
            serial_key: Some(format!("git:{repository}")),
            key: JobKey::Coalescing(format!("look:{repository}")),
            priority,
            long: first,
            run_at: now,
            ..Self::default()
        }
    }

    /// The commits of a pull request.
    pub fn pull(repository: RepositoryId, number: i64, now: Timestamp) -> Self {
        Self {
            kind: PULL.to_owned(),
            payload: json!({ "repository": repository, "number": number }),
            serial_key: Some(format!("git:{repository}")),
            key: JobKey::Coalescing(format!("pull:{repository}:{number}")),
            run_at: now,
            ..Self::default()
        }
    }

    /// The links that are still to be made.
    pub fn link(now: Timestamp) -> Self {
        Self {
            kind: LINK.to_owned(),
            payload: json!({}),
            key: JobKey::Coalescing(LINK.to_owned()),
            run_at: now,
            ..Self::default()
        }
    }
}
