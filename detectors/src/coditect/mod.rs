//! The CODITECT format: task lists and plans in Markdown, with or without frontmatter, and `.coditect/project.yml`.
//!
//! The checkbox is the truth. What a file declares of itself is kept apart, and where the boxes contradict it a
//! sentence says so: in every real repository that was looked at, the frontmatter is stale.

mod place;

pub(crate) use place::{CoditectFile, counting_file, file_kind, project_directory};

use muster_model::{Manifest, Status};
use serde_json::Value;

/// The detector's name, and the type of its projects.
pub(crate) const NAME: &str = "coditect";

/// Reads one CODITECT file; `path` is one for which `file_kind` answers. `None` for a template: a text that holds
/// `{{` makes no project, is no document, and its boxes are not read.
///
/// `declared` is the frontmatter, or the whole of `.coditect/project.yml`, as a JSON object. A declaration that
/// cannot be read is a problem of the manifest; the file still claims its directory.
pub(crate) fn read(_path: &str, _content: &str) -> Option<Manifest> {
    None
}

/// What a project declares: the counting file's frontmatter, overlaid with what `.coditect/project.yml` says, whose
/// `project` section is lifted to the top. `None` where neither says anything.
pub(crate) fn merge_declared(_frontmatter: Option<&Value>, _project_file: Option<&Value>) -> Option<Value> {
    None
}

/// The status that a declaration sets whatever the boxes say: on hold and blocked, archived and cancelled. For every
/// other word, and for prose, the boxes decide. Takes a merged declaration or that of one file.
pub(crate) fn declared_status(_declared: &Value) -> Option<Status> {
    None
}

/// Where one file's declaration and the boxes disagree, a sentence each ("frontmatter says complete; 531 of 620
/// boxes are open"). Ask for the counting file and for the project file, each with its own declaration.
pub(crate) fn contradictions(_file: CoditectFile, _declared: &Value, _total: u64, _done: u64) -> Vec<String> {
    Vec::new()
}
