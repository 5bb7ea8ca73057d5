//! The CODITECT format: task lists and plans in Markdown, with or without frontmatter, and `.coditect/project.yml`.
//!
//! The checkbox is the truth. What a file declares of itself is kept apart, and where the boxes contradict it a
//! sentence says so: in every real repository that was looked at, the frontmatter is stale.

mod declared;
mod detector;
mod manifest;
mod place;

pub(crate) use declared::{contradictions, declared_status, merge_declared};
pub(crate) use detector::Coditect;
pub(crate) use manifest::read;
pub(crate) use place::{CoditectFile, counting_file, file_kind, project_directory};

/// The detector's name, and the type of its projects.
pub(crate) const NAME: &str = "coditect";
