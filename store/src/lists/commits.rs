//! The list of commits, newest first.

use std::collections::HashMap;

use muster_model::{Commit, Moment, ObjectId, Person, Reference};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::{Page, asked};
use crate::words::{count, object_id, word};
use crate::{CommitId, ProjectId, RepositoryId, StoreError, Tenant};

const LIST: &str = include_str!("../../sql/commits/list.sqlite.sql");
const PATHS: &str = include_str!("../../sql/commits/paths.sqlite.sql");
const PROJECTS: &str = include_str!("../../sql/commits/projects.sqlite.sql");
const REFERENCES: &str = include_str!("../../sql/commits/references.sqlite.sql");

/// Which commits to list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CommitFilter {
    /// Those of one repository.
    pub repository: Option<RepositoryId>,
    /// Those that touch one project.
    pub project: Option<ProjectId>,
    /// The rows of a page; 0 for as many as a page holds.
    pub limit: usize,
    /// The last row of the page before.
    pub after: Option<CommitId>,
}

/// A stored commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitRecord {
    /// Its id.
    pub id: CommitId,
    /// Its repository.
    pub repository: RepositoryId,
    /// As read from Git; at most 10,000 of its paths.
    pub commit: Commit,
    /// The true number of its paths.
    pub path_count: u64,
    /// The projects that it touches, open or closed, with their present paths, by path.
    pub projects: Vec<(ProjectId, String)>,
    /// What its message refers to, in order.
    pub references: Vec<Reference>,
}

impl Tenant {
    /// The tenant's commits, newest committer's time first.
    pub async fn list_commits(
        &self,
        filter: &CommitFilter,
    ) -> Result<Page<CommitRecord, CommitId>, StoreError> {
        let (size, limit) = asked(filter.limit);
        let mut transaction = self.read().await?;
        let rows = sqlx::query(LIST)
            .bind(self.id.as_bytes())
            .bind(filter.repository.map(|id| id.0))
            .bind(filter.project.map(|id| id.0))
            .bind(filter.after.map(|id| id.0))
            .bind(limit)
            .fetch_all(&mut *transaction)
            .await?;
        let mut page = Page::cut(
            rows.iter().map(record).collect::<Result<_, StoreError>>()?,
            size,
            |record: &CommitRecord| record.id,
        );
        let ids: Vec<i64> = page.items.iter().map(|record| record.id.0).collect();
        let places = ids.iter().enumerate().map(|(place, id)| (*id, place)).collect();
        let ids = serde_json::to_string(&ids)?;
        self.add_details(&mut transaction, &ids, &places, &mut page.items).await?;
        Ok(page)
    }

    /// Paths, projects and references of the commits of a page.
    async fn add_details(
        &self,
        connection: &mut SqliteConnection,
        ids: &str,
        places: &HashMap<i64, usize>,
        records: &mut [CommitRecord],
    ) -> Result<(), StoreError> {
        let place = |row: &SqliteRow| -> Result<usize, StoreError> {
            let id: i64 = row.try_get("commit_id")?;
            places
                .get(&id)
                .copied()
                .ok_or(StoreError::Damaged("a row names another commit than was asked for"))
        };
        let details = |statement| sqlx::query(statement).bind(self.id.as_bytes()).bind(ids);
        for row in details(PATHS).fetch_all(&mut *connection).await? {
            let path = String::from_utf8_lossy(row.try_get("bytes")?).into_owned();
            records[place(&row)?].commit.paths.push(path);
        }
        for row in details(PROJECTS).fetch_all(&mut *connection).await? {
            let project = (ProjectId(row.try_get("project_id")?), row.try_get("path")?);
            records[place(&row)?].projects.push(project);
        }
        for row in details(REFERENCES).fetch_all(&mut *connection).await? {
            records[place(&row)?].references.push(reference(&row)?);
        }
        Ok(())
    }
}

fn record(row: &SqliteRow) -> Result<CommitRecord, StoreError> {
    let id = object_id(row.try_get("sha")?)?;
    let parents: &[u8] = row.try_get("parents")?;
    let parents = parents.chunks(id.as_bytes().len()).map(object_id).collect::<Result<Vec<ObjectId>, _>>()?;
    Ok(CommitRecord {
        id: CommitId(row.try_get("id")?),
        repository: RepositoryId(row.try_get("repository_id")?),
        commit: Commit {
            id,
            parents,
            author: Person {
                name: row.try_get("author_name")?,
                email: row.try_get("author_email")?,
                time: moment(row, "authored_at", "authored_offset")?,
            },
            committer: Person {
                name: row.try_get("committer_name")?,
                email: row.try_get("committer_email")?,
                time: moment(row, "committed_at", "committed_offset")?,
            },
            message: row.try_get("message")?,
            paths: Vec::new(),
            paths_complete: row.try_get("paths_complete")?,
        },
        path_count: count(row.try_get("path_count")?),
        projects: Vec::new(),
        references: Vec::new(),
    })
}

fn moment(row: &SqliteRow, seconds: &str, offset: &str) -> Result<Moment, StoreError> {
    Ok(Moment { seconds: row.try_get(seconds)?, offset_minutes: row.try_get(offset)? })
}

fn reference(row: &SqliteRow) -> Result<Reference, StoreError> {
    let (start, end): (i64, i64) = (row.try_get("span_start")?, row.try_get("span_end")?);
    Ok(Reference {
        start: usize::try_from(start).unwrap_or_default(),
        end: usize::try_from(end).unwrap_or_default(),
        target: row.try_get("target")?,
        relation: word(row.try_get("relation")?)?,
        rule: row.try_get("rule")?,
    })
}
