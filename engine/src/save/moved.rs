//! Which project of the last state is which project now.
//!
//! Identity is the path. One thing more is looked at: a project that leaves its path while one of the same type and
//! manifest name appears at another, both the only ones of their kind, has moved and keeps its id. A path that was a
//! project's before and is one again gets that project back, whatever moved meanwhile.

use std::collections::{BTreeMap, HashMap};

use muster_model::Project;
use muster_store::{KnownProject, ProjectId};

/// What becomes of the projects.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct MatchedProjects<'a> {
    /// For each project of the scan its row, in the order given.
    pub(super) rows: Vec<Option<&'a KnownProject>>,
    /// Open ones that are no longer there, ascending.
    pub(super) gone: Vec<ProjectId>,
}

/// Pairs the projects of a repository with those of a scan, whose paths are all different.
pub(super) fn match_projects<'a>(known: &'a [KnownProject], now: &[&Project]) -> MatchedProjects<'a> {
    let mut by_path: HashMap<&str, &KnownProject> = HashMap::new();
    for project in known {
        let held = by_path.entry(&project.project.path).or_insert(project);
        if standing(project) > standing(held) {
            *held = project;
        }
    }
    let mut rows: Vec<_> = now.iter().map(|project| by_path.get(project.path.as_str()).copied()).collect();
    let mut left: BTreeMap<ProjectId, &KnownProject> =
        known.iter().filter(|known| known.closed_at.is_none()).map(|known| (known.id, known)).collect();
    for row in rows.iter().flatten() {
        left.remove(&row.id);
    }
    let leaving = alone(left.values().map(|known| (name(&known.project), *known)));
    let appearing =
        alone(now.iter().enumerate().filter(|(at, _)| rows[*at].is_none()).map(|(at, p)| (name(p), at)));
    for (name, at) in appearing {
        if let Some(known) = leaving.get(&name) {
            rows[at] = Some(known);
            left.remove(&known.id);
        }
    }
    MatchedProjects { rows, gone: left.into_keys().collect() }
}

/// Of several rows with one path: the open one, else the one closed last, else the youngest.
fn standing(known: &KnownProject) -> impl Ord + use<> {
    (known.closed_at.is_none(), known.closed_at, known.id)
}

/// Type and the owner manifest's name.
fn name(project: &Project) -> Option<(&str, &str)> {
    Some((project.project_type.as_str(), project.manifests.first()?.name.as_deref()?))
}

/// Those whose name no other has.
fn alone<'a, T>(
    items: impl Iterator<Item = (Option<(&'a str, &'a str)>, T)>,
) -> HashMap<(&'a str, &'a str), T> {
    let mut named: HashMap<_, Option<T>> = HashMap::new();
    for (name, item) in items {
        let Some(name) = name else { continue };
        named.entry(name).and_modify(|only| *only = None).or_insert(Some(item));
    }
    named.into_iter().filter_map(|(name, item)| Some((name, item?))).collect()
}
