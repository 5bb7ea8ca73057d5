//! Which task a target means, for a commit that touched certain projects.
//!
//! Keys come from templates and repeat in dozens of projects, so a key means the nearest task: that of the projects
//! the commit touches, else of the projects above them, else of the repository, else of the tenant. The first level
//! with a hit answers; what stands there more than once is kept as ambiguous, never guessed.

use std::collections::{BTreeSet, HashMap};

use muster_model::ancestors;

/// The task ids of a tenant (or of one scan) by target, with the places where they stand.
#[derive(Clone, Debug)]
pub struct TaskIndex<R, Id> {
    by_target: HashMap<String, Vec<Standing<R, Id>>>,
    by_name: HashMap<String, Vec<R>>,
}

#[derive(Clone, Debug)]
struct Standing<R, Id> {
    repository: R,
    project_path: String,
    id: Id,
}

/// What a target means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution<Id> {
    /// That task.
    One(Id),
    /// One of those, sorted; the message does not say which.
    Ambiguous(Vec<Id>),
    /// None that is known: the reference stays unresolved until its task arrives.
    None,
}

/// Where a commit stands.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a, R> {
    /// The commit's repository.
    pub repository: R,
    /// The projects whose paths the commit changed, `.` for the root.
    pub touched_projects: &'a [String],
}

impl<R: Copy + Eq, Id: Copy + Ord> Default for TaskIndex<R, Id> {
    fn default() -> Self {
        Self { by_target: HashMap::new(), by_name: HashMap::new() }
    }
}

impl<R: Copy + Eq, Id: Copy + Ord> TaskIndex<R, Id> {
    /// Adds a task. `target` is its key, or `#N` for an issue or pull request; issues belong to the project `.`.
    pub fn insert(&mut self, target: &str, repository: R, project_path: &str, id: Id) {
        let standing = Standing { repository, project_path: project_path.to_owned(), id };
        self.by_target.entry(target.to_owned()).or_default().push(standing);
    }

    /// Says what a repository is called, `owner/name` in any case.
    pub fn call(&mut self, repository: R, full_name: &str) {
        self.by_name.entry(full_name.to_ascii_lowercase()).or_default().push(repository);
    }

    /// The targets that are known: what `Vocabulary::keys` wants.
    pub fn targets(&self) -> impl Iterator<Item = &str> {
        self.by_target.keys().map(String::as_str)
    }
}

/// What `target` means in a commit at `place`.
///
/// `#N` is the commit's own repository, `owner/repo#N` the one that is called so. The level of the tenant is for keys that begin
/// with two letters or more and stand there once. Commit ids mean nothing here: a commit is no task.
pub fn resolve<R: Copy + Eq, Id: Copy + Ord>(
    target: &str,
    place: Place<'_, R>,
    tasks: &TaskIndex<R, Id>,
) -> Resolution<Id> {
    let (named, key) = match target.find('#') {
        Some(at) if at > 0 => (Some(target[..at].to_ascii_lowercase()), &target[at..]),
        _ => (None, target),
    };
    let Some(standings) = tasks.by_target.get(key) else { return Resolution::None };
    let at = |accepts: &dyn Fn(&Standing<R, Id>) -> bool| -> BTreeSet<Id> {
        standings.iter().filter(|standing| accepts(standing)).map(|standing| standing.id).collect()
    };
    if let Some(name) = named {
        let called = tasks.by_name.get(&name).map_or(&[][..], Vec::as_slice);
        return settle(at(&|standing| called.contains(&standing.repository)));
    }
    let own = |standing: &Standing<R, Id>| standing.repository == place.repository;
    if !target.starts_with('#') {
        let touched: BTreeSet<&str> = place.touched_projects.iter().map(String::as_str).collect();
        let above: BTreeSet<&str> = touched.iter().flat_map(|project| ancestors(project)).collect();
        for level in [touched, above] {
            let hits = at(&|standing| own(standing) && level.contains(standing.project_path.as_str()));
            if !hits.is_empty() {
                return settle(hits);
            }
        }
    }
    let hits = at(&own);
    if !hits.is_empty() || target.starts_with('#') {
        return settle(hits);
    }
    let tenant = at(&|_| true);
    let named = target.bytes().take(2).filter(u8::is_ascii_alphabetic).count() == 2;
    if named && tenant.len() == 1 { settle(tenant) } else { Resolution::None }
}

fn settle<Id: Copy + Ord>(hits: BTreeSet<Id>) -> Resolution<Id> {
    let hits: Vec<Id> = hits.into_iter().collect();
    match hits[..] {
        [] => Resolution::None,
        [one] => Resolution::One(one),
        _ => Resolution::Ambiguous(hits),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three repositories; in the first, three projects made from one template.
    fn index() -> TaskIndex<u8, u32> {
        let mut index = TaskIndex::default();
        for (target, repository, project_path, id) in [
            ("T1.1", 1, "a", 11),
            ("T1.1", 1, "a/b", 12),
            ("T1.1", 1, "c", 13),
            ("T2.1", 1, ".", 21),
            ("T2.2", 1, "c", 22),
            ("T2.2", 1, "d", 23),
            ("ABC-1", 2, ".", 31),
            ("ABC-2", 2, ".", 32),
            ("ABC-2", 3, ".", 33),
            ("P1-T01", 2, ".", 34),
            ("#7", 1, ".", 41),
            ("#8", 2, ".", 42),
        ] {
            index.insert(target, repository, project_path, id);
        }
        index.call(2, "Acme/Two");
        for repository in [1, 2] {
            index.call(repository, "acme/twice");
        }
        index.insert("#9", 1, ".", 51);
        index.insert("#9", 2, ".", 52);
        index
    }

    #[test]
    fn the_nearest_level_answers_and_several_there_are_ambiguous() {
        let index = index();
        for (target, touched, wanted) in [
            ("T1.1", vec!["a/b"], Resolution::One(12)),
            ("T1.1", vec!["a", "c"], Resolution::Ambiguous(vec![11, 13])),
            ("T1.1", vec!["a/x"], Resolution::One(11)),
            ("T1.1", vec!["e"], Resolution::Ambiguous(vec![11, 12, 13])),
            ("T1.1", vec![], Resolution::Ambiguous(vec![11, 12, 13])),
            ("T2.1", vec!["a/b"], Resolution::One(21)),
            ("T2.2", vec!["a/b", "d"], Resolution::One(23)),
            ("ABC-1", vec!["a"], Resolution::One(31)),
            ("ABC-2", vec!["a"], Resolution::None),
            ("P1-T01", vec!["a"], Resolution::None),
            ("#7", vec!["a"], Resolution::One(41)),
            ("#8", vec!["a"], Resolution::None),
            ("o/r#7", vec!["a"], Resolution::None),
            ("acme/two#8", vec![], Resolution::One(42)),
            ("ACME/Two#8", vec![], Resolution::One(42)),
            ("acme/two#7", vec![], Resolution::None),
            ("acme/twice#7", vec![], Resolution::One(41)),
            ("acme/twice#9", vec![], Resolution::Ambiguous(vec![51, 52])),
        ] {
            let touched: Vec<String> = touched.into_iter().map(str::to_owned).collect();
            let place = Place { repository: 1, touched_projects: &touched };
            assert_eq!(resolve(target, place, &index), wanted, "{target} {touched:?}");
        }
    }
}
