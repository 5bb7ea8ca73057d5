//! What one look changes, as data.

use muster_model::ObjectId;

use crate::{Applied, CommitId, HistoryProgress, RepositoryId, ResolveLinks, StateChange, Timestamp};

/// Commits that are reached, or no longer, by any ref and by the default branch. Marked twice, a commit keeps the time of the
/// first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommitMarks {
    /// Some ref reaches them again, or for the first time.
    pub reached: Vec<CommitId>,
    /// No ref reaches them any more.
    pub lost: Vec<CommitId>,
    /// They came onto the default branch.
    pub joined: Vec<CommitId>,
    /// They left it.
    pub left: Vec<CommitId>,
}

impl CommitMarks {
    /// No commit stands otherwise than before.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Marks, all kinds together.
    pub fn len(&self) -> usize {
        self.reached.len() + self.lost.len() + self.joined.len() + self.left.len()
    }
}

/// A ref that was made, moved or removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefChange {
    /// The full name.
    pub name: String,
    /// The commit that it stands for now; `None` where it was removed. Everything that it reaches is stored.
    pub tip: Option<ObjectId>,
}

/// What a look changes, all or nothing.
#[derive(Clone, Debug)]
pub struct LookChange {
    /// Whose refs.
    pub repository: RepositoryId,
    /// The revision that everything here was computed from.
    pub revision: i64,
    /// What a scan of the default branch's tip changes; its name and address are not taken, for others know them better.
    pub state: Option<StateChange>,
    /// Refs that changed.
    pub refs: Vec<RefChange>,
    /// Commits that stand otherwise now.
    pub marks: CommitMarks,
    /// How much of the history is stored; `None`: as before.
    pub history: Option<HistoryProgress>,
    /// When the remote was asked, where everything that was there is visible now; pushes that were received until then are
    /// among it. `None`: more is to come, or nobody has asked the remote.
    pub seen: Option<Timestamp>,
    /// Makes the links that follow, as far as they are few; a job makes the rest. `None`: whoever settles makes them.
    pub link: Option<ResolveLinks>,
}

impl LookChange {
    /// A look that found everything as it was, to be filled.
    pub fn nothing(repository: RepositoryId, revision: i64) -> Self {
        Self {
            repository,
            revision,
            state: None,
            refs: Vec::new(),
            marks: CommitMarks::default(),
            history: None,
            seen: None,
            link: None,
        }
    }
}

/// What a look left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookSettled {
    /// What became of the state, where there was a change of it.
    pub applied: Option<Applied>,
    /// Something is shown otherwise than before.
    pub changed: bool,
    /// The revision now.
    pub revision: i64,
    /// The receipt of the oldest push that shows now and did not before.
    pub waited_since: Option<Timestamp>,
}
