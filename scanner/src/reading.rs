//! Reading a tree: which files, by how many threads, and what each of them yields.
//!
//! Two rounds. The first reads every manifest, task list and source file. The second reads what the first asked
//! for: files that manifests point at, and workspace members inside vendored directories.

mod known;
mod pool;

use std::collections::{BTreeSet, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};

use muster_detectors::{Answers, Extracts, MAX_FILE_BYTES, Ruleset, Wanted};
use muster_model::{Entry, EntryKind, FileExtract, ObjectId, Problem};

pub use known::KnownTree;
use pool::Yield;

use crate::content::{normalise_line_ends, to_model};
use crate::progress::{Phase, Progress};
use crate::tree::{Listed, Place};

/// What a look at one file found.
#[derive(Debug)]
pub(crate) enum Look {
    /// The file is there; where `read`, its content is in the buffer.
    Found { size: u64, read: bool, changed: bool },
    /// It is not. `gone`: the folder no longer has it, so it is no entry any more.
    Missing { problem: Option<Problem>, gone: bool },
}

/// One thread's way to the files of a source.
pub(crate) trait FileWorker {
    /// Looks at a file; with `want`, and unless it is too large, reads it into `buffer`.
    fn look(&mut self, listed: &Listed, want: bool, buffer: &mut Vec<u8>) -> Look;

    /// The size that Git records, where it is known.
    fn recorded_size(&mut self, _listed: &Listed) -> Option<u64> {
        None
    }
}

/// How to read.
#[derive(Clone, Copy)]
pub struct ReadOptions<'a> {
    /// Vendored directories too.
    pub all: bool,
    /// Threads; at least one.
    pub threads: usize,
    /// What an earlier scan kept.
    pub known: Option<&'a KnownTree>,
    /// Told how far it is.
    pub progress: &'a dyn Progress,
    /// Set by somebody who no longer wants the answer.
    pub cancelled: &'a AtomicBool,
}

/// Why a tree was not read.
#[derive(Debug, thiserror::Error)]
pub enum ReadingError {
    /// Somebody asked to stop.
    #[error("stopped before the scan was done")]
    Cancelled,
    /// The index of a folder is damaged.
    #[error("cannot read the index: {0}; `git status` tells more, `git reset` writes it anew")]
    Index(String),
}

/// What a tree holds.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// Every entry, vendored ones too, sorted by path. The id is known where the content is as recorded.
    pub entries: Vec<Entry>,
    /// What the files yielded.
    pub extracts: Extracts,
    /// What the second round found.
    pub answers: Answers,
    /// What could not be read.
    pub problems: Vec<Problem>,
    /// The folder differs from its commit.
    pub dirty: bool,
    /// Files and links that count: all but those in vendored directories.
    pub files: u64,
    /// Directories that hold them, the root included.
    pub directories: u64,
    /// Their size as Git records it.
    pub bytes: u64,
    /// Those that would have been read but were not.
    pub skipped: u64,
}

/// Everything the rounds need to know of a source.
pub(crate) struct Job<'a> {
    pub(crate) rules: &'a Ruleset,
    pub(crate) options: ReadOptions<'a>,
    /// Makes a worker for each thread.
    pub(crate) worker: &'a (dyn Fn() -> Box<dyn FileWorker + 'a> + Sync),
    /// Sizes on disk may not be the recorded ones.
    pub(crate) sizes_differ: bool,
    /// Threads other than the caller's may still be busy listing; what they find is read afterwards.
    pub(crate) meanwhile: Option<&'a (dyn Fn() -> Vec<Listed> + Sync)>,
}

/// Reads `listed` (sorted) and everything that the second round asks for.
pub(crate) fn read(job: &Job<'_>, mut listed: Vec<Listed>) -> Result<Reading, ReadingError> {
    job.options.progress.begin(Phase::Read, Some(listed.len() as u64));
    let mut reading = Reading::default();
    let mut first = pool::run(job, &listed)?;
    if let Some(found) = first.meanwhile.take().filter(|found| !found.is_empty()) {
        reading.dirty = true;
        let offset = listed.len() as u32;
        let second = pool::run(&Job { meanwhile: None, ..*job }, &found)?;
        first.absorb(second, offset);
        listed.extend(found);
    }
    reading.dirty |= first.changed > 0 || !first.gone.is_empty();
    // Files that were not read again may have CRLF that nobody saw.
    let unseen = !first.saw_text || job.options.known.is_some();
    let on_disk = listed.iter().any(|entry| matches!(entry.place, Place::Tracked { .. }));
    if on_disk && (job.sizes_differ || first.adds_cr || unseen) {
        first.bytes = pool::recorded_bytes(job, &listed, &first);
    }
    settle(&mut reading, listed, first, job);
    Ok(reading)
}

