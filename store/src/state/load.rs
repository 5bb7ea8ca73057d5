//! Loading the current state of a repository: everything that the next scan is compared with.

use std::collections::BTreeMap;

use muster_model::{FileExtract, FoundTask, ObjectId, Project, SubmoduleLine};

use super::{found_from_row, manifest_from_row, project_from_row};
use crate::database::{Statement, TenantTransaction, statement};
use crate::words::{json, object_id};
use crate::{ProjectId, Repository, RepositoryId, StoreError, TaskId, Tenant, Timestamp};

const REPOSITORY: Statement = statement!("repositories/get");
const PROJECTS: Statement = statement!("projects/of_repository");
const MANIFESTS: Statement = statement!("projects/manifests_of_repository");
const TASKS: Statement = statement!("tasks/of_repository");
const SUBMODULES: Statement = statement!("submodules/of_repository");
const EXTRACT_KEYS: Statement = statement!("extracts/keys");
const EXTRACTS: Statement = statement!("extracts/of_repository");

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
        let query = transaction.query(REPOSITORY).bind(repository.0);
        let row = transaction.fetch_optional(query).await?.ok_or(StoreError::NoSuchRepository)?;
        let transaction = &mut transaction;
        Ok(KnownState {
            repository: Repository::from_row(&row)?,
            projects: known_projects(transaction, repository).await?,
            tasks: known_tasks(transaction, repository).await?,
            submodules: known_submodules(transaction, repository).await?,
            extracts: extract_keys(transaction, repository).await?,
        })
    }

    /// The extracts that these rules made of a repository's files, by path.
    pub async fn load_extracts(
        &self,
        repository: RepositoryId,
        extractor_version: u32,
    ) -> Result<Vec<StoredExtract>, StoreError> {
        let mut transaction = self.read().await?;
        let query = transaction.query(EXTRACTS).bind(repository.0).bind(i64::from(extractor_version));
        let rows = transaction.fetch_all(query).await?;
        rows.iter()
            .map(|row| {
                let key = ExtractKey { blob: object_id(row.bytes("blob")?)?, extractor_version };
                Ok(StoredExtract { path: row.text("path")?, key, extract: json(&row.text("payload")?)? })
            })
            .collect()
    }
}

async fn known_projects(
    transaction: &mut TenantTransaction,
    repository: RepositoryId,
) -> Result<Vec<KnownProject>, StoreError> {
    let query = transaction.query(MANIFESTS).bind(repository.0);
    let mut manifests = BTreeMap::<i64, Vec<_>>::new();
    for row in transaction.fetch_all(query).await? {
        manifests.entry(row.int("project_id")?).or_default().push(manifest_from_row(&row)?);
    }
    let query = transaction.query(PROJECTS).bind(repository.0);
    let rows = transaction.fetch_all(query).await?;
    rows.iter()
        .map(|row| {
            let id = row.int("id")?;
            let project = project_from_row(row, manifests.remove(&id).unwrap_or_default())?;
            let closed_at = row.maybe_int("closed_at")?;
            Ok(KnownProject { id: ProjectId(id), project, closed_at: closed_at.map(Timestamp) })
        })
        .collect()
}

async fn known_tasks(
    transaction: &mut TenantTransaction,
    repository: RepositoryId,
) -> Result<Vec<KnownTask>, StoreError> {
    let query = transaction.query(TASKS).bind(repository.0);
    let rows = transaction.fetch_all(query).await?;
    rows.iter()
        .map(|row| {
            let place = row.int("place")?;
            let project = row.maybe_int("project_id")?;
            let parent = row.maybe_int("parent_id")?;
            let closed_at = row.maybe_int("closed_at")?;
            Ok(KnownTask {
                id: TaskId(row.int("id")?),
                found: found_from_row(row)?,
                path: row.text("path")?,
                place: usize::try_from(place).unwrap_or_default(),
                project: project.map(ProjectId),
                parent: parent.map(TaskId),
                closed_at: closed_at.map(Timestamp),
            })
        })
        .collect()
}

async fn known_submodules(
    transaction: &mut TenantTransaction,
    repository: RepositoryId,
) -> Result<Vec<SubmoduleLine>, StoreError> {
    let query = transaction.query(SUBMODULES).bind(repository.0);
    let rows = transaction.fetch_all(query).await?;
    rows.iter()
        .map(|row| {
            Ok(SubmoduleLine {
                path: row.text("path")?,
                url: row.maybe_text("url")?,
                commit: row.maybe_text("recorded_commit")?,
                populated: row.flag("populated")?,
            })
        })
        .collect()
}

async fn extract_keys(
    transaction: &mut TenantTransaction,
    repository: RepositoryId,
) -> Result<BTreeMap<String, ExtractKey>, StoreError> {
    let query = transaction.query(EXTRACT_KEYS).bind(repository.0);
    let rows = transaction.fetch_all(query).await?;
    rows.iter()
        .map(|row| {
            let blob = object_id(row.bytes("blob")?)?;
            let extractor_version = row.int("extractor_version")?;
            let extractor_version = u32::try_from(extractor_version).unwrap_or_default();
            Ok((row.text("path")?, ExtractKey { blob, extractor_version }))
        })
        .collect()
}
