//! Problems in few words: how many of each kind, the first of them, and where the rest is.

use std::collections::{BTreeMap, HashSet};
use std::io::{self, Write};

use muster_model::{Document, Problem, ProblemKind, join};

use super::amounts::{counted, number};
use super::style::{FAINT, Look, WARNING};
use super::visible::{brief, cut, visible};

/// So many of a kind are written out.
const SHOWN: usize = 3;
/// So many columns a sentence may take where the terminal says nothing.
const LONGEST: usize = 400;

/// The words for a kind.
fn words(kind: ProblemKind) -> &'static str {
    match kind {
        ProblemKind::BrokenManifest => "broken manifests",
        ProblemKind::Configuration => "configuration",
        ProblemKind::MissingObject => "missing objects",
        ProblemKind::Unreadable => "unreadable",
        ProblemKind::PathNotUtf8 => "paths that are not UTF-8",
        ProblemKind::LimitReached => "limits reached",
        ProblemKind::Submodule => "submodules",
        ProblemKind::NestedRepository => "nested repositories",
        ProblemKind::Ownership => "ownership",
        ProblemKind::History => "history",
        ProblemKind::AbsurdTime => "absurd times",
        ProblemKind::Head => "HEAD",
    }
}

/// Writes what could not be read, and what is wrong with single projects; nothing where all is well.
pub(crate) fn write_problems(out: &mut impl Write, document: &Document, look: &Look) -> io::Result<()> {
    let mut kinds: BTreeMap<ProblemKind, Vec<&Problem>> = BTreeMap::new();
    for problem in &document.problems {
        kinds.entry(problem.kind).or_default().push(problem);
    }
    // What is wrong with a manifest is said of the file and of its project: to a person once, as the file's.
    let said: HashSet<String> = document
        .problems
        .iter()
        .filter_map(|problem| Some(format!("{}: {}", problem.path.as_deref()?, problem.message)))
        .collect();
    let of_projects: Vec<(&str, &str)> = document
        .projects
        .iter()
        .flat_map(|project| project.problems.iter().map(|text| (project.path.as_str(), text.as_str())))
        .filter(|(path, text)| !said.contains(&join(path, text)))
        .collect();
    let total = document.problems.len() + of_projects.len();
    if total == 0 {
        return Ok(());
    }
    writeln!(out, "\n{}", look.paint(WARNING, &counted(total as u64, "problem")))?;
    for (kind, problems) in &kinds {
        let lines = problems.iter().map(|problem| (problem.path.as_deref(), problem.message.as_str()));
        write_group(out, look, words(*kind), problems.len(), lines)?;
    }
    if !of_projects.is_empty() {
        let lines = of_projects.iter().map(|(path, text)| (Some(*path), *text));
        write_group(out, look, "projects", of_projects.len(), lines)?;
    }
    Ok(())
}

fn write_group<'a>(
    out: &mut impl Write,
    look: &Look,
    words: &str,
    total: usize,
    lines: impl Iterator<Item = (Option<&'a str>, &'a str)>,
) -> io::Result<()> {
    writeln!(out, "  {words}: {}", number(total as u64))?;
    // One more than is shown would take as much room as the line that says how many are left.
    let shown = if total == SHOWN + 1 { total } else { SHOWN };
    let mark = look.glyph("…", "~");
    let room = look.width.unwrap_or(LONGEST).saturating_sub(4);
    for (path, message) in lines.take(shown) {
        let message = brief(message.trim(), room, mark);
        let line = match path {
            Some(".") => format!("the root: {message}"),
            Some(path) => format!("{}: {message}", visible(path)),
            None => message,
        };
        writeln!(out, "    {}", cut(&line, room, mark))?;
    }
    if total > shown {
        let rest = format!("and {} more: --format json lists them all", number((total - shown) as u64));
        writeln!(out, "    {}", look.paint(FAINT, &rest))?;
    }
    Ok(())
}
