//! What is known of connected repositories, their webhooks and the queue: gathered here, judged elsewhere.

use anyhow::Result;
use muster_store::{
    AppHookRecord, ConnectionFilter, ConnectionRecord, DeadGroup, HookRecord, InstallationRecord,
    ParkedGroup, QueueStats, Store, StoreError, Tenant, Timestamp,
};

use crate::context::Context;
use crate::database::Database;
use crate::keys;

/// All of it.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// The present.
    pub(super) now: Timestamp,
    /// A key to open secrets with is given.
    pub(super) has_key: bool,
    /// The secret of the App's webhook is given.
    pub(super) has_app_secret: bool,
    /// The address of the App.
    pub(super) app: AppHookRecord,
    /// Every tenant with connected repositories or installations.
    pub(super) tenants: Vec<TenantFacts>,
    /// What parked deliveries wait for.
    pub(super) parked: Vec<ParkedGroup>,
    /// Dead jobs.
    pub(super) dead: Vec<DeadGroup>,
    /// The queue in numbers.
    pub(super) queue: QueueStats,
}

/// Of one tenant.
#[derive(Debug, Default)]
pub(super) struct TenantFacts {
    /// Its short name.
    pub(super) name: String,
    /// Its connected repositories.
    pub(super) connections: Vec<ConnectionRecord>,
    /// Their hooks.
    pub(super) hooks: Vec<HookRecord>,
    /// Installations that it has claimed.
    pub(super) installations: Vec<InstallationRecord>,
}

/// Gathers it.
pub(super) fn gather(database: &Database, context: &Context) -> Result<Facts> {
    let now = context.now();
    let has_key = keys::read(&context.settings.key_source())?.is_some();
    let has_app_secret = context.settings.webhook_secrets.is_some();
    let read = async {
        let store = database.store();
        let tenants = tenants(store).await?;
        let queue = store.queue().await?;
        let (parked, dead) = (queue.parked_deliveries().await?, queue.dead_by_cause().await?);
        let app = queue.app_hook().await?;
        let queue = queue.stats(now).await?;
        anyhow::Ok(Facts { now, has_key, has_app_secret, app, tenants, parked, dead, queue })
    };
    database.wait(read)
}

async fn tenants(store: &Store) -> Result<Vec<TenantFacts>, StoreError> {
    let mut facts = Vec::new();
    for record in store.list_tenants().await? {
        let tenant = store.tenant(record.id);
        let connections = connections(&tenant).await?;
        let installations = tenant.list_installations().await?;
        if !connections.is_empty() || !installations.is_empty() {
            let hooks = tenant.list_hooks().await?;
            facts.push(TenantFacts { name: record.subdomain, connections, hooks, installations });
        }
    }
    Ok(facts)
}

async fn connections(tenant: &Tenant) -> Result<Vec<ConnectionRecord>, StoreError> {
    let (mut all, mut filter) = (Vec::new(), ConnectionFilter::default());
    loop {
        let page = tenant.list_connections(&filter).await?;
        all.extend(page.items.into_iter().filter(|one| one.is_active));
        filter.after = page.next;
        if filter.after.is_none() {
            return Ok(all);
        }
    }
}
