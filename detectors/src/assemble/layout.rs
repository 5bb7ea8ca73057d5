//! Which directories are projects, and by which of their manifests.
//!
//! One directory, one project: all manifests of a directory come together in one `Place`, and the first detector
//! that claims it gives the type. What only may claim (a marker, a lone `requirements.txt`) is settled last, when
//! everything else is known.

use std::collections::{BTreeMap, HashMap, HashSet};

use muster_model::{EntryKind, Manifest, ManifestKind, depth, file_name, parent};

use crate::coditect;
use crate::registry::GENERIC;
use crate::role::vendored_segment;
use crate::ruleset::{AssembleInput, Ruleset};
use crate::second_round::lies_in_lifted;
use crate::workspace::{Membership, Workspaces};

/// A manifest and its place in the order of its directory.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Filed<'a> {
    /// The detector's place in the order.
    pub(crate) detector: usize,
    /// The file's place among the detector's own.
    pub(crate) rank: u8,
    pub(crate) path: &'a str,
    pub(crate) manifest: &'a Manifest,
}

/// A directory that is, or may be, a project.
#[derive(Debug, Default)]
pub(crate) struct Place<'a> {
    /// The owner's first.
    pub(crate) manifests: Vec<Filed<'a>>,
    /// The detector that claims it, else `generic`.
    pub(crate) project_type: &'a str,
    pub(crate) is_gitlink: bool,
    /// A category of a CODITECT master.
    pub(crate) is_group: bool,
}

/// Why a directory with manifests is no project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rejection {
    Marker,
    Companion,
    BelowProject,
    InDocsOrTests,
    InPackage,
}

/// The projects of a tree, by path.
#[derive(Debug, Default)]
pub(crate) struct Layout<'a> {
    pub(crate) places: BTreeMap<String, Place<'a>>,
    /// Directories whose manifests make no project.
    pub(crate) rejected: BTreeMap<String, (Rejection, Vec<Filed<'a>>)>,
    /// Documents, with the directory that they speak of.
    pub(crate) documents: Vec<(&'a str, Filed<'a>)>,
    pub(crate) workspaces: Workspaces,
    all: bool,
}

impl<'a> Layout<'a> {
    pub(crate) fn of(ruleset: &'a Ruleset, input: &AssembleInput<'a>) -> Self {
        let workspaces = Workspaces::of(input.entries, input.extracts, input.all);
        let mut layout = Self { workspaces, all: input.all, ..Self::default() };
        layout.file_manifests(ruleset, input);
        layout.places.entry(".".to_owned()).or_default();
        let gitlinks: Vec<&str> = gitlinks(input).collect();
        for path in &gitlinks {
            layout.places.entry((*path).to_owned()).or_default().is_gitlink = true;
        }
        if layout.is_coditect(".") {
            for category in gitlinks.iter().filter_map(|path| category_of(path)) {
                layout.places.entry(category.to_owned()).or_default().is_group = true;
            }
        }
        layout.settle(input);
        layout
    }

    /// Puts each manifest to the directory that it speaks of.
    fn file_manifests(&mut self, ruleset: &'a Ruleset, input: &AssembleInput<'a>) {
        for (path, extract) in input.extracts {
            for manifest in &extract.manifests {
                let directory = ruleset.directory(manifest, path);
                let is_here = self.all
                    || vendored_segment(directory).is_none()
                    || self.workspaces.lifted.contains(directory);
                if !is_here {
                    continue;
                }
                let (detector, rank) = ruleset.order(manifest, path);
                let filed = Filed { detector, rank, path, manifest };
                if manifest.kind == ManifestKind::Document {
                    self.documents.push((directory, filed));
                } else {
                    self.places.entry(directory.to_owned()).or_default().manifests.push(filed);
                }
            }
        }
        self.documents.sort_by_key(|(_, filed)| filed.path);
    }

