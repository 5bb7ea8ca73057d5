//! What parked deliveries wait for.

use super::Queue;
use crate::database::{Row, Statement, statement};
use crate::words::count;
use crate::{DeliveryId, StoreError};

const PARKED_BY: Statement = statement!("deliveries/parked_by");

/// So many groups are told.
const GROUPS: i64 = 100;

/// Deliveries that wait for the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParkedGroup {
    /// For what: `installation:<id>`, `repository:<id>`.
    pub waits_for: String,
    /// How many.
    pub deliveries: u64,
    /// The first of them.
    pub first: DeliveryId,
    /// The last.
    pub last: DeliveryId,
}

impl Queue {
    /// The parked deliveries by what they wait for, most first; a hundred groups at most.
    pub async fn parked_deliveries(&self) -> Result<Vec<ParkedGroup>, StoreError> {
        let mut transaction = self.read().await?;
        let query = transaction.statement(PARKED_BY).bind(GROUPS);
        let group = |row: &Row| {
            Ok(ParkedGroup {
                waits_for: row.text("waits_for")?,
                deliveries: count(row.int("number")?),
                first: DeliveryId(row.int("first_id")?),
                last: DeliveryId(row.int("last_id")?),
            })
        };
        transaction.fetch_all(query).await?.iter().map(group).collect()
    }
}
