//! Who writes next, for each tenant of a PostgreSQL database: the writers of one process take their turns here, those
//! of several processes at the server (an advisory lock).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::writers::{Turn, Urgency, Writers};
use crate::TenantId;

/// Queues after which those that nobody uses are swept away.
const MANY: usize = 256;

/// The queues of a database's tenants, and how long the first of a queue waits at the server.
#[derive(Clone, Debug)]
pub(crate) struct TenantWriters {
    queues: Arc<Mutex<HashMap<TenantId, Writers>>>,
    lock_timeout: Arc<str>,
}

impl TenantWriters {
    /// No queue yet.
    pub(crate) fn new(lock_patience: Duration) -> Self {
        // 0 would be for ever.
        let lock_timeout = format!("{}ms", lock_patience.as_millis().clamp(1, 86_400_000));
        Self { queues: Arc::default(), lock_timeout: lock_timeout.into() }
    }

    /// The longest wait for a lock, as PostgreSQL writes it.
    pub(crate) fn lock_timeout(&self) -> &str {
        &self.lock_timeout
    }

    /// Waits for a turn among the tenant's writers of this process.
    pub(crate) async fn turn(&self, tenant: TenantId, urgency: Urgency) -> Turn {
        let queue = {
            let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
            if queues.len() >= MANY {
                queues.retain(|_, queue| queue.is_used());
            }
            queues.entry(tenant).or_default().clone()
        };
        queue.turn(urgency).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Timestamp;

    #[tokio::test]
    async fn tenants_do_not_wait_for_each_other_and_idle_queues_are_swept_away() {
        let writers = TenantWriters::new(Duration::ZERO);
        assert_eq!(writers.lock_timeout(), "1ms");
        let tenant = || TenantId::new(Timestamp(0));
        let (one, other) = (tenant(), tenant());
        let held = writers.turn(one, Urgency::Batch).await;
        drop(writers.turn(other, Urgency::Batch).await);
        for _ in 0..3 * MANY {
            drop(writers.turn(tenant(), Urgency::Answer).await);
        }
        let queues = writers.queues.lock().unwrap();
        assert!(queues.len() <= MANY + 1, "{}", queues.len());
        assert!(queues[&one].is_used() && !queues.contains_key(&other));
        drop(held);
        assert!(!queues[&one].is_used());
    }
}
