//! Why a directory is or is not a project: which file, which rule, which role.

use muster_model::{EntryKind, Role, ancestors, depth, is_within, parent};

use crate::assemble::{Layout, Nearest, Place, Rejection, RoleReason, decide_roles};
use crate::registry::GENERIC;
use crate::role::vendored_segment;
use crate::ruleset::{AssembleInput, Explanation, Ruleset};

/// Explains a directory; for a file, the directory that holds it.
pub(crate) fn explain(ruleset: &Ruleset, input: &AssembleInput<'_>, path: &str) -> Explanation {
    let layout = Layout::of(ruleset, input);
    let mut lines = Vec::new();
    let path = path.trim_matches('/');
    let path = if path.is_empty() { "." } else { path };
    let is_file = |path: &str| {
        let found = input.entries.binary_search_by(|entry| entry.path.as_str().cmp(path));
        found.is_ok_and(|at| input.entries[at].kind != EntryKind::Gitlink)
    };
    let directory = match is_file(path) {
        true => {
            let directory = parent(path).unwrap_or(".");
            lines.push(format!("{path} is a file in {directory}"));
            directory
        }
        false => path,
    };
    match layout.places.get(directory) {
        Some(place) => {
            explain_place(directory, place, &mut lines);
            explain_role(ruleset, &layout, directory, &mut lines);
            if let Some(membership) = place.workspace(directory, &layout) {
                lines.push(format!("member of the workspace that {} declares", membership.declared_in));
            }
        }
        None if !input.entries.iter().any(|entry| is_within(&entry.path, directory)) => {
            lines.push(format!("{directory} is not in the tree"));
            return Explanation { lines, is_in_tree: false };
        }
        None => explain_absence(&layout, input, directory, &mut lines),
    }
    let paths: Vec<&str> = layout.places.keys().map(String::as_str).collect();
    let mut nearest = Nearest::new(&paths);
    let is_project = layout.places.contains_key(directory);
    let above = if is_project { nearest.above(directory) } else { nearest.at(directory) };
    if let Some(above) = above {
        let relation = if is_project { "its parent is" } else { "it belongs to" };
        let above =
            if paths[above] == "." { "the root".to_owned() } else { format!("project {}", paths[above]) };
        lines.push(format!("{relation} {above}"));
    }
    Explanation { lines, is_in_tree: true }
}

fn explain_place(directory: &str, place: &Place<'_>, lines: &mut Vec<String>) {
    lines.push(format!("{directory} is a project of type {}", place.project_type));
    if place.is_gitlink {
        lines.push("a submodule: a project whether its content is here or not".to_owned());
    }
    if place.is_group {
        lines.push("a category of a CODITECT master: it holds submodules".to_owned());
    }
    for (at, filed) in place.manifests.iter().enumerate() {
        let owns = at == 0 && filed.manifest.detector == place.project_type;
        let says = if owns { "claims it" } else { "is kept beside" };
        lines.push(format!("{} {says} (detector {})", filed.path, filed.manifest.detector));
        lines.extend(filed.manifest.problems.iter().map(|problem| format!("{}: {problem}", filed.path)));
    }
    if place.project_type == GENERIC && directory == "." {
        lines.push("no detector claims the root, which is always a project".to_owned());
    }
}

fn explain_role(ruleset: &Ruleset, layout: &Layout<'_>, directory: &str, lines: &mut Vec<String>) {
    let roles = decide_roles(ruleset, layout);
    let Some((role, reason)) = roles.by_path.get(directory) else { return };
    let why = match reason {
        RoleReason::Root => "the root is always primary".to_owned(),
        RoleReason::Group => "it holds the submodules of a category".to_owned(),
        RoleReason::Configured(pattern) => format!("[roles] of .muster.toml, pattern `{pattern}`"),
        RoleReason::Member(file) => format!("{file} declares it a member of a primary workspace"),
        RoleReason::Segment(segment) => format!("segment `{segment}` of its path"),
        RoleReason::Nothing => "nothing in its path tells otherwise".to_owned(),
    };
    let hidden = if role.is_hidden() && *role != Role::Vendored { "; shown with --all only" } else { "" };
    lines.push(format!("role {}: {why}{hidden}", role.as_str()));
}

fn explain_absence(layout: &Layout<'_>, input: &AssembleInput<'_>, directory: &str, lines: &mut Vec<String>) {
    lines.push(format!("{directory} is not a project"));
    if let Some(segment) = vendored_segment(directory).filter(|_| !input.all) {
        lines.push(format!("vendored: segment `{segment}`; entered with --all only"));
        return;
    }
    let Some((reason, manifests)) = layout.rejected.get(directory) else {
        let below = layout.places.keys().filter(|path| is_within(path, directory)).count();
        lines.push("no manifest here".to_owned());
        if below > 0 {
            lines.push(format!("projects below it: {below}"));
        }
        return;
    };
    let files = manifests.iter().map(|filed| filed.path).collect::<Vec<_>>().join(", ");
    lines.push(match reason {
        Rejection::Marker => {
            format!("{files} sets no name and nothing but how its files are loaded: a marker, not a project")
        }
        Rejection::Companion => format!("{files} declares a workspace, but no package.json stands beside it"),
        Rejection::BelowProject => {
            let project = ancestors(directory).filter(|above| depth(above) > 0);
            let project = project.into_iter().find(|above| layout.places.contains_key(*above)).unwrap_or(".");
            format!("{files} alone makes no project below project {project}")
        }
        Rejection::InDocsOrTests => format!("{files} alone makes no project in docs or tests"),
        Rejection::InPackage => format!("{files} alone makes no project inside a Python package"),
    });
}
