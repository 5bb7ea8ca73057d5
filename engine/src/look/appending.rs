//! New commits: found, read with their paths and references, and appended in batches that nobody sees yet.

use std::collections::HashSet;
use std::ops::ControlFlow;

use muster_model::{ObjectId, Problem, ProblemKind};
use muster_scanner::History;
use muster_store::{Standing, Timestamp};

use super::marks::{Walked, Walking};
use super::tips::{Tips, live};
use super::{Budget, LookError};
use crate::commits::{CommitReader, ReadCommit};
use crate::save::HistoryWriter;

/// Commits that are read before they are written, and between two looks at the clock.
const CHUNK: usize = 1024;
/// Paths after which a chunk ends early.
const CHUNK_PATHS: usize = 100_000;

/// How to append.
pub(super) struct Appending<'a> {
    pub(super) walking: Walking<'a>,
    /// The task keys that messages are read against.
    pub(super) keys: HashSet<String>,
    pub(super) threads: usize,
    pub(super) budget: Budget,
    pub(super) clock: fn() -> Timestamp,
}

/// Commits that are to be stored, and how they stand then.
struct Part {
    history: History,
    missing: Vec<ObjectId>,
    standing: Standing,
}

/// Everything that is to be stored before refs may move.
pub(super) struct Supply(Vec<Part>);

/// What appending came to.
pub(super) struct Appended {
    /// Commits that were not stored before.
    pub(super) new: usize,
    /// Everything is stored; else time ran out.
    pub(super) is_done: bool,
}

impl Supply {
    /// How many commits.
    pub(super) fn len(&self) -> usize {
        self.0.iter().map(|part| part.missing.len()).sum()
    }

    /// What is missing in Git, in words.
    pub(super) fn damage(&self) -> Option<String> {
        let problem = self.problems().find(|problem| problem.kind == ProblemKind::MissingObject);
        problem.map(|problem| problem.message.clone())
    }

    /// False where commits cannot be read: then not everything that the tips reach will be stored. Paths that cannot be read
    /// cut nothing off.
    pub(super) fn is_whole(&self) -> bool {
        let cut =
            |problem: &Problem| matches!(problem.kind, ProblemKind::History | ProblemKind::MissingObject);
        !self.problems().any(cut)
    }

    fn problems(&self) -> impl Iterator<Item = &Problem> {
        self.0.iter().flat_map(|part| &part.history.problems)
    }
}

fn part(walked: Walked, standing: Standing) -> Part {
    let missing = walked.missing();
    Part { missing, history: walked.walk.into_history(), standing }
}

impl Appending<'_> {
    /// Finds the commits that the tips reach and that are not stored.
    pub(super) async fn supply(&self, tips: &Tips) -> Result<Supply, LookError> {
        let (walking, stored, now) = (self.walking, self.walking.stored, (self.clock)());
        if stored.refs.is_empty() {
            // The very first history shows while it grows, as it does when a scan saves it.
            let main = walking.walk(tips.default, HashSet::new(), None).await?;
            let on_default: HashSet<ObjectId> = main.walk.ids().iter().copied().collect();
            let others: Vec<ObjectId> = tips.commits().difference(&on_default).copied().collect();
            let others = walking.walk(others, on_default, None).await?;
            let parts =
                vec![part(main, Standing::first(true, now)), part(others, Standing::first(false, now))];
            return Ok(Supply(parts));
        }
        // Where the history is not to be trusted, stored commits may lack what they reach; tips never do.
        let stops: HashSet<ObjectId> = if walking.trusts() {
            live(&stored.refs).map(|stored| stored.tip).collect()
        } else {
            stored.refs.iter().map(|stored| stored.tip).collect()
        };
        let new: Vec<ObjectId> = tips.commits().difference(&stops).copied().collect();
        let ends = walking
            .trusts()
            .then_some((|standing| standing.is_reachable) as fn(&muster_store::CommitStanding) -> bool);
        let walked = walking.walk(new, stops, ends).await?;
        Ok(Supply(vec![part(walked, Standing::unseen(now))]))
    }

    /// Reads and writes them. Time may run out in between; the next time there is less to do.
    pub(super) async fn append(&self, supply: Supply) -> Result<Appended, LookError> {
        let reader = CommitReader::of_keys(self.keys.clone());
        let mut new = 0;
        for part in supply.0 {
            let repository = self.walking.stored.repository.id;
            let mut writer = HistoryWriter::adding(self.walking.tenant.clone(), repository, part.standing);
            let mut left = &part.missing[..];
            while !left.is_empty() {
                if self.budget.is_used_up() {
                    return Ok(Appended { new, is_done: false });
                }
                let (read, taken) = self.read(&reader, &part.history, &left[..left.len().min(CHUNK)])?;
                left = &left[taken..];
                for one in read {
                    writer.push(one.commit, one.references).await?;
                }
                writer.flush().await?;
            }
            new += writer.written();
        }
        Ok(Appended { new, is_done: true })
    }

    /// Reads some commits, all unless they have very many paths; gives how many that were, unreadable ones included.
    fn read(
        &self,
        reader: &CommitReader,
        history: &History,
        ids: &[ObjectId],
    ) -> Result<(Vec<ReadCommit>, usize), LookError> {
        let (mut read, mut paths) = (Vec::new(), 0);
        let mut receive = |batch: Vec<ReadCommit>| {
            paths += batch.iter().map(|one| one.commit.paths.len()).sum::<usize>();
            read.extend(batch);
            if paths > CHUNK_PATHS { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let Walking { progress, cancelled, .. } = self.walking;
        let end = reader.read_history(history, ids, self.threads, progress, cancelled, &mut receive)?;
        let last = read.last().and_then(|last| ids.iter().position(|id| *id == last.commit.id));
        let taken = if end.stopped { last.map_or(ids.len(), |last| last + 1) } else { ids.len() };
        Ok((read, taken))
    }
}
