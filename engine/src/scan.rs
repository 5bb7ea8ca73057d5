//! Scan: read a source by the rules that hold for it, and the submodules that are populated in it.

use std::sync::atomic::AtomicBool;

use muster_detectors::{AssembleInput, Assembly, Explanation, Ruleset};
use muster_model::{ObjectId, Problem, ProblemKind, SubmoduleLine};
use muster_scanner::{KnownTree, OpenError, Progress, ReadOptions, Reading, ReadingError, Source};

use crate::{ExtractRow, Snapshot};

/// The file in which a repository says something about itself.
const CONFIGURATION: &str = ".muster.toml";
/// Its bound, in bytes.
const CONFIGURATION_BYTES: u64 = 64 * 1024;
/// Submodules inside submodules.
const MOST_NESTED: usize = 16;
/// Grows whenever a file may yield something else than before, so that stored extracts are not used again.
const EXTRACTOR_VERSION: u32 = 1;
/// The version of extracts that say nothing of the files without one, because some files could not be read.
const NOT_TO_BE_USED_AGAIN: u32 = 0;

/// How to scan.
#[derive(Clone, Copy)]
pub struct ScanOptions<'a> {
    /// Detectors of the user's configuration, TOML.
    pub user_rules: Option<&'a str>,
    /// Look into vendored directories too.
    pub all: bool,
    /// Enter populated submodules.
    pub submodules: bool,
    /// Threads that read.
    pub threads: usize,
    /// Told how far it is.
    pub progress: &'a dyn Progress,
    /// Set by somebody who no longer wants the answer.
    pub cancelled: &'a AtomicBool,
}

/// Why nothing was scanned.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// The source cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The tree cannot be read.
    #[error(transparent)]
    Read(#[from] ReadingError),
}

/// One scanned repository with the submodules that were entered.
#[derive(Debug)]
pub struct Scan {
    /// Where it was read from.
    pub source: Source,
    /// What may be saved: vendored directories left out, gitlinks unpopulated.
    pub snapshot: Snapshot,
    /// The same with what vendored directories hold, where that was asked for: shown, never saved.
    pub with_vendored: Option<Assembly>,
    /// What could not be read in vendored directories: shown, never saved.
    pub vendored_problems: Vec<Problem>,
    /// Files and links, directories, bytes, skipped files.
    pub counts: Counts,
    /// Entered submodules by path.
    pub children: Vec<(String, Scan)>,
}

/// What was looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Files and links.
    pub files: u64,
    /// Directories that hold them.
    pub directories: u64,
    /// Bytes as Git records them.
    pub bytes: u64,
    /// Files that would have been read but were not.
    pub skipped: u64,
}

/// The rules that hold for a source, and what is wrong with them.
pub struct Rules {
    ruleset: Ruleset,
    problems: Vec<Problem>,
    /// Tells extracts made by other rules apart.
    pub version: u32,
}

impl Rules {
    /// Reads the repository's own configuration, and nothing else of it.
    pub fn of(source: &Source, user_rules: Option<&str>) -> Self {
        let own = source.read_small(CONFIGURATION, CONFIGURATION_BYTES);
        let (own, too_large) = match own {
            Some(Err(size)) => (None, Some(size)),
            Some(Ok(content)) => (Some(content), None),
            None => (None, None),
        };
        let (ruleset, mut problems) = Ruleset::new(user_rules, own.as_deref());
        if let Some(size) = too_large {
            let message =
                format!("{size} bytes are too many (at most {CONFIGURATION_BYTES}); it is not read");
            problems.push(Problem::at(CONFIGURATION, ProblemKind::Configuration, message));
        }
        let parts = [&EXTRACTOR_VERSION.to_le_bytes()[..], user_rules.unwrap_or("").as_bytes(), b"\0"];
        let version = parts
            .into_iter()
            .chain(own.as_deref())
            .flatten()
            .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193));
        Self { ruleset, problems, version: version.max(NOT_TO_BE_USED_AGAIN + 1) }
    }
}

/// Scans a source. `known` is what an earlier scan kept of it, for the same rules.
pub fn scan(source: Source, options: ScanOptions<'_>, known: Option<&KnownTree>) -> Result<Scan, ScanError> {
    scan_nested(source, options, known, 0)
}

fn scan_nested(
    source: Source,
    options: ScanOptions<'_>,
    known: Option<&KnownTree>,
    depth: usize,
) -> Result<Scan, ScanError> {
    let rules = Rules::of(&source, options.user_rules);
    let (reading, submodules) = source.read(&rules.ruleset, read_options(options, known))?;
    let with_vendored = options.all.then(|| assemble(&source, &rules, &reading, &submodules, true));
    let assembly = assemble(&source, &rules, &reading, &submodules, false);
    let shown = with_vendored.as_ref().unwrap_or(&assembly);
    let problems = [&source.facts.problems[..], &rules.problems, &reading.problems, &shown.problems].concat();
    let (vendored_problems, problems): (Vec<_>, Vec<_>) =
        problems.into_iter().partition(|problem| problem.path.as_deref().is_some_and(Ruleset::is_vendored));
    let mut scan = Scan {
        counts: Counts {
            files: reading.files,
            directories: reading.directories,
            bytes: reading.bytes,
            skipped: reading.skipped,
        },
        snapshot: snapshot(&source, &rules, reading, assembly, submodules, problems),
        with_vendored,
        vendored_problems,
        children: Vec::new(),
        source,
    };
    if options.submodules {
        enter_submodules(&mut scan, options, depth)?;
    }
    scan.snapshot.problems.sort();
    scan.snapshot.problems.dedup();
    Ok(scan)
}

