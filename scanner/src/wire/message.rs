//! What parent and child say to each other: one JSON document a line, the request down, reports up.

use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::address::Policy;
use super::failure::Failure;

/// No line of this conversation is longer.
pub(super) const LONGEST_LINE: u64 = 64 * 1024;

/// What the child is to do.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Request {
    /// The address; checked again by the child.
    pub(super) url: String,
    /// What the operator allows.
    pub(super) policy: Policy,
    /// A user name and password for the remote.
    pub(super) credentials: Option<Credentials>,
    /// The bare repository to fetch into.
    pub(super) directory: PathBuf,
    /// True where `directory` is to be made; false where it is a mirror to bring up to date.
    pub(super) fresh: bool,
    /// Not more than this many bytes may be received.
    pub(super) received_bytes: u64,
    /// Pull requests whose heads are wanted too.
    #[serde(default)]
    pub(super) pulls: Vec<u64>,
}

/// A user name and password (or token) for one remote. Never printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credentials {
    /// The user name; GitHub takes any for a token, such as `x-access-token`.
    pub username: String,
    /// The password or token.
    pub password: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(..)")
    }
}

/// What the child reports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "report")]
pub(super) enum Report {
    /// Something moved.
    Progress(Transfer),
    /// The mirror is complete.
    Done(Done),
    /// It will not be.
    Failed(Failure),
}

/// How far a transfer is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// Bytes that came over the network, TLS included.
    pub received_bytes: u64,
    /// Objects that came so far.
    pub received_objects: u64,
    /// Objects that the remote announced; 0 until it did.
    pub total_objects: u64,
    /// Deltas that were resolved.
    pub indexed_deltas: u64,
    /// Deltas to resolve.
    pub total_deltas: u64,
}

/// What a finished fetch brought.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Done {
    /// The remote's default branch, without `refs/heads/`.
    pub(super) head_branch: Option<String>,
    /// Branches and tags left out because their names are not valid or not UTF-8.
    pub(super) skipped_refs: u64,
    /// The last state of the transfer.
    pub(super) transfer: Transfer,
}
