//! The list of projects, by repository and path.

use std::collections::HashMap;

use muster_model::Project;
use sqlx::Row;

use super::{Page, asked};
use crate::state::{manifest_from_row, project_from_row};
use crate::{ProjectId, RepositoryId, StoreError, Tenant, Timestamp};

const LIST: &str = include_str!("../../sql/projects/list.sql");
const MANIFESTS: &str = include_str!("../../sql/projects/manifests.sqlite.sql");

/// Which projects to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProjectFilter {
    /// Those of one repository.
    pub repository: Option<RepositoryId>,
    /// Those of one type.
    pub project_type: Option<String>,
    /// Fixtures and templates too.
    pub hidden: bool,
    /// Those that are gone too.
    pub closed: bool,
    /// The rows of a page; 0 for as many as a page holds.
    pub limit: usize,
    /// The last row of the page before.
    pub after: Option<ProjectId>,
}

/// A stored project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectRecord {
    /// Its id.
    pub id: ProjectId,
    /// Its repository.
    pub repository: RepositoryId,
    /// What it is, or was when it was last seen.
    pub project: Project,
    /// When it was gone.
    pub closed_at: Option<Timestamp>,
}

impl Tenant {
    /// The tenant's projects, by repository, path, id.
    pub async fn list_projects(
        &self,
        filter: &ProjectFilter,
    ) -> Result<Page<ProjectRecord, ProjectId>, StoreError> {
        let (size, limit) = asked(filter.limit);
        let mut transaction = self.read().await?;
        let rows = sqlx::query(LIST)
            .bind(self.id.as_bytes())
            .bind(filter.repository.map(|id| id.0))
            .bind(filter.project_type.as_deref())
            .bind(filter.hidden)
            .bind(filter.closed)
            .bind(filter.after.map(|id| id.0))
            .bind(limit)
            .fetch_all(&mut *transaction)
            .await?;
        let ids = rows.iter().map(|row| row.try_get("id")).collect::<Result<Vec<i64>, _>>()?;
        let query = sqlx::query(MANIFESTS).bind(self.id.as_bytes()).bind(serde_json::to_string(&ids)?);
        let mut manifests = HashMap::<i64, Vec<_>>::new();
        for row in query.fetch_all(&mut *transaction).await? {
            manifests.entry(row.try_get("project_id")?).or_default().push(manifest_from_row(&row)?);
        }
        let items = rows.iter().zip(ids).map(|(row, id)| {
            let closed_at: Option<i64> = row.try_get("closed_at")?;
            Ok(ProjectRecord {
                id: ProjectId(id),
                repository: RepositoryId(row.try_get("repository_id")?),
                project: project_from_row(row, manifests.remove(&id).unwrap_or_default())?,
                closed_at: closed_at.map(Timestamp),
            })
        });
        let items = items.collect::<Result<_, StoreError>>()?;
        Ok(Page::cut(items, size, |record: &ProjectRecord| record.id))
    }
}
