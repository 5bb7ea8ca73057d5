//! What the scanner asks of the detectors: the one door to this crate.

use std::collections::{BTreeMap, HashMap};

use muster_model::{AskFor, Entry, FileExtract, Problem, Project, SubmoduleLine, Task};

/// Files above this size are not read: their name still counts. 1 MiB.
pub const MAX_FILE_BYTES: u64 = 1 << 20;

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
}

/// The detectors in order: built-in ones, the user's, the repository's, generic.
#[derive(Debug, Default)]
pub struct Ruleset {}

impl Ruleset {
    /// Built-in detectors, then those of the user's configuration, then those of the repository's `.muster.toml`.
    ///
    /// Both texts are TOML and are hostile until parsed: whatever is wrong with them is a problem, never an error.
    pub fn new(_user: Option<&str>, _repository: Option<&[u8]>) -> (Self, Vec<Problem>) {
        (Self {}, Vec::new())
    }

    /// What a path's name promises. Cheap: called once for every entry of a tree.
    pub fn interest(&self, _path: &str) -> Interest {
        Interest::default()
    }

    /// What a file yields. `content` has LF line ends and at most `MAX_FILE_BYTES`.
    pub fn extract(&self, _path: &str, _content: &[u8]) -> FileExtract {
        FileExtract::default()
    }

    /// What a file above `MAX_FILE_BYTES` yields, unread: a manifest still claims its directory.
    pub fn extract_unread(&self, _path: &str, _size: u64) -> FileExtract {
        FileExtract::default()
    }

    /// The files to read besides: those that manifests point at, and workspace members in vendored directories.
    pub fn second_round(&self, _entries: &[Entry], _extracts: &Extracts) -> Vec<Wanted> {
        Vec::new()
    }

    /// Answers one question of the second round.
    pub fn answer(_ask: &AskFor, _content: &[u8]) -> Option<String> {
        None
    }

    /// True where a segment of the path's directory is vendored (`node_modules`, `vendor`, ...): such files are
    /// not read in the first round unless everything is asked for.
    pub fn is_vendored(_path: &str) -> bool {
        false
    }

    /// Joins what the files yielded.
    pub fn assemble(&self, _input: &AssembleInput<'_>) -> Assembly {
        Assembly::default()
    }

    /// Says why a directory is or is not a project.
    pub fn explain(&self, _input: &AssembleInput<'_>, _path: &str) -> Explanation {
        Explanation::default()
    }
}
