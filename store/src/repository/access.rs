//! What an installation of the App may see: a repository is connected when it is granted, and rests when nobody may read it.

use muster_model::{Access, RepositoryAccess};

use super::connect::{Connection, connect_in};
use super::report::{call, settle_access};
use super::{Repository, find_by_provider};
use crate::changes::{self, ChangeKind, NewChange};
use crate::database::{Statement, TenantTransaction, Urgency, statement};
use crate::queue::{enqueue_in, settle_in};
use crate::report::{bind_version, version_of};
use crate::{Lease, NewJob, Priority, Provider, Reported, StoreError, Tenant, Timestamp};

const PUT: Statement = statement!("installation_repositories/put");
const NAME: Statement = statement!(both "installation_repositories/name");
const VERSION: Statement = statement!("repositories/version");

impl Tenant {
    /// Writes that an installation may, or may no longer, see a repository, and ends the lease.
    ///
    /// A granted repository is connected and its first look enqueued; `base` is the provider's own address
    /// (`https://github.com`), which its address begins with. One that is withdrawn rests unless another installation may see it or
    /// it has a hook of its own; what is stored stays. [`StoreError::QuotaReached`] where it would be one
    /// repository too many: nothing is changed then.
    pub async fn put_access(
        &self,
        provider: Provider,
        report: &RepositoryAccess,
        base: &str,
        lease: Option<Lease>,
        now: Timestamp,
    ) -> Result<Reported, StoreError> {
        let mut transaction = self.write(Urgency::State).await?;
        if let Some(lease) = lease
            && !settle_in(&mut transaction, lease, now).await?
        {
            return Ok(Reported::LeaseLost);
        }
        let query = transaction
            .query(PUT)
            .bind(provider.as_str())
            .bind(report.installation.get())
            .bind(report.repository.get())
            .bind(report.full_name.as_deref())
            .bind(match report.access {
                Access::Granted => "granted",
                Access::Withdrawn => "withdrawn",
            });
        let taken = transaction.fetch_optional(bind_version(query, &report.version)).await?;
        if taken.is_none() {
            transaction.commit().await?;
            return Ok(Reported::Outdated);
        }
        let before = find_by_provider(&mut transaction, provider, report.repository.get()).await?;
        let query = transaction.query(NAME).bind(provider.as_str()).bind(report.repository.get());
        let name = transaction.fetch_optional(query).await?.map(|row| row.text("full_name")).transpose()?;
        let name = name.as_deref();
        let connected = match report.access {
            Access::Granted => Some(connect(&mut transaction, provider, report, name, base, now).await?),
            Access::Withdrawn => before.clone(),
        };
        if let Some(connected) = connected {
            // A report of the repository itself says more of its name than a list does.
            let query = transaction.query(VERSION).bind(connected.id.0);
            let reported = version_of(&transaction.fetch_one(query).await?)?.is_some();
            if let (false, Some(name)) = (reported, name) {
                call(&mut transaction, &connected, name, base).await?;
            }
            let after = settle_access(&mut transaction, &connected).await?;
            look(&mut transaction, before.as_ref(), &after, now).await?;
            changes::append(&mut transaction, &NewChange::seen(ChangeKind::Repository, Some(after.id), now))
                .await?;
        }
        transaction.commit().await?;
        Ok(Reported::Taken)
    }
}

async fn connect(
    transaction: &mut TenantTransaction,
    provider: Provider,
    report: &RepositoryAccess,
    name: Option<&str>,
    base: &str,
    now: Timestamp,
) -> Result<Repository, StoreError> {
    let address = name.map(|name| format!("{base}/{name}"));
    let connection = Connection {
        provider: Some((provider, report.repository.get())),
        full_name: name,
        clone_url: address.as_deref(),
        default_branch: None,
        installation: Some(report.installation.get()),
    };
    connect_in(transaction, &connection, now).await
}

/// Enqueues the first look at a repository that is read from now on.
async fn look(
    transaction: &mut TenantTransaction,
    before: Option<&Repository>,
    after: &Repository,
    now: Timestamp,
) -> Result<(), StoreError> {
    let was_read = before.is_some_and(|before| before.is_active && before.provided.connected_at.is_some());
    if was_read || !after.is_active || after.facts.clone_url.is_none() {
        return Ok(());
    }
    let job = NewJob::look(after.id, Priority::Backfill, after.is_new(), now);
    let installation = after.provided.installation;
    enqueue_in(transaction, &[NewJob { installation, ..job }], now).await.map(drop)
}