fn read_options<'a>(options: ScanOptions<'a>, known: Option<&'a KnownTree>) -> ReadOptions<'a> {
    ReadOptions {
        all: options.all,
        threads: options.threads,
        known,
        progress: options.progress,
        cancelled: options.cancelled,
    }
}

fn assemble(
    source: &Source,
    rules: &Rules,
    reading: &Reading,
    submodules: &[SubmoduleLine],
    all: bool,
) -> Assembly {
    rules.ruleset.assemble(&input(source, reading, submodules, all))
}

fn input<'a>(
    source: &'a Source,
    reading: &'a Reading,
    submodules: &'a [SubmoduleLine],
    all: bool,
) -> AssembleInput<'a> {
    AssembleInput {
        repository_name: &source.name,
        entries: &reading.entries,
        extracts: &reading.extracts,
        answers: &reading.answers,
        submodules,
        all,
    }
}

fn snapshot(
    source: &Source,
    rules: &Rules,
    mut reading: Reading,
    assembly: Assembly,
    submodules: Vec<SubmoduleLine>,
    problems: Vec<Problem>,
) -> Snapshot {
    let extracts = std::mem::take(&mut reading.extracts);
    let kept = extracts.into_iter().filter(|(path, _)| !Ruleset::is_vendored(path));
    let extracts = kept
        .filter_map(|(path, extract)| Some(ExtractRow { blob: reading.blob(&path)?, path, extract }))
        .collect();
    // A file that could not be read today may be there tomorrow, unchanged.
    let incomplete = problems
        .iter()
        .any(|problem| matches!(problem.kind, ProblemKind::MissingObject | ProblemKind::Unreadable));
    Snapshot {
        source_key: source.key.clone(),
        name: source.name.clone(),
        clone_url: source.facts.remote_url.clone(),
        branch: source.facts.branch.clone(),
        head: source.facts.head,
        dirty: reading.dirty,
        shallow: source.facts.shallow,
        projects: assembly.projects,
        tasks: assembly.tasks,
        submodules,
        problems,
        extracts,
        extractor_version: if incomplete { NOT_TO_BE_USED_AGAIN } else { rules.version },
    }
}

/// A submodule that cannot be entered is a problem, never a failure.
fn enter_submodules(scan: &mut Scan, options: ScanOptions<'_>, depth: usize) -> Result<(), ScanError> {
    let gitlinks: Vec<String> = scan
        .snapshot
        .submodules
        .iter()
        .filter(|line| line.commit.is_some())
        .map(|line| line.path.clone())
        .collect();
    for path in gitlinks {
        let Some(opened) = scan.source.open_submodule(&path) else { continue };
        let problems = &mut scan.snapshot.problems;
        if depth >= MOST_NESTED {
            let message = format!("more than {MOST_NESTED} submodules deep; not entered");
            problems.push(Problem::at(path, ProblemKind::LimitReached, message));
            continue;
        }
        let entered = match opened {
            Ok(source) => scan_nested(source, options, None, depth + 1),
            Err(error) => {
                problems.push(Problem::at(path, ProblemKind::Submodule, format!("not entered: {error}")));
                continue;
            }
        };
        match entered {
            Ok(child) => scan.children.push((path, child)),
            Err(ScanError::Read(ReadingError::Cancelled)) => return Err(ReadingError::Cancelled.into()),
            Err(error) => {
                problems.push(Problem::at(path, ProblemKind::Submodule, format!("not entered: {error}")));
            }
        }
    }
    Ok(())
}

/// What an earlier scan of `head` kept, as the next one can use it; `None` where the old tree is not all here.
pub fn known_tree(
    source: &Source,
    head: &ObjectId,
    extracts: impl IntoIterator<Item = ExtractRow>,
) -> Option<KnownTree> {
    let listing = source.blobs_of(head)?;
    Some(KnownTree::new(listing, extracts.into_iter().map(|row| (row.path, row.blob, row.extract))))
}

/// Says why a directory is or is not a project.
pub fn explain(source: &Source, options: ScanOptions<'_>, path: &str) -> Result<Explanation, ScanError> {
    let rules = Rules::of(source, options.user_rules);
    let (reading, submodules) = source.read(&rules.ruleset, read_options(options, None))?;
    Ok(rules.ruleset.explain(&input(source, &reading, &submodules, options.all), path))
}
