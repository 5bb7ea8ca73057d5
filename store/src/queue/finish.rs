//! Leases that go on, or end well.

use super::{Lease, Queue};
use crate::database::{Rows, Statement, Transaction, statement};
use crate::{JobId, StoreError, Timestamp};

const SUCCEED: Statement = statement!(both "jobs/succeed");
const RENEW: Statement = statement!(both "jobs/renew");

impl Queue {
    /// Holds leases until `until`; gives those that still hold. Whoever finds his missing has to stop: another may run it.
    pub async fn renew(&self, leases: &[Lease], until: Timestamp) -> Result<Vec<Lease>, StoreError> {
        let mut transaction = self.write().await?;
        let held = settle(&mut transaction, RENEW, leases, until).await?;
        transaction.commit().await?;
        Ok(held)
    }

    /// Ends leases well; gives those that held until now.
    pub async fn succeed(&self, leases: &[Lease], now: Timestamp) -> Result<Vec<Lease>, StoreError> {
        let mut transaction = self.write().await?;
        let held = succeed(&mut transaction, leases, now).await?;
        transaction.commit().await?;
        Ok(held)
    }
}

/// The same in a transaction of the queue.
pub(super) async fn succeed(
    transaction: &mut Transaction,
    leases: &[Lease],
    now: Timestamp,
) -> Result<Vec<Lease>, StoreError> {
    settle(transaction, SUCCEED, leases, now).await
}

async fn settle(
    transaction: &mut Transaction,
    statement: Statement,
    leases: &[Lease],
    at: Timestamp,
) -> Result<Vec<Lease>, StoreError> {
    let rows = Rows::of(leases).int(|lease| lease.job.0).int(|lease| lease.number);
    let query = transaction.statement(statement).bind(at.0).bind(rows);
    let rows = transaction.fetch_all(query).await?;
    let lease = |row: &crate::database::Row| {
        Ok(Lease { job: JobId(row.int("id")?), number: row.int("lease_number")? })
    };
    rows.iter().map(lease).collect()
}
