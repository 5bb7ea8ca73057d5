//! What one file yielded. Stored as JSON, so that an unchanged file need not be read again.

use serde::{Deserialize, Serialize};

use crate::{FoundTask, Manifest};

/// Why a file that would have been read was not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SkipReason {
    /// Above the size limit.
    TooLarge,
    /// Holds NUL bytes.
    Binary,
    /// Very long lines.
    Minified,
    /// Says of itself that a program wrote it.
    Generated,
}

/// What one file yielded; a file that yielded nothing has none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileExtract {
    /// What each detector that reads this file made of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub manifests: Vec<Manifest>,
    /// The items of a task list, in order of line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checkboxes: Vec<FoundTask>,
    /// The comment tasks, in order of line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub comments: Vec<FoundTask>,
    /// Why its comments were not read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skipped: Option<SkipReason>,
}

impl FileExtract {
    /// True where there is nothing to keep.
    pub fn is_empty(&self) -> bool {
        self.manifests.is_empty()
            && self.checkboxes.is_empty()
            && self.comments.is_empty()
            && self.skipped.is_none()
    }
}
