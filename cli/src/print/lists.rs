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
/// So many columns of what a commit is joined to.
const JOINED: usize = 40;
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
    /// When its last push showed, as RFC 3339; `None` where none was ever heard of.
    pub(crate) visible_at: Option<String>,
    /// How long pushes wait until they show.
    pub(crate) visible_after: Option<String>,
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

/// What there is to say of a task.
#[derive(Clone, Debug)]
pub(crate) struct TaskRow<'a> {
    /// What it shares with one of a scan.
    pub(crate) line: TaskLine,
    /// Where one that stands in no file can be seen.
    pub(crate) url: Option<&'a str>,
    /// The names of the commits that say that it is done, while it is open.
    pub(crate) claimed_by: Vec<String>,
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
        Column::words("VISIBLE"),
        Column::words("AFTER (P50 / P95 / P99)"),
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
            Cell::from(row.visible_at.as_deref()),
            Cell::from(row.visible_after.as_deref()),
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
pub(crate) fn write_tasks(
    out: &mut impl Write,
    rows: &[Row<'_, TaskRow<'_>>],
    look: &Look,
) -> io::Result<()> {
    let mut table = Table::new([
        Column::text("REPOSITORY", 12),
        Column::words("ID"),
        Column::words("STATE"),
        Column::text("KEY", 8),
        Column::text("TITLE", 20),
        Column::text("WHERE", 16),
        Column::text("ASSIGNEE", 8),
        Column::words("CLAIMED BY"),
        Column::words("GONE"),
    ]);
    for Row { repository, item: TaskRow { line: task, url, claimed_by }, closed_at } in rows {
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
        let place = match url {
            Some(url) if task.path.is_empty() => (*url).to_owned(),
            None if task.path.is_empty() => String::new(),
            _ => format!("{}:{}", task.path, task.line),
        };
        let claims = match claimed_by.as_slice() {
            [] => String::new(),
            [one] => short(one).to_owned(),
            [.., last] => format!("{} +{}", short(last), claimed_by.len() - 1),
        };
        table.push([
            Cell::new(repository, FAINT),
            Cell::new(&task.id, FAINT),
            Cell::new(task.state.as_str(), style),
            Cell::from(task.key.as_deref()),
            title.into(),
            Cell::new(&place, FAINT),
            Cell::from(task.assignee.as_deref()),
            Cell::new(&claims, GOOD),
            Cell::from(closed_at.as_deref()),
        ]);
    }
    table.write(out, look)
}

/// Writes one commit on one line, as it comes: there may be too many to measure, so the widths are fixed.
pub(crate) fn write_commit(out: &mut impl Write, commit: &CommitLine, look: &Look) -> io::Result<()> {
    write_joined_commit(out, commit, "", look)
}

/// The same, with what it is joined to behind it.
fn write_joined_commit(
    out: &mut impl Write,
    commit: &CommitLine,
    joined: &str,
    look: &Look,
) -> io::Result<()> {
    let mark = look.glyph("…", "~");
    let author = first_line(&commit.author.name, 20, mark);
    let blank = 20 - super::visible::width(&author);
    let paths = counted(commit.path_count, "path");
    let joined = brief(joined, JOINED, mark);
    let taken = SHORT + 10 + 20 + 12 + 4 * 2 + if joined.is_empty() { 0 } else { joined.chars().count() + 2 };
    let room = look.width.unwrap_or(LONGEST).saturating_sub(taken).max(20);
    let subject = first_line(&commit.message, room, mark);
    let date = commit.author.time.get(..10).unwrap_or("");
    let (sha, date) = (look.paint(KIND, short(&commit.sha)), look.paint(FAINT, date));
    write!(out, "{sha}  {date}  {author}{:blank$}  {paths:>12}  {subject}", "")?;
    if !joined.is_empty() {
        write!(out, "  {}", look.paint(GOOD, &joined))?;
    }
    writeln!(out)
}

/// Writes one commit on one line behind the name of its repository, where there is one to be written, and before what it is
/// joined to: `closes #12, T1.1`.
pub(crate) fn write_commit_of(
    out: &mut impl Write,
    repository: &str,
    commit: &CommitLine,
    joined: &str,
    look: &Look,
) -> io::Result<()> {
    if repository.is_empty() {
        return write_joined_commit(out, commit, joined, look);
    }
    let name = brief(repository, REPOSITORY, look.glyph("…", "~"));
    let blank = REPOSITORY - super::visible::width(&name);
    write!(out, "{}{:blank$}  ", look.paint(FAINT, &name), "")?;
    let width = look.width.map(|width| width.saturating_sub(REPOSITORY + 2));
    write_joined_commit(out, commit, joined, &Look { width, ..*look })
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
            visible_at: Some("2024-01-02T00:00:00Z".to_owned()),
            visible_after: Some("0.4 s / 1.2 s / 3.0 s".to_owned()),
        };
        insta::assert_snapshot!(shown(|out, look| write_repositories(out, std::slice::from_ref(&row), look)), @r"
        REPOSITORY  HEAD         BRANCH  PROJECTS  COMMITS  HISTORY  SCANNED               VISIBLE               AFTER (P50 / P95 / P99)  SOURCE
        acme        1a2b3c4d5e+  main          17   12,345  partial  2024-01-01T00:00:00Z  2024-01-02T00:00:00Z  0.4 s / 1.2 s / 3.0 s    https://example.org/acme/acme
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
        let issue = TaskLine {
            id: "t3".to_owned(),
            kind: muster_model::TaskKind::Issue,
            key: Some("#12".to_owned()),
            path: String::new(),
            line: 0,
            ..comment.clone()
        };
        let sha = |n: &str| format!("{n}a2b3c4d5e6f");
        let items = [
            TaskRow { line: task, url: None, claimed_by: vec![] },
            TaskRow { line: comment, url: None, claimed_by: vec![sha("1")] },
            TaskRow {
                line: TaskLine { tag: None, title: "Crash".to_owned(), assignee: None, ..issue },
                url: Some("https://github.com/acme/acme/issues/12"),
                claimed_by: vec![sha("1"), sha("2")],
            },
        ];
        let closed = [None, Some("2024-01-01T00:00:00Z".to_owned()), None];
        let rows: Vec<_> = items
            .iter()
            .zip(closed)
            .map(|(item, closed_at)| Row { repository: "acme", item, closed_at })
            .collect();
        insta::assert_snapshot!(shown(|out, look| write_tasks(out, &rows, look)), @r"
        REPOSITORY  ID  STATE  KEY     TITLE                  WHERE                                   ASSIGNEE  CLAIMED BY     GONE
        acme        t1  done   P1-T01  Draw the first button  packages/ui/TASKLIST.md:3
        acme        t2  open           TODO                   packages/ui/TASKLIST.md:3               a\u{1b}   1a2b3c4d5e     2024-01-01T00:00:00Z
        acme        t3  open   #12     Crash                  https://github.com/acme/acme/issues/12            2a2b3c4d5e +1
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
        insta::assert_snapshot!(shown(|out, look| write_commit_of(out, "a-repository-of-ours", &commit, "closes #12", look)), @r"a-repository-of…  1a2b3c4d5e  2024-01-01  日本                       3 paths  Fix \u{1b}[2J it  closes #12");
    }
}
