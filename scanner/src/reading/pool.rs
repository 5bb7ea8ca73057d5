//! Reading many files by a few threads: each takes the next few dozen entries until none are left.

use std::sync::atomic::{AtomicUsize, Ordering};

use muster_detectors::{MAX_FILE_BYTES, Ruleset};
use muster_model::{EntryKind, FileExtract, Problem};

use super::{FileWorker, Job, Look, ReadingError};
use crate::content::{normalise_line_ends, to_model};
use crate::tree::{Listed, Place};

/// Entries that a thread takes at a time: few enough to share the end of the list evenly.
const TAKEN_AT_ONCE: usize = 32;

/// What the threads found; places are those of the list.
#[derive(Debug, Default)]
pub(crate) struct Yield {
    pub(crate) extracts: Vec<(u32, FileExtract)>,
    /// No longer in the folder.
    pub(crate) gone: Vec<u32>,
    /// Differs from what is recorded.
    pub(crate) unsure: Vec<u32>,
    pub(crate) changed: u64,
    pub(crate) bytes: u64,
    pub(crate) problems: Vec<Problem>,
    /// A tracked text has other line ends on disk than are recorded, so sizes on disk cannot be trusted.
    pub(crate) adds_cr: bool,
    /// Files that were not read, with their sizes on disk.
    pub(crate) unread: Vec<(u32, u64)>,
    /// A text came with LF alone: line ends are not converted throughout.
    pub(crate) saw_text: bool,
    /// What was listed while the threads read.
    pub(crate) meanwhile: Option<Vec<Listed>>,
}

impl Yield {
    /// Adds what was found in a list that is appended at `offset`.
    pub(crate) fn absorb(&mut self, other: Self, offset: u32) {
        self.extracts.extend(other.extracts.into_iter().map(|(place, extract)| (place + offset, extract)));
        self.gone.extend(other.gone.into_iter().map(|place| place + offset));
        self.unsure.extend(other.unsure.into_iter().map(|place| place + offset));
        self.unread.extend(other.unread.into_iter().map(|(place, size)| (place + offset, size)));
        self.changed += other.changed;
        self.bytes += other.bytes;
        self.problems.extend(other.problems);
        self.adds_cr |= other.adds_cr;
        self.saw_text |= other.saw_text;
    }
}

/// Reads all entries of a list.
pub(crate) fn run(job: &Job<'_>, listed: &[Listed]) -> Result<Yield, ReadingError> {
    let next = AtomicUsize::new(0);
    let mut all = Yield::default();
    let helpers = job.options.threads.max(1) - 1;
    std::thread::scope(|scope| {
        let spawned: Vec<_> = (0..helpers).map(|_| scope.spawn(|| read_share(job, listed, &next))).collect();
        let meanwhile = job.meanwhile.map(|list| list());
        all = read_share(job, listed, &next);
        for thread in spawned {
            match thread.join() {
                Ok(part) => all.absorb(part, 0),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        all.meanwhile = meanwhile;
    });
    if job.options.cancelled.load(Ordering::Relaxed) {
        return Err(ReadingError::Cancelled);
    }
    all.problems.sort();
    Ok(all)
}

fn read_share(job: &Job<'_>, listed: &[Listed], next: &AtomicUsize) -> Yield {
    let mut worker = (job.worker)();
    let mut buffer = Vec::new();
    let mut found = Yield::default();
    loop {
        let start = next.fetch_add(TAKEN_AT_ONCE, Ordering::Relaxed);
        if start >= listed.len() || job.options.cancelled.load(Ordering::Relaxed) {
            return found;
        }
        let end = (start + TAKEN_AT_ONCE).min(listed.len());
        for (place, entry) in (start as u32..).zip(&listed[start..end]) {
            if entry.kind != EntryKind::Gitlink {
                look_at(job, worker.as_mut(), place, entry, &mut buffer, &mut found);
            }
        }
        job.options.progress.advance((end - start) as u64);
    }
}

fn look_at(
    job: &Job<'_>,
    worker: &mut dyn FileWorker,
    place: u32,
    entry: &Listed,
    buffer: &mut Vec<u8>,
    found: &mut Yield,
) {
    let vendored = Ruleset::is_vendored(&entry.path);
    let counts = job.options.all || !vendored;
    if !counts && entry.place == Place::Objects {
        return;
    }
    let interest = job.rules.interest(&entry.path);
    let interesting = counts && entry.kind == EntryKind::File && (interest.manifest || interest.source);
    // Of vendored directories nothing is kept, so that a file without an extract may yield something all the same.
    let kept = match (&job.options.known, &entry.id) {
        (Some(known), Some(id)) if interesting && !vendored => known.yielded(&entry.path, &to_model(id)),
        _ => None,
    };
    let mut look = worker.look(entry, interesting && kept.is_none(), buffer);
    if kept.is_some() && matches!(look, Look::Found { changed: true, .. }) {
        look = worker.look(entry, true, buffer);
    }
    let (mut size, read, changed) = match look {
        Look::Found { size, read, changed } => (size, read, changed),
        Look::Missing { problem, gone } => {
            found.problems.extend(problem);
            if gone {
                found.gone.push(place);
            } else {
                found.unsure.push(place);
            }
            return;
        }
    };
    if changed {
        found.changed += 1;
        found.unsure.push(place);
    }
    let as_recorded = !changed && matches!(entry.place, Place::Tracked { .. });
    if as_recorded && counts && !read && entry.kind == EntryKind::File {
        found.unread.push((place, size));
    }
    if read {
        if normalise_line_ends(buffer) {
            // Many a repository records CRLF; only where the folder has more bytes than that were they added.
            if as_recorded && let Some(recorded) = worker.recorded_size(entry) {
                found.adds_cr |= recorded != size;
                size = recorded;
            }
        } else if !found.saw_text {
            found.saw_text = memchr::memchr(b'\n', buffer).is_some();
        }
    }
    found.bytes += if counts { size } else { 0 };
    let too_large = counts && size > MAX_FILE_BYTES && entry.kind == EntryKind::File;
    if !interesting && !too_large {
        return;
    }
    let extract = match kept.filter(|_| !changed) {
        Some(kept) => kept.cloned().unwrap_or_default(),
        None if read => job.rules.extract(&entry.path, buffer),
        None if too_large => job.rules.extract_unread(&entry.path, size),
        None => return,
    };
    if !extract.is_empty() {
        found.extracts.push((place, extract));
    }
}

/// The bytes of everything that counts, with the recorded sizes of files that nobody read: asked for only where sizes
/// on disk may be other ones. What was read has told its own already.
pub(crate) fn recorded_bytes(job: &Job<'_>, listed: &[Listed], first: &Yield) -> u64 {
    let mut worker = (job.worker)();
    let on_disk: u64 = first.unread.iter().map(|(_, size)| size).sum();
    let recorded =
        |(place, size): &(u32, u64)| worker.recorded_size(&listed[*place as usize]).unwrap_or(*size);
    first.bytes - on_disk + first.unread.iter().map(recorded).sum::<u64>()
}
