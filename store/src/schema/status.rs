//! Where the schema of a database stands. Looking changes nothing.

use sqlx::{Connection as _, PgConnection, SqliteConnection};

use super::{MIGRATIONS, known, postgres, sqlite};
use crate::Store;
use crate::address::DatabaseUrl;
use crate::open::OpenError;

/// Where the schema of a database stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaStatus {
    /// The last migration that it has; 0 for an empty database. Above `known` a later release was here.
    pub found: i64,
    /// The last that this program knows.
    pub known: i64,
    /// Number and subject of each that is missing, in order.
    pub missing: Vec<(i64, &'static str)>,
}

/// A role of PostgreSQL that the program works as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunTimeRole {
    /// Its name.
    pub name: String,
    /// The server has it.
    pub is_there: bool,
    /// The login that looked may switch to it.
    pub may_be_taken: bool,
    /// Tables that it may read or write.
    pub tables: u64,
    /// Functions that it may call.
    pub functions: u64,
}

impl SchemaStatus {
    pub(crate) fn at(found: i64) -> Self {
        let missing = MIGRATIONS.iter().map(|pair| (pair.number(), pair.subject()));
        Self { found, known: known(), missing: missing.filter(|(number, _)| *number > found).collect() }
    }

    pub(crate) async fn of_sqlite(connection: &mut SqliteConnection) -> Result<Self, OpenError> {
        sqlite::latest(connection).await.map(Self::at)
    }

    pub(crate) async fn of_postgres(connection: &mut PgConnection) -> Result<Self, OpenError> {
        postgres::latest(connection).await.map(Self::at)
    }
}

impl Store {
    /// Where the schema of a database stands. An SQLite file has to be there.
    pub async fn schema_status(url: &DatabaseUrl) -> Result<SchemaStatus, OpenError> {
        let found = match url {
            DatabaseUrl::Sqlite(path) => {
                let mut connection = crate::open::sqlite::connect_existing(path).await?;
                let found = sqlite::latest(&mut connection).await?;
                connection.close().await?;
                found
            }
            DatabaseUrl::Postgres(url) => {
                let mut connection = crate::open::postgres::connect(url).await?;
                let found = postgres::latest(&mut connection).await?;
                connection.close().await?;
                found
            }
        };
        Ok(SchemaStatus::at(found))
    }

    /// The roles that a PostgreSQL server has for the program; none on SQLite, which knows no roles.
    pub async fn run_time_roles(url: &DatabaseUrl) -> Result<Vec<RunTimeRole>, OpenError> {
        let DatabaseUrl::Postgres(url) = url else { return Ok(Vec::new()) };
        let mut connection = crate::open::postgres::connect(url).await?;
        let roles = postgres::run_time_roles(&mut connection).await?;
        connection.close().await?;
        Ok(roles)
    }
}
