//! The schema: migrations that travel inside the program, the same numbers for each engine.
//!
//! All that are missing run in one transaction that locks first, so of two programs that come upon an old database one
//! migrates and the other waits, and a killed one leaves the old schema.

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{Connection, PgConnection, SqlSafeStr, SqliteConnection};

use crate::address::DatabaseUrl;
use crate::open::{OpenError, postgres};
use crate::{Connections, Store};

/// A migration in the words of both engines.
struct Pair {
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! pairs {
    ($($name:literal),* $(,)?) => {
        &[$(Pair {
            name: $name,
            sqlite: include_str!(concat!("../../migrations/sqlite/", $name, ".sql")),
            postgres: include_str!(concat!("../../migrations/postgres/", $name, ".sql")),
        }),*]
    };
}

/// In order; numbers are never reused and texts never changed once released.
const MIGRATIONS: &[Pair] = pairs![
    "0001_tenants",
    "0002_repositories",
    "0003_projects",
    "0004_tasks",
    "0005_history",
    "0006_extracts",
    "0007_organisations",
    "0008_users",
    "0009_repository_facts",
    "0010_links",
    "0011_changes",
    "0012_audit_log",
    "0013_lookups",
    "0014_queue",
    "0015_functions",
    "0016_moving",
];

const HAS_TABLES: &str = include_str!("../sql/schema/has_tables.sqlite.sql");
const HAS_MIGRATIONS_SQLITE: &str = include_str!("../sql/schema/has_migrations.sqlite.sql");
const HAS_MIGRATIONS_POSTGRES: &str = include_str!("../sql/schema/has_migrations.postgres.sql");
const LATEST: &str = include_str!("../sql/schema/latest.sql");
const LOCK: &str = include_str!("../sql/schema/lock.postgres.sql");
const ROLES: &str = include_str!("../sql/schema/roles.postgres.sql");

impl Pair {
    fn number(&self) -> i64 {
        self.name.split('_').next().and_then(|number| number.parse().ok()).unwrap_or_default()
    }

    fn subject(&self) -> &'static str {
        self.name.split_once('_').map_or("", |(_, subject)| subject)
    }
}

/// Where the schema of a database stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaStatus {
    /// The last migration that it has; 0 for an empty database.
    pub found: i64,
    /// The last that this program knows.
    pub known: i64,
    /// Number and subject of each that is missing, in order.
    pub missing: Vec<(i64, &'static str)>,
}

impl SchemaStatus {
    fn new(found: i64) -> Self {
        let missing = MIGRATIONS.iter().map(|pair| (pair.number(), pair.subject()));
        Self { found, known: known(), missing: missing.filter(|(number, _)| *number > found).collect() }
    }
}

impl Store {
    /// Where the schema of a database stands. An SQLite file has to be there.
    pub async fn schema_status(url: &DatabaseUrl) -> Result<SchemaStatus, OpenError> {
        let found = match url {
            DatabaseUrl::Sqlite(path) => {
                let mut connection = crate::open::sqlite::connect_existing(path).await?;
                latest_sqlite(&mut connection).await?
            }
            DatabaseUrl::Postgres(url) => latest_postgres(&mut postgres::connect(url).await?).await?,
        };
        Ok(SchemaStatus::new(found))
    }

    /// Brings the schema of a database up to this program's, and gives its status before.
    ///
    /// On PostgreSQL `url` is that of the role that owns the tables, over a direct connection (not PgBouncer); the
    /// run-time roles are made where they are missing, and their grants are renewed.
    pub async fn migrate(url: &DatabaseUrl) -> Result<SchemaStatus, OpenError> {
        let found = match url {
            DatabaseUrl::Sqlite(path) => {
                let found = match crate::open::sqlite::connect_existing(path).await {
                    Ok(mut connection) => latest_sqlite(&mut connection).await?,
                    Err(_) => 0,
                };
                Self::open_with(url, Connections { most: 1, ..Connections::default() }).await?.close().await;
                found
            }
            DatabaseUrl::Postgres(url) => migrate_postgres(&mut postgres::connect(url).await?).await?,
        };
        Ok(SchemaStatus::new(found))
    }
}

