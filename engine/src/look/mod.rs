//! Look: compare the refs of a mirror with those that are stored, and apply what moved.
//!
//! A push is a hint to look and nothing more; what has changed is computed from Git. So it does not matter which pushes were
//! heard of, in which order, or how often: a look leaves what one look at the same refs would have left from nothing.
//!
//! New commits are appended first, in small batches that no list shows; then one short transaction moves the state, the refs
//! and what they reach. Between batches a look may run out of time: what is stored stays, and the next one goes on from there.
//! Reading Git blocks, and what it reads with cannot be sent to another thread: a look runs where blocking is allowed.

mod appending;
mod graph;
mod marks;
mod pull;
mod rescan;
mod tips;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use muster_scanner::{OpenError, Progress, RefsError};
use muster_store::{
    CommitMarks, HistoryProgress, Lease, LookChange, LookSettled, RebuildMark, RepositoryId, StoreError,
    StoredRefs, Tenant, Timestamp,
};

pub use pull::{MOST_PULL_COMMITS, look_at_pull};

use crate::ScanError;
use crate::link::{link, resolve_links};
use crate::remote::MirrorAt;
use appending::Appending;
use marks::Walking;
pub(crate) use marks::long_marks;
use rescan::{Opened, Rescanned};
pub(crate) use tips::Tips;

/// How often a look begins again because another writer came first.
pub(crate) const ATTEMPTS: usize = 100;
/// Commits that one transaction marks: more are marked ahead, so many at a time.
pub(crate) const MARKS: usize = 4000;
/// New commits above which projects and tasks are shown before them.
const STATE_FIRST: usize = 2000;

/// How to look.
#[derive(Clone, Copy)]
pub struct LookOptions<'a> {
    /// Detectors of the user's configuration, TOML.
    pub user_rules: Option<&'a str>,
    /// Threads that read.
    pub threads: usize,
    /// How long one run may take, some seconds more or less.
    pub budget: Duration,
    /// A mirror in which something is missing is looked at all the same: it was made anew and is no better.
    pub accepts_damage: bool,
    /// Told how far it is.
    pub progress: &'a dyn Progress,
    /// Set by somebody who no longer wants the answer.
    pub cancelled: &'a AtomicBool,
    /// What time it is.
    pub clock: fn() -> Timestamp,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookEnd {
    /// All is stored and shows. `by_lease`: the job's lease was settled with it.
    Settled {
        /// See there.
        by_lease: bool,
    },
    /// The lease no longer held: another does the work, or has done it.
    LeaseLost,
    /// Time ran out: there is more to do.
    Unfinished,
}

/// What a run did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Looked {
    /// How it ended.
    pub end: LookEnd,
    /// Commits that were not stored before.
    pub new_commits: usize,
    /// Something is shown otherwise than before.
    pub changed: bool,
    /// The receipt of the oldest push that shows now and did not before.
    pub waited_since: Option<Timestamp>,
    /// How long the default branch's tip took to be read and compared; `None` where it had not moved.
    pub scan: Option<Duration>,
}

/// Why a look came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum LookError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The mirror cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// Its tree cannot be read.
    #[error(transparent)]
    Scan(#[from] ScanError),
    /// Its refs cannot be listed.
    #[error(transparent)]
    Refs(#[from] RefsError),
    /// Objects are missing that have to be there.
    #[error("the mirror on this machine is damaged: {0}")]
    Damaged(String),
    /// What should be a mirror is no repository.
    #[error("there is no repository where the mirror should be")]
    NoRepository,
    /// A pull request comes before the repository's first look.
    #[error("the repository was not looked at yet; its pull requests are fetched after that")]
    NotLookedAt,
    /// A pull request of absurd size.
    #[error(
        "pull request {0} asks for more than {MOST_PULL_COMMITS} commits to be merged; they are not stored"
    )]
    TooManyCommits(u64),
    /// Somebody asked to stop.
    #[error("the look was stopped")]
    Cancelled,
}

impl LookError {
    /// True where a mirror that is made anew may help.
    pub fn blames_the_mirror(&self) -> bool {
        matches!(self, Self::Open(_) | Self::Refs(_) | Self::Damaged(_) | Self::NoRepository)
    }
}

/// Time that is used up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Budget {
    began: Instant,
    most: Duration,
}

impl Budget {
    fn new(most: Duration) -> Self {
        Self { began: Instant::now(), most }
    }

    pub(crate) fn is_used_up(&self) -> bool {
        self.began.elapsed() >= self.most
    }
}

/// Looks at a repository's mirror. `asked`: when the remote was asked for what the mirror has.
///
/// No later than its fetch began: pushes that were received until then count as shown.
pub async fn look(
    tenant: &Tenant,
    repository: RepositoryId,
    mirror: MirrorAt<'_>,
    asked: Timestamp,
    lease: Option<Lease>,
    options: LookOptions<'_>,
) -> Result<Looked, LookError> {
    let (budget, mut attempt) = (Budget::new(options.budget), 1);
    let mut done =
        Looked { end: LookEnd::Unfinished, new_commits: 0, changed: false, waited_since: None, scan: None };
    loop {
        let stored = tenant.stored_refs(repository).await?;
        let run = Run { tenant, stored: &stored, mirror, asked, lease, options, budget };
        match Box::pin(run.look(&mut done)).await {
            Err(LookError::Store(StoreError::StateMoved)) if attempt < ATTEMPTS => attempt += 1,
            ended => {
                if let Some(end) = ended? {
                    return Ok(Looked { end, ..done });
                }
            }
        }
    }
}

