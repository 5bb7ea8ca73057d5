//! Rebuilding the cache of the projects that commits touch.
//!
//! The set of project paths changes rarely, and when it does any old commit may belong elsewhere. The repository is
//! marked stale in the transaction that changes the set; the rebuild then goes through its commits in small steps, and
//! the mark falls with the last one. A rebuild that is cut off is begun again, since the mark still stands.

use std::collections::BTreeMap;

use sqlx::{Row, SqliteConnection};

use super::append::ADD_PROJECTS;
use super::ownership::{Claim, Ownership};
use crate::{RepositoryId, StoreError, Tenant};

const GET: &str = include_str!("../../sql/repositories/get.sql");
const CLAIMS: &str = include_str!("../../sql/projects/claims.sql");
const STEP: &str = include_str!("../../sql/commits/rebuild_step.sql");
const DROP: &str = include_str!("../../sql/commits/drop_projects.sql");
const PATHS: &str = include_str!("../../sql/commits/paths_between.sql");
const FINISH: &str = include_str!("../../sql/repositories/finish_rebuild.sql");

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
        let mut transaction = self.write().await?;
        let connection = &mut *transaction;
        let query = sqlx::query(GET).bind(self.id.as_bytes()).bind(repository.0);
        let row = query.fetch_optional(&mut *connection).await?.ok_or(StoreError::NoSuchRepository)?;
        let revision: i64 = row.try_get("revision")?;
        let after = if revision == mark.revision { mark.after } else { 0 };
        let query = sqlx::query(STEP).bind(self.id.as_bytes()).bind(repository.0).bind(after);
        let query = query.bind(STEP_COMMITS).bind(STEP_PATHS);
        let last: Option<i64> = query.fetch_one(&mut *connection).await?.try_get(0)?;
        let next = if let Some(last) = last {
            self.rebuild_between(connection, repository, after, last).await?;
            Some(RebuildMark { revision, after: last })
        } else {
            let query = sqlx::query(FINISH).bind(self.id.as_bytes()).bind(repository.0);
            query.execute(&mut *connection).await?;
            None
        };
        transaction.commit().await?;
        Ok(next)
    }

    async fn rebuild_between(
        &self,
        connection: &mut SqliteConnection,
        repository: RepositoryId,
        after: i64,
        last: i64,
    ) -> Result<(), StoreError> {
        let ownership = self.ownership(connection, repository).await?;
        let between = |statement| {
            sqlx::query(statement).bind(self.id.as_bytes()).bind(repository.0).bind(after).bind(last)
        };
        between(DROP).execute(&mut *connection).await?;
        let mut touched = BTreeMap::<i64, Vec<i64>>::new();
        for row in between(PATHS).fetch_all(&mut *connection).await? {
            let path = String::from_utf8_lossy(row.try_get("bytes")?);
            let Some(owner) = ownership.owner(&path) else { continue };
            let owners = touched.entry(row.try_get("commit_id")?).or_default();
            if !owners.contains(&owner) {
                owners.push(owner);
            }
        }
        self.add_numbers(connection, ADD_PROJECTS, touched.into_iter()).await
    }

    /// The paths that the repository's projects claim.
    pub(super) async fn ownership(
        &self,
        connection: &mut SqliteConnection,
        repository: RepositoryId,
    ) -> Result<Ownership, StoreError> {
        let query = sqlx::query(CLAIMS).bind(self.id.as_bytes()).bind(repository.0);
        let mut ownership = Ownership::default();
        for row in query.fetch_all(connection).await? {
            let (open, present) = (row.try_get("open")?, row.try_get("present")?);
            ownership.claim(row.try_get("path")?, Claim { open, present, project: row.try_get("id")? });
        }
        Ok(ownership)
    }
}
