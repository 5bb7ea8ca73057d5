//! The list of tasks, by repository, path and line.

use muster_model::{FoundTask, TaskKind, TaskState};

use super::{Page, asked};
use crate::database::{Statement, statement};
use crate::state::found_from_row;
use crate::{ProjectId, RepositoryId, StoreError, TaskId, Tenant, Timestamp};

const LIST: Statement = statement!("tasks/list");
const LIST_OF_PROJECT: Statement = statement!("tasks/list_of_project");
const PLACE: Statement = statement!("tasks/place");

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
        let mut transaction = self.read().await?;
        let mut start = (filter.repository.map_or(0, |id| id.0), String::new(), 0, 0, 0);
        if let Some(after) = filter.after {
            let query = transaction.query(PLACE).bind(after.0);
            let Some(row) = transaction.fetch_optional(query).await? else { return Ok(Page::nothing()) };
            let in_file = (row.int("line")?, row.int("place")?, row.int("id")?);
            let place = (row.int("repository_id")?, row.text("path")?, in_file.0, in_file.1, in_file.2);
            start = start.max(place);
        }
        let statement = if filter.project.is_some() { LIST_OF_PROJECT } else { LIST };
        let query = transaction
            .query(statement)
            .bind(filter.kind.map(TaskKind::as_str))
            .bind(filter.state.map(TaskState::as_str))
            .bind(filter.closed)
            .bind(start.0)
            .bind(start.1.as_str())
            .bind(start.2)
            .bind(start.3)
            .bind(start.4)
            .bind(filter.repository.map_or(i64::MAX, |id| id.0))
            .bind(limit);
        let query = match filter.project {
            Some(project) => query.bind(project.0),
            None => query,
        };
        let rows = transaction.fetch_all(query).await?;
        let items = rows.iter().map(|row| {
            let project = row.maybe_int("project_id")?;
            let parent = row.maybe_int("parent_id")?;
            let closed_at = row.maybe_int("closed_at")?;
            Ok(TaskRecord {
                id: TaskId(row.int("id")?),
                repository: RepositoryId(row.int("repository_id")?),
                project: project.map(ProjectId),
                project_path: row.maybe_text("project_path")?,
                parent: parent.map(TaskId),
                found: found_from_row(row)?,
                path: row.text("path")?,
                closed_at: closed_at.map(Timestamp),
            })
        });
        let items = items.collect::<Result<_, StoreError>>()?;
        Ok(Page::cut(items, size, |record: &TaskRecord| record.id))
    }
}