/// One attempt at a look, from what was stored at its beginning.
struct Run<'a> {
    tenant: &'a Tenant,
    stored: &'a StoredRefs,
    mirror: MirrorAt<'a>,
    asked: Timestamp,
    lease: Option<Lease>,
    options: LookOptions<'a>,
    budget: Budget,
}

impl Run<'_> {
    /// `None`: what follows has to be computed from what is stored now.
    async fn look(&self, done: &mut Looked) -> Result<Option<LookEnd>, LookError> {
        let Self { tenant, stored, options, .. } = *self;
        let opened = Opened::open(self.mirror, &stored.repository, options)?;
        let tips = Tips::of_mirror(opened.refs.tips.clone(), opened.head(), &stored.refs);
        let began = Instant::now();
        let Rescanned { source, mut state, keys } =
            Box::pin(rescan::rescan(tenant, opened, stored, options)).await?;
        if state.is_some() {
            done.scan = Some(began.elapsed());
        }
        let walking = Walking {
            tenant,
            stored,
            source: &source,
            progress: options.progress,
            cancelled: options.cancelled,
        };
        let appending =
            Appending { walking, keys, threads: options.threads, budget: self.budget, clock: options.clock };
        let supply = appending.supply(&tips).await?;
        if !options.accepts_damage
            && let Some(problem) = supply.damage()
        {
            return Err(LookError::Damaged(problem));
        }
        let moves_paths = state.as_ref().is_some_and(muster_store::StateChange::moves_paths);
        if supply.len() > STATE_FIRST && state.is_some() {
            // The history of so many commits takes a while: projects and tasks show before it.
            let change = LookChange { state: state.take(), ..self.nothing() };
            let settled = tenant.settle_look(&change, None, (options.clock)()).await?;
            note(done, settled.as_ref());
            return Ok(None);
        }
        let is_whole = supply.is_whole();
        let appended = appending.append(supply).await?;
        done.new_commits += appended.new;
        if !appended.is_done {
            return Ok(Some(LookEnd::Unfinished));
        }
        let mut marks = walking.marks(&tips).await?;
        while marks.len() > MARKS {
            if self.budget.is_used_up() {
                return Ok(Some(LookEnd::Unfinished));
            }
            mark_some(tenant, stored, &mut marks, MARKS, (options.clock)()).await?;
        }
        let rebuilds = stored.repository.commit_projects_stale || moves_paths;
        let lease = self.lease.filter(|_| !rebuilds);
        let change = LookChange {
            state,
            refs: if is_whole { tips.changes(&stored.refs) } else { Vec::new() },
            marks,
            history: Some(if is_whole { HistoryProgress::Complete } else { HistoryProgress::Partial }),
            seen: Some(self.asked),
            ..self.nothing()
        };
        let Some(settled) = tenant.settle_look(&change, lease, (options.clock)()).await? else {
            return Ok(Some(LookEnd::LeaseLost));
        };
        note(done, Some(&settled));
        if rebuilds {
            self.rebuild().await?;
            link(tenant, (options.clock)()).await?;
        }
        Ok(Some(LookEnd::Settled { by_lease: lease.is_some() }))
    }

    fn nothing(&self) -> LookChange {
        let nothing = LookChange::nothing(self.stored.repository.id, self.stored.repository.revision);
        LookChange { link: Some(resolve_links), ..nothing }
    }

    /// Rebuilds which projects the commits touch. It begins anew where it was cut off, so it is not cut off for time.
    async fn rebuild(&self) -> Result<(), LookError> {
        let mut next = Some(RebuildMark::default());
        while let Some(mark) = next {
            if self.options.cancelled.load(Ordering::Relaxed) {
                return Err(LookError::Cancelled);
            }
            next = self.tenant.rebuild_commit_projects(self.stored.repository.id, mark).await?;
        }
        Ok(())
    }
}

fn note(done: &mut Looked, settled: Option<&LookSettled>) {
    if let Some(settled) = settled {
        done.changed |= settled.changed;
        done.waited_since = done.waited_since.or(settled.waited_since);
    }
}

/// Marks ahead until what is left fits into the transaction that settles.
pub(crate) async fn mark_ahead(
    tenant: &Tenant,
    stored: &StoredRefs,
    marks: &mut CommitMarks,
    most: usize,
    now: Timestamp,
) -> Result<(), StoreError> {
    while marks.len() > most {
        mark_some(tenant, stored, marks, most, now).await?;
    }
    Ok(())
}

/// Marks some commits ahead and takes them off the lists.
async fn mark_some(
    tenant: &Tenant,
    stored: &StoredRefs,
    marks: &mut CommitMarks,
    most: usize,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut left = most;
    let mut take = |list: &mut Vec<muster_store::CommitId>| {
        let some = list.split_off(list.len().saturating_sub(left));
        left -= some.len();
        some
    };
    let some = CommitMarks {
        reached: take(&mut marks.reached),
        lost: take(&mut marks.lost),
        joined: take(&mut marks.joined),
        left: take(&mut marks.left),
    };
    tenant.mark_commits(stored.repository.id, stored.repository.revision, &some, now).await
}
