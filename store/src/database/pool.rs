//! Connections, and how a transaction begins on each engine.
//!
//! Nothing has happened before the first statement of a transaction, so whoever gets a connection that is found broken
//! there takes another: a server may be started anew without anybody noticing who was idle meanwhile. And nobody waits
//! for ever, be it for a connection or for another writer.

use std::time::Duration;

use sqlx::sqlite::{SqlitePoolOptions, SqliteSynchronous};

use sqlx::{ConnectOptions as _, Connection as _, PgPool, Postgres, SqlitePool};

use super::{
    Row, Statement, Suspicion, TenantTransaction, TenantWriters, Transaction, Urgency, Writers, Writing,
    statement,
};
use crate::{StoreError, TenantId};

/// Takes a role and no tenant: `$1` the role.
pub(super) const ENTER: Statement = statement!(postgres "session/enter");
/// The same, to write: `$2` how long to wait for a lock.
const ENTER_TO_WRITE: Statement = statement!(postgres "session/enter_to_write");
/// Takes a role and a tenant: `$1` the role, `$2` the tenant's id as text.
pub(super) const ENTER_TENANT: Statement = statement!(postgres "session/enter_tenant");
/// The same and, until the transaction ends, the tenant's turn to write: `$3` how long to wait for it.
const ENTER_TENANT_TO_WRITE: Statement = statement!(postgres "session/enter_tenant_to_write");

/// Takes the queue's role, with plans that do not hang on statistics: `$1` the role, `$2` how long to wait for a lock.
const ENTER_QUEUE: Statement = statement!(postgres "session/enter_queue");

const BEGIN_READING: &str = "begin isolation level repeatable read, read only";
/// Not `read write`: that would write to a database that its administrator has put to read-only.
const BEGIN_WRITING: &str = "begin isolation level read committed";
/// How long a server may take to say why the pool could not get a connection, and the pool to get one after all.
const PROBE: Duration = Duration::from_secs(2);

/// What a connection may do on PostgreSQL. SQLite knows no roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Works with rows of the tenant that it names.
    App,
    /// Makes, changes and removes tenants.
    Operator,
    /// Records and claims deliveries and jobs, also those of no tenant yet.
    Queue,
    /// Whoever logged in: for what a transfer notes in its own table.
    Login,
}

impl Role {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::App => "muster_app",
            Self::Operator => "muster_operator",
            Self::Queue => "muster_queue",
            Self::Login => "none",
        }
    }
}

/// The connections of a database.
#[derive(Clone, Debug)]
pub(crate) enum Pool {
    Sqlite(SqlitePool, Writers, Suspicion),
    Postgres(PgPool, TenantWriters, Suspicion),
}

/// What the first statement of a transaction is told.
struct Entering<'a> {
    statement: Statement,
    role: Role,
    tenant: Option<&'a str>,
    lock_timeout: Option<&'a str>,
}

impl Pool {
    /// A transaction that reads one state of one tenant's rows.
    pub(crate) async fn read(&self, tenant: TenantId) -> Result<TenantTransaction, StoreError> {
        let transaction = match self {
            Self::Sqlite(pool, ..) => Transaction::Sqlite(pool.begin().await?, None),
            Self::Postgres(pool, ..) => {
                let id = tenant.to_string();
                let (statement, role) = (ENTER_TENANT, Role::App);
                let entering = Entering { statement, role, tenant: Some(&id), lock_timeout: None };
                begin_reading(pool, &entering).await?
            }
        };
        Ok(TenantTransaction { transaction, tenant, turn: None })
    }

    /// A transaction that writes rows of one tenant.
    ///
    /// It holds the right to write from its first moment, so that it never fails half-way for want of it and no two
    /// writers of a tenant wait for each other in a circle: on SQLite the database's, on PostgreSQL the tenant's. Within
    /// a process writers wait for it before they take a connection: else a few writers of one tenant, each waiting
    /// with a connection in hand, would leave none for the others.
    pub(crate) async fn write(
        &self,
        tenant: TenantId,
        urgency: Urgency,
    ) -> Result<TenantTransaction, StoreError> {
        match self {
            Self::Sqlite(pool, writers, suspicion) => {
                let transaction = begin_immediate(pool, writers, suspicion, urgency).await?;
                Ok(TenantTransaction { transaction, tenant, turn: None })
            }
            Self::Postgres(pool, writers, suspicion) => {
                let turn = Some(writers.turn(tenant, urgency).await);
                let (id, limit) = (tenant.to_string(), Some(writers.lock_timeout()));
                let (statement, role) = (ENTER_TENANT_TO_WRITE, Role::App);
                let entering = Entering { statement, role, tenant: Some(&id), lock_timeout: limit };
                let transaction = begin_writing(pool, &entering, suspicion).await?;
                Ok(TenantTransaction { transaction, tenant, turn })
            }
        }
    }