/// The number of this program's schema.
pub(crate) fn known() -> i64 {
    MIGRATIONS.last().map_or(0, Pair::number)
}

fn migrator(text: impl Fn(&Pair) -> &'static str) -> Migrator {
    let migrations = MIGRATIONS.iter().map(|pair| {
        let text = text(pair).into_sql_str();
        Migration::new(pair.number(), pair.subject().into(), MigrationType::Simple, text, false)
    });
    Migrator::with_migrations(migrations.collect())
}

/// Brings a file's schema up to this program's; refuses a newer one and a file that is not ours.
pub(crate) async fn migrate_sqlite(connection: &mut SqliteConnection) -> Result<(), OpenError> {
    let latest = latest_sqlite(connection).await?;
    refuse_newer(latest)?;
    if latest == known() {
        // Nothing to write: a read-only file opens as well.
        return Ok(());
    }
    let mut transaction = connection.begin_with("begin immediate").await?;
    migrator(|pair| pair.sqlite).run_direct(None, &mut *transaction, false).await?;
    transaction.commit().await?;
    Ok(())
}

async fn migrate_postgres(connection: &mut PgConnection) -> Result<i64, OpenError> {
    let mut transaction = connection.begin().await?;
    sqlx::query(LOCK).execute(&mut *transaction).await?;
    let latest = latest_postgres(&mut transaction).await?;
    refuse_newer(latest)?;
    sqlx::raw_sql(ROLES).execute(&mut *transaction).await?;
    migrator(|pair| pair.postgres).run_direct(None, &mut *transaction, false).await?;
    sqlx::raw_sql(ROLES).execute(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(latest)
}

/// Refuses a schema that is not this program's.
pub(crate) async fn check_postgres(connection: &mut PgConnection) -> Result<(), OpenError> {
    let found = latest_postgres(connection).await?;
    refuse_newer(found)?;
    match found {
        0 => Err(OpenError::NoSchema),
        _ if found < known() => Err(OpenError::OlderSchema { found, needed: known() }),
        _ => Ok(()),
    }
}

fn refuse_newer(found: i64) -> Result<(), OpenError> {
    let known = known();
    if found > known { Err(OpenError::NewerSchema { found, known }) } else { Ok(()) }
}

/// The highest number applied; 0 for an empty file.
async fn latest_sqlite(connection: &mut SqliteConnection) -> Result<i64, OpenError> {
    let tables: i64 = sqlx::query_scalar(HAS_TABLES).fetch_one(&mut *connection).await?;
    if tables == 0 {
        return Ok(0);
    }
    let ours: i64 = sqlx::query_scalar(HAS_MIGRATIONS_SQLITE).fetch_one(&mut *connection).await?;
    if ours == 0 {
        return Err(OpenError::NotOurs);
    }
    Ok(sqlx::query_scalar(LATEST).fetch_one(connection).await?)
}

/// The highest number applied; 0 for a database without our tables.
async fn latest_postgres(connection: &mut PgConnection) -> Result<i64, OpenError> {
    let ours: bool = sqlx::query_scalar(HAS_MIGRATIONS_POSTGRES).fetch_one(&mut *connection).await?;
    if !ours {
        return Ok(0);
    }
    Ok(sqlx::query_scalar(LATEST).fetch_one(connection).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_migration_file_is_in_the_list() {
        for engine in ["sqlite", "postgres"] {
            let folder = format!("{}/../migrations/{engine}", env!("CARGO_MANIFEST_DIR"));
            let mut files: Vec<String> = std::fs::read_dir(folder)
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect();
            files.sort();
            let listed: Vec<String> = MIGRATIONS.iter().map(|pair| format!("{}.sql", pair.name)).collect();
            assert_eq!(files, listed);
        }
    }

    #[test]
    fn numbers_count_from_one() {
        let numbers: Vec<i64> = MIGRATIONS.iter().map(Pair::number).collect();
        assert_eq!(numbers, (1..=known()).collect::<Vec<_>>());
    }
}
