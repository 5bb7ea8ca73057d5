//! Connections, and how a transaction begins on each engine.

use sqlx::sqlite::{SqlitePoolOptions, SqliteSynchronous};
use sqlx::{PgPool, SqlitePool};

use super::{Statement, TenantTransaction, Transaction, Urgency, Writers, statement};
use crate::{StoreError, TenantId};

/// Takes a role and no tenant: `$1` the role.
const ENTER: Statement = statement!(postgres "session/enter");
/// Takes a role and a tenant: `$1` the role, `$2` the tenant's id as text.
const ENTER_TENANT: Statement = statement!(postgres "session/enter_tenant");
/// The same and, until the transaction ends, the tenant's turn to write.
const ENTER_TENANT_TO_WRITE: Statement = statement!(postgres "session/enter_tenant_to_write");

const BEGIN_READING: &str = "begin isolation level repeatable read, read only";
/// Begins in the queue's role, with plans that do not hang on statistics.
const BEGIN_QUEUE: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/session/begin_queue.postgres.sql"));
const BEGIN_WRITING: &str = "begin isolation level read committed, read write";

/// What a connection may do on PostgreSQL. SQLite knows no roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Works with rows of the tenant that it names.
    App,
    /// Makes, changes and removes tenants.
    Operator,
    /// Records and claims deliveries and jobs, also those of no tenant yet.
    Queue,
}

impl Role {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::App => "muster_app",
            Self::Operator => "muster_operator",
            Self::Queue => "muster_queue",
        }
    }
}

/// The connections of a database.
#[derive(Clone, Debug)]
pub(crate) enum Pool {
    Sqlite(SqlitePool, Writers),
    Postgres(PgPool),
}

impl Pool {
    /// A transaction that reads one state of one tenant's rows.
    pub(crate) async fn read(&self, tenant: TenantId) -> Result<TenantTransaction, StoreError> {
        let transaction = match self {
            Self::Sqlite(pool, _) => Transaction::Sqlite(pool.begin().await?, None),
            Self::Postgres(pool) => {
                let mut transaction = Transaction::Postgres(pool.begin_with(BEGIN_READING).await?);
                enter(&mut transaction, ENTER_TENANT, Role::App, Some(tenant)).await?;
                transaction
            }
        };
        Ok(TenantTransaction { transaction, tenant })
    }

    /// A transaction that writes rows of one tenant.
    ///
    /// It holds the right to write from its first moment, so that it never fails half-way for want of it and no two
    /// writers of a tenant wait for each other in a circle: on SQLite the database's, on PostgreSQL the tenant's.
    pub(crate) async fn write(
        &self,
        tenant: TenantId,
        urgency: Urgency,
    ) -> Result<TenantTransaction, StoreError> {
        let transaction = match self {
            Self::Sqlite(pool, writers) => begin_immediate(pool, writers, urgency).await?,
            Self::Postgres(pool) => {
                let mut transaction = Transaction::Postgres(pool.begin_with(BEGIN_WRITING).await?);
                enter(&mut transaction, ENTER_TENANT_TO_WRITE, Role::App, Some(tenant)).await?;
                transaction
            }
        };
        Ok(TenantTransaction { transaction, tenant })
    }

    /// A transaction of no tenant: what it may do is what its role's functions do.
    pub(crate) async fn global(&self, role: Role) -> Result<Transaction, StoreError> {
        match self {
            Self::Sqlite(pool, writers) => begin_immediate(pool, writers, Urgency::Answer).await,
            Self::Postgres(pool) => {
                let mut transaction = Transaction::Postgres(pool.begin_with(BEGIN_WRITING).await?);
                enter(&mut transaction, ENTER, role, None).await?;
                Ok(transaction)
            }
        }
    }

    /// The same, to read.
    pub(crate) async fn read_global(&self, role: Role) -> Result<Transaction, StoreError> {
        match self {
            Self::Sqlite(pool, _) => Ok(Transaction::Sqlite(pool.begin().await?, None)),
            Self::Postgres(pool) => {
                let mut transaction = Transaction::Postgres(pool.begin_with(BEGIN_READING).await?);
                enter(&mut transaction, ENTER, role, None).await?;
                Ok(transaction)
            }
        }
    }

    /// A transaction of the queue, which writes.
    pub(crate) async fn queue(&self, urgency: Urgency) -> Result<Transaction, StoreError> {
        match self {
            Self::Sqlite(pool, writers) => begin_immediate(pool, writers, urgency).await,
            Self::Postgres(pool) => Ok(Transaction::Postgres(pool.begin_with(BEGIN_QUEUE).await?)),
        }
    }

    /// The same database over a connection whose commits are on the disk when they are answered.
    ///
    /// On SQLite a pool of one connection with `synchronous = full`: the others leave the disk to the operating system
    /// and may lose their last commits, whole, when the power fails. PostgreSQL always waits for its disk.
    pub(crate) fn durable(&self) -> Self {
        match self {
            Self::Sqlite(pool, writers) => {
                let options = (*pool.connect_options()).clone().synchronous(SqliteSynchronous::Full);
                let one = SqlitePoolOptions::new().max_connections(1);
                Self::Sqlite(one.connect_lazy_with(options), writers.clone())
            }
            Self::Postgres(pool) => Self::Postgres(pool.clone()),
        }
    }

    /// Waits until every connection is closed.
    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite(pool, _) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

async fn begin_immediate(
    pool: &SqlitePool,
    writers: &Writers,
    urgency: Urgency,
) -> Result<Transaction, StoreError> {
    let turn = writers.turn(urgency).await;
    Ok(Transaction::Sqlite(pool.begin_with("begin immediate").await?, Some(turn)))
}

async fn enter(
    transaction: &mut Transaction,
    statement: Statement,
    role: Role,
    tenant: Option<TenantId>,
) -> Result<(), StoreError> {
    let mut query = transaction.statement(statement).bind(role.name());
    if let Some(tenant) = tenant {
        query = query.bind(tenant.to_string().as_str());
    }
    transaction.execute(query).await.map(drop)
}