    /// A transaction of no tenant: what it may do is what its role's functions do.
    pub(crate) async fn global(&self, role: Role) -> Result<Transaction, StoreError> {
        match self {
            Self::Sqlite(pool, writers, suspicion) => {
                begin_immediate(pool, writers, suspicion, Urgency::Answer).await
            }
            Self::Postgres(pool, writers, suspicion) => {
                let (statement, limit) = (ENTER_TO_WRITE, Some(writers.lock_timeout()));
                let entering = Entering { statement, role, tenant: None, lock_timeout: limit };
                begin_writing(pool, &entering, suspicion).await
            }
        }
    }

    /// The same, to read.
    pub(crate) async fn read_global(&self, role: Role) -> Result<Transaction, StoreError> {
        match self {
            Self::Sqlite(pool, ..) => Ok(Transaction::Sqlite(pool.begin().await?, None)),
            Self::Postgres(pool, ..) => {
                let entering = Entering { statement: ENTER, role, tenant: None, lock_timeout: None };
                begin_reading(pool, &entering).await
            }
        }
    }

    /// A transaction of the queue, which writes.
    pub(crate) async fn queue(&self, urgency: Urgency) -> Result<Transaction, StoreError> {
        match self {
            Self::Sqlite(pool, writers, suspicion) => {
                begin_immediate(pool, writers, suspicion, urgency).await
            }
            Self::Postgres(pool, writers, suspicion) => {
                let (statement, role, limit) = (ENTER_QUEUE, Role::Queue, Some(writers.lock_timeout()));
                let entering = Entering { statement, role, tenant: None, lock_timeout: limit };
                begin_writing(pool, &entering, suspicion).await
            }
        }
    }

    /// The same database over a connection whose commits are on the disk when they are answered.
    ///
    /// On SQLite a pool of one connection with `synchronous = full`: the others leave the disk to the operating system
    /// and may lose their last commits, whole, when the power fails. PostgreSQL always waits for its disk.
    pub(crate) fn durable(&self) -> Self {
        match self {
            Self::Sqlite(pool, writers, suspicion) => {
                let options = (*pool.connect_options()).clone().synchronous(SqliteSynchronous::Full);
                let one = sqlite_pool(1, pool.options().get_acquire_timeout(), suspicion.clone());
                Self::Sqlite(one.connect_lazy_with(options), writers.clone(), suspicion.clone())
            }
            Self::Postgres(..) => self.clone(),
        }
    }

    /// Waits until every connection is closed.
    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite(pool, ..) => pool.close().await,
            Self::Postgres(pool, ..) => pool.close().await,
        }
    }
}

impl TenantTransaction {
    /// Goes on in another role, for the same tenant: what is done to a tenant and what follows from it for its rows is
    /// one transaction, though no role may do both.
    pub(crate) async fn work_as(&mut self, role: Role) -> Result<(), StoreError> {
        self.transaction.work_for(role, Some(self.tenant)).await
    }
}

/// Connections to a file, of which those are not used again that cannot be.
pub(crate) fn sqlite_pool(most: u32, patience: Duration, suspicion: Suspicion) -> SqlitePoolOptions {
    SqlitePoolOptions::new().max_connections(most).acquire_timeout(patience).before_acquire(
        move |connection, about| {
            // SQLite ends a transaction by itself when the disk is full. The rollback that follows finds none and
            // fails, and the connection counts itself into a transaction for ever.
            let usable = !suspicion.is_on(about.age) && !connection.is_in_transaction();
            Box::pin(async move { Ok(usable) })
        },
    )
}

async fn begin_immediate(
    pool: &SqlitePool,
    writers: &Writers,
    suspicion: &Suspicion,
    urgency: Urgency,
) -> Result<Transaction, StoreError> {
    let writing = Writing { turn: writers.turn(urgency).await, suspicion: suspicion.clone() };
    if !writers.have_their_file() {
        return Err(StoreError::FileReplaced);
    }
    Ok(Transaction::Sqlite(pool.begin_with("begin immediate").await?, Some(writing)))
}

