//! History: which commits there are, and what each of them changed against its first parent.
//!
//! Two passes. The walk decodes commits alone and gives the order, newest first, so that their number is known
//! before the first is shown. The second pass reads paths in batches by several threads and hands them on in that
//! order, so that no more than a few batches are ever in memory.

mod commit;
mod paths;
mod walk;

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use muster_model::{Commit, ObjectId, Problem, ProblemKind};

use crate::content::to_gix;
use crate::limits::Limits;
use crate::progress::{Phase, Progress};

/// Commits that a thread reads at a time.
const BATCH: usize = 64;
/// Batches that a thread may be ahead of whoever receives them.
const AHEAD: usize = 4;

/// What a batch of commits was made into, in order.
pub type Batch<T> = Vec<T>;

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

/// The commits that are reachable from one commit, newest first: by committer time, and in the order of discovery
/// where times are equal, as `git log` lists them.
#[derive(Clone, Debug)]
pub struct History {
    repository: gix::ThreadSafeRepository,
    limits: Limits,
    /// Every reachable commit that is here.
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
    pub(crate) fn walk(
        repository: &gix::Repository,
        head: &ObjectId,
        limits: Limits,
        progress: &dyn Progress,
        cancelled: &AtomicBool,
    ) -> Result<Self, HistoryError> {
        progress.begin(Phase::Walk, None);
        let mut troubles = Troubles::default();
        let ids = walk::newest_first(repository, to_gix(head), limits, progress, cancelled, &mut troubles)?;
        let problems = troubles.into_problems();
        Ok(Self { repository: repository.clone().into_sync(), limits, ids, problems })
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
        let batches = selection.len().div_ceil(BATCH);
        let threads = threads.clamp(1, batches.max(1));
        let mut end = HistoryEnd::default();
        std::thread::scope(|scope| {
            let mut receivers: Vec<Receiver<Batch<T>>> = Vec::new();
            let mut readers = Vec::new();
            for first in 0..threads {
                let (send, receiver) = sync_channel(AHEAD);
                receivers.push(receiver);
                let share = selection.chunks(BATCH).skip(first).step_by(threads);
                readers.push(scope.spawn(move || self.read_share(share, cancelled, make, &send)));
            }
            for batch in 0..batches {
                let Ok(made) = receivers[batch % threads].recv() else { break };
                progress.advance(made.len() as u64);
                if receive(made).is_break() {
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
        send: &SyncSender<Batch<T>>,
    ) -> Troubles {
        let mut troubles = Troubles::default();
        let mut reader = paths::Reader::new(self.repository.to_thread_local(), self.limits);
        for batch in share {
            if cancelled.load(Ordering::Relaxed) {
                break;
            }
            let read = batch.iter().filter_map(|id| reader.read(id, &mut troubles));
            if send.send(read.map(make).collect()).is_err() {
                break;
            }
        }
        troubles
    }
}
