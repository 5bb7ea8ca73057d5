//! From what was found to the scan document: roles hidden, paths narrowed, tasks numbered.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::time::Duration;

use muster_model::{
    Document, Problem, Project, RepositoryLine, SCHEMA_VERSION, Stats, Task, TaskLine, Tool, is_within,
};

use crate::merge::Merged;
use crate::scan::Scan;

/// How to show a scan.
#[derive(Clone, Debug)]
pub struct Presentation<'a> {
    /// The path or address that was given, without user info.
    pub source: String,
    /// The revision that was asked for.
    pub revision: Option<&'a str>,
    /// The version of the program.
    pub version: &'a str,
    /// Projects of every role.
    pub all: bool,
    /// Commits that HEAD reaches, where they were counted.
    pub commit_count: Option<u64>,
    /// How long the scan took.
    pub elapsed: Duration,
}

/// The scan document, without its commits.
pub fn present(scan: &Scan, how: &Presentation<'_>) -> Document {
    let mut merged = Merged::of(scan);
    let facts = &scan.source.facts;
    let narrowed = scan.source.narrowed.as_str();
    let within = |path: &str| is_within(path, narrowed);
    let by_role = count_roles(merged.projects.iter().filter(|project| within(&project.path)));
    let mut hidden_projects = 0;
    if !how.all {
        let hidden = |project: &&Project| project.role.is_hidden() && within(&project.path);
        hidden_projects = merged.projects.iter().filter(hidden).count() as u64;
        merged.hide();
    }
    let tasks = number(&merged.tasks);
    let mut projects = merged.projects;
    projects.retain(|project| within(&project.path));
    let paths: BTreeSet<&str> = projects.iter().map(|project| project.path.as_str()).collect();
    let tasks = tasks.into_iter().filter(|task| paths.contains(task.project_path.as_str())).collect();
    let concerns = |problem: &Problem| problem.path.as_deref().is_none_or(within);
    let problems = merged.problems.into_iter().filter(concerns).collect();
    cut_narrowed_paths(&mut projects, narrowed);
    Document {
        schema_version: SCHEMA_VERSION,
        tool: Tool { name: "muster".to_owned(), version: how.version.to_owned() },
        repository: RepositoryLine {
            source: how.source.clone(),
            revision: how.revision.map(str::to_owned),
            head: facts.head.map(|id| id.to_string()),
            branch: facts.branch.clone(),
            remote_url: facts.remote_url.clone(),
            dirty: scan.snapshot.dirty,
            shallow: facts.shallow,
            object_format: facts.object_format.clone(),
            commit_count: how.commit_count,
        },
        projects,
        tasks,
        submodules: merged.submodules.into_iter().filter(|line| within(&line.path)).collect(),
        problems,
        stats: Stats {
            files: merged.counts.files,
            directories: merged.counts.directories,
            bytes: merged.counts.bytes,
            skipped_files: merged.counts.skipped,
            hidden_projects,
            by_role,
            elapsed_ms: u64::try_from(how.elapsed.as_millis()).unwrap_or(u64::MAX),
        },
    }
}

/// In a narrowed list the projects above it are not there to be parents or roots of workspaces.
fn cut_narrowed_paths(projects: &mut [Project], narrowed: &str) {
    let outside = |path: &Option<String>| path.as_deref().is_some_and(|path| !is_within(path, narrowed));
    for project in projects {
        if outside(&project.parent_path) {
            project.parent_path = None;
        }
        if outside(&project.workspace_path) {
            project.workspace_path = None;
        }
    }
}

fn count_roles<'p>(projects: impl Iterator<Item = &'p Project>) -> BTreeMap<String, u64> {
    let mut by_role = BTreeMap::new();
    for project in projects {
        *by_role.entry(project.role.as_str().to_owned()).or_default() += 1;
    }
    by_role
}

/// `t1`, `t2`, ... in the order of the list.
fn number(tasks: &[Task]) -> Vec<TaskLine> {
    let id = |place: usize| format!("t{}", place + 1);
    let lines = tasks.iter().enumerate().map(|(place, task)| TaskLine {
        id: id(place),
        kind: task.found.kind,
        key: task.found.key.clone(),
        title: task.found.title.clone(),
        state: task.found.state,
        path: task.path.clone(),
        line: task.found.line,
        parent_id: task.parent.map(id),
        section: task.found.section.clone(),
        tag: task.found.tag.clone(),
        assignee: task.found.assignee.clone(),
        references: task.found.references.clone(),
        project_path: task.project_path.clone(),
    });
    lines.collect()
}
