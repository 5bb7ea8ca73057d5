//! Jobs, read back.

use super::{JobRecord, JobState, Queue};
use crate::database::{Query, Row, Statement, statement};
use crate::lists::asked;
use crate::words::count;
use crate::{JobId, Page, StoreError, Tenant, TenantId, Timestamp};

const LIST: Statement = statement!(both "jobs/list");
const OWN_LIST: Statement = statement!("jobs/own_list");
const SHOW: Statement = statement!("jobs/show");
const DEAD_BY_CAUSE: Statement = statement!("jobs/dead_by_cause");

/// Which jobs to list, and from where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobFilter {
    /// Of this tenant alone.
    pub tenant: Option<TenantId>,
    /// In this state alone.
    pub state: Option<JobState>,
    /// Of this kind alone.
    pub kind: Option<String>,
    /// At most so many; 0 is as many as a page holds.
    pub limit: usize,
    /// Older than this one: [`Page::next`] of the page before.
    pub after: Option<JobId>,
}

/// Dead jobs that died of the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadGroup {
    /// What was to be done.
    pub kind: String,
    /// What went wrong.
    pub cause: String,
    /// How many.
    pub jobs: u64,
    /// The first of them.
    pub first: JobId,
    /// The last.
    pub last: JobId,
    /// When the latest died.
    pub last_at: Timestamp,
}

impl JobFilter {
    fn bind(&self, query: Query, limit: i64) -> Query {
        query
            .bind(self.state.map(JobState::as_str))
            .bind(self.kind.as_deref())
            .bind(self.after.map_or(i64::MAX, |id| id.0))
            .bind(limit)
    }
}

fn page(rows: &[Row], size: usize) -> Result<Page<JobRecord, JobId>, StoreError> {
    let items = rows.iter().map(JobRecord::from_row).collect::<Result<_, _>>()?;
    Ok(Page::cut(items, size, |record: &JobRecord| record.id))
}

impl Queue {
    /// Jobs, newest first.
    pub async fn list_jobs(&self, filter: &JobFilter) -> Result<Page<JobRecord, JobId>, StoreError> {
        let (size, limit) = asked(filter.limit);
        let mut transaction = self.read().await?;
        let query = filter.bind(transaction.statement(LIST).bind(filter.tenant), limit);
        page(&transaction.fetch_all(query).await?, size)
    }

    /// A job.
    pub async fn show_job(&self, id: JobId) -> Result<Option<JobRecord>, StoreError> {
        let mut transaction = self.read().await?;
        let query = transaction.statement(SHOW).bind(id.0);
        transaction.fetch_optional(query).await?.as_ref().map(JobRecord::from_row).transpose()
    }

    /// The dead jobs by what they died of.
    pub async fn dead_by_cause(&self) -> Result<Vec<DeadGroup>, StoreError> {
        let mut transaction = self.read().await?;
        let query = transaction.statement(DEAD_BY_CAUSE);
        let group = |row: &Row| {
            Ok(DeadGroup {
                kind: row.text("kind")?,
                cause: row.text("cause")?,
                jobs: count(row.int("number")?),
                first: JobId(row.int("first_id")?),
                last: JobId(row.int("last_id")?),
                last_at: Timestamp(row.int("last_at")?),
            })
        };
        transaction.fetch_all(query).await?.iter().map(group).collect()
    }
}

impl Tenant {
    /// The tenant's jobs, newest first.
    pub async fn list_jobs(&self, filter: &JobFilter) -> Result<Page<JobRecord, JobId>, StoreError> {
        let (size, limit) = asked(filter.limit);
        let mut transaction = self.read().await?;
        let query = filter.bind(transaction.query(OWN_LIST), limit);
        page(&transaction.fetch_all(query).await?, size)
    }
}
