//! Could a job be claimed? Asked by whoever watches, who must not claim any.

use super::Queue;
use crate::StoreError;
use crate::database::{Statement, Urgency, statement};

const PROBE: Statement = statement!("jobs/probe");

impl Queue {
    /// Does what a claim does but for claiming: fails where that would.
    pub async fn probe(&self) -> Result<(), StoreError> {
        let mut transaction = self.pool.queue(Urgency::Answer).await?;
        let query = transaction.statement(PROBE);
        transaction.execute(query).await?;
        transaction.commit().await
    }
}
