//! History: which commits there are, and what each of them changed against its first parent.
//!
//! Two passes. The walk decodes commits alone and gives the order, newest first, so that their number is known
//! before the first is shown. The second pass reads paths in batches by several threads and hands them on in that
//! order, so that no more than a few batches are ever in memory.

mod commit;
mod paths;
mod walk;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use muster_model::{Commit, ObjectId, Problem, ProblemKind};

use crate::limits::Limits;
use crate::progress::{Phase, Progress};

/// Commits that a thread reads in a row. Neighbours share most of their trees, and a thread that skips many commits
/// resolves the deltas of those too, so that short runs made two threads do nearly twice the work of one.
const RUN: usize = 512;
/// Commits that are handed on at a time.
const BATCH: usize = 64;
/// Paths that are handed on at a time; a batch is cut short behind the commit that has one too many.
const BATCH_PATHS: usize = 8192;
/// Batches that a thread may be ahead of whoever receives them: a run of usual commits, so that none waits for another.
const AHEAD: usize = RUN / BATCH;

pub use walk::Walk;

/// What a batch of commits was made into, in order.
pub type Batch<T> = Vec<T>;

/// A batch on its way from the thread that read it.
struct Part<T> {
    made: Batch<T>,
    /// The run ends with it: the next batch is of the next thread.
    ends: bool,
}

/// Why history was not read to its end.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// Somebody asked to stop.
    #[error("stopped before the whole history was read")]
    Cancelled,
}

/// How reading ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HistoryEnd {
    /// Whoever receives the commits said that it has enough.
    pub stopped: bool,
    /// What could not be read: one entry for each kind of trouble, with a count and an example.
    pub problems: Vec<Problem>,
}

/// Commits of a walk, newest first: by committer time, and in the order of discovery where times are equal, as `git log`
/// lists them.
#[derive(Clone, Debug)]
pub struct History {
    repository: gix::ThreadSafeRepository,
    limits: Limits,
    trees: HashMap<gix::ObjectId, gix::ObjectId>,
    /// Every commit of the walk.
    pub ids: Vec<ObjectId>,
    /// What the walk could not read.
    pub problems: Vec<Problem>,
}

/// Troubles of many commits, told as one problem a kind.
#[derive(Debug, Default)]
pub(crate) struct Troubles(BTreeMap<(ProblemKind, &'static str), (u64, String)>);

impl Troubles {
    pub(crate) fn add(&mut self, kind: ProblemKind, what: &'static str, example: impl FnOnce() -> String) {
        self.0.entry((kind, what)).or_insert_with(|| (0, example())).0 += 1;
    }

    fn absorb(&mut self, other: Self) {
        for (key, (count, example)) in other.0 {
            let held = self.0.entry(key).or_insert((0, example.clone()));
            held.0 += count;
            if example < held.1 {
                held.1 = example;
            }
        }
    }

    fn into_problems(self) -> Vec<Problem> {
        let tell = |((kind, what), (count, example)): ((ProblemKind, &str), (u64, String))| {
            let many = if count == 1 { "1 commit".to_owned() } else { format!("{count} commits") };
            Problem::whole(kind, format!("{many} {what}, for example {example}"))
        };
        self.0.into_iter().map(tell).collect()
    }
}

impl History {
    /// Everything that one commit reaches.
    pub(crate) fn walk(
        repository: &gix::Repository,
        head: &ObjectId,
        limits: Limits,
        progress: &dyn Progress,
        cancelled: &AtomicBool,
    ) -> Result<Self, HistoryError> {
        progress.begin(Phase::Walk, None);
        let mut walk = Walk::new(repository, limits, [*head], HashSet::new());
        walk.advance(usize::MAX, progress, cancelled)?;
        Ok(walk.into_history())
    }

    /// Reads these commits (of `ids`, in any selection and order) and gives them to `receive` in their order.
    ///
    /// `make` runs on the reading threads. Memory holds a few batches at a time, whatever the length.
    pub fn read<T: Send>(
        &self,
        selection: &[ObjectId],
        threads: usize,
        progress: &dyn Progress,
        cancelled: &AtomicBool,
        make: &(dyn Fn(Commit) -> T + Sync),
        receive: &mut dyn FnMut(Batch<T>) -> ControlFlow<()>,
    ) -> Result<HistoryEnd, HistoryError> {
        progress.begin(Phase::History, Some(selection.len() as u64));
        let runs = selection.len().div_ceil(RUN);
        let threads = threads.clamp(1, runs.max(1));
        let mut end = HistoryEnd::default();
        std::thread::scope(|scope| {
            let mut receivers: Vec<Receiver<Part<T>>> = Vec::new();
            let mut readers = Vec::new();
            for first in 0..threads {
                let (send, receiver) = sync_channel(AHEAD);
                receivers.push(receiver);
                let share = selection.chunks(RUN).skip(first).step_by(threads);
                readers.push(scope.spawn(move || self.read_share(share, cancelled, make, &send)));
            }
            let mut run = 0;
            while run < runs {
                let Ok(part) = receivers[run % threads].recv() else { break };
                run += usize::from(part.ends);
                progress.advance(part.made.len() as u64);
                if receive(part.made).is_break() {
                    end.stopped = true;
                    break;
                }
            }
            // Readers that still want to send notice that nobody receives any more.
            drop(receivers);
            let mut troubles = Troubles::default();
            for reader in readers {
                match reader.join() {
                    Ok(part) => troubles.absorb(part),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
            end.problems = troubles.into_problems();
        });
        if cancelled.load(Ordering::Relaxed) { Err(HistoryError::Cancelled) } else { Ok(end) }
    }

    fn read_share<'a, T>(
        &self,
        share: impl Iterator<Item = &'a [ObjectId]>,
        cancelled: &AtomicBool,
        make: &(dyn Fn(Commit) -> T + Sync),
        send: &SyncSender<Part<T>>,
    ) -> Troubles {
        let mut troubles = Troubles::default();
        let mut reader = paths::Reader::new(self.repository.to_thread_local(), &self.trees, self.limits);
        'share: for run in share {
            let (mut made, mut paths) = (Batch::new(), 0);
            for id in run {
                if made.len() == BATCH || paths > BATCH_PATHS {
                    let part = Part { made: std::mem::take(&mut made), ends: false };
                    paths = 0;
                    if cancelled.load(Ordering::Relaxed) || send.send(part).is_err() {
                        break 'share;
                    }
                }
                if let Some(commit) = reader.read(id, &mut troubles) {
                    paths += commit.paths.len();
                    made.push(make(commit));
                }
            }
            if cancelled.load(Ordering::Relaxed) || send.send(Part { made, ends: true }).is_err() {
                break;
            }
        }
        troubles
    }
}
