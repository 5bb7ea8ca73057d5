//! The list of commits, newest first.

use std::collections::HashMap;

use muster_model::{Commit, Moment, ObjectId, Person, Reference};

use super::{Page, asked};
use crate::database::{Row, Statement, TenantTransaction, statement};
use crate::links::{LinkedTask, links_of};
use crate::words::{count, object_id, word};
use crate::{CommitId, ProjectId, RepositoryId, StoreError, Tenant, Timestamp};

const LIST: Statement = statement!(both "commits/list");
const PLACE: Statement = statement!("commits/place");
const PATHS: Statement = statement!(both "commits/paths");
const PROJECTS: Statement = statement!(both "commits/projects");
const REFERENCES: Statement = statement!(both "commits/references");

/// Which commits to list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CommitFilter {
    /// Those of one repository.
    pub repository: Option<RepositoryId>,
    /// Those that touch one project.
    pub project: Option<ProjectId>,
    /// Those too that no ref reaches any more.
    pub with_unreachable: bool,
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
    /// Since when the default branch reaches it.
    pub on_default_since: Option<Timestamp>,
    /// Since when no ref reaches it.
    pub unreachable_since: Option<Timestamp>,
    /// The tasks that those are known to mean.
    pub links: Vec<LinkedTask>,
}

impl Tenant {
    /// The tenant's commits that some ref reaches, newest committer's time first.
    pub async fn list_commits(
        &self,
        filter: &CommitFilter,
    ) -> Result<Page<CommitRecord, CommitId>, StoreError> {
        let (size, limit) = asked(filter.limit);
        let mut transaction = self.read().await?;
        let mut before = (i64::MAX, i64::MAX);
        if let Some(after) = filter.after {
            let query = transaction.query(PLACE).bind(after.0);
            let Some(row) = transaction.fetch_optional(query).await? else { return Ok(Page::nothing()) };
            before = (row.int("committed_at")?, row.int("id")?);
        }
        let query = transaction.query(LIST).bind(filter.repository.map(|id| id.0));
        let query = query.bind(filter.project.map(|id| id.0)).bind(before.0).bind(before.1).bind(limit);
        let query = query.bind(filter.with_unreachable);
        let rows = transaction.fetch_all(query).await?;
        let mut page = Page::cut(
            rows.iter().map(record).collect::<Result<_, StoreError>>()?,
            size,
            |record: &CommitRecord| record.id,
        );
        add_details(&mut transaction, &mut page.items).await?;
        Ok(page)
    }
}

/// Paths, projects and references of the commits of a page.
async fn add_details(
    transaction: &mut TenantTransaction,
    records: &mut [CommitRecord],
) -> Result<(), StoreError> {
    let ids: Vec<i64> = records.iter().map(|record| record.id.0).collect();
    let places: HashMap<i64, usize> = ids.iter().enumerate().map(|(place, id)| (*id, place)).collect();
    let place = |row: &Row| -> Result<usize, StoreError> {
        let place = places.get(&row.int("commit_id")?).copied();
        place.ok_or(StoreError::Damaged("a row names another commit than was asked for"))
    };
    let query = transaction.query(PATHS).bind(&ids[..]);
    for row in transaction.fetch_all(query).await? {
        let path = String::from_utf8_lossy(row.bytes("bytes")?).into_owned();
        records[place(&row)?].commit.paths.push(path);
    }
    let query = transaction.query(PROJECTS).bind(&ids[..]);
    for row in transaction.fetch_all(query).await? {
        let project = (ProjectId(row.int("project_id")?), row.text("path")?);
        records[place(&row)?].projects.push(project);
    }
    let query = transaction.query(REFERENCES).bind(&ids[..]);
    for row in transaction.fetch_all(query).await? {
        records[place(&row)?].references.push(reference(&row)?);
    }
    for (commit, link) in links_of(transaction, &ids).await? {
        let place = places.get(&commit).copied();
        let place = place.ok_or(StoreError::Damaged("a row names another commit than was asked for"))?;
        records[place].links.push(link);
    }
    Ok(())
}

fn record(row: &Row) -> Result<CommitRecord, StoreError> {
    let id = object_id(row.bytes("sha")?)?;
    let parents = row.bytes("parents")?;
    let parents = parents.chunks(id.as_bytes().len()).map(object_id).collect::<Result<Vec<ObjectId>, _>>()?;
    Ok(CommitRecord {
        id: CommitId(row.int("id")?),
        repository: RepositoryId(row.int("repository_id")?),
        commit: Commit {
            id,
            parents,
            author: Person {
                name: row.text("author_name")?,
                email: row.text("author_email")?,
                time: moment(row, "authored_at", "authored_offset")?,
            },
            committer: Person {
                name: row.text("committer_name")?,
                email: row.text("committer_email")?,
                time: moment(row, "committed_at", "committed_offset")?,
            },
            message: row.text("message")?,
            paths: Vec::new(),
            paths_complete: row.flag("paths_complete")?,
        },
        path_count: count(row.int("path_count")?),
        projects: Vec::new(),
        references: Vec::new(),
        on_default_since: row.maybe_int("on_default_since")?.map(Timestamp),
        unreachable_since: row.maybe_int("unreachable_since")?.map(Timestamp),
        links: Vec::new(),
    })
}

fn moment(row: &Row, seconds: &str, offset: &str) -> Result<Moment, StoreError> {
    Ok(Moment {
        seconds: row.int(seconds)?,
        offset_minutes: i32::try_from(row.int(offset)?).unwrap_or_default(),
    })
}

fn reference(row: &Row) -> Result<Reference, StoreError> {
    let (start, end) = (row.int("span_start")?, row.int("span_end")?);
    Ok(Reference {
        start: usize::try_from(start).unwrap_or_default(),
        end: usize::try_from(end).unwrap_or_default(),
        target: row.text("target")?,
        relation: word(row.word("relation")?)?,
        rule: row.text("rule")?,
    })
}
