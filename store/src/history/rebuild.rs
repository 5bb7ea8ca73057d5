//! Rebuilding the cache of the projects that commits touch.
//!
//! The set of project paths changes rarely, and when it does any old commit may belong elsewhere. The repository is
//! marked stale in the transaction that changes the set; the rebuild then goes through its commits in small steps, and
//! the mark falls with the last one. A rebuild that is cut off is begun again, since the mark still stands.

use std::collections::BTreeMap;

use super::append::{ADD_PROJECTS, add_numbers};
use super::ownership::{Claim, Ownership};
use crate::database::{Query, Statement, TenantTransaction, Urgency, statement};
use crate::links::note_keys;
use crate::{RepositoryId, StoreError, Tenant};

const GET: Statement = statement!("repositories/get");
const CLAIMS: Statement = statement!("projects/claims");
const STEP: Statement = statement!("commits/rebuild_step");
const DROP: Statement = statement!("commits/drop_projects");
const PATHS: Statement = statement!("commits/paths_between");
const FINISH: Statement = statement!("repositories/finish_rebuild");

/// Commits of one step.
const STEP_COMMITS: i64 = 1000;
/// Paths after which a step ends early, whatever the number of its commits.
const STEP_PATHS: i64 = 20_000;

/// How far a rebuild has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RebuildMark {
    /// The revision of the repository whose projects are looked at.
    revision: i64,
    /// The last commit that is done.
    after: i64,
}

impl Tenant {
    /// Does one step of a rebuild: gives the mark for the next one, `None` when the cache is up to date.
    ///
    /// Begins with `RebuildMark::default()`, and begins again by itself where the projects changed meanwhile.
    pub async fn rebuild_commit_projects(
        &self,
        repository: RepositoryId,
        mark: RebuildMark,
    ) -> Result<Option<RebuildMark>, StoreError> {
        let mut transaction = self.write(Urgency::Batch).await?;
        let query = transaction.query(GET).bind(repository.0);
        let row = transaction.fetch_optional(query).await?.ok_or(StoreError::NoSuchRepository)?;
        let revision = row.int("revision")?;
        let after = if revision == mark.revision { mark.after } else { 0 };
        let query = transaction.query(STEP).bind(repository.0).bind(after);
        let query = query.bind(STEP_COMMITS).bind(STEP_PATHS);
        let next = if let Some(last) = transaction.fetch_one(query).await?.maybe_int("last")? {
            rebuild_between(&mut transaction, repository, after, last).await?;
            Some(RebuildMark { revision, after: last })
        } else {
            let query = transaction.query(FINISH).bind(repository.0);
            transaction.execute(query).await?;
            note_keys(&mut transaction, repository).await?;
            None
        };
        transaction.commit().await?;
        Ok(next)
    }
}

async fn rebuild_between(
    transaction: &mut TenantTransaction,
    repository: RepositoryId,
    after: i64,
    last: i64,
) -> Result<(), StoreError> {
    let ownership = ownership(transaction, repository).await?;
    let between = |query: Query| query.bind(repository.0).bind(after).bind(last);
    let query = between(transaction.query(DROP)).planned_anew();
    transaction.execute(query).await?;
    let mut touched = BTreeMap::<i64, Vec<i64>>::new();
    let query = between(transaction.query(PATHS)).planned_anew();
    for row in transaction.fetch_all(query).await? {
        let path = String::from_utf8_lossy(row.bytes("bytes")?);
        let Some(owner) = ownership.owner(&path) else { continue };
        let owners = touched.entry(row.int("commit_id")?).or_default();
        if !owners.contains(&owner) {
            owners.push(owner);
        }
    }
    add_numbers(transaction, ADD_PROJECTS, touched.into_iter().collect()).await
}

/// The paths that the repository's projects claim.
pub(super) async fn ownership(
    transaction: &mut TenantTransaction,
    repository: RepositoryId,
) -> Result<Ownership, StoreError> {
    let query = transaction.query(CLAIMS).bind(repository.0);
    let mut ownership = Ownership::default();
    for row in transaction.fetch_all(query).await? {
        let (open, present) = (row.flag("open")?, row.flag("present")?);
        ownership.claim(row.text("path")?, Claim { open, present, project: row.int("id")? });
    }
    Ok(ownership)
}
