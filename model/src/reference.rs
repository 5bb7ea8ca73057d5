//! What a message says about a task, an issue, a pull request or another commit.

use serde::{Deserialize, Serialize};

/// How a message relates to its target; the strongest wins where one message says several. Ordered weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Relation {
    /// Names it, nothing more.
    Mentions,
    /// Was cherry-picked from it.
    Backport,
    /// Came in through that pull or merge request.
    Pr,
    /// Takes back what was done.
    Reverts,
    /// Opens it again.
    Reopens,
    /// Says that it does the work.
    Implements,
    /// Says that the work is done.
    Closes,
}

impl Relation {
    /// The word of the scan document.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mentions => "mentions",
            Self::Backport => "backport",
            Self::Pr => "pr",
            Self::Reverts => "reverts",
            Self::Reopens => "reopens",
            Self::Implements => "implements",
            Self::Closes => "closes",
        }
    }
}

/// One reference with its evidence.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Reference {
    /// First byte of the matched text in the message.
    pub start: usize,
    /// One past the last byte of the matched text.
    pub end: usize,
    /// `#12`, `owner/repo#12`, a task key, or an abbreviated or whole commit id.
    pub target: String,
    /// How the message relates to the target.
    pub relation: Relation,
    /// Which rule of the grammar matched (`address`, `task_id`, `qualified`, `number`, `key`, `sha`), and, after a
    /// dot, the keyword rule where one applied.
    pub rule: String,
}
