//! The entries, by page.

use super::AuditHead;
use crate::database::{Row, Statement, statement};
use crate::lists::asked;
use crate::{AuditSeq, Page, StoreError, Tenant, Timestamp};

const FORWARD: Statement = statement!("audit_log/forward");
const BACKWARD: Statement = statement!("audit_log/backward");

/// Which entries to list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// The oldest first, not the newest.
    pub oldest_first: bool,
    /// The rows of a page; 0 for as many as a page holds.
    pub limit: usize,
    /// The last row of the page before.
    pub after: Option<AuditSeq>,
}

/// A stored entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRecord {
    /// Its place in the log.
    pub seq: AuditSeq,
    /// When it was written.
    pub recorded_at: Timestamp,
    /// Who did it. See [`super::Actor`].
    pub actor: String,
    /// What was done: `user.add`.
    pub action: String,
    /// To what: `user:7`.
    pub subject: String,
    /// What else there is to say: a JSON object, as it was hashed.
    pub details: String,
    /// The hash of the entry before; zeros in the first.
    pub previous_hash: [u8; 32],
    /// The hash of this entry.
    pub hash: [u8; 32],
}

impl AuditRecord {
    /// What the head was when this entry was the last.
    pub fn head(&self) -> AuditHead {
        AuditHead { seq: self.seq, hash: self.hash }
    }

    pub(super) fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            seq: AuditSeq(row.int("seq")?),
            recorded_at: Timestamp(row.int("recorded_at")?),
            actor: row.text("actor")?,
            action: row.text("action")?,
            subject: row.text("subject")?,
            details: row.text("details")?,
            previous_hash: hash(row, "previous_hash")?,
            hash: hash(row, "hash")?,
        })
    }
}

/// A column of 32 bytes.
pub(super) fn hash(row: &Row, column: &str) -> Result<[u8; 32], StoreError> {
    row.bytes(column)?.try_into().map_err(|_| StoreError::Damaged("a hash has a wrong length"))
}

impl Tenant {
    /// The tenant's audit log, newest entry first unless asked otherwise. Nothing is verified here.
    pub async fn audit_entries(
        &self,
        filter: &AuditFilter,
    ) -> Result<Page<AuditRecord, AuditSeq>, StoreError> {
        let (size, limit) = asked(filter.limit);
        let (statement, start) = match filter.oldest_first {
            true => (FORWARD, 0),
            false => (BACKWARD, i64::MAX),
        };
        let mut transaction = self.read().await?;
        let after = filter.after.map_or(start, |after| after.0);
        let query = transaction.query(statement).bind(after).bind(limit);
        let rows = transaction.fetch_all(query).await?;
        let items = rows.iter().map(AuditRecord::from_row).collect::<Result<_, _>>()?;
        Ok(Page::cut(items, size, |record: &AuditRecord| record.seq))
    }
}
