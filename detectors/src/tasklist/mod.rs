//! Checkbox tasks: the items of a GitHub-flavoured Markdown task list.
//!
//! A Markdown parser finds them, not a pattern over lines: only a parser knows that a box inside a fence, indented
//! code, an HTML comment or a code span is no task, and that one in a block quote or four spaces deep is.

mod depth;
pub(crate) mod frontmatter;
mod items;
mod key;
mod lines;

use muster_model::FoundTask;

/// The items of a task list, in order of line, frontmatter left out.
///
/// `[ ]`, `[x]` and `[X]` as GitHub reads them; besides, at the start of a list item, `[~]` and `[>]` (in progress),
/// `[!]` (blocked) and `[-]` (cancelled). Lines count from 1 at the top of the file, frontmatter included, and are
/// those of the marker. Takes any text; time grows with its length alone, because nesting is bounded.
pub fn read(content: &str) -> Vec<FoundTask> {
    items::find(content)
}

#[cfg(test)]
mod tests;
