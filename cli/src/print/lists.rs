//! What `muster projects | tasks | commits | repos` shows, a row each.
//!
//! The rows are plain values, made by the commands from what the store answers, so that the store may change its shapes
//! without a picture changing. `repository` is empty where there is only one: its column is then left out. Nothing is
//! written where there are no rows: what to say of that is for the commands to know.

use std::io::{self, Write};

use muster_model::{CommitLine, Project, TaskLine, TaskState};

use super::amounts::{counted, number};
use super::style::{FAINT, GOOD, KIND, Look, PLAIN, STRONG, WARNING};
use super::table::{Cell, Column, Table};
use super::visible::{brief, first_line};

/// So many characters of a commit's name.
const SHORT: usize = 10;
/// So many columns of a repository's name beside its commits.
const REPOSITORY: usize = 16;
/// So many columns of a title or name: a table is measured by its widest row.
const LONGEST: usize = 120;

/// A repository as a row.
#[derive(Clone, Debug, Default)]
pub(crate) struct RepositoryRow<'a> {
    /// Its short name.
    pub(crate) name: &'a str,
    /// Its address or folder.
    pub(crate) source: &'a str,
    /// The scanned commit.
    pub(crate) head: Option<String>,
    /// The branch that it stands on.
    pub(crate) branch: Option<&'a str>,
    /// The folder differed from its commit.
    pub(crate) dirty: bool,
    /// Its open projects.
    pub(crate) projects: u64,
    /// Its saved commits.
    pub(crate) commits: u64,
    /// How much of its history is saved, where that is not the whole.
    pub(crate) history: Option<&'a str>,
    /// When it was last scanned, as RFC 3339.
    pub(crate) scanned_at: Option<String>,
}

/// A project or task as a row.
#[derive(Clone, Debug)]
pub(crate) struct Row<'a, T> {
    /// The name of its repository.
    pub(crate) repository: &'a str,
    /// What it is.
    pub(crate) item: &'a T,
    /// When it was gone, as RFC 3339.
    pub(crate) closed_at: Option<String>,
}

fn short(id: &str) -> &str {
    id.get(..SHORT).unwrap_or(id)
}

