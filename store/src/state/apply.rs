//! Writing what one scan changed, in one short transaction.

use serde::Serialize;
use sqlx::{Row, SqliteConnection};

use super::project_row::{ManifestColumns, ProjectColumns};
use super::task_row::TaskColumns;
use super::{Applied, ProjectChange, ProjectRef, StateChange, TaskRef};
use crate::words::column;
use crate::{Repository, RepositoryId, ScanId, StoreError, Tenant, Timestamp, batch};

const GET: &str = include_str!("../../sql/repositories/get.sql");
const CREATE: &str = include_str!("../../sql/repositories/create.sqlite.sql");
const CHANGE: &str = include_str!("../../sql/repositories/change.sql");
const LAST_PROJECT: &str = include_str!("../../sql/projects/last_id.sql");
const CLOSE_PROJECTS: &str = include_str!("../../sql/projects/close.sqlite.sql");
const LEAVE_PATHS: &str = include_str!("../../sql/projects/leave_paths.sqlite.sql");
const PUT_PROJECTS: &str = include_str!("../../sql/projects/put.sqlite.sql");
const DROP_MANIFESTS: &str = include_str!("../../sql/projects/drop_manifests.sqlite.sql");
const PUT_MANIFESTS: &str = include_str!("../../sql/projects/put_manifests.sqlite.sql");
const LAST_TASK: &str = include_str!("../../sql/tasks/last_id.sql");
const CLOSE_TASKS: &str = include_str!("../../sql/tasks/close.sqlite.sql");
const PUT_TASKS: &str = include_str!("../../sql/tasks/put.sqlite.sql");
const DROP_SUBMODULES: &str = include_str!("../../sql/submodules/drop.sql");
const PUT_SUBMODULES: &str = include_str!("../../sql/submodules/put.sqlite.sql");
const DROP_EXTRACTS: &str = include_str!("../../sql/extracts/drop.sqlite.sql");
const PUT_EXTRACTS: &str = include_str!("../../sql/extracts/put.sqlite.sql");
const RECORD: &str = include_str!("../../sql/scans/record.sqlite.sql");

/// The columns of `extracts/put.sqlite.sql`; the payload is a JSON text.
#[derive(Serialize)]
struct ExtractColumns<'a>(&'a str, String, u32, String);

impl Tenant {
    /// Writes what a scan changed and records the scan.
    ///
    /// [`StoreError::StateMoved`] where the repository is no longer at the revision that the change is based on (or
    /// is there although the change would make it): nothing is written then.
    pub async fn apply_state(&self, change: &StateChange, now: Timestamp) -> Result<Applied, StoreError> {
        let mut transaction = self.write().await?;
        let connection = &mut *transaction;
        let (repository, changed) = self.move_repository(connection, change, now).await?;
        let projects = self.write_projects(connection, repository.id, change, now).await?;
        self.write_tasks(connection, repository.id, change, &projects, now).await?;
        self.write_files(connection, repository.id, change).await?;
        let scan: i64 = sqlx::query_scalar(RECORD)
            .bind(self.id.as_bytes())
            .bind(repository.id.0)
            .bind(change.facts.head.as_ref().map(|head| head.as_bytes()))
            .bind(change.facts.branch.as_deref())
            .bind(change.facts.dirty)
            .bind(changed)
            .bind(column(change.project_count))
            .bind(column(change.task_count))
            .bind(serde_json::to_string(&change.problems)?)
            .bind(now.0)
            .fetch_one(&mut *connection)
            .await?;
        transaction.commit().await?;
        Ok(Applied {
            repository: repository.id,
            scan: ScanId(scan),
            changed,
            revision: repository.revision,
            commit_projects_stale: repository.commit_projects_stale,
        })
    }

    /// Makes the repository's row or checks and moves it; gives it as it is afterwards.
    async fn move_repository(
        &self,
        connection: &mut SqliteConnection,
        change: &StateChange,
        now: Timestamp,
    ) -> Result<(Repository, bool), StoreError> {
        let facts = &change.facts;
        let head = facts.head.as_ref().map(|head| head.as_bytes());
        let Some((id, revision)) = change.base else {
            let row = sqlx::query(CREATE)
                .bind(self.id.as_bytes())
                .bind(&facts.source_key)
                .bind(&facts.name)
                .bind(facts.clone_url.as_deref())
                .bind(facts.branch.as_deref())
                .bind(head)
                .bind(facts.dirty)
                .bind(facts.shallow)
                .bind(facts.extractor_version)
                .bind(now.0)
                .fetch_optional(connection)
                .await?;
            let row = row.ok_or(StoreError::StateMoved)?;
            return Ok((Repository::from_row(&row)?, true));
        };
        let query = sqlx::query(GET).bind(self.id.as_bytes()).bind(id.0);
        let row = query.fetch_optional(&mut *connection).await?.ok_or(StoreError::NoSuchRepository)?;
        let before = Repository::from_row(&row)?;
        if before.revision != revision {
            return Err(StoreError::StateMoved);
        }
        if change.is_empty() && before.facts == *facts {
            return Ok((before, false));
        }
        let row = sqlx::query(CHANGE)
            .bind(self.id.as_bytes())
            .bind(id.0)
            .bind(&facts.name)
            .bind(facts.clone_url.as_deref())
            .bind(facts.branch.as_deref())
            .bind(head)
            .bind(facts.dirty)
            .bind(facts.shallow)
            .bind(facts.extractor_version)
            .bind(change.moves_paths())
            .fetch_one(connection)
            .await?;
        Ok((Repository::from_row(&row)?, true))
    }

