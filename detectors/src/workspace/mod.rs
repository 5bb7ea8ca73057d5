//! Which directory is a member of which workspace.
//!
//! Members are told from the tree's names and the roots' patterns, so that they are known before their manifests are
//! read: a workspace may declare a member inside a vendored directory, which is otherwise not read at all. The
//! nearest root that declares a directory has it: a nested workspace's members are not the outer one's.

mod budget;
mod candidates;
mod cargo;
mod dialect;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use muster_model::{Entry, Manifest, Problem, ProblemKind, depth, is_within, join, parent};

use crate::relative::resolve as resolve_path;
use crate::role::{is_in_vendored, vendored_segment};
use crate::ruleset::Extracts;
pub(crate) use budget::Budget;
pub(crate) use candidates::Candidates;
pub(crate) use dialect::Dialect;

/// The files that may declare a workspace.
const ROOT_FILES: [&str; 5] =
    ["package.json", "pnpm-workspace.yaml", "lerna.json", "pyproject.toml", "Cargo.toml"];

/// What keeping a membership costs, in steps of the budget: it bounds memory too.
const MEMBERSHIP_STEPS: u64 = 40;

/// A manifest that declares a workspace.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Root<'a> {
    pub(crate) directory: &'a str,
    pub(crate) path: &'a str,
    pub(crate) manifest: &'a Manifest,
    pub(crate) dialect: Dialect,
}

/// That a directory is a member.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Membership {
    /// The detector whose workspace it is.
    pub(crate) detector: &'static str,
    /// The root's directory.
    pub(crate) root: String,
    /// The file that declares the workspace.
    pub(crate) declared_in: String,
}

/// All workspaces of a tree.
#[derive(Debug, Default)]
pub(crate) struct Workspaces {
    /// By member directory: one membership for each detector at most.
    members: BTreeMap<String, Vec<Membership>>,
    /// Members inside vendored directories.
    pub(crate) lifted: BTreeSet<String>,
    /// What is wrong with the declarations.
    pub(crate) problems: Vec<Problem>,
}

impl Workspaces {
    /// Finds the members of every workspace. `all`: roots inside vendored directories count too.
    pub(crate) fn of(entries: &[Entry], extracts: &Extracts, all: bool) -> Self {
        let mut found = Self::default();
        let mut queue: VecDeque<Root<'_>> = extracts
            .iter()
            .filter(|(path, _)| all || !is_in_vendored(path))
            .filter_map(|(path, _)| root_at(extracts, path))
            .collect();
        if queue.is_empty() {
            return found;
        }
        let candidates = Candidates::of(entries);
        let mut budget = Budget::default();
        while let Some(root) = queue.pop_front() {
            let members =
                root.dialect.members(&root, &candidates, extracts, &mut budget, &mut found.problems);
            for member in members.into_iter().filter(|member| *member != root.directory) {
                if !budget.take(MEMBERSHIP_STEPS) {
                    break;
                }
                if !all && vendored_segment(&member).is_some() && found.lifted.insert(member.clone()) {
                    let files = ROOT_FILES.iter().map(|file| join(&member, file));
                    queue.extend(files.filter_map(|path| {
                        let (path, _) = extracts.get_key_value(&path)?;
                        root_at(extracts, path)
                    }));
                }
                let membership = Membership {
                    detector: root.dialect.detector(),
                    root: root.directory.to_owned(),
                    declared_in: root.path.to_owned(),
                };
                found.members.entry(member).or_default().push(membership);
            }
        }
        if budget.is_spent() {
            found.problems.push(Problem::whole(
                ProblemKind::LimitReached,
                "the workspaces' patterns took too much work to match; some members may be missing",
            ));
        }
        found.keep_nearest(extracts);
        found
    }

    /// Of several workspaces of one detector: the one that the member names itself, else the nearest.
    fn keep_nearest(&mut self, extracts: &Extracts) {
        for (member, memberships) in &mut self.members {
            let named = rust_manifest(extracts, member)
                .and_then(|manifest| resolve_path(member, manifest.workspace_root.as_deref()?));
            memberships.sort_by_cached_key(|membership| {
                let is_named = membership.detector == "rust" && named.as_deref() == Some(&membership.root);
                let nearness = (is_within(member, &membership.root), depth(&membership.root));
                (membership.detector, std::cmp::Reverse((is_named, nearness)), membership.clone())
            });
            memberships.dedup_by_key(|membership| membership.detector);
        }
    }

    /// The workspace of this detector that declares the directory.
    pub(crate) fn find(&self, directory: &str, detector: &str) -> Option<&Membership> {
        self.members.get(directory)?.iter().find(|membership| membership.detector == detector)
    }

    /// All members, each with its memberships.
    pub(crate) fn members(&self) -> impl Iterator<Item = (&str, &[Membership])> {
        self.members.iter().map(|(directory, memberships)| (directory.as_str(), memberships.as_slice()))
    }
}

/// The workspace that a file declares; none where a companion stands in a directory that is no project.
fn root_at<'a>(extracts: &'a Extracts, path: &'a str) -> Option<Root<'a>> {
    let dialect = Dialect::of(path)?;
    let manifests = &extracts.get(path)?.manifests;
    let manifest = manifests
        .iter()
        .find(|manifest| manifest.detector == dialect.detector() && manifest.workspace.is_some())?;
    let directory = parent(path)?;
    let stands_alone = dialect.is_companion()
        && directory != "."
        && !extracts.contains_key(&join(directory, "package.json"));
    (!stands_alone).then_some(Root { directory, path, manifest, dialect })
}

/// The Cargo manifest of a directory.
pub(crate) fn rust_manifest<'a>(extracts: &'a Extracts, directory: &str) -> Option<&'a Manifest> {
    let extract = extracts.get(&join(directory, "Cargo.toml"))?;
    extract.manifests.iter().find(|manifest| manifest.detector == "rust")
}
