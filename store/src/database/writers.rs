//! Who writes next: SQLite has one writer, and an urgent one must not stand behind an onboarding.
//!
//! Within a process writers wait here, not in SQLite's busy handler, which sleeps and forgets who came first. The most
//! urgent goes next; among equals, whoever came first. Between processes SQLite's own lock decides.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{oneshot, watch};

use super::OpenFile;

/// How long a writer can wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Urgency {
    /// Somebody waits for the answer: single rows.
    Answer,
    /// Moves current state.
    State,
    /// Bulk that nobody waits for.
    Batch,
}

/// The queue of one database's writers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Writers {
    file: Option<OpenFile>,
    queue: Arc<Mutex<Queue>>,
    jobs: watch::Sender<()>,
    changes: watch::Sender<()>,
}

#[derive(Debug, Default)]
struct Queue {
    writing: bool,
    waiting: [VecDeque<oneshot::Sender<Turn>>; 3],
}

/// The right to write, until it is dropped.
#[derive(Debug)]
pub(crate) struct Turn {
    writers: Option<Writers>,
    has_jobs: bool,
    has_changes: bool,
}

impl Turn {
    fn new(writers: Writers) -> Self {
        Self { writers: Some(writers), has_jobs: false, has_changes: false }
    }

    /// Wakes those who wait for jobs, as soon as the turn is over.
    pub(crate) fn announce_jobs(&mut self) {
        self.has_jobs = true;
    }

    /// The same for those who wait for changes.
    pub(crate) fn announce_changes(&mut self) {
        self.has_changes = true;
    }
}

impl Writers {
    /// Those of an open file.
    pub(crate) fn of(file: OpenFile) -> Self {
        Self { file: Some(file), ..Self::default() }
    }

    /// Nobody has moved the file away or put another in its place.
    pub(crate) fn have_their_file(&self) -> bool {
        self.file.as_ref().is_none_or(OpenFile::is_there)
    }

    /// Tells whenever jobs were written in this process.
    pub(crate) fn jobs(&self) -> watch::Receiver<()> {
        self.jobs.subscribe()
    }

    /// Tells whenever changes were noted in this process.
    pub(crate) fn changes(&self) -> watch::Receiver<()> {
        self.changes.subscribe()
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody writes or waits: each holds the queue, as does whoever asks here.
    pub(crate) fn is_used(&self) -> bool {
        Arc::strong_count(&self.queue) > 1
    }

    /// Waits for a turn.
    pub(crate) async fn turn(&self, urgency: Urgency) -> Turn {
        loop {
            let called = {
                let mut queue = self.queue();
                if !queue.writing {
                    queue.writing = true;
                    return Turn::new(self.clone());
                }
                let (call, called) = oneshot::channel();
                queue.waiting[urgency as usize].push_back(call);
                called
            };
            if let Ok(turn) = called.await {
                return turn;
            }
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let Some(writers) = self.writers.take() else { return };
        if self.has_jobs {
            _ = writers.jobs.send(());
        }
        if self.has_changes {
            _ = writers.changes.send(());
        }
        loop {
            let next = {
                let mut queue = writers.queue();
                let next = queue.waiting.iter_mut().find_map(VecDeque::pop_front);
                queue.writing = next.is_some();
                next
            };
            let Some(next) = next else { return };
            // One that no longer waits gives the turn back, for the one behind it.
            match next.send(Turn::new(writers.clone())) {
                Ok(()) => return,
                Err(mut refused) => refused.writers = None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use super::*;

    #[tokio::test]
    async fn the_most_urgent_goes_next_and_one_that_left_is_passed_over() {
        let writers = Writers::default();
        let first = writers.turn(Urgency::Batch).await;
        let mut waiting = Vec::new();
        for urgency in [Urgency::Batch, Urgency::State, Urgency::Answer, Urgency::Answer] {
            let mut turn = Box::pin(writers.turn(urgency));
            assert!(futures_poll(turn.as_mut()).await.is_none());
            waiting.push(Some(turn));
        }
        waiting[2] = None; // gave up
        drop(first);
        for next in [3, 1, 0] {
            for (n, turn) in waiting.iter_mut().enumerate() {
                if let (Some(turn), true) = (turn, n != next) {
                    assert!(futures_poll(turn.as_mut()).await.is_none(), "{n} before {next}");
                }
            }
            let mut turn = waiting[next].take().unwrap();
            drop(futures_poll(turn.as_mut()).await.expect("it is its turn"));
        }
        drop(pin!(writers.turn(Urgency::Batch)).await);
    }

    async fn futures_poll<F: Future>(mut future: std::pin::Pin<&mut F>) -> Option<F::Output> {
        std::future::poll_fn(|context| {
            std::task::Poll::Ready(match future.as_mut().poll(context) {
                std::task::Poll::Ready(output) => Some(output),
                std::task::Poll::Pending => None,
            })
        })
        .await
    }
}