/// Turns what the threads found into sorted entries and extracts, and runs the second round.
///
/// Trees may be large: entries are sifted where they stand, and their paths move instead of being copied.
fn settle(reading: &mut Reading, mut listed: Vec<Listed>, first: Yield, job: &Job<'_>) {
    for (place, extract) in first.extracts {
        reading.skipped += u64::from(extract.skipped.is_some());
        reading.extracts.insert(listed[place as usize].path.clone(), extract);
    }
    reading.bytes = first.bytes;
    reading.problems = first.problems;
    for place in first.unsure {
        listed[place as usize].id = None;
    }
    let gone: HashSet<u32> = first.gone.iter().copied().collect();
    let mut place = 0..;
    listed.retain(|_| place.next().is_none_or(|place| !gone.contains(&place)));
    if !listed.is_sorted_by(|one, next| one.path <= next.path) {
        listed.sort_by(|one, other| one.path.cmp(&other.path));
        listed.dedup_by(|next, one| next.path == one.path);
    }
    count(reading, &listed, job.options.all);
    let entry = |listed: &mut Listed| Entry {
        path: std::mem::take(&mut listed.path),
        kind: listed.kind,
        id: listed.id.map(|id| to_model(&id)),
    };
    reading.entries = listed.iter_mut().map(entry).collect();
    second_round(reading, &listed, job);
}

/// Files, links and the directories that hold them; lock files, which nobody reads.
fn count(reading: &mut Reading, kept: &[Listed], all: bool) {
    let mut directories: HashSet<&str> = HashSet::from(["."]);
    for listed in kept {
        if listed.kind == EntryKind::Gitlink || (!all && Ruleset::is_vendored(&listed.path)) {
            continue;
        }
        reading.files += 1;
        let locked = listed.kind == EntryKind::File && Ruleset::is_lock_file(&listed.path);
        reading.skipped += u64::from(locked);
        for above in muster_model::ancestors(&listed.path) {
            if !directories.insert(above) {
                break;
            }
        }
    }
    reading.directories = directories.len() as u64;
}

/// What is asked for may ask for more (a workspace member inside a vendored directory may have its own), so this goes
/// on until nothing new is wanted; nothing is asked for twice.
///
/// `kept` stands in the order of the entries, which have taken its paths.
fn second_round(reading: &mut Reading, kept: &[Listed], job: &Job<'_>) {
    let mut worker = (job.worker)();
    let mut buffer = Vec::new();
    let mut seen = BTreeSet::new();
    loop {
        let wanted = job.rules.second_round(&reading.entries, &reading.extracts);
        let new: Vec<Wanted> = wanted.into_iter().filter(|wanted| seen.insert(wanted.clone())).collect();
        if new.is_empty() || job.options.cancelled.load(Ordering::Relaxed) {
            return;
        }
        for wanted in new {
            let place = reading.entries.binary_search_by(|entry| entry.path.as_str().cmp(&wanted.path));
            if let Ok(place) = place
                && kept[place].kind == EntryKind::File
            {
                let listed = Listed { path: wanted.path.clone(), ..kept[place].clone() };
                let look = worker.look(&listed, true, &mut buffer);
                take_wanted(reading, wanted, look, &mut buffer, job.rules);
            }
        }
    }
}

fn take_wanted(reading: &mut Reading, wanted: Wanted, look: Look, buffer: &mut Vec<u8>, rules: &Ruleset) {
    match look {
        Look::Found { read: true, .. } => {
            normalise_line_ends(buffer);
            if let Some(ask) = wanted.ask {
                let answer = Ruleset::answer(&ask, buffer);
                reading.answers.insert((wanted.path, ask), answer);
            } else {
                let extract = rules.extract(&wanted.path, buffer);
                insert(reading, wanted.path, extract);
            }
        }
        Look::Found { size, .. } if wanted.ask.is_none() && size > MAX_FILE_BYTES => {
            let extract = rules.extract_unread(&wanted.path, size);
            insert(reading, wanted.path, extract);
        }
        Look::Found { .. } => {}
        Look::Missing { problem, .. } => reading.problems.extend(problem),
    }
}

fn insert(reading: &mut Reading, path: String, extract: FileExtract) {
    if !extract.is_empty() {
        reading.extracts.insert(path, extract);
    }
}

impl Reading {
    /// The name of what stands at a path, where it is as recorded.
    pub fn blob(&self, path: &str) -> Option<ObjectId> {
        let place = self.entries.binary_search_by(|entry| entry.path.as_str().cmp(path)).ok()?;
        self.entries[place].id
    }
}
