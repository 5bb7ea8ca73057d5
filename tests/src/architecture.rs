//! The rules of the house, held by tests.
//!
//! A rule is a pure function from the texts of the workspace to what offends it, so that beside holding for the
//! workspace each one is shown to fail on a planted defect: a rule that cannot fail holds nothing.

mod crates;
mod fixtures;
mod sources;
mod texts;
mod workspace;

use workspace::SourceFile;

/// Fails with every offence, a line each.
fn assert_none(rule: &str, offences: &[String]) {
    assert!(offences.is_empty(), "{rule}:\n  {}", offences.join("\n  "));
}

/// A file for a planted defect.
fn planted(path: &str, text: &str) -> SourceFile {
    SourceFile { path: path.to_owned(), text: text.to_owned() }
}
