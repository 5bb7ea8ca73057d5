//! Transactions: the only way to a row.
//!
//! On PostgreSQL every one begins by taking the role that it works as and, for a tenant, by naming the tenant to the
//! row policies. Both are set for the transaction alone: what is set for a session stays behind in a pool of
//! connections, and behind PgBouncer the next tenant would inherit it.

use sqlx::{Postgres, Sqlite};

use super::writers::Turn;
use super::{Query, Row, Rows, Statement, Suspicion, Value, statement};
use crate::{StoreError, TenantId};

const NOTIFY: Statement = statement!(postgres "jobs/notify");

/// Rows that one statement takes: bounds the memory of one batch, not its speed.
const ROWS: usize = 1000;

/// A transaction of either engine. Dropped without [`Transaction::commit`] it leaves nothing.
pub(crate) enum Transaction {
    // Fields are dropped in order: the turn passes on when the transaction has ended.
    Sqlite(sqlx::Transaction<'static, Sqlite>, Option<Writing>),
    Postgres(sqlx::Transaction<'static, Postgres>),
}

/// What a transaction that writes to a file holds.
#[derive(Debug)]
pub(crate) struct Writing {
    /// The right to write.
    pub(super) turn: Turn,
    /// Told when the file turns out to be read-only: SQLite says so at the first statement that writes.
    pub(super) suspicion: Suspicion,
}

/// The error of a statement on SQLite, which the other connections may have to know of.
fn noticed(error: sqlx::Error, writing: Option<&Writing>) -> StoreError {
    let error = StoreError::from(error);
    if let (StoreError::ReadOnly, Some(writing)) = (&error, writing) {
        writing.suspicion.raise();
    }
    error
}

impl Transaction {
    /// A statement, with nothing bound.
    pub(crate) fn statement(&self, statement: Statement) -> Query {
        match self {
            Self::Sqlite(..) => Query::Sqlite(sqlx::query(statement.sqlite)),
            Self::Postgres(_) => Query::Postgres(sqlx::query(statement.postgres)),
        }
    }

    /// Runs a query; gives the number of rows that it changed.
    pub(crate) async fn execute(&mut self, query: Query) -> Result<u64, StoreError> {
        Ok(match (self, query) {
            (Self::Sqlite(transaction, writing), Query::Sqlite(query)) => {
                let done = query.execute(&mut **transaction).await;
                done.map_err(|error| noticed(error, writing.as_ref()))?.rows_affected()
            }
            (Self::Postgres(transaction), Query::Postgres(query)) => {
                query.execute(&mut **transaction).await?.rows_affected()
            }
            _ => unreachable!("a query is made by the transaction that runs it"),
        })
    }

    /// Every row of the answer.
    pub(crate) async fn fetch_all(&mut self, query: Query) -> Result<Vec<Row>, StoreError> {
        Ok(match (self, query) {
            (Self::Sqlite(transaction, writing), Query::Sqlite(query)) => {
                let rows = query.fetch_all(&mut **transaction).await;
                let rows = rows.map_err(|error| noticed(error, writing.as_ref()))?;
                rows.into_iter().map(Row::Sqlite).collect()
            }
            (Self::Postgres(transaction), Query::Postgres(query)) => {
                let rows = query.fetch_all(&mut **transaction).await?;
                rows.into_iter().map(Row::Postgres).collect()
            }
            _ => unreachable!("a query is made by the transaction that runs it"),
        })
    }

    /// The first row, where there is one.
    pub(crate) async fn fetch_optional(&mut self, query: Query) -> Result<Option<Row>, StoreError> {
        Ok(match (self, query) {
            (Self::Sqlite(transaction, writing), Query::Sqlite(query)) => {
                let row = query.fetch_optional(&mut **transaction).await;
                row.map_err(|error| noticed(error, writing.as_ref()))?.map(Row::Sqlite)
            }
            (Self::Postgres(transaction), Query::Postgres(query)) => {
                query.fetch_optional(&mut **transaction).await?.map(Row::Postgres)
            }
            _ => unreachable!("a query is made by the transaction that runs it"),
        })
    }

    /// The row of a statement that always has one.
    pub(crate) async fn fetch_one(&mut self, query: Query) -> Result<Row, StoreError> {
        self.fetch_optional(query).await?.ok_or(StoreError::Damaged("a row is missing that is always there"))
    }

    /// Wakes the workers when this is committed.
    pub(crate) async fn announce_jobs(&mut self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(_, turn) => {
                turn.iter_mut().for_each(|writing| writing.turn.announce_jobs());
                Ok(())
            }
            Self::Postgres(_) => {
                let query = self.statement(NOTIFY);
                self.execute(query).await.map(drop)
            }
        }
    }

    /// Wakes those who wait for changes when this is committed. On PostgreSQL the statement that notes one does.
    fn announce_changes(&mut self) {
        if let Self::Sqlite(_, Some(writing)) = self {
            writing.turn.announce_changes();
        }
    }

    /// Ends it and keeps what it wrote.
    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(transaction, _writing) => transaction.commit().await?,
            Self::Postgres(transaction) => transaction.commit().await?,
        }
        Ok(())
    }
}

