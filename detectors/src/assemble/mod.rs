//! Joins what the files yielded: which directory is a project, its parent, its workspace, its role, its counts.
//!
//! Three steps, each in its file: `layout` says which directories are projects and why, `roles` what they are for,
//! and `fields` and `counts` fill them in. Nothing here depends on the order in which files were read.

mod counts;
mod fields;
mod layout;
mod nearest;
mod roles;

use fields::{Fields, Said};
pub(crate) use layout::{Filed, Layout, Place, Rejection};
pub(crate) use nearest::Nearest;
pub(crate) use roles::{RoleReason, decide_roles};

use std::collections::BTreeMap;

use muster_model::{ManifestLine, Problem, ProblemKind, Project, Role, Status, file_name, parent};

use crate::ruleset::{AssembleInput, Assembly, Ruleset};

/// Projects and tasks of a tree.
pub(crate) fn assemble(ruleset: &Ruleset, input: &AssembleInput<'_>) -> Assembly {
    let layout = Layout::of(ruleset, input);
    let roles = decide_roles(ruleset, &layout);
    let mut assembly = Assembly { problems: layout.workspaces.problems.clone(), ..Assembly::default() };
    if roles.is_cut_short {
        let message = "[roles] took too much work to match; some roles are told by path";
        assembly.problems.push(Problem::at(".muster.toml", ProblemKind::LimitReached, message));
    }
    let fields = Fields::new(input, &layout);
    for (path, place) in &layout.places {
        let role = roles.by_path.get(path.as_str()).map_or(Role::Primary, |(role, _)| *role);
        let project = Project { role, ..describe(path, place, &layout, &fields, input) };
        assembly.projects.push(project);
    }
    let paths: Vec<&str> = layout.places.keys().map(String::as_str).collect();
    let mut nearest = Nearest::new(&paths);
    for (at, path) in paths.iter().enumerate() {
        assembly.projects[at].parent_path = nearest.above(path).map(|above| paths[above].to_owned());
    }
    attach_documents(&layout, &mut nearest, &mut assembly.projects);
    report_problems(&layout, &fields, &mut nearest, &mut assembly);
    assembly.tasks = counts::collect(ruleset, input, &layout, &mut nearest, &mut assembly.projects);
    assembly.problems.sort();
    assembly.problems.dedup();
    assembly
}

/// A project as its manifests describe it, counts and parent aside.
fn describe(
    path: &str,
    place: &Place<'_>,
    layout: &Layout<'_>,
    fields: &Fields<'_>,
    input: &AssembleInput<'_>,
) -> Project {
    let read: Vec<_> = place.manifests.iter().map(|filed| fields.of(path, filed)).collect();
    let first = |field: fn(&Said) -> &Option<String>| read.iter().find_map(|said| field(said).clone());
    let fallback = if path == "." { input.repository_name } else { file_name(path) };
    let manifests = place.manifests.iter().zip(&read).map(|(filed, said)| ManifestLine {
        detector: filed.manifest.detector.clone(),
        path: filed.path.to_owned(),
        name: said.name.clone(),
        version: said.version.clone(),
    });
    Project {
        path: path.to_owned(),
        name: first(|said| &said.name).unwrap_or_else(|| fallback.to_owned()),
        description: first(|said| &said.description),
        version: first(|said| &said.version),
        project_type: place.project_type.to_owned(),
        role: Role::Primary,
        populated: !place.is_gitlink,
        submodule: place.is_gitlink.then(|| path.to_owned()),
        parent_path: None,
        workspace_path: place.workspace(path, layout).map(|membership| membership.root.clone()),
        status: Status::Active,
        total_tasks: 0,
        completed_tasks: 0,
        todo_count: 0,
        manifests: manifests.collect(),
        declared: None,
        documents: Vec::new(),
        problems: Vec::new(),
    }
}

/// Lists documents under the nearest project at or above the directory that they speak of.
fn attach_documents<'a>(layout: &Layout<'a>, nearest: &mut Nearest<'a, '_>, projects: &mut [Project]) {
    for (directory, filed) in &layout.documents {
        if let Some(at) = nearest.at(directory) {
            projects[at].documents.push(filed.path.to_owned());
        }
    }
}

/// A file's path as its project sees it.
fn below<'p>(project: &str, path: &'p str) -> &'p str {
    let inside = path.strip_prefix(project).and_then(|rest| rest.strip_prefix('/'));
    inside.unwrap_or(path)
}

/// Says what is wrong with a manifest in its project and in the scan.
fn report_problems<'a>(
    layout: &Layout<'a>,
    fields: &Fields<'_>,
    nearest: &mut Nearest<'a, '_>,
    assembly: &mut Assembly,
) {
    let mut by_project: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for (directory, filed) in layout.filed() {
        for problem in filed.manifest.problems.iter().chain(&fields.missing(directory, filed.manifest)) {
            let at = Problem::at(filed.path, ProblemKind::BrokenManifest, problem.clone());
            assembly.problems.push(at);
            if let Some(project) = nearest.at(directory) {
                let path = below(&assembly.projects[project].path, filed.path);
                by_project.entry(project).or_default().push(format!("{path}: {problem}"));
            }
        }
    }
    for problem in &layout.workspaces.problems {
        let place = problem.path.as_deref().and_then(|path| {
            let directory = parent(path)?;
            assembly.projects.binary_search_by(|project| project.path.as_str().cmp(directory)).ok()
        });
        if let (Some(project), Some(path)) = (place, &problem.path) {
            by_project.entry(project).or_default().push(format!("{}: {}", file_name(path), problem.message));
        }
    }
    for (project, problems) in by_project {
        assembly.projects[project].problems.extend(problems);
    }
}
