//! The commits of a pull request: what its head reaches and what it is to be merged into does not.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use muster_model::ObjectId;
use muster_scanner::Limits;
use muster_scanner::Source;
use muster_store::{
    CommitMarks, CommitStanding, Lease, PullChange, PullRequest, RefChange, RepositoryId, StoreError,
    StoredRefs, Tenant,
};

use super::appending::Appending;
use super::marks::{Walking, long_marks};
use super::tips::{Tips, live};
use super::{ATTEMPTS, Budget, LookEnd, LookError, LookOptions};
use crate::link::resolve_links;
use crate::remote::MirrorAt;

/// Commits that a pull request may have.
pub const MOST_PULL_COMMITS: usize = 5000;

/// Stores the commits of a pull request, whose head the mirror has just been asked for.
///
/// A head that the remote no longer has is no failure: its commits are none then.
pub async fn look_at_pull(
    tenant: &Tenant,
    repository: RepositoryId,
    number: u64,
    mirror: MirrorAt<'_>,
    lease: Option<Lease>,
    options: LookOptions<'_>,
) -> Result<LookEnd, LookError> {
    let Some(pull) = tenant.pull_request(repository, number).await? else {
        return Ok(LookEnd::Settled { by_lease: false });
    };
    let mut attempt = 1;
    loop {
        let stored = tenant.stored_refs(repository).await?;
        if stored.refs.is_empty() {
            return Err(LookError::NotLookedAt);
        }
        let look = PullLook { tenant, stored: &stored, number, pull, lease, options };
        match look.run(mirror).await {
            Err(LookError::Store(StoreError::StateMoved)) if attempt < ATTEMPTS => attempt += 1,
            ended => return ended,
        }
    }
}

struct PullLook<'a> {
    tenant: &'a Tenant,
    stored: &'a StoredRefs,
    number: u64,
    pull: PullRequest,
    lease: Option<Lease>,
    options: LookOptions<'a>,
}

impl PullLook<'_> {
    async fn run(&self, mirror: MirrorAt<'_>) -> Result<LookEnd, LookError> {
        let Self { tenant, stored, options, .. } = *self;
        let source = Source::open_mirror(mirror.git_dir, None, Limits::default())?;
        let name = format!("refs/pull/{}/head", self.number);
        let head = source.refs()?.tips.get(&name).copied();
        let (progress, cancelled) = (options.progress, options.cancelled);
        let walking = Walking { tenant, stored, source: &source, progress, cancelled };
        let own = match head {
            Some(head) => self.own_commits(&walking, head)?,
            None => Vec::new(),
        };
        // The head as a ref: whatever it reaches is stored, and stays shown when its branch goes.
        let refs = live(&stored.refs).filter(|stored| stored.name != name);
        let mut refs: BTreeMap<_, _> = refs.map(|stored| (stored.name.clone(), stored.tip)).collect();
        refs.extend(head.map(|head| (name.clone(), head)));
        let tips = Tips { refs, default: stored.repository.facts.head };
        let appending = Appending {
            walking,
            keys: self.keys().await?,
            threads: options.threads,
            budget: Budget::new(Duration::MAX),
            clock: options.clock,
        };
        let supply = appending.supply(&tips).await?;
        if !options.accepts_damage
            && let Some(problem) = supply.damage()
        {
            return Err(LookError::Damaged(problem));
        }
        let is_whole = supply.is_whole();
        appending.append(supply).await?;
        let moves = is_whole && !tips.changes(&stored.refs).is_empty();
        let marks = match moves {
            true if walking.trusts() => walking.marks(&tips).await?,
            // The next look compares everything; until then the commits of this one show.
            true => {
                let reached = long_marks(tenant, stored, &tips).await?.reached;
                CommitMarks { reached, ..CommitMarks::default() }
            }
            false => CommitMarks::default(),
        };
        let stands = tenant.commit_standings(stored.repository.id, &own).await?;
        let mut commits: Vec<_> = stands.iter().map(|standing: &CommitStanding| standing.id).collect();
        commits.sort_unstable();
        let change = PullChange {
            repository: stored.repository.id,
            revision: stored.repository.revision,
            number: self.number,
            head: head.filter(|_| moves).map(|head| RefChange { name, tip: Some(head) }),
            marks,
            commits,
            link: Some(resolve_links),
        };
        let held = tenant.settle_pull(&change, self.lease, (options.clock)()).await?;
        let by_lease = self.lease.is_some();
        Ok(if held { LookEnd::Settled { by_lease } } else { LookEnd::LeaseLost })
    }

    /// The commits that the head reaches and its base does not. A base that is not here any more (its branch was rewritten)
    /// gives way to the default branch.
    fn own_commits(&self, walking: &Walking<'_>, head: ObjectId) -> Result<Vec<ObjectId>, LookError> {
        let walk = |tip: Option<ObjectId>, stops, most| {
            let mut walk = walking.source.walk(tip, stops).ok_or(LookError::NoRepository)?;
            walk.advance(most, walking.progress, walking.cancelled)?;
            Ok::<_, LookError>(walk.ids().to_vec())
        };
        let base = self.pull.base.filter(|base| walking.source.has_commit(base));
        let below = walk(base.or(self.stored.repository.facts.head), HashSet::new(), usize::MAX)?;
        let own = walk(Some(head), below.into_iter().collect(), MOST_PULL_COMMITS + 1)?;
        if own.len() > MOST_PULL_COMMITS { Err(LookError::TooManyCommits(self.number)) } else { Ok(own) }
    }

    async fn keys(&self) -> Result<HashSet<String>, LookError> {
        let state = self.tenant.load_state(self.stored.repository.id).await?;
        let open = state.tasks.into_iter().filter(|task| task.closed_at.is_none());
        Ok(open.filter_map(|task| task.found.key).collect())
    }
}
