//! A task: work to do, found in a task list or in a comment.

use serde::{Deserialize, Serialize};

/// Where a task comes from, and so who owns its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskKind {
    /// An item of a task list; the file owns its state.
    Checkbox,
    /// A TODO or FIXME in a comment; the file owns its state.
    Comment,
    /// An issue; the provider owns its state.
    Issue,
    /// A pull request; the provider owns its state.
    PullRequest,
}

impl TaskKind {
    /// The word of the scan document and of the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Checkbox => "checkbox",
            Self::Comment => "comment",
            Self::Issue => "issue",
            Self::PullRequest => "pull_request",
        }
    }
}

/// The state of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    /// Not begun: `[ ]`, and every comment task.
    Open,
    /// Begun: `[~]` or `[>]`.
    InProgress,
    /// Waits for something: `[!]`.
    Blocked,
    /// Done: `[x]`.
    Done,
    /// Will not be done: `[-]`.
    Cancelled,
}

impl TaskState {
    /// The word of the scan document and of the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::InProgress => "in_progress",
            Self::Blocked => "blocked",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
        }
    }
}

/// A task as one file yields it, before it is known which project it counts for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundTask {
    /// `Checkbox` or `Comment`.
    pub kind: TaskKind,
    /// The identifier at the start of a task list item (`P1-T01`), if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The text without marker, box, tag and assignee; may be empty for a comment.
    pub title: String,
    /// What the box says; always open for a comment.
    pub state: TaskState,
    /// The line of the marker or tag, from 1.
    pub line: u64,
    /// The enclosing item: its place in the file's list of tasks, always smaller than this one's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<usize>,
    /// The nearest heading above a task list item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// `TODO`, `FIXME`, ... in upper case, for a comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// Who is named in the parentheses after the tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<String>,
    /// Issues, keys and addresses that the task names, in order, each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<String>,
    /// Digest of the nearest non-blank line above and below the task, trimmed: tells equal tasks apart when lines
    /// move. 16 hexadecimal digits.
    pub surroundings: String,
}

/// A task of a scan: a found task, its file and the project that it counts for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// What the file says.
    pub found: FoundTask,
    /// The file.
    pub path: String,
    /// The project that counts it.
    pub project_path: String,
    /// The enclosing item: its place in the scan's list of tasks.
    pub parent: Option<usize>,
}