/// Begins a transaction that reads.
async fn begin_reading(pool: &PgPool, entering: &Entering<'_>) -> Result<Transaction, StoreError> {
    Ok(begin(pool, BEGIN_READING, entering).await?.0)
}

/// Begins one that writes, on a server that lets it.
async fn begin_writing(
    pool: &PgPool,
    entering: &Entering<'_>,
    suspicion: &Suspicion,
) -> Result<Transaction, StoreError> {
    for _ in 0..2 {
        let (transaction, row) = begin(pool, BEGIN_WRITING, entering).await?;
        if row.word("read_only")? == "off" {
            return Ok(transaction);
        }
        // This session began when the server took no writes. A new one will say whether that is still so.
        suspicion.raise();
    }
    Err(StoreError::ServerReadOnly("transactions are read-only".to_owned()))
}

async fn begin(
    pool: &PgPool,
    how: &'static str,
    entering: &Entering<'_>,
) -> Result<(Transaction, Row), StoreError> {
    // Each connection of the pool may be broken, and the one after them is new.
    for _ in 0..pool.options().get_max_connections() {
        match begin_on_one(pool, how, entering).await {
            Err(error) if error.is_of_the_connection() => {}
            begun => return begun,
        }
    }
    begin_on_one(pool, how, entering).await
}

async fn begin_on_one(
    pool: &PgPool,
    how: &'static str,
    entering: &Entering<'_>,
) -> Result<(Transaction, Row), StoreError> {
    let begun = match begin_undisturbed(pool, how).await {
        Err(sqlx::Error::PoolTimedOut) => begin_after_all(pool, how).await?,
        begun => begun?,
    };
    let mut transaction = Transaction::Postgres(begun);
    let mut query = transaction.statement(entering.statement).bind(entering.role.name());
    for value in [entering.tenant, entering.lock_timeout].into_iter().flatten() {
        query = query.bind(value);
    }
    let row = transaction.fetch_one(query).await?;
    Ok((transaction, row))
}

/// Begins on a task of its own, which goes on when whoever asked does not wait for it any more. Where sqlx's `begin` is
/// dropped before the server has answered, nobody rolls back, and the next to get the connection stands in a
/// transaction that he knows nothing of.
async fn begin_undisturbed(
    pool: &PgPool,
    how: &'static str,
) -> Result<sqlx::Transaction<'static, Postgres>, sqlx::Error> {
    let pool = pool.clone();
    let begun = tokio::spawn(async move { pool.begin_with(how).await }).await;
    begun.map_err(|_| sqlx::Error::WorkerCrashed)? // it does not panic: the program is about to end
}

/// Begins where there was no connection in time, or says why there was none.
///
/// The pool tries again for as long as a server refuses, and then does not say what the server said: so it is asked. A
/// server that answers may have come back only now, and then connections come free at once; else they are all in use.
async fn begin_after_all(
    pool: &PgPool,
    how: &'static str,
) -> Result<sqlx::Transaction<'static, Postgres>, StoreError> {
    reach(pool).await?;
    // Only a connection is asked for here: whoever gives up leaves nobody behind who waits for one.
    match tokio::time::timeout(PROBE, pool.acquire()).await {
        Ok(Err(sqlx::Error::PoolTimedOut)) | Err(_) => {
            reach(pool).await?;
            Err(StoreError::NoConnectionFree)
        }
        Ok(free) => {
            drop(free?);
            Ok(begin_undisturbed(pool, how).await?)
        }
    }
}

/// Whether the server lets a connection in, or what it says.
async fn reach(pool: &PgPool) -> Result<(), StoreError> {
    let options = pool.connect_options();
    let connection = connect_within(PROBE, options.connect()).await?;
    // It was only to ask: whether it closes well is nobody's concern.
    _ = connection.close().await;
    Ok(())
}

/// Waits for a connection, and not longer.
pub(crate) async fn connect_within<T>(
    patience: Duration,
    connecting: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, StoreError> {
    match tokio::time::timeout(patience, connecting).await {
        Ok(connected) => Ok(connected?),
        Err(_) => {
            Err(StoreError::Unreachable(format!("it did not answer within {} s", patience.as_secs_f64())))
        }
    }
}
