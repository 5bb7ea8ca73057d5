//! Following the whole chain, in pages of one state of the database.

use super::chain::{Chain, ChainFault};
use super::{AuditHead, AuditRecord};
use crate::database::{Row, Statement, TenantTransaction, statement};
use crate::words::count;
use crate::{AuditSeq, MAX_PAGE, StoreError, Tenant};

const FORWARD: Statement = statement!("audit_log/forward");
const FOLLOWER: Statement = statement!("audit_log/follower");

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditReport {
    /// So many entries hold, from the first on.
    pub verified: u64,
    /// The last of them: what to write down outside the database.
    pub head: AuditHead,
    /// Where the chain does not hold; `None` where it does.
    pub fault: Option<ChainFault>,
}

impl Tenant {
    /// Follows the tenant's audit log from its first entry to its last, or to the first that does not hold. `expected`
    /// is the head of an earlier day: it has to be one of the entries.
    pub async fn verify_audit_log(&self, expected: Option<AuditHead>) -> Result<AuditReport, StoreError> {
        let mut transaction = self.read().await?;
        let mut chain = Chain::new(self.id, expected);
        let fault = follow(&mut chain, &mut transaction).await?;
        let fault = match fault {
            // Rows that changed places look altered: each was hashed with the number that it had.
            Some(ChainFault::Altered(seq)) => {
                let belongs = transaction.query(FOLLOWER).bind(&chain.head.hash[..]).bind(seq.0);
                match transaction.fetch_optional(belongs).await? {
                    Some(row) => Some(ChainFault::OutOfOrder { seq, found: AuditSeq(row.int("seq")?) }),
                    None => fault,
                }
            }
            fault => fault,
        };
        Ok(AuditReport { verified: count(chain.head.seq.0), head: chain.head, fault })
    }
}

async fn follow(
    chain: &mut Chain,
    transaction: &mut TenantTransaction,
) -> Result<Option<ChainFault>, StoreError> {
    // From below the lowest number: a row in front of the first is one too many.
    let mut after = i64::MIN;
    loop {
        let query = transaction.query(FORWARD).bind(after).bind(MAX_PAGE as i64);
        let rows = transaction.fetch_all(query).await?;
        for row in &rows {
            let seq = AuditSeq(row.int("seq")?);
            if let Err(fault) = chain.follow(seq, readable(row)?.as_ref()) {
                return Ok(Some(fault));
            }
            after = seq.0;
        }
        if rows.len() < MAX_PAGE {
            return Ok(chain.end().err());
        }
    }
}

/// The entry, unless somebody has put in its place what we never write.
fn readable(row: &Row) -> Result<Option<AuditRecord>, StoreError> {
    match AuditRecord::from_row(row) {
        Ok(record) => Ok(Some(record)),
        Err(StoreError::Damaged(_)) => Ok(None),
        Err(error) => Err(error),
    }
}
