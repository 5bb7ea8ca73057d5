//! An issue or a pull request as its provider reports it.
//!
//! Always whole, never a difference: the later report replaces the earlier one, so a lost one costs nothing.

use serde::Serialize;

use crate::{ObjectId, ProviderId, ProviderTime, TaskKind, TaskState, Version};

/// A report of one issue or pull request. Every text is bounded; one that was cut ends with `…`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProviderTask {
    /// The repository that it belongs to; with `number`, its identity.
    pub repository: ProviderId,
    /// What people call it by: `#12`. Issues and pull requests of a repository share one sequence.
    pub number: u64,
    /// The provider's id of the issue or pull request, where it says one.
    pub id: Option<ProviderId>,
    /// Its place among the reports about this task.
    pub version: Version,
    /// As the provider's words map to ours. Of one that is gone: the last state, which is kept.
    pub state: TaskState,
    /// Why there is no such task any more: its row is closed, its history kept.
    pub gone: Option<Gone>,
    /// At most 1,024 characters.
    pub title: String,
    /// What it says, to look for references in; at most 65,536 characters. Empty where there is no text.
    pub body: String,
    /// Account name; none for a deleted account.
    pub author: Option<String>,
    /// Account names, sorted, each once; at most 100.
    pub assignees: Vec<String>,
    /// Names, sorted, each once; at most 100.
    pub labels: Vec<String>,
    /// When it was opened.
    pub opened_at: ProviderTime,
    /// When it was closed or merged, unknown while it is open.
    pub closed_at: ProviderTime,
    /// Where a person can see it. To show, never to contact.
    pub url: Option<String>,
    /// What only a pull request has; by this the two kinds are told apart.
    pub pull_request: Option<PullRequestFacts>,
}

impl ProviderTask {
    /// Issue or pull request.
    pub fn kind(&self) -> TaskKind {
        if self.pull_request.is_some() { TaskKind::PullRequest } else { TaskKind::Issue }
    }
}

/// Why a task is no longer at its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Gone {
    /// Removed at the provider.
    Deleted,
    /// Moved to another repository, where it has another number.
    Transferred {
        /// The repository, where it is said.
        to: Option<ProviderId>,
        /// The number there, where it is said.
        number: Option<u64>,
    },
}

/// What a pull request adds to an issue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PullRequestFacts {
    /// Name of the branch that asks to be merged: text to look for references in, never an identity, for it may be a
    /// fork's.
    pub head_ref: String,
    /// Its tip, a hint.
    pub head_sha: Option<ObjectId>,
    /// The repository of the head; none where that fork was deleted.
    pub head_repository: Option<ProviderId>,
    /// True unless the head is known to be of this very repository.
    pub from_fork: bool,
    /// Name of the branch that it wants to go into.
    pub base_ref: String,
    /// The base's tip, a hint.
    pub base_sha: Option<ObjectId>,
    /// What the merge made (merge, squash or last rebased commit); before that, a trial merge of the provider's.
    pub merge_commit: Option<ObjectId>,
    /// True once merged.
    pub merged: bool,
    /// True while it is a draft.
    pub draft: bool,
}
