//! `muster scan` for people: the tree of projects, totals, problems, and what is hidden.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};

use anstyle::Style;
use muster_model::{Document, Project, RepositoryLine, Role, Status, SubmoduleLine, file_name, is_within};

use super::amounts::{counted, number, seconds, size};
use super::problems::write_problems;
use super::style::{FAINT, GOOD, KIND, Look, PLAIN, STRONG, WARNING};
use super::table::{Cell, Column, Table};
use super::visible::visible;

/// Cells of a progress bar.
const BAR: u64 = 8;
/// Digits of a commit's name that a person is shown.
const SHORT: usize = 10;

/// Writes the whole picture of a scan.
pub(crate) fn write_tree(out: &mut impl Write, document: &Document, look: &Look) -> io::Result<()> {
    write_repository(out, &document.repository, look)?;
    if !document.projects.is_empty() {
        writeln!(out)?;
        projects_table(document, look).write(out, look)?;
    }
    write_totals(out, document, look)?;
    write_problems(out, document, look)
}

/// Where the picture was taken: the address, and on the same line the commit and its circumstances.
fn write_repository(out: &mut impl Write, repository: &RepositoryLine, look: &Look) -> io::Result<()> {
    let mut words = Vec::new();
    match (&repository.head, &repository.revision, &repository.branch) {
        (Some(head), Some(revision), _) => words.push(format!("{} at {}", visible(revision), short(head))),
        (Some(head), None, Some(branch)) => words.push(format!("{} at {}", visible(branch), short(head))),
        (Some(head), None, None) => words.push(format!("detached at {}", short(head))),
        (None, ..) if repository.object_format.is_some() => words.push("no commit yet".to_owned()),
        (None, ..) => words.push("not a Git repository".to_owned()),
    }
    if repository.dirty {
        words.push("with uncommitted changes".to_owned());
    }
    if repository.shallow {
        words.push("shallow".to_owned());
    }
    if let Some(commits) = repository.commit_count {
        words.push(counted(commits, "commit"));
    }
    let source = visible(&repository.source);
    writeln!(out, "{}  {}", look.paint(STRONG, &source), look.paint(FAINT, &words.join(", ")))
}

fn short(id: &str) -> &str {
    id.get(..SHORT).unwrap_or(id)
}

/// The projects in the order of the tree, each with the glyphs before its label.
fn in_tree_order<'a>(projects: &'a [Project], look: &Look) -> Vec<(&'a Project, String)> {
    let at: HashMap<&str, usize> =
        projects.iter().enumerate().map(|(at, project)| (project.path.as_str(), at)).collect();
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); projects.len()];
    let mut roots = Vec::new();
    for (child, project) in projects.iter().enumerate() {
        match project.parent_path.as_deref().and_then(|parent| at.get(parent)) {
            // Only a true ancestor is followed: then there is no circle, whatever the document says.
            Some(&parent)
                if project.path != projects[parent].path
                    && is_within(&project.path, &projects[parent].path) =>
            {
                children[parent].push(child);
            }
            _ => roots.push(child),
        }
    }
    let mut ordered = Vec::with_capacity(projects.len());
    // An explicit stack: a repository may nest deeper than ours is.
    let mut waiting: Vec<(usize, String, &str)> =
        roots.into_iter().rev().map(|root| (root, String::new(), "")).collect();
    while let Some((project, indent, branch)) = waiting.pop() {
        let below = match branch {
            "" => indent.clone(),
            _ if branch == look.glyph("└─ ", "`- ") => format!("{indent}   "),
            _ => format!("{indent}{}", look.glyph("│  ", "|  ")),
        };
        for (place, child) in children[project].iter().rev().enumerate() {
            let branch = if place == 0 { look.glyph("└─ ", "`- ") } else { look.glyph("├─ ", "|- ") };
            waiting.push((*child, below.clone(), branch));
        }
        ordered.push((&projects[project], format!("{indent}{branch}")));
    }
    ordered
}

/// What a project is called in the tree: its path below its parent; the root by its name.
fn label(project: &Project) -> &str {
    if project.path == "." {
        return &project.name;
    }
    match project.parent_path.as_deref() {
        Some(parent) if parent != "." && is_within(&project.path, parent) => {
            project.path[parent.len()..].trim_start_matches('/')
        }
        _ => &project.path,
    }
}

fn projects_table(document: &Document, look: &Look) -> Table<8> {
    let submodules: HashMap<&str, &SubmoduleLine> =
        document.submodules.iter().map(|submodule| (submodule.path.as_str(), submodule)).collect();
    let mut table = Table::new([
        Column::text("PROJECT", 24),
        Column::text("NAME", 12),
        Column::text("TYPE", 8),
        Column::text("VERSION", 8),
        Column::words("PROGRESS"),
        Column::number("TASKS"),
        Column::number("TODO"),
        Column::text("NOTES", 12),
    ]);
    for (project, indent) in in_tree_order(&document.projects, look) {
        let is_named_otherwise = project.path != "." && project.name != file_name(&project.path);
        let tasks = match project.total_tasks {
            0 => String::new(),
            total => format!("{}/{}", number(project.completed_tasks), number(total)),
        };
        let todo = if project.todo_count == 0 { String::new() } else { number(project.todo_count) };
        let (notes, style) = notes(project, submodules.get(project.path.as_str()).copied());
        table.push([
            Cell::new(
                &format!("{indent}{}", label(project)),
                if project.path == "." { STRONG } else { PLAIN },
            ),
            Cell::new(if is_named_otherwise { &project.name } else { "" }, PLAIN),
            Cell::new(&project.project_type, KIND),
            Cell::from(project.version.as_deref()),
            bar(project.completed_tasks, project.total_tasks, look),
            tasks.into(),
            todo.into(),
            Cell::new(&notes, style),
        ]);
    }
    table
}

