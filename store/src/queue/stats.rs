//! How the queue is doing.

use super::Queue;
use crate::database::{Statement, statement};
use crate::words::count;
use crate::{StoreError, Timestamp};

const STATS: Statement = statement!("jobs/stats");

/// The queue in numbers. What is done is not among them: to count it takes reading it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueStats {
    /// Jobs that wait for their time, their key or a slot.
    pub ready: u64,
    /// Those among them that wait for a limit to be over.
    pub parked: u64,
    /// Jobs that are held.
    pub running: u64,
    /// Jobs that only a person can make run again.
    pub dead: u64,
    /// Since when the longest waits that could have started: one that waits for no other under its serial key.
    pub oldest_ready: Option<Timestamp>,
    /// Deliveries that wait for a repository or an installation.
    pub parked_deliveries: u64,
}

impl Queue {
    /// The queue in numbers.
    pub async fn stats(&self, now: Timestamp) -> Result<QueueStats, StoreError> {
        let mut transaction = self.read().await?;
        let query = transaction.statement(STATS).bind(now.0);
        let row = transaction.fetch_one(query).await?;
        let number = |column| row.int(column).map(count);
        Ok(QueueStats {
            ready: number("ready")?,
            parked: number("parked")?,
            running: number("running")?,
            dead: number("dead")?,
            oldest_ready: row.maybe_int("oldest_ready")?.map(Timestamp),
            parked_deliveries: number("parked_deliveries")?,
        })
    }
}
