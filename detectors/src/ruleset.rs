//! What the scanner asks of the detectors: the one door to this crate.

use std::collections::{BTreeMap, HashMap};

use globset::{GlobSet, GlobSetBuilder};
use muster_model::{
    AskFor, Entry, FileExtract, Manifest, Problem, ProblemKind, Project, SkipReason, SubmoduleLine, Task,
    file_name, parent,
};

use crate::comments;
use crate::declared::{Declared, Settings, Source};
use crate::registry::{DETECTORS, GENERIC, built_in};
use crate::role::{RoleMap, is_in_vendored};
use crate::{assemble, coditect, explain, python, second_round, tasklist};

/// Files above this size are not read: their name still counts. 1 MiB.
pub const MAX_FILE_BYTES: u64 = 1 << 20;

/// A file that more declared detectors than this match is read by the first of them only: it bounds the work that
/// a repository can ask for.
const MAX_DECLARED_READERS: usize = 4;

/// Extracts by path.
pub type Extracts = BTreeMap<String, FileExtract>;

/// What the second round found: (file, what was asked) to the answer.
pub type Answers = HashMap<(String, AskFor), Option<String>>;

/// What a path's name promises.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Interest {
    /// A manifest or task list: always read.
    pub manifest: bool,
    /// May hold comment tasks: read, and parsed where a tag is found.
    pub source: bool,
}

/// A file that the second round wants read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wanted {
    /// The file.
    pub path: String,
    /// A field to answer; `None` to extract the file as the first round does (a workspace member inside a vendored
    /// directory).
    pub ask: Option<AskFor>,
}

/// Everything that `assemble` looks at.
#[derive(Clone, Copy, Debug)]
pub struct AssembleInput<'a> {
    /// The root's name where no manifest gives one.
    pub repository_name: &'a str,
    /// The whole tree, sorted by path.
    pub entries: &'a [Entry],
    /// What the files yielded.
    pub extracts: &'a Extracts,
    /// What the second round found.
    pub answers: &'a Answers,
    /// Gitlinks and declared submodules.
    pub submodules: &'a [SubmoduleLine],
    /// Look into vendored directories too.
    pub all: bool,
}

/// The projects and tasks of a tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assembly {
    /// Every project, whatever its role, sorted by path.
    pub projects: Vec<Project>,
    /// Every task, sorted by path, line, then order in the file.
    pub tasks: Vec<Task>,
    /// What could not be read.
    pub problems: Vec<Problem>,
}

/// Why a directory is or is not a project, a sentence a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Explanation {
    /// The sentences.
    pub lines: Vec<String>,
    /// False where nothing stands at the path.
    pub is_in_tree: bool,
}

/// The detectors in order: built-in ones, the user's, the repository's, generic.
#[derive(Debug, Default)]
pub struct Ruleset {
    /// The user's, then the repository's.
    declared: Vec<Declared>,
    /// Their globs as one, in the same order: asked for every path of a tree.
    declared_globs: GlobSet,
    repository: Settings,
}

impl Ruleset {
    /// Built-in detectors, then those of the user's configuration, then those of the repository's `.muster.toml`.
    ///
    /// Both texts are TOML and are hostile until parsed: whatever is wrong with them is a problem, never an error.
    pub fn new(user: Option<&str>, repository: Option<&[u8]>) -> (Self, Vec<Problem>) {
        let mut problems = Vec::new();
        let mut read = |source, text: Option<&[u8]>| {
            text.map(|text| Settings::read(source, text, &mut problems)).unwrap_or_default()
        };
        let user = read(Source::User, user.map(str::as_bytes));
        let mut repository = read(Source::Repository, repository);
        let mut declared = user.detectors;
        declared.append(&mut repository.detectors);
        let declared_globs = glob_set(&declared).unwrap_or_else(|_| {
            declared.clear();
            problems
                .push(Problem::whole(ProblemKind::Configuration, "the globs of [[detector]] are too large"));
            GlobSet::default()
        });
        (Self { declared, declared_globs, repository }, problems)
    }

