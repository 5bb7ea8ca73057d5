//! An answer row by row, for those that do not fit in memory.
//!
//! PostgreSQL's answer waits in the socket and SQLite's in its thread until the next row is asked for, so reading is as
//! slow as what is done with the rows, and never more than a few of them are here.

use std::future::poll_fn;
use std::pin::Pin;

use futures_core::Stream;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;

use super::pool::{ENTER, ENTER_TENANT};
use super::{Query, Role, Row, Transaction};
use crate::{StoreError, TenantId};

type Rows<'t, R> = Pin<Box<dyn Stream<Item = Result<R, sqlx::Error>> + Send + 't>>;

/// The rows of an answer, in turn.
pub(crate) enum RowStream<'t> {
    Sqlite(Rows<'t, SqliteRow>),
    Postgres(Rows<'t, PgRow>),
}

impl RowStream<'_> {
    /// The next row; `None` behind the last.
    pub(crate) async fn next(&mut self) -> Result<Option<Row>, StoreError> {
        Ok(match self {
            Self::Sqlite(rows) => {
                poll_fn(|context| rows.as_mut().poll_next(context)).await.transpose()?.map(Row::Sqlite)
            }
            Self::Postgres(rows) => {
                poll_fn(|context| rows.as_mut().poll_next(context)).await.transpose()?.map(Row::Postgres)
            }
        })
    }
}

impl Transaction {
    /// The rows of an answer as they are asked for.
    pub(crate) fn fetch(&mut self, query: Query) -> RowStream<'_> {
        match (self, query) {
            (Self::Sqlite(transaction, _), Query::Sqlite(query)) => {
                RowStream::Sqlite(query.fetch(&mut **transaction))
            }
            (Self::Postgres(transaction), Query::Postgres(query)) => {
                RowStream::Postgres(query.fetch(&mut **transaction))
            }
            _ => unreachable!("a query is made by the transaction that runs it"),
        }
    }

    /// Goes on in another role, for a tenant or for none. Means nothing on SQLite.
    pub(crate) async fn work_for(&mut self, role: Role, tenant: Option<TenantId>) -> Result<(), StoreError> {
        if let Self::Sqlite(..) = self {
            return Ok(());
        }
        let query = match tenant {
            Some(tenant) => self.statement(ENTER_TENANT).bind(role.name()).bind(tenant.to_string().as_str()),
            None => self.statement(ENTER).bind(role.name()),
        };
        self.execute(query).await.map(drop)
    }
}