/// How much is done. Full only where all is, empty only where nothing is.
fn bar(done: u64, total: u64, look: &Look) -> Cell {
    if total == 0 {
        return Cell::default();
    }
    let share = u128::from(done.min(total)) * u128::from(BAR) / u128::from(total);
    let filled = usize::try_from(share).unwrap_or(0).max(usize::from(done > 0));
    let empty = usize::try_from(BAR).unwrap_or(0) - filled;
    let bar = format!("{}{}", look.glyph("▰", "#").repeat(filled), look.glyph("▱", "-").repeat(empty));
    Cell::new(&bar, if done >= total { GOOD } else { PLAIN })
}

/// What sets a project apart from an ordinary one.
fn notes(project: &Project, submodule: Option<&SubmoduleLine>) -> (String, Style) {
    let mut notes = Vec::new();
    if project.role != Role::Primary {
        notes.push(project.role.as_str().to_owned());
    }
    match project.status {
        Status::OnHold => notes.push("on hold".to_owned()),
        Status::Archived => notes.push("archived".to_owned()),
        Status::Planned | Status::Active | Status::Completed => {}
    }
    if let Some(submodule) = submodule {
        let commit = submodule.commit.as_deref().map(|commit| format!(" at {}", short(commit)));
        let url = submodule.url.as_deref().filter(|_| !project.populated).map(|url| format!(": {url}"));
        let words = if project.populated { "submodule" } else { "not here" };
        notes.push(format!("{words}{}{}", url.unwrap_or_default(), commit.unwrap_or_default()));
    } else if !project.populated {
        notes.push("not here".to_owned());
    }
    if !project.problems.is_empty() {
        notes.push(counted(project.problems.len() as u64, "problem"));
    }
    (notes.join("; "), if project.problems.is_empty() { FAINT } else { WARNING })
}

/// Amounts by name, most first: `12 npm, 3 rust`.
fn listed(amounts: BTreeMap<&str, u64>) -> String {
    let mut amounts: Vec<_> = amounts.into_iter().filter(|(_, amount)| *amount > 0).collect();
    amounts.sort_by_key(|(_, amount)| std::cmp::Reverse(*amount));
    let words: Vec<_> =
        amounts.iter().map(|(name, amount)| format!("{} {}", number(*amount), visible(name))).collect();
    words.join(", ")
}

fn write_totals(out: &mut impl Write, document: &Document, look: &Look) -> io::Result<()> {
    let (projects, stats) = (&document.projects, &document.stats);
    let sum = |of: fn(&Project) -> u64| projects.iter().map(of).fold(0, u64::saturating_add);
    let mut types: BTreeMap<&str, u64> = BTreeMap::new();
    for project in projects {
        *types.entry(&project.project_type).or_default() += 1;
    }
    let (total, done) = (sum(|project| project.total_tasks), sum(|project| project.completed_tasks));
    let todo = sum(|project| project.todo_count);

    let types = if types.is_empty() { String::new() } else { format!(": {}", listed(types)) };
    writeln!(out, "\n{}{types}", look.paint(STRONG, &counted(projects.len() as u64, "project")))?;
    let tasks = if total == 0 {
        "no tasks".to_owned()
    } else {
        format!("{} of {} done", number(done), counted(total, "task"))
    };
    writeln!(out, "{tasks}, {}", counted(todo, "TODO"))?;
    if !document.submodules.is_empty() {
        let missing = document.submodules.iter().filter(|submodule| !submodule.populated).count() as u64;
        let words = if missing == 0 { String::new() } else { format!(", {} not here", number(missing)) };
        let declared =
            document.submodules.iter().filter(|submodule| submodule.commit.is_none()).count() as u64;
        let alone = if declared == 0 {
            String::new()
        } else {
            format!(", {} declared without a commit", number(declared))
        };
        writeln!(out, "{}{words}{alone}", counted(document.submodules.len() as u64, "submodule"))?;
    }
    let skipped = match stats.skipped_files {
        0 => String::new(),
        files => format!(", {} not read (large, binary, minified, generated or locked)", number(files)),
    };
    let files = format!(
        "{}, {}{skipped}, in {}",
        counted(stats.files, "file"),
        size(stats.bytes),
        seconds(stats.elapsed_ms)
    );
    writeln!(out, "{}", look.paint(FAINT, &files))?;
    if stats.hidden_projects > 0 {
        let hidden = [Role::Fixture, Role::Template, Role::Vendored].into_iter().map(|role| {
            let shown = projects.iter().filter(|project| project.role == role).count() as u64;
            (role.as_str(), stats.by_role.get(role.as_str()).map_or(0, |all| all.saturating_sub(shown)))
        });
        let words = format!(
            "{} hidden ({}): --all shows them",
            counted(stats.hidden_projects, "project"),
            listed(hidden.collect())
        );
        writeln!(out, "{}", look.paint(FAINT, &words))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