    /// The built-in types in order, `generic` last.
    pub fn types() -> Vec<&'static str> {
        DETECTORS.iter().map(|detector| detector.name()).chain([GENERIC]).collect()
    }

    /// What a path's name promises. Cheap: called once for every entry of a tree.
    pub fn interest(&self, path: &str) -> Interest {
        Interest {
            manifest: DETECTORS.iter().any(|detector| detector.rank(path).is_some())
                || self.is_tasklist(path)
                || !self.declared.is_empty() && self.declared_globs.is_match(path),
            source: may_hold_comments(path),
        }
    }

    /// What a file yields. `content` has LF line ends and at most `MAX_FILE_BYTES`.
    pub fn extract(&self, path: &str, content: &[u8]) -> FileExtract {
        let mut extract = FileExtract::default();
        for detector in DETECTORS.iter().filter(|detector| detector.rank(path).is_some()) {
            if let Some(manifest) = detector.read(path, content) {
                extract.manifests.push(Manifest { detector: detector.name().to_owned(), ..manifest });
            }
        }
        self.read_declared(path, &mut extract, |declared| declared.read(path, content));
        let counts = |manifest: &Manifest| {
            manifest.detector == coditect::NAME
                && coditect::file_kind(path).is_some_and(coditect::CoditectFile::may_count)
        };
        if extract.manifests.iter().any(counts) || self.is_tasklist(path) {
            extract.checkboxes = tasklist::read(&String::from_utf8_lossy(content));
        }
        if let Some(language) = language(path, content) {
            match comments::skip_reason(content) {
                Some(reason) => extract.skipped = Some(reason),
                None => extract.comments = comments::find(language, content),
            }
        }
        extract
    }

    /// What a file above `MAX_FILE_BYTES` yields, unread: a manifest still claims its directory.
    pub fn extract_unread(&self, path: &str, size: u64) -> FileExtract {
        let problem = format!("not read: {size} bytes, more than the limit of {MAX_FILE_BYTES}");
        let mut extract = FileExtract::default();
        for detector in DETECTORS.iter().filter(|detector| detector.rank(path).is_some()) {
            extract.manifests.push(Manifest {
                detector: detector.name().to_owned(),
                kind: detector.kind(path),
                problems: vec![problem.clone()],
                ..Manifest::default()
            });
        }
        self.read_declared(path, &mut extract, |_| Manifest {
            problems: vec![problem.clone()],
            ..Manifest::default()
        });
        let is_source = comments::language_of(path).is_some() && !Self::is_lock_file(path);
        extract.skipped = (is_source || self.is_tasklist(path)).then_some(SkipReason::TooLarge);
        extract
    }

    /// One manifest for each type that the file's declared detectors name.
    fn read_declared(&self, path: &str, extract: &mut FileExtract, read: impl Fn(&Declared) -> Manifest) {
        if self.declared.is_empty() {
            return;
        }
        for place in self.declared_globs.matches(path).into_iter().take(MAX_DECLARED_READERS) {
            let declared = &self.declared[place];
            if extract.manifests.iter().all(|manifest| manifest.detector != declared.type_name) {
                let manifest = read(declared);
                extract.manifests.push(Manifest { detector: declared.type_name.clone(), ..manifest });
            }
        }
    }

    /// The files to read besides: those that manifests point at, and workspace members in vendored directories.
    ///
    /// What is read may want more (a member's manifest points at a file of its own), so whoever reads asks again
    /// with all extracts so far, until nothing comes that was not wanted before; three rounds are enough for all
    /// but workspaces nested inside vendored directories.
    pub fn second_round(&self, entries: &[Entry], extracts: &Extracts) -> Vec<Wanted> {
        second_round::wanted(self, entries, extracts)
    }

    /// Answers one question of the second round.
    pub fn answer(ask: &AskFor, content: &[u8]) -> Option<String> {
        let content = content.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(content);
        let text = String::from_utf8_lossy(content);
        match ask {
            AskFor::Text => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            AskFor::Attribute(name) => python::attribute(&text, name),
        }
    }

    /// True where a segment of the path's directory is vendored (`node_modules`, `vendor`, ...): such files are
    /// not read in the first round unless everything is asked for.
    pub fn is_vendored(path: &str) -> bool {
        is_in_vendored(path)
    }

    /// True for the name of a file that a package manager writes (`Cargo.lock`, `go.sum`, ...): its comments are
    /// nobody's, so it is not read for them, and counts as skipped.
    pub fn is_lock_file(path: &str) -> bool {
        comments::is_lock_file(path)
    }

    /// Joins what the files yielded.
    pub fn assemble(&self, input: &AssembleInput<'_>) -> Assembly {
        assemble::assemble(self, input)
    }

    /// Says why a directory is or is not a project.
    pub fn explain(&self, input: &AssembleInput<'_>, path: &str) -> Explanation {
        explain::explain(self, input, path)
    }

    /// True for the files that `tasklists` of `.muster.toml` names.
    pub(crate) fn is_tasklist(&self, path: &str) -> bool {
        !self.repository.tasklists.is_empty() && self.repository.tasklists.is_match(path)
    }

    /// `[roles]` of `.muster.toml`.
    pub(crate) fn roles(&self) -> &RoleMap {
        &self.repository.roles
    }

    /// The directory that a manifest speaks of.
    pub(crate) fn directory<'p>(&self, manifest: &Manifest, path: &'p str) -> &'p str {
        match built_in(&manifest.detector) {
            Some((_, detector)) => detector.directory(path),
            None => parent(path).unwrap_or("."),
        }
    }

    /// The place of a manifest in the order of its directory: its detector's, and its own among that detector's.
    pub(crate) fn order(&self, manifest: &Manifest, path: &str) -> (usize, u8) {
        if let Some((place, detector)) = built_in(&manifest.detector) {
            return (place, detector.rank(path).unwrap_or(u8::MAX));
        }
        let place = self.declared.iter().position(|declared| declared.type_name == manifest.detector);
        (DETECTORS.len() + place.unwrap_or(self.declared.len()), 0)
    }
}

