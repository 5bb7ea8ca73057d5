//! Waking those who wait for jobs.
//!
//! A wake-up says "look again" and nothing else: several may arrive as one, and one may come for nothing. It may also be
//! missed (another process on the same SQLite file, a connection that broke), so whoever waits looks by himself now and then.

use sqlx::postgres::PgListener;
use sqlx::postgres::PgPoolOptions;
use tokio::sync::watch;

use crate::address::DatabaseUrl;
use crate::database::Pool;
use crate::open::{OpenError, postgres};
use crate::{Store, StoreError};

const CHANNEL: &str = "muster_jobs";

/// Tells when jobs were enqueued.
#[derive(Debug)]
pub struct Wakeups(Kind);

#[derive(Debug)]
enum Kind {
    /// Enqueued in this process.
    Process(watch::Receiver<()>),
    /// Enqueued by anybody on this server.
    Server(Box<PgListener>),
}

impl Store {
    /// Listens for jobs. `direct` leads to the same database without PgBouncer, which does not pass notifications on; it
    /// is of no account for SQLite, where only this process is heard.
    pub async fn listen(&self, direct: &DatabaseUrl) -> Result<Wakeups, OpenError> {
        match (&self.pool, direct) {
            (Pool::Sqlite(_, writers, _), _) => Ok(Wakeups(Kind::Process(writers.jobs()))),
            (Pool::Postgres(..), DatabaseUrl::Postgres(url)) => {
                let pool = PgPoolOptions::new().max_connections(1).connect_lazy_with(postgres::options(url)?);
                let mut listener = PgListener::connect_with(&pool).await?;
                listener.listen(CHANNEL).await?;
                Ok(Wakeups(Kind::Server(Box::new(listener))))
            }
            (Pool::Postgres(..), DatabaseUrl::Sqlite(_)) => {
                Err(StoreError::Damaged("the direct address is not one of PostgreSQL").into())
            }
        }
    }
}

impl Wakeups {
    /// Waits until jobs were enqueued since the last time, or until the connection had to be made anew, for something
    /// may have been missed then.
    pub async fn wait(&mut self) -> Result<(), StoreError> {
        match &mut self.0 {
            // The sender lives as long as the store does; without one there is nothing to wait for.
            Kind::Process(receiver) => match receiver.changed().await {
                Ok(()) => Ok(()),
                Err(_) => std::future::pending().await,
            },
            Kind::Server(listener) => {
                listener.try_recv().await?;
                while listener.next_buffered().is_some() {}
                Ok(())
            }
        }
    }
}
