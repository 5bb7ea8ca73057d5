//! Loading the current state of a repository: everything that the next scan is compared with.

use std::collections::BTreeMap;

use muster_model::{FileExtract, FoundTask, ObjectId, Project, SubmoduleLine};
use sqlx::{Row, SqliteConnection};

use super::{found_from_row, manifest_from_row, project_from_row};
use crate::words::{json, object_id};
use crate::{ProjectId, Repository, RepositoryId, StoreError, TaskId, Tenant, Timestamp};

const REPOSITORY: &str = include_str!("../../sql/repositories/get.sql");
const PROJECTS: &str = include_str!("../../sql/projects/of_repository.sql");
const MANIFESTS: &str = include_str!("../../sql/projects/manifests_of_repository.sql");
const TASKS: &str = include_str!("../../sql/tasks/of_repository.sql");
const SUBMODULES: &str = include_str!("../../sql/submodules/of_repository.sql");
const EXTRACT_KEYS: &str = include_str!("../../sql/extracts/keys.sql");
const EXTRACTS: &str = include_str!("../../sql/extracts/of_repository.sql");

/// A stored project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownProject {
    /// Its id.
    pub id: ProjectId,
    /// What it was when it was last seen.
    pub project: Project,
    /// When it was gone; `None` while it is there.
    pub closed_at: Option<Timestamp>,
}

/// A stored task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownTask {
    /// Its id.
    pub id: TaskId,
    /// What the file said; `parent` is always `None` here.
    pub found: FoundTask,
    /// The file.
    pub path: String,
    /// Its place among the tasks of its line.
    pub place: usize,
    /// The project that counts it.
    pub project: Option<ProjectId>,
    /// The enclosing item.
    pub parent: Option<TaskId>,
    /// When it was gone; `None` while it is there.
    pub closed_at: Option<Timestamp>,
}

/// Which content of a file an extract was made from, and by which rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExtractKey {
    /// The content.
    pub blob: ObjectId,
    /// The version of the rules.
    pub extractor_version: u32,
}

/// The extract of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredExtract {
    /// The file.
    pub path: String,
    /// What it was made from.
    pub key: ExtractKey,
    /// What the file yielded.
    pub extract: FileExtract,
}

/// The stored state of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownState {
    /// The repository itself.
    pub repository: Repository,
    /// Open and closed ones, by id.
    pub projects: Vec<KnownProject>,
    /// Open and closed ones of files, by path, line, place, id.
    pub tasks: Vec<KnownTask>,
    /// By path.
    pub submodules: Vec<SubmoduleLine>,
    /// By path.
    pub extracts: BTreeMap<String, ExtractKey>,
}

impl Tenant {
    /// The stored state of a repository, extracts' contents aside.
    pub async fn load_state(&self, repository: RepositoryId) -> Result<KnownState, StoreError> {
        let mut transaction = self.read().await?;
        let connection = &mut *transaction;
        let row = sqlx::query(REPOSITORY).bind(self.id.as_bytes()).bind(repository.0);
        let row = row.fetch_optional(&mut *connection).await?.ok_or(StoreError::NoSuchRepository)?;
        Ok(KnownState {
            repository: Repository::from_row(&row)?,
            projects: self.known_projects(connection, repository).await?,
            tasks: self.known_tasks(connection, repository).await?,
            submodules: self.known_submodules(connection, repository).await?,
            extracts: self.extract_keys(connection, repository).await?,
        })
    }

    /// The extracts that these rules made of a repository's files, by path.
    pub async fn load_extracts(
        &self,
        repository: RepositoryId,
        extractor_version: u32,
    ) -> Result<Vec<StoredExtract>, StoreError> {
        let query = sqlx::query(EXTRACTS).bind(self.id.as_bytes()).bind(repository.0).bind(extractor_version);
        let rows = query.fetch_all(&self.pool).await?;
        rows.iter()
            .map(|row| {
                let key = ExtractKey { blob: object_id(row.try_get("blob")?)?, extractor_version };
                Ok(StoredExtract { path: row.try_get("path")?, key, extract: json(row.try_get("payload")?)? })
            })
            .collect()
    }

    async fn known_projects(
        &self,
        connection: &mut SqliteConnection,
        repository: RepositoryId,
    ) -> Result<Vec<KnownProject>, StoreError> {
        let query = sqlx::query(MANIFESTS).bind(self.id.as_bytes()).bind(repository.0);
        let mut manifests = BTreeMap::<i64, Vec<_>>::new();
        for row in query.fetch_all(&mut *connection).await? {
            manifests.entry(row.try_get("project_id")?).or_default().push(manifest_from_row(&row)?);
        }
        let query = sqlx::query(PROJECTS).bind(self.id.as_bytes()).bind(repository.0);
        let rows = query.fetch_all(connection).await?;
        rows.iter()
            .map(|row| {
                let id = row.try_get("id")?;
                let project = project_from_row(row, manifests.remove(&id).unwrap_or_default())?;
                let closed_at: Option<i64> = row.try_get("closed_at")?;
                Ok(KnownProject { id: ProjectId(id), project, closed_at: closed_at.map(Timestamp) })
            })
            .collect()
    }

    async fn known_tasks(
        &self,
        connection: &mut SqliteConnection,
        repository: RepositoryId,
    ) -> Result<Vec<KnownTask>, StoreError> {
        let query = sqlx::query(TASKS).bind(self.id.as_bytes()).bind(repository.0);
        let rows = query.fetch_all(connection).await?;
        rows.iter()
            .map(|row| {
                let place: i64 = row.try_get("place")?;
                let project: Option<i64> = row.try_get("project_id")?;
                let parent: Option<i64> = row.try_get("parent_id")?;
                let closed_at: Option<i64> = row.try_get("closed_at")?;
                Ok(KnownTask {
                    id: TaskId(row.try_get("id")?),
                    found: found_from_row(row)?,
                    path: row.try_get("path")?,
                    place: usize::try_from(place).unwrap_or_default(),
                    project: project.map(ProjectId),
                    parent: parent.map(TaskId),
                    closed_at: closed_at.map(Timestamp),
                })
            })
            .collect()
    }

    async fn known_submodules(
        &self,
        connection: &mut SqliteConnection,
        repository: RepositoryId,
    ) -> Result<Vec<SubmoduleLine>, StoreError> {
        let query = sqlx::query(SUBMODULES).bind(self.id.as_bytes()).bind(repository.0);
        let rows = query.fetch_all(connection).await?;
        rows.iter()
            .map(|row| {
                Ok(SubmoduleLine {
                    path: row.try_get("path")?,
                    url: row.try_get("url")?,
                    commit: row.try_get("recorded_commit")?,
                    populated: row.try_get("populated")?,
                })
            })
            .collect()
    }

    async fn extract_keys(
        &self,
        connection: &mut SqliteConnection,
        repository: RepositoryId,
    ) -> Result<BTreeMap<String, ExtractKey>, StoreError> {
        let query = sqlx::query(EXTRACT_KEYS).bind(self.id.as_bytes()).bind(repository.0);
        let rows = query.fetch_all(connection).await?;
        rows.iter()
            .map(|row| {
                let blob = object_id(row.try_get("blob")?)?;
                let extractor_version: i64 = row.try_get("extractor_version")?;
                let extractor_version = u32::try_from(extractor_version).unwrap_or_default();
                Ok((row.try_get("path")?, ExtractKey { blob, extractor_version }))
            })
            .collect()
    }
}
