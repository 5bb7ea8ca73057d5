//! A row of an answer, whichever engine gave it.

use sqlx::Row as _;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;

use super::text;
use crate::{StoreError, TenantId};

/// A row.
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

macro_rules! column {
    ($(#[$doc:meta])* $name:ident: $type:ty) => {
        $(#[$doc])*
        pub(crate) fn $name(&self, column: &str) -> Result<$type, StoreError> {
            Ok(match self {
                Self::Sqlite(row) => row.try_get(column)?,
                Self::Postgres(row) => row.try_get(column)?,
            })
        }
    };
}

impl Row {
    column! {
        /// A number.
        int: i64
    }
    column! {
        /// A number or null.
        maybe_int: Option<i64>
    }
    column! {
        /// A flag.
        flag: bool
    }
    column! {
        /// A flag or null.
        maybe_flag: Option<bool>
    }
    column! {
        /// Bytes.
        bytes: &[u8]
    }
    column! {
        /// Bytes or null.
        maybe_bytes: Option<&[u8]>
    }
    column! {
        /// A word that we wrote: never one with a NUL.
        word: &str
    }

    /// A list of numbers, some null: a JSON text on SQLite, an array on PostgreSQL.
    pub(crate) fn maybe_ints(&self, column: &str) -> Result<Vec<Option<i64>>, StoreError> {
        match self {
            Self::Sqlite(row) => serde_json::from_str(row.try_get(column)?)
                .map_err(|_| StoreError::Damaged("a list of numbers is none")),
            Self::Postgres(row) => Ok(row.try_get(column)?),
        }
    }

    /// A text.
    pub(crate) fn text(&self, column: &str) -> Result<String, StoreError> {
        self.maybe_text(column)?.ok_or(StoreError::Damaged("a column is null that never should be"))
    }

    /// A text or null.
    pub(crate) fn maybe_text(&self, column: &str) -> Result<Option<String>, StoreError> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Postgres(row) => {
                let stored: Option<&str> = row.try_get(column)?;
                stored.map(text::from_postgres)
            }
        })
    }

    /// A tenant's id or null.
    pub(crate) fn maybe_tenant(&self, column: &str) -> Result<Option<TenantId>, StoreError> {
        match self {
            Self::Sqlite(row) => {
                row.try_get::<Option<&[u8]>, _>(column)?.map(TenantId::from_stored).transpose()
            }
            Self::Postgres(row) => Ok(row.try_get::<Option<_>, _>(column)?.map(TenantId)),
        }
    }

    /// A tenant's id.
    pub(crate) fn tenant(&self, column: &str) -> Result<TenantId, StoreError> {
        match self {
            Self::Sqlite(row) => TenantId::from_stored(row.try_get(column)?),
            Self::Postgres(row) => Ok(TenantId(row.try_get(column)?)),
        }
    }
}