fn glob_set(declared: &[Declared]) -> Result<GlobSet, globset::Error> {
    let mut globs = GlobSetBuilder::new();
    for declared in declared {
        globs.add(declared.glob.clone());
    }
    globs.build()
}

/// True where a name tells a language, or tells nothing at all so that the first line must.
fn may_hold_comments(path: &str) -> bool {
    let tells = comments::language_of(path).is_some() || !file_name(path).contains('.');
    tells && !comments::is_lock_file(path)
}

fn language(path: &str, content: &[u8]) -> Option<comments::Language> {
    if comments::is_lock_file(path) {
        return None;
    }
    comments::language_of(path)
        .or_else(|| if file_name(path).contains('.') { None } else { comments::sniff(content) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_may_share_a_ruleset() {
        fn shared<T: Send + Sync>(_: &T) {}
        shared(&Ruleset::default());
    }

    #[test]
    fn a_file_is_read_by_few_declared_detectors_and_once_for_a_type() {
        let one = |number: usize| format!("[[detector]]\ntype = 't{}'\nglob = '**/x'\n", number / 2);
        let text: String = (0..12).map(one).collect();
        let (ruleset, problems) = Ruleset::new(None, Some(text.as_bytes()));
        assert_eq!(problems, []);
        assert!(ruleset.interest("a/x").manifest && !ruleset.interest("a/y").manifest);
        let types: Vec<String> =
            ruleset.extract("a/x", b"").manifests.into_iter().map(|m| m.detector).collect();
        assert_eq!(types, ["t0", "t1"]);
    }
}
