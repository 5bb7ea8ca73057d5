//! A statement with its values.

use std::borrow::Cow;

use sqlx::postgres::PgArguments;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Postgres, Sqlite};

use super::text;
use crate::TenantId;

pub(crate) type SqliteQuery = sqlx::query::Query<'static, Sqlite, SqliteArguments>;
pub(crate) type PostgresQuery = sqlx::query::Query<'static, Postgres, PgArguments>;

/// A statement of one engine with the values bound so far.
pub(crate) enum Query {
    Sqlite(SqliteQuery),
    Postgres(PostgresQuery),
}

impl Query {
    /// Binds the next value: `$1` first.
    pub(crate) fn bind(self, value: impl Value) -> Self {
        match self {
            Self::Sqlite(query) => Self::Sqlite(value.bind_sqlite(query)),
            Self::Postgres(query) => Self::Postgres(value.bind_postgres(query)),
        }
    }

    /// Has PostgreSQL plan it anew: for statements that look into a table which a save fills. A plan that is kept from
    /// when the table was small reads the grown one from end to end.
    pub(crate) fn planned_anew(self) -> Self {
        match self {
            Self::Sqlite(query) => Self::Sqlite(query),
            Self::Postgres(query) => Self::Postgres(query.persistent(false)),
        }
    }
}

/// What can be bound to a query. One value may take several places (an array a column).
pub(crate) trait Value {
    /// Binds it for SQLite.
    fn bind_sqlite(self, query: SqliteQuery) -> SqliteQuery;
    /// Binds it for PostgreSQL.
    fn bind_postgres(self, query: PostgresQuery) -> PostgresQuery;
}

macro_rules! plain_values {
    ($($type:ty),*) => {$(
        impl Value for $type {
            fn bind_sqlite(self, query: SqliteQuery) -> SqliteQuery {
                query.bind(self)
            }
            fn bind_postgres(self, query: PostgresQuery) -> PostgresQuery {
                query.bind(self)
            }
        }
    )*};
}

plain_values!(i64, Option<i64>, bool, Option<bool>, &[u8], Option<&[u8]>);

macro_rules! text_values {
    ($($type:ty),*) => {$(
        impl Value for $type {
            fn bind_sqlite(self, query: SqliteQuery) -> SqliteQuery {
                query.bind(self)
            }
            fn bind_postgres(self, query: PostgresQuery) -> PostgresQuery {
                let text: Option<&str> = self.into();
                let text: Option<Cow<'_, str>> = text.map(text::to_postgres);
                query.bind(text)
            }
        }
    )*};
}

text_values!(&str, Option<&str>);

impl Value for TenantId {
    fn bind_sqlite(self, query: SqliteQuery) -> SqliteQuery {
        query.bind(&self.0.as_bytes()[..])
    }
    fn bind_postgres(self, query: PostgresQuery) -> PostgresQuery {
        query.bind(self.0)
    }
}

impl Value for Option<TenantId> {
    fn bind_sqlite(self, query: SqliteQuery) -> SqliteQuery {
        query.bind(self.map(|tenant| tenant.0.as_bytes().to_vec()))
    }
    fn bind_postgres(self, query: PostgresQuery) -> PostgresQuery {
        query.bind(self.map(|tenant| tenant.0))
    }
}

impl Value for &String {
    fn bind_sqlite(self, query: SqliteQuery) -> SqliteQuery {
        self.as_str().bind_sqlite(query)
    }
    fn bind_postgres(self, query: PostgresQuery) -> PostgresQuery {
        self.as_str().bind_postgres(query)
    }
}
