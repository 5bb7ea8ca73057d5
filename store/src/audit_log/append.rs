//! Writing an entry, inside the transaction that does what it tells of.

use super::chain::{BEFORE_THE_FIRST, hash_of};
use super::list::hash;
use super::{Actor, AuditHead, AuditRecord};
use crate::database::{Statement, TenantTransaction, statement};
use crate::{AuditSeq, StoreError, Timestamp};

const LAST: Statement = statement!("audit_log/last");
const APPEND: Statement = statement!("audit_log/append");

/// What is to be written down.
#[derive(Debug)]
pub(crate) struct Entry<'a> {
    /// When.
    pub(crate) at: Timestamp,
    /// By whom.
    pub(crate) actor: &'a Actor,
    /// What was done: `<subject>.<verb>`, such as `user.add`.
    pub(crate) action: &'static str,
    /// To what: `<kind>:<id>`, such as `user:7`.
    pub(crate) subject: String,
    /// What else there is to say, as a JSON object. Never a secret: entries are for ever.
    pub(crate) details: serde_json::Value,
}

/// Adds an entry to the log of the transaction's tenant. The transaction has to be one of
/// `Pool::write`, and to work in the run-time role: it has the tenant's turn, so no two entries get one number.
pub(crate) async fn append(
    transaction: &mut TenantTransaction,
    entry: &Entry<'_>,
) -> Result<AuditHead, StoreError> {
    let query = transaction.query(LAST);
    let last = transaction.fetch_optional(query).await?;
    let (seq, previous_hash) = match &last {
        Some(row) => (row.int("seq")?, hash(row, "hash")?),
        None => (0, BEFORE_THE_FIRST),
    };
    let mut record = AuditRecord {
        seq: AuditSeq(seq + 1),
        recorded_at: entry.at,
        actor: entry.actor.as_str().to_owned(),
        action: entry.action.to_owned(),
        subject: entry.subject.clone(),
        details: entry.details.to_string(),
        previous_hash,
        hash: BEFORE_THE_FIRST,
    };
    record.hash = hash_of(transaction.tenant(), &record);
    let query = transaction
        .query(APPEND)
        .bind(record.seq.0)
        .bind(record.recorded_at.0)
        .bind(&record.actor)
        .bind(&record.action)
        .bind(&record.subject)
        .bind(&record.details)
        .bind(&record.previous_hash[..])
        .bind(&record.hash[..]);
    transaction.execute(query).await?;
    Ok(AuditHead { seq: record.seq, hash: record.hash })
}
