//! How far the changes of each followed tenant are.
//!
//! One task for all: it is woken by whoever commits a change and looks by itself now and then, one small question for each
//! tenant that somebody follows. So an idle stream costs nothing, and a thousand clients of one tenant ask no more often than
//! one. A wake-up that was missed makes an event a second late, and never loses it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use muster_store::{DatabaseUrl, Store, TenantId};
use tokio::sync::{mpsc, watch};
use tokio::time::{MissedTickBehavior, interval, sleep};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;
use tracing::{debug, warn};

use super::EventSettings;

/// How long to wait before a connection that tells of changes is made anew.
const ANEW: Duration = Duration::from_secs(5);
/// Wake-ups that may wait for each other.
const WAKEUPS: usize = 64;

/// Every followed tenant.
#[derive(Debug)]
pub(super) struct Followed {
    tenants: Mutex<HashMap<TenantId, Topic>>,
    per_tenant: usize,
    all: usize,
}

#[derive(Debug)]
struct Topic {
    latest: watch::Sender<i64>,
    streams: usize,
}

/// A stream's place among those of its tenant. Whoever drops it leaves.
#[derive(Debug)]
pub(super) struct Follower {
    followed: Arc<Followed>,
    tenant: TenantId,
    /// Changes when there may be something new.
    pub(super) latest: watch::Receiver<i64>,
}

impl Drop for Follower {
    fn drop(&mut self) {
        let mut tenants = self.followed.tenants();
        if let Some(topic) = tenants.get_mut(&self.tenant) {
            topic.streams -= 1;
            if topic.streams == 0 {
                tenants.remove(&self.tenant);
            }
        }
        metrics::gauge!("muster_event_streams").decrement(1);
    }
}

impl Followed {
    pub(super) fn new(settings: &EventSettings) -> Self {
        Self { tenants: Mutex::default(), per_tenant: settings.per_tenant, all: settings.streams }
    }

    fn tenants(&self) -> MutexGuard<'_, HashMap<TenantId, Topic>> {
        self.tenants.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Follows a tenant; `None` where there are as many streams as there may be.
    pub(super) fn follow(self: &Arc<Self>, tenant: TenantId) -> Option<Follower> {
        let mut tenants = self.tenants();
        let all: usize = tenants.values().map(|topic| topic.streams).sum();
        if all >= self.all || tenants.get(&tenant).is_some_and(|topic| topic.streams >= self.per_tenant) {
            return None;
        }
        let new = || Topic { latest: watch::Sender::new(0), streams: 0 };
        let topic = tenants.entry(tenant).or_insert_with(new);
        topic.streams += 1;
        metrics::gauge!("muster_event_streams").increment(1);
        Some(Follower { followed: Arc::clone(self), tenant, latest: topic.latest.subscribe() })
    }

    /// Those that may have something new: one, or all.
    fn those(&self, tenant: Option<TenantId>) -> Vec<TenantId> {
        let tenants = self.tenants();
        match tenant {
            Some(tenant) => tenants.contains_key(&tenant).then_some(tenant).into_iter().collect(),
            None => tenants.keys().copied().collect(),
        }
    }

    fn tell(&self, tenant: TenantId, latest: i64) {
        if let Some(topic) = self.tenants().get(&tenant) {
            topic.latest.send_if_modified(|known| std::mem::replace(known, latest) != latest);
        }
    }
}

/// Learns how far the changes of followed tenants are, until the end.
pub(super) async fn keep_up(
    store: Store,
    direct: DatabaseUrl,
    followed: Arc<Followed>,
    poll: Duration,
    stop: CancellationToken,
) {
    let (told, mut wakeups) = mpsc::channel(WAKEUPS);
    // A task of its own: what connects must not be broken off by a tick.
    let _hearing = AbortOnDropHandle::new(tokio::spawn(hear(store.clone(), direct, told)));
    let mut ticks = interval(poll);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut fails = false;
    loop {
        let whose = tokio::select! {
            () = stop.cancelled() => return,
            Some(whose) = wakeups.recv() => whose,
            _ = ticks.tick() => None,
        };
        for tenant in followed.those(whose) {
            match store.tenant(tenant).change_seq().await {
                Ok(latest) => {
                    fails = false;
                    followed.tell(tenant, latest);
                }
                Err(reason) if !fails => {
                    fails = true;
                    warn!(tenant.id = %tenant, error = %reason, "changes cannot be read; they are told of later");
                }
                Err(_) => {}
            }
        }
    }
}

/// Passes on whose changes there are, `None` for anybody's. The connection is made anew whenever it breaks.
async fn hear(store: Store, direct: DatabaseUrl, told: mpsc::Sender<Option<TenantId>>) {
    loop {
        match store.listen_to_changes(&direct).await {
            Ok(mut wakeups) => {
                debug!("listening for changes");
                // Something may have been missed.
                let mut whose = Ok(None);
                while let Ok(tenant) = whose {
                    if told.send(tenant).await.is_err() {
                        return;
                    }
                    whose = wakeups.wait().await;
                }
                if let Err(reason) = whose {
                    warn!(error = %reason, "the connection that tells of changes broke");
                }
            }
            Err(reason) => {
                warn!(error = %reason, "nobody tells of changes; they are looked for now and then");
            }
        }
        sleep(ANEW).await;
    }
}

#[cfg(test)]
mod tests {
    use muster_store::Timestamp;

    use super::*;

    #[test]
    fn streams_have_bounds_and_leave_nothing_behind() {
        let settings = EventSettings { per_tenant: 2, streams: 3, ..EventSettings::default() };
        let followed = Arc::new(Followed::new(&settings));
        let [one, other, third] = [(); 3].map(|()| TenantId::new(Timestamp(0)));
        let held: Vec<_> = [one, one, other].map(|tenant| followed.follow(tenant).unwrap()).into();
        assert!(followed.follow(one).is_none(), "of one tenant");
        assert!(followed.follow(third).is_none(), "of all");
        followed.tell(one, 7);
        assert_eq!(held.iter().map(|held| *held.latest.borrow()).collect::<Vec<_>>(), [7, 7, 0]);
        assert!(followed.those(Some(third)).is_empty() && followed.those(None).len() == 2);
        drop(held);
        assert!(followed.those(None).is_empty());
        assert!(followed.follow(third).is_some());
    }
}
