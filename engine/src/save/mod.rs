//! Saving: what a scan found becomes the current state of its repository.
//!
//! The state is loaded, compared, and changed in one short transaction; the comparison happens between the two, so
//! nobody waits for it. Where another scan saved in between, everything is done again on what it left. Only what
//! differs is written: a second scan of the same commit leaves a scan record and nothing else.

mod history;
mod moved;
mod plan;
mod reread;

use muster_model::ObjectId;
use muster_store::{Applied, RebuildMark, RepositoryId, ScanId, StoreError, Tenant, Timestamp};

pub use history::{HistorySaved, HistoryWriter, WalkEnd};
pub(crate) use plan::Plan;
pub(crate) use reread::read_again;

use crate::{ExtractRow, Snapshot};

/// How often a save begins again because another one came first. Each time another one has succeeded, so this bounds how
/// many may be saved at once rather than how long it takes.
const ATTEMPTS: usize = 100;

/// What became of the projects, or of the tasks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SaveCounts {
    /// Never seen before.
    pub new: usize,
    /// Had been gone.
    pub back: usize,
    /// There before and now, changed or not.
    pub kept: usize,
    /// No longer there.
    pub gone: usize,
}

/// What a save left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Saved {
    /// The record of the scan.
    pub scan: ScanId,
    /// The repository.
    pub repository: RepositoryId,
    /// Of projects, hidden ones included.
    pub projects: SaveCounts,
    /// Of tasks.
    pub tasks: SaveCounts,
    /// The stored state is another than before.
    pub changed: bool,
}

/// Saves what a scan found as the current state of its repository.
///
/// Vendored projects and their tasks are left out, and what cannot be read stands in the scan's record.
pub async fn save(tenant: &Tenant, snapshot: &Snapshot, now: Timestamp) -> Result<Saved, StoreError> {
    let mut attempt = 1;
    let (plan, applied) = loop {
        let (mut known, mut extracts) = (None, Vec::new());
        if let Some(repository) = tenant.find_repository_by_source_key(&snapshot.source_key).await? {
            known = Some(tenant.load_state(repository.id).await?);
            extracts = tenant.load_extracts(repository.id, snapshot.extractor_version).await?;
        }
        let plan = Plan::new(known.as_ref(), &extracts, snapshot);
        if let Some(known) = &known {
            read_again(tenant, known.repository.id, known, snapshot).await?;
        }
        match tenant.apply_state(&plan.change, now).await {
            Err(StoreError::StateMoved) if attempt < ATTEMPTS => attempt += 1,
            applied => break (plan, applied?),
        }
    };
    if applied.commit_projects_stale {
        rebuild_commit_projects(tenant, &applied).await?;
    }
    Ok(Saved {
        scan: applied.scan,
        repository: applied.repository,
        projects: plan.projects,
        tasks: plan.tasks,
        changed: applied.changed,
    })
}

/// What the last save kept of a repository for the next scan: the commit and the extracts of its files.
///
/// `None` where the next scan has to read everything: nothing is stored, other rules read it, or the folder differed
/// from its commit (what the commit's own files yield was not seen then).
pub async fn kept_extracts(
    tenant: &Tenant,
    source_key: &str,
    extractor_version: u32,
) -> Result<Option<(ObjectId, Vec<ExtractRow>)>, StoreError> {
    let Some(repository) = tenant.find_repository_by_source_key(source_key).await? else { return Ok(None) };
    let facts = &repository.facts;
    let Some(head) = facts.head.filter(|_| !facts.dirty && facts.extractor_version == extractor_version)
    else {
        return Ok(None);
    };
    let extracts = tenant.load_extracts(repository.id, extractor_version).await?;
    let rows =
        extracts.into_iter().map(|e| ExtractRow { path: e.path, blob: e.key.blob, extract: e.extract });
    Ok(Some((head, rows.collect())))
}

/// Commits may belong to other projects than before: says so, step by step.
async fn rebuild_commit_projects(tenant: &Tenant, applied: &Applied) -> Result<(), StoreError> {
    let mut next = Some(RebuildMark::default());
    while let Some(mark) = next {
        next = tenant.rebuild_commit_projects(applied.repository, mark).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