    /// Decides for every place whether it is a project, and who owns it.
    fn settle(&mut self, input: &AssembleInput<'a>) {
        let mut weak = Vec::new();
        let mut rejected = Vec::new();
        let workspaces = &self.workspaces;
        for (path, place) in &mut self.places {
            let in_workspace = workspaces.find(path, "npm").is_some()
                || place.manifests.iter().any(|filed| filed.manifest.workspace.is_some());
            let holds = |kind| place.manifests.iter().any(|filed| filed.manifest.kind == kind);
            let claims = |filed: &Filed<'_>| match filed.manifest.kind {
                ManifestKind::Project => true,
                ManifestKind::Marker => path == "." || in_workspace,
                ManifestKind::Weak | ManifestKind::Companion | ManifestKind::Document => false,
            };
            let is_fixed = path == "." || place.is_gitlink || place.is_group;
            let is_claimed = place.manifests.iter().any(claims);
            if !is_claimed && !is_fixed {
                match holds(ManifestKind::Weak) {
                    true => weak.push(path.clone()),
                    false if holds(ManifestKind::Marker) => rejected.push((path.clone(), Rejection::Marker)),
                    false => rejected.push((path.clone(), Rejection::Companion)),
                }
            }
            let owner = place
                .manifests
                .iter()
                .filter(|filed| claims(filed) || !is_claimed && filed.manifest.kind == ManifestKind::Weak)
                .min_by_key(|filed| filed.key());
            place.project_type = owner.map_or(GENERIC, |owner| owner.manifest.detector.as_str());
            let first = owner.map(|owner| owner.detector);
            place.manifests.sort_by_key(|filed| (Some(filed.detector) != first, filed.key()));
        }
        self.reject(rejected);
        self.settle_weak(&weak, input);
    }

    /// A lone `requirements.txt` makes a project only where nothing else explains it.
    fn settle_weak(&mut self, weak: &[String], input: &AssembleInput<'a>) {
        if weak.is_empty() {
            return;
        }
        let packages: HashSet<&str> = input
            .entries
            .iter()
            .filter(|entry| entry.kind == EntryKind::File && file_name(&entry.path) == "__init__.py")
            .filter_map(|entry| parent(&entry.path))
            .collect();
        let undecided: HashSet<&str> = weak.iter().map(String::as_str).collect();
        let mut accepted: HashSet<&str> = HashSet::new();
        let mut rejected = Vec::new();
        let (mut below_project, mut in_package) = (Covered::default(), Covered::default());
        // Sorted, so that whatever lies above a path is decided before it.
        for path in weak {
            let is_project = |above: &str| {
                above != "."
                    && self.places.contains_key(above)
                    && (!undecided.contains(above) || accepted.contains(above))
            };
            let reason = if path.split('/').any(|segment| segment == "docs" || segment == "tests") {
                Rejection::InDocsOrTests
            } else if below_project.find(parent(path), is_project) {
                Rejection::BelowProject
            } else if in_package.find(Some(path), |above| packages.contains(above)) {
                Rejection::InPackage
            } else {
                accepted.insert(path);
                continue;
            };
            rejected.push((path.clone(), reason));
        }
        self.reject(rejected);
    }

    fn reject(&mut self, rejected: Vec<(String, Rejection)>) {
        for (path, reason) in rejected {
            if let Some(place) = self.places.remove(&path) {
                self.rejected.insert(path, (reason, place.manifests));
            }
        }
    }

    fn is_coditect(&self, path: &str) -> bool {
        let manifests = self.places.get(path).map_or(&[][..], |place| &place.manifests);
        manifests.iter().any(|filed| filed.manifest.detector == coditect::NAME)
    }

    /// True where a file is read at all: not below a vendored directory, or in a member that lies in one.
    pub(crate) fn is_entered(&self, path: &str) -> bool {
        if self.all || vendored_segment(parent(path).unwrap_or(".")).is_none() {
            return true;
        }
        lies_in_lifted(path, &self.workspaces.lifted)
    }

    /// Every manifest that was read, with the directory that it speaks of: of projects, documents, and neither.
    pub(crate) fn filed(&self) -> impl Iterator<Item = (&'a str, &Filed<'a>)> {
        let of_places = self.places.values().flat_map(|place| &place.manifests);
        let of_none = self.rejected.values().flat_map(|(_, manifests)| manifests);
        let speaking = of_places.chain(of_none).map(|filed| (filed.directory(), filed));
        speaking.chain(self.documents.iter().map(|(directory, filed)| (*directory, filed)))
    }
}

impl<'a> Filed<'a> {
    /// The order within a directory: of two files of one kind, the one nearer to the directory first.
    fn key(&self) -> (usize, u8, usize, &'a str) {
        (self.detector, self.rank, depth(self.path), self.path)
    }

    /// The directory that it speaks of.
    fn directory(&self) -> &'a str {
        match self.manifest.detector.as_str() {
            coditect::NAME => coditect::project_directory(self.path),
            _ => parent(self.path).unwrap_or("."),
        }
    }
}

impl Place<'_> {
    /// The workspace that declares the directory: the owner's, else that of the next detector that has one.
    pub(crate) fn workspace<'w>(&self, path: &str, layout: &'w Layout<'_>) -> Option<&'w Membership> {
        self.manifests.iter().find_map(|filed| layout.workspaces.find(path, &filed.manifest.detector))
    }
}

/// Whether something holds for a directory or one above it, each directory asked once.
#[derive(Debug, Default)]
struct Covered<'p> {
    known: HashMap<&'p str, bool>,
}

impl<'p> Covered<'p> {
    fn find(&mut self, directory: Option<&'p str>, holds: impl Fn(&str) -> bool) -> bool {
        let mut chain = Vec::new();
        let mut next = directory;
        let mut answer = false;
        while let Some(at) = next {
            if let Some(known) = self.known.get(at) {
                answer = *known;
                break;
            }
            chain.push(at);
            if holds(at) {
                answer = true;
                break;
            }
            next = parent(at);
        }
        self.known.extend(chain.into_iter().map(|at| (at, answer)));
        answer
    }
}

/// The paths of all gitlinks, those that the submodule list alone knows included.
fn gitlinks<'a>(input: &AssembleInput<'a>) -> impl Iterator<Item = &'a str> {
    let entries = input.entries.iter().filter(|entry| entry.kind == EntryKind::Gitlink);
    let listed = input.submodules.iter().filter(|submodule| submodule.commit.is_some());
    entries.map(|entry| entry.path.as_str()).chain(listed.map(|submodule| submodule.path.as_str()))
}

/// `submodules/<category>` of a gitlink at `submodules/<category>/<name>`.
fn category_of(gitlink: &str) -> Option<&str> {
    let category = parent(gitlink)?;
    (depth(gitlink) == 3 && parent(category) == Some("submodules")).then_some(category)
}
