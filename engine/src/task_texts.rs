//! What an issue or a pull request refers to: its title, its text and the name of its branch, read as messages of commits are.
//!
//! Most task keys have no shape that tells them from other words (`T2`, `P1-T01`), and the task may come after the text. So every
//! word that may be such a key is kept as a reference in doubt: it becomes a link when, and as long as, there is such a task. What
//! a text refers to follows from the text alone, whatever was known when it came.

use std::collections::HashSet;

use muster_linker::{Parser, Vocabulary, possible_keys};
use muster_model::{ProviderTask, Reference};
use muster_store::{TaskReference, TextSource};

/// The references of a report, in order: title, text, branch.
pub fn read_task(task: &ProviderTask) -> Vec<TaskReference> {
    let branch = task.pull_request.as_ref().map_or("", |pull_request| pull_request.head_ref.as_str());
    let spaced = branch.replace(['/', '_'], " ");
    let texts = [task.title.as_str(), task.body.as_str(), &spaced];
    let keys = texts.iter().flat_map(|text| possible_keys(text)).map(str::to_owned).collect();
    let everything = Parser::new(&Vocabulary { keys, prefixes: None });
    let sure = Parser::default();
    let mut found = Vec::new();
    for (source, text) in [(TextSource::Title, &task.title), (TextSource::Body, &task.body)] {
        add(&mut found, source, text, everything.parse(text), &sure.parse(text));
    }
    add(&mut found, TextSource::Branch, branch, everything.parse_branch(branch), &sure.parse_branch(branch));
    found
}

/// Adds what was found in a text; in doubt is what is not found there without knowing that it is a key.
fn add(
    found: &mut Vec<TaskReference>,
    source: TextSource,
    text: &str,
    references: Vec<Reference>,
    sure: &[Reference],
) {
    let sure: HashSet<(usize, usize)> = sure.iter().map(|sure| (sure.start, sure.end)).collect();
    found.extend(references.into_iter().map(|reference| TaskReference {
        source,
        matched: text.get(reference.start..reference.end).unwrap_or_default().to_owned(),
        in_doubt: !sure.contains(&(reference.start, reference.end)),
        reference,
    }));
}
