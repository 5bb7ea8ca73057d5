//! The list of projects, by repository and path.

use std::collections::HashMap;

use muster_model::Project;

use super::{Page, asked};
use crate::database::{Statement, statement};
use crate::state::{manifest_from_row, project_from_row};
use crate::{ProjectId, RepositoryId, StoreError, Tenant, Timestamp};

const LIST: Statement = statement!("projects/list");
const PLACE: Statement = statement!("projects/place");
const MANIFESTS: Statement = statement!(both "projects/manifests");

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
    /// Those beyond the tenant's quota too.
    pub over_quota: bool,
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
        let first = filter.repository.map_or(0, |id| id.0);
        let mut start = (first, String::new(), 0);
        if let Some(after) = filter.after {
            let query = transaction.query(PLACE).bind(after.0);
            let Some(row) = transaction.fetch_optional(query).await? else { return Ok(Page::nothing()) };
            start = start.max((row.int("repository_id")?, row.text("path")?, row.int("id")?));
        }
        let query = transaction
            .query(LIST)
            .bind(filter.project_type.as_deref())
            .bind(filter.hidden)
            .bind(filter.closed)
            .bind(filter.over_quota)
            .bind(start.0)
            .bind(start.1.as_str())
            .bind(start.2)
            .bind(filter.repository.map_or(i64::MAX, |id| id.0))
            .bind(limit);
        let rows = transaction.fetch_all(query).await?;
        let ids = rows.iter().map(|row| row.int("id")).collect::<Result<Vec<i64>, _>>()?;
        let mut manifests = HashMap::<i64, Vec<_>>::new();
        let query = transaction.query(MANIFESTS).bind(&ids[..]);
        for row in transaction.fetch_all(query).await? {
            manifests.entry(row.int("project_id")?).or_default().push(manifest_from_row(&row)?);
        }
        let items = rows.iter().zip(ids).map(|(row, id)| {
            let closed_at = row.maybe_int("closed_at")?;
            Ok(ProjectRecord {
                id: ProjectId(id),
                repository: RepositoryId(row.int("repository_id")?),
                project: project_from_row(row, manifests.remove(&id).unwrap_or_default())?,
                closed_at: closed_at.map(Timestamp),
            })
        });
        let items = items.collect::<Result<_, StoreError>>()?;
        Ok(Page::cut(items, size, |record: &ProjectRecord| record.id))
    }
}
