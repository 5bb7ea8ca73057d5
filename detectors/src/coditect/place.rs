//! Which files belong to the CODITECT format, and which directory they speak of: told by path alone.
//!
//! Names are compared without regard to case. A task list below `docs/project-management/` speaks of the directory
//! that holds `docs`, so that a project keeps its path when its task list is moved there.

use muster_model::{file_name, parent};

/// What a path's name promises. The order is that in which files are asked for boxes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum CoditectFile {
    /// `tasklist.md`.
    TaskList,
    /// `tasklist-with-checkboxes.md`.
    TaskListWithCheckboxes,
    /// `project-plan.md`.
    Plan,
    /// `.coditect/project.yml`: names the project, holds no boxes.
    ProjectFile,
    /// A Markdown file whose name only contains the words (`TASKLIST-BILLING.md`, `generate-project-plan.md`):
    /// listed under its project's documents, boxes not counted.
    Document,
}

impl CoditectFile {
    /// True where the file makes its directory a project.
    pub(crate) fn claims(self) -> bool {
        self != Self::Document
    }

    /// True where the file's boxes may be the project's tasks.
    pub(crate) fn may_count(self) -> bool {
        matches!(self, Self::TaskList | Self::TaskListWithCheckboxes | Self::Plan)
    }
}

/// What a path is to a CODITECT project; `None` for everything else and for templates (`*.template.md`, a file name
/// that holds `{{`). The caller passes regular files only: `.coditect` is often a symlink, and is never followed.
pub(crate) fn file_kind(path: &str) -> Option<CoditectFile> {
    let name = file_name(path).to_ascii_lowercase();
    if name == "project.yml" {
        let directory = file_name(parent(path)?);
        return directory.eq_ignore_ascii_case(".coditect").then_some(CoditectFile::ProjectFile);
    }
    let stem = name.strip_suffix(".md")?;
    if stem.ends_with(".template") || stem.contains("{{") {
        return None;
    }
    match stem {
        "tasklist" => Some(CoditectFile::TaskList),
        "tasklist-with-checkboxes" => Some(CoditectFile::TaskListWithCheckboxes),
        "project-plan" => Some(CoditectFile::Plan),
        _ => (stem.contains("tasklist") || stem.contains("project-plan")).then_some(CoditectFile::Document),
    }
}

/// The directory that a CODITECT file speaks of: the one that holds it, less a trailing `docs/project-management`,
/// `docs/*project-planning*` or `.coditect`. `path` is one for which `file_kind` answers.
pub(crate) fn project_directory(path: &str) -> &str {
    let directory = parent(path).unwrap_or(".");
    match planning_folder(directory) {
        Some((above, _)) => above,
        None if file_kind(path) == Some(CoditectFile::ProjectFile) => parent(directory).unwrap_or("."),
        None => directory,
    }
}

/// The file whose boxes are the project's tasks, out of the CODITECT files of one project in any order:
/// `tasklist.md` before `tasklist-with-checkboxes.md` before the plan; of two of a name the one in the directory
/// itself, then the one in `docs/project-management/`, then the first by path.
pub(crate) fn counting_file<'a>(paths: &[&'a str]) -> Option<&'a str> {
    paths
        .iter()
        .filter_map(|&path| {
            let kind = file_kind(path).filter(|kind| kind.may_count())?;
            let place = planning_folder(parent(path).unwrap_or(".")).map_or(0, |(_, rank)| rank);
            Some((kind, place, path))
        })
        .min()
        .map(|(_, _, path)| path)
}

/// Splits a directory that is a planning folder into the directory above `docs` and the folder's rank.
fn planning_folder(directory: &str) -> Option<(&str, u8)> {
    let folder = file_name(directory).to_ascii_lowercase();
    let rank = match folder.as_str() {
        "project-management" => 1,
        other if other.contains("project-planning") => 2,
        _ => return None,
    };
    let docs = parent(directory)?;
    file_name(docs).eq_ignore_ascii_case("docs").then(|| (parent(docs).unwrap_or("."), rank))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_whatever_their_case() {
        let kinds = [
            ("TASKLIST.md", Some(CoditectFile::TaskList)),
            ("a/Tasklist-With-Checkboxes.MD", Some(CoditectFile::TaskListWithCheckboxes)),
            ("a/project-plan.md", Some(CoditectFile::Plan)),
            (".coditect/project.yml", Some(CoditectFile::ProjectFile)),
            ("project.yml", None),
            ("a/TASKLIST-BILLING.md", Some(CoditectFile::Document)),
            ("PROJECT-PLAN-API.md", Some(CoditectFile::Document)),
            ("2025-11-20-TASKLISTs-Updated-twice.md", Some(CoditectFile::Document)),
            ("commands/generate-project-plan.md", Some(CoditectFile::Document)),
            ("tasklist.template.md", None),
            ("{{name}}-tasklist.md", None),
            ("tasklist.txt", None),
            ("README.md", None),
        ];
        for (path, kind) in kinds {
            assert_eq!(file_kind(path), kind, "{path}");
        }
    }

    #[test]
    fn the_directory_above_docs_is_the_project() {
        let places = [
            ("TASKLIST.md", "."),
            ("a/TASKLIST.md", "a"),
            ("docs/project-management/tasklist.md", "."),
            ("a/docs/project-management/tasklist.md", "a"),
            ("a/docs/02-project-planning-2025/PROJECT-PLAN.md", "a"),
            ("a/docs/tasklist.md", "a/docs"),
            ("a/project-management/tasklist.md", "a/project-management"),
            (".coditect/project.yml", "."),
            ("a/.coditect/project.yml", "a"),
            ("a/.coditect/tasklist.md", "a/.coditect"),
        ];
        for (path, directory) in places {
            assert_eq!(project_directory(path), directory, "{path}");
        }
    }

    #[test]
    fn one_file_counts() {
        let counted = |paths: &[&'static str]| counting_file(paths);
        assert_eq!(
            counted(&["PROJECT-PLAN.md", "TASKLIST-WITH-CHECKBOXES.md", "TASKLIST.md"]),
            Some("TASKLIST.md")
        );
        assert_eq!(counted(&["PROJECT-PLAN.md"]), Some("PROJECT-PLAN.md"));
        assert_eq!(counted(&[".coditect/project.yml", "TASKLIST-API.md"]), None);
        assert_eq!(
            counted(&["docs/project-management/tasklist.md", "tasklist-with-checkboxes.md"]),
            Some("docs/project-management/tasklist.md")
        );
        assert_eq!(counted(&["docs/project-management/tasklist.md", "tasklist.md"]), Some("tasklist.md"));
    }
}
