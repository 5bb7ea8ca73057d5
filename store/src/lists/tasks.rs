//! The list of tasks, by repository, path and line.

use std::collections::HashMap;

use muster_model::{FoundTask, ObjectId, Relation, TaskKind, TaskState};

use super::{Page, asked};
use crate::database::{Statement, TenantTransaction, statement};
use crate::links::claims_of;
use crate::provider_tasks::{ProviderTaskFacts, facts_of};
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
    /// What only an issue or a pull request has.
    pub provided: Option<ProviderTaskFacts>,
    /// Commits on the default branch that say that it is done, while its own state is open. Oldest first.
    pub claimed_by: Vec<Claim>,
}

/// A commit that says that a task is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The commit.
    pub sha: ObjectId,
    /// Closes or implements.
    pub relation: Relation,
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
                provided: None,
                claimed_by: Vec::new(),
            })
        });
        let items = items.collect::<Result<_, StoreError>>()?;
        let mut page = Page::cut(items, size, |record: &TaskRecord| record.id);
        add_details(&mut transaction, &mut page.items).await?;
        Ok(page)
    }
}

/// What stands in other tables about the tasks of a page.
async fn add_details(
    transaction: &mut TenantTransaction,
    records: &mut [TaskRecord],
) -> Result<(), StoreError> {
    let is_provided =
        |record: &&TaskRecord| matches!(record.found.kind, TaskKind::Issue | TaskKind::PullRequest);
    let provided: Vec<i64> = records.iter().filter(is_provided).map(|record| record.id.0).collect();
    if !provided.is_empty() {
        let mut facts = facts_of(transaction, &provided).await?;
        records.iter_mut().for_each(|record| record.provided = facts.remove(&record.id.0));
    }
    let places: HashMap<i64, usize> =
        records.iter().enumerate().map(|(at, record)| (record.id.0, at)).collect();
    let ids: Vec<i64> = records.iter().map(|record| record.id.0).collect();
    for (task, sha, relation) in claims_of(transaction, &ids).await? {
        records[places[&task]].claimed_by.push(Claim { sha, relation });
    }
    Ok(())
}
