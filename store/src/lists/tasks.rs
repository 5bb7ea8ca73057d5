//! The list of tasks, by repository, path and line.

use muster_model::{FoundTask, TaskKind, TaskState};
use sqlx::Row;

use super::{Page, asked};
use crate::state::found_from_row;
use crate::{ProjectId, RepositoryId, StoreError, TaskId, Tenant, Timestamp};

const LIST: &str = include_str!("../../sql/tasks/list.sql");

/// Which tasks to list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TaskFilter {
    /// Those of one repository.
    pub repository: Option<RepositoryId>,
    /// Those that one project counts.
    pub project: Option<ProjectId>,
    /// Those of one kind.
    pub kind: Option<TaskKind>,
    /// Those in one state.
    pub state: Option<TaskState>,
    /// Those that are gone too.
    pub closed: bool,
    /// The rows of a page; 0 for as many as a page holds.
    pub limit: usize,
    /// The last row of the page before.
    pub after: Option<TaskId>,
}

/// A stored task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskRecord {
    /// Its id.
    pub id: TaskId,
    /// Its repository.
    pub repository: RepositoryId,
    /// The project that counts it.
    pub project: Option<ProjectId>,
    /// That project's path.
    pub project_path: Option<String>,
    /// The enclosing item.
    pub parent: Option<TaskId>,
    /// What the file says; `parent` is always `None` here.
    pub found: FoundTask,
    /// The file.
    pub path: String,
    /// When it was gone.
    pub closed_at: Option<Timestamp>,
}

impl Tenant {
    /// The tenant's tasks, by repository, path, line, order in the file.
    pub async fn list_tasks(&self, filter: &TaskFilter) -> Result<Page<TaskRecord, TaskId>, StoreError> {
        let (size, limit) = asked(filter.limit);
        let rows = sqlx::query(LIST)
            .bind(self.id.as_bytes())
            .bind(filter.repository.map(|id| id.0))
            .bind(filter.project.map(|id| id.0))
            .bind(filter.kind.map(TaskKind::as_str))
            .bind(filter.state.map(TaskState::as_str))
            .bind(filter.closed)
            .bind(filter.after.map(|id| id.0))
            .bind(limit)
            .fetch_all(&self.pool)
            .await?;
        let items = rows.iter().map(|row| {
            let project: Option<i64> = row.try_get("project_id")?;
            let parent: Option<i64> = row.try_get("parent_id")?;
            let closed_at: Option<i64> = row.try_get("closed_at")?;
            Ok(TaskRecord {
                id: TaskId(row.try_get("id")?),
                repository: RepositoryId(row.try_get("repository_id")?),
                project: project.map(ProjectId),
                project_path: row.try_get("project_path")?,
                parent: parent.map(TaskId),
                found: found_from_row(row)?,
                path: row.try_get("path")?,
                closed_at: closed_at.map(Timestamp),
            })
        });
        let items = items.collect::<Result<_, StoreError>>()?;
        Ok(Page::cut(items, size, |record: &TaskRecord| record.id))
    }
}