/// A transaction of one tenant: `$1` of every query is the tenant's id.
pub(crate) struct TenantTransaction {
    // Dropped in order, here too.
    pub(super) transaction: Transaction,
    pub(super) tenant: TenantId,
    pub(super) turn: Option<Turn>,
}

impl Transaction {
    /// Goes on as a transaction of one tenant that nobody else can know of yet, so that no turn has to be waited for.
    pub(crate) fn of_new_tenant(self, tenant: TenantId) -> TenantTransaction {
        TenantTransaction { transaction: self, tenant, turn: None }
    }
}

impl TenantTransaction {
    /// Whose it is.
    pub(crate) fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// A statement, with the tenant bound to `$1`.
    pub(crate) fn query(&self, statement: Statement) -> Query {
        self.transaction.statement(statement).bind(self.tenant)
    }

    /// The transaction, for what also runs without a tenant.
    pub(crate) fn as_any(&mut self) -> &mut Transaction {
        &mut self.transaction
    }

    /// See [`Transaction::announce_changes`].
    pub(crate) fn announce_changes(&mut self) {
        self.transaction.announce_changes();
    }

    /// See [`Transaction::execute`].
    pub(crate) async fn execute(&mut self, query: Query) -> Result<u64, StoreError> {
        self.transaction.execute(query).await
    }

    /// See [`Transaction::fetch_all`].
    pub(crate) async fn fetch_all(&mut self, query: Query) -> Result<Vec<Row>, StoreError> {
        self.transaction.fetch_all(query).await
    }

    /// See [`Transaction::fetch_optional`].
    pub(crate) async fn fetch_optional(&mut self, query: Query) -> Result<Option<Row>, StoreError> {
        self.transaction.fetch_optional(query).await
    }

    /// See [`Transaction::fetch_one`].
    pub(crate) async fn fetch_one(&mut self, query: Query) -> Result<Row, StoreError> {
        self.transaction.fetch_one(query).await
    }

    /// Runs a statement over many items, a thousand at a time: `$2` and on are what `scalars` binds, behind them come
    /// the columns that `describe` names. Gives the rows changed.
    pub(crate) async fn write_rows<'a, T>(
        &mut self,
        statement: Statement,
        items: &'a [T],
        scalars: impl Fn(Query) -> Query,
        describe: impl Fn(Rows<'a, T>) -> Result<Rows<'a, T>, StoreError>,
    ) -> Result<u64, StoreError> {
        let mut changed = 0;
        for chunk in items.chunks(ROWS) {
            let rows = describe(Rows::of(chunk))?;
            let query = scalars(self.query(statement)).bind(rows);
            changed += self.execute(query).await?;
        }
        Ok(changed)
    }

    /// Runs a statement over a list (of ids, of paths), a thousand at a time, bound behind what `scalars` binds.
    pub(crate) async fn write_list<T>(
        &mut self,
        statement: Statement,
        items: &[T],
        scalars: impl Fn(Query) -> Query,
    ) -> Result<u64, StoreError>
    where
        for<'a> &'a [T]: Value,
    {
        let mut changed = 0;
        for chunk in items.chunks(ROWS) {
            let query = scalars(self.query(statement)).bind(chunk);
            changed += self.execute(query).await?;
        }
        Ok(changed)
    }

    /// The highest id that the tenant has used in a table: what is written next counts on from there. Sound because
    /// the tenant's writers take turns and rows with ids are never deleted.
    pub(crate) async fn last_id(&mut self, statement: Statement) -> Result<i64, StoreError> {
        let query = self.query(statement);
        self.fetch_one(query).await?.int("last_id")
    }

    /// See [`Transaction::commit`].
    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        let Self { transaction, turn: _turn, .. } = self;
        transaction.commit().await
    }
}