/// Writes repositories.
pub(crate) fn write_repositories(
    out: &mut impl Write,
    rows: &[RepositoryRow<'_>],
    look: &Look,
) -> io::Result<()> {
    let mut table = Table::new([
        Column::text("REPOSITORY", 12),
        Column::words("HEAD"),
        Column::text("BRANCH", 8),
        Column::number("PROJECTS"),
        Column::number("COMMITS"),
        Column::words("HISTORY"),
        Column::words("SCANNED"),
        Column::text("SOURCE", 16),
    ]);
    for row in rows {
        let head =
            row.head.as_deref().map(|head| format!("{}{}", short(head), if row.dirty { "+" } else { "" }));
        table.push([
            Cell::new(row.name, STRONG),
            Cell::from(head.as_deref()),
            Cell::from(row.branch),
            number(row.projects).into(),
            number(row.commits).into(),
            Cell::from(row.history),
            Cell::from(row.scanned_at.as_deref()),
            Cell::new(row.source, FAINT),
        ]);
    }
    table.write(out, look)
}

/// Writes projects, each with the name of its repository.
pub(crate) fn write_projects(out: &mut impl Write, rows: &[Row<'_, Project>], look: &Look) -> io::Result<()> {
    let mut table = Table::new([
        Column::text("REPOSITORY", 12),
        Column::text("PATH", 16),
        Column::text("NAME", 12),
        Column::words("TYPE"),
        Column::text("VERSION", 8),
        Column::words("ROLE"),
        Column::words("STATUS"),
        Column::number("TASKS"),
        Column::number("TODO"),
        Column::words("GONE"),
    ]);
    for Row { repository, item: project, closed_at } in rows {
        let tasks = match project.total_tasks {
            0 => String::new(),
            total => format!("{}/{}", number(project.completed_tasks), number(total)),
        };
        table.push([
            Cell::new(repository, FAINT),
            Cell::new(&project.path, STRONG),
            project.name.as_str().into(),
            Cell::new(&project.project_type, KIND),
            Cell::from(project.version.as_deref()),
            project.role.as_str().into(),
            project.status.as_str().into(),
            tasks.into(),
            number(project.todo_count).into(),
            Cell::from(closed_at.as_deref()),
        ]);
    }
    table.write(out, look)
}

/// Writes tasks, each with the name of its repository.
pub(crate) fn write_tasks(out: &mut impl Write, rows: &[Row<'_, TaskLine>], look: &Look) -> io::Result<()> {
    let mut table = Table::new([
        Column::text("REPOSITORY", 12),
        Column::words("ID"),
        Column::words("STATE"),
        Column::text("KEY", 8),
        Column::text("TITLE", 20),
        Column::text("WHERE", 16),
        Column::text("ASSIGNEE", 8),
        Column::words("GONE"),
    ]);
    for Row { repository, item: task, closed_at } in rows {
        let style = match task.state {
            TaskState::Done => GOOD,
            TaskState::Blocked => WARNING,
            TaskState::Cancelled => FAINT,
            TaskState::Open | TaskState::InProgress => PLAIN,
        };
        let title = first_line(&task.title, LONGEST, look.glyph("…", "~"));
        let title = match &task.tag {
            Some(tag) if title.is_empty() => tag.clone(),
            Some(tag) => format!("{tag}: {title}"),
            None => title,
        };
        table.push([
            Cell::new(repository, FAINT),
            Cell::new(&task.id, FAINT),
            Cell::new(task.state.as_str(), style),
            Cell::from(task.key.as_deref()),
            title.into(),
            Cell::new(&format!("{}:{}", task.path, task.line), FAINT),
            Cell::from(task.assignee.as_deref()),
            Cell::from(closed_at.as_deref()),
        ]);
    }
    table.write(out, look)
}

/// Writes one commit on one line, as it comes: there may be too many to measure, so the widths are fixed.
pub(crate) fn write_commit(out: &mut impl Write, commit: &CommitLine, look: &Look) -> io::Result<()> {
    let mark = look.glyph("…", "~");
    let author = first_line(&commit.author.name, 20, mark);
    let blank = 20 - super::visible::width(&author);
    let paths = counted(commit.path_count, "path");
    let room = look.width.unwrap_or(LONGEST).saturating_sub(SHORT + 10 + 20 + 12 + 4 * 2).max(20);
    let subject = first_line(&commit.message, room, mark);
    let date = commit.author.time.get(..10).unwrap_or("");
    let (sha, date) = (look.paint(KIND, short(&commit.sha)), look.paint(FAINT, date));
    writeln!(out, "{sha}  {date}  {author}{:blank$}  {paths:>12}  {subject}", "")
}

/// Writes one commit on one line behind the name of its repository, where there is one to be written.
pub(crate) fn write_commit_of(
    out: &mut impl Write,
    repository: &str,
    commit: &CommitLine,
    look: &Look,
) -> io::Result<()> {
    if repository.is_empty() {
        return write_commit(out, commit, look);
    }
    let name = brief(repository, REPOSITORY, look.glyph("…", "~"));
    let blank = REPOSITORY - super::visible::width(&name);
    write!(out, "{}{:blank$}  ", look.paint(FAINT, &name), "")?;
    let width = look.width.map(|width| width.saturating_sub(REPOSITORY + 2));
    write_commit(out, commit, &Look { width, ..*look })
}

#[cfg(test)]
mod tests {
    use muster_model::PersonLine;

    use super::super::samples::npm_monorepo;
    use super::*;

    fn shown(write: impl Fn(&mut Vec<u8>, &Look) -> io::Result<()>) -> String {
        let mut out = Vec::new();
        write(&mut out, &Look::PLAIN).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn repositories() {
        let row = RepositoryRow {
            name: "acme",
            source: "https://example.org/acme/acme",
            head: Some("1a2b3c4d5e6f".to_owned()),
            branch: Some("main"),
            dirty: true,
            projects: 17,
            commits: 12_345,
            history: Some("partial"),
            scanned_at: Some("2024-01-01T00:00:00Z".to_owned()),
        };
        insta::assert_snapshot!(shown(|out, look| write_repositories(out, std::slice::from_ref(&row), look)), @r"
        REPOSITORY  HEAD         BRANCH  PROJECTS  COMMITS  HISTORY  SCANNED               SOURCE
        acme        1a2b3c4d5e+  main          17   12,345  partial  2024-01-01T00:00:00Z  https://example.org/acme/acme
        ");
    }

    #[test]
    fn projects() {
        let document = npm_monorepo();
        let rows: Vec<_> =
            document.projects.iter().map(|item| Row { repository: "", item, closed_at: None }).collect();
        insta::assert_snapshot!(shown(|out, look| write_projects(out, &rows, look)), @r"
        PATH                          NAME        TYPE  VERSION       ROLE     STATUS  TASKS   TODO
        .                             acme        npm   2.1.0         primary  active             3
        packages/core                 @acme/core  npm   2.1.0         primary  active         1,204
        packages/core/examples/basic  basic       npm                 example  active             0
        packages/ui                   @acme/ui    npm   2.1.0-beta.1  primary  active    3/8      0
        packages/日本語               @acme/i18n  npm   0.3.0         primary  active             0
        ");
    }

    #[test]
    fn tasks() {
        let task = npm_monorepo().tasks.remove(0);
        let comment = TaskLine {
            id: "t2".to_owned(),
            key: None,
            title: String::new(),
            state: TaskState::Open,
            tag: Some("TODO".to_owned()),
            assignee: Some("a\u{1b}".to_owned()),
            ..task.clone()
        };
        let rows = [(&task, None), (&comment, Some("2024-01-01T00:00:00Z".to_owned()))];
        let rows = rows.map(|(item, closed_at)| Row { repository: "acme", item, closed_at });
        insta::assert_snapshot!(shown(|out, look| write_tasks(out, &rows, look)), @r"
        REPOSITORY  ID  STATE  KEY     TITLE                  WHERE                      ASSIGNEE  GONE
        acme        t1  done   P1-T01  Draw the first button  packages/ui/TASKLIST.md:3
        acme        t2  open           TODO                   packages/ui/TASKLIST.md:3  a\u{1b}   2024-01-01T00:00:00Z
        ");
    }

    #[test]
    fn commits() {
        let person = PersonLine {
            name: "日本".to_owned(),
            email: String::new(),
            time: "2024-01-01T00:00:00Z".to_owned(),
        };
        let commit = CommitLine {
            sha: "1a2b3c4d5e6f".to_owned(),
            parents: Vec::new(),
            author: person.clone(),
            committer: person,
            message: "Fix \u{1b}[2J it\n\nbody".to_owned(),
            paths: Vec::new(),
            path_count: 3,
            projects: Vec::new(),
            references: Vec::new(),
        };
        insta::assert_snapshot!(shown(|out, look| write_commit(out, &commit, look)), @r"1a2b3c4d5e  2024-01-01  日本                       3 paths  Fix \u{1b}[2J it");
        insta::assert_snapshot!(shown(|out, look| write_commit_of(out, "a-repository-of-ours", &commit, look)), @r#"a-repository-of…  1a2b3c4d5e  2024-01-01  日本                       3 paths  Fix \u{1b}[2J it"#);
    }
}
