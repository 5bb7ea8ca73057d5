//! Waking those who follow changes.
//!
//! As with jobs, a wake-up says "look again": it may be missed (another process on the same SQLite file, a connection that
//! broke), so whoever waits looks by himself now and then.

use sqlx::postgres::{PgListener, PgPoolOptions};
use tokio::sync::watch;

use crate::address::DatabaseUrl;
use crate::database::Pool;
use crate::open::{OpenError, postgres};
use crate::{Store, StoreError, TenantId};

const CHANNEL: &str = "muster_changes";

/// Tells when changes were noted.
#[derive(Debug)]
pub struct ChangeWakeups(Kind);

#[derive(Debug)]
enum Kind {
    /// Noted in this process.
    Process(watch::Receiver<()>),
    /// Noted by anybody on this server.
    Server(Box<PgListener>),
}

impl Store {
    /// Listens for changes of all tenants. `direct` is as for [`Store::listen`].
    pub async fn listen_to_changes(&self, direct: &DatabaseUrl) -> Result<ChangeWakeups, OpenError> {
        match (&self.pool, direct) {
            (Pool::Sqlite(_, writers, _), _) => Ok(ChangeWakeups(Kind::Process(writers.changes()))),
            (Pool::Postgres(..), DatabaseUrl::Postgres(url)) => {
                let pool = PgPoolOptions::new().max_connections(1).connect_lazy_with(postgres::options(url)?);
                let mut listener = PgListener::connect_with(&pool).await?;
                listener.listen(CHANNEL).await?;
                Ok(ChangeWakeups(Kind::Server(Box::new(listener))))
            }
            (Pool::Postgres(..), DatabaseUrl::Sqlite(_)) => {
                Err(StoreError::Damaged("the direct address is not one of PostgreSQL").into())
            }
        }
    }
}

impl ChangeWakeups {
    /// Waits until changes were noted since the last time, and gives whose; `None`: anybody's, also where the connection had
    /// to be made anew, for something may have been missed then.
    pub async fn wait(&mut self) -> Result<Option<TenantId>, StoreError> {
        match &mut self.0 {
            // The sender lives as long as the store does; without one there is nothing to wait for.
            Kind::Process(receiver) => match receiver.changed().await {
                Ok(()) => Ok(None),
                Err(_) => std::future::pending().await,
            },
            Kind::Server(listener) => {
                let told = listener.try_recv().await?;
                Ok(told.and_then(|told| told.payload().parse().ok()).map(TenantId))
            }
        }
    }
}