    /// Closes, moves and writes projects; gives the ids of the new ones in order.
    async fn write_projects(
        &self,
        connection: &mut SqliteConnection,
        repository: RepositoryId,
        change: &StateChange,
        now: Timestamp,
    ) -> Result<Vec<i64>, StoreError> {
        let last = self.last_id(connection, LAST_PROJECT).await?;
        let mut new = Vec::new();
        let (mut rows, mut manifests, mut ids, mut left) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        // Two projects may change places, and no two open ones may share a path even for a moment: those that move
        // are closed with those that are gone, and written as open afterwards.
        let mut closed: Vec<i64> = change.closed_projects.iter().map(|id| id.0).collect();
        for ProjectChange { id, project, left: path, .. } in &change.projects {
            let id = id.map_or_else(
                || {
                    new.push(last + 1 + column(new.len()));
                    new[new.len() - 1]
                },
                |id| id.0,
            );
            if let Some(path) = path {
                closed.push(id);
                left.push((id, path));
            }
            ids.push(id);
            rows.push(ProjectColumns::new(id, project)?);
            manifests
                .extend(project.manifests.iter().enumerate().map(|(n, m)| ManifestColumns::new(id, n, m)));
        }
        batch::write_with(connection, CLOSE_PROJECTS, self.id, &closed, now.0).await?;
        batch::write_with(connection, PUT_PROJECTS, self.id, &rows, repository.0).await?;
        batch::write_with(connection, LEAVE_PATHS, self.id, &left, now.0).await?;
        batch::write(connection, DROP_MANIFESTS, self.id, &ids).await?;
        batch::write(connection, PUT_MANIFESTS, self.id, &manifests).await?;
        Ok(new)
    }

    async fn write_tasks(
        &self,
        connection: &mut SqliteConnection,
        repository: RepositoryId,
        change: &StateChange,
        projects: &[i64],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let last = self.last_id(connection, LAST_TASK).await?;
        let new = |n: usize| last + 1 + column(n);
        let mut count = 0;
        let mut rows = Vec::with_capacity(change.tasks.len());
        for task in &change.tasks {
            let id = task.id.map_or_else(
                || {
                    count += 1;
                    new(count - 1)
                },
                |id| id.0,
            );
            let project = task.project.and_then(|project| match project {
                ProjectRef::Known(id) => Some(id.0),
                ProjectRef::New(n) => projects.get(n).copied(),
            });
            let parent = task.parent.map(|parent| match parent {
                TaskRef::Known(id) => id.0,
                TaskRef::New(n) => new(n),
            });
            rows.push(TaskColumns::new(id, project, parent, task)?);
        }
        let closed: Vec<i64> = change.closed_tasks.iter().map(|id| id.0).collect();
        batch::write_with(connection, CLOSE_TASKS, self.id, &closed, now.0).await?;
        batch::write_with(connection, PUT_TASKS, self.id, &rows, repository.0).await?;
        Ok(())
    }

    /// Submodules and extracts.
    async fn write_files(
        &self,
        connection: &mut SqliteConnection,
        repository: RepositoryId,
        change: &StateChange,
    ) -> Result<(), StoreError> {
        if let Some(submodules) = &change.submodules {
            let query = sqlx::query(DROP_SUBMODULES).bind(self.id.as_bytes()).bind(repository.0);
            query.execute(&mut *connection).await?;
            let rows: Vec<_> = submodules.iter().map(|s| (&s.path, &s.url, &s.commit, s.populated)).collect();
            batch::write_with(connection, PUT_SUBMODULES, self.id, &rows, repository.0).await?;
        }
        batch::write_with(connection, DROP_EXTRACTS, self.id, &change.dropped_extracts, repository.0).await?;
        for chunk in change.extracts.chunks(500) {
            let mut rows = Vec::with_capacity(chunk.len());
            for extract in chunk {
                let payload = serde_json::to_string(&extract.extract)?;
                let key = extract.key;
                rows.push(ExtractColumns(
                    &extract.path,
                    key.blob.to_string(),
                    key.extractor_version,
                    payload,
                ));
            }
            batch::write_with(connection, PUT_EXTRACTS, self.id, &rows, repository.0).await?;
        }
        Ok(())
    }

    /// The highest id that the tenant has used in a table: what is written next counts on from there. Sound because
    /// the write lock is held and rows with ids are never deleted.
    pub(crate) async fn last_id(
        &self,
        connection: &mut SqliteConnection,
        statement: &'static str,
    ) -> Result<i64, StoreError> {
        Ok(sqlx::query(statement).bind(self.id.as_bytes()).fetch_one(connection).await?.try_get(0)?)
    }
}
