//! The schema: migrations that travel inside the program, the same numbers for each engine.
//!
//! All that are missing run in one transaction that locks first, so of two programs that come upon an old database one
//! migrates and the other waits, and a killed one leaves the old schema.

mod postgres;
mod sqlite;
mod status;

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

use crate::address::DatabaseUrl;
use crate::open::OpenError;
use crate::{Connections, Store};

pub(crate) use postgres::check_postgres;
pub(crate) use sqlite::{look_at_sqlite, migrate_sqlite};
pub use status::{RunTimeRole, SchemaStatus};

const LATEST: &str = include_str!("../sql/schema/latest.sql");

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
    "0016_deletion",
    "0017_moving",
    "0018_connections",
    "0019_provider_tasks",
    "0020_linking",
    "0021_packed_bodies",
    "0022_app_refusals",
];

impl Pair {
    fn number(&self) -> i64 {
        self.name.split('_').next().and_then(|number| number.parse().ok()).unwrap_or_default()
    }

    fn subject(&self) -> &'static str {
        self.name.split_once('_').map_or("", |(_, subject)| subject)
    }
}

impl Store {
    /// Brings the schema of a database up to this program's, and gives its status before.
    ///
    /// On PostgreSQL `url` is that of the role that owns the tables, over a direct connection (not PgBouncer); the
    /// run-time roles are made where they are missing, and their grants are renewed. Where another process migrates at
    /// this moment this one waits until it has ended, and finds nothing to do.
    pub async fn migrate(url: &DatabaseUrl) -> Result<SchemaStatus, OpenError> {
        match url {
            DatabaseUrl::Sqlite(_) => {
                // One that a transfer is filling too: its schema has nothing to do with what it holds.
                let store = Self::open_to_fill(url, Connections::default()).await?;
                let before = store.brought_from();
                store.close().await;
                Ok(before.unwrap_or_else(|| SchemaStatus::at(known())))
            }
            DatabaseUrl::Postgres(url) => Ok(SchemaStatus::at(postgres::migrate(url).await?)),
        }
    }
}

/// The last migration that this program knows.
pub(crate) fn known() -> i64 {
    MIGRATIONS.last().map_or(0, Pair::number)
}

fn migrator(text: impl Fn(&Pair) -> &'static str) -> Migrator {
    let migrations = MIGRATIONS.iter().map(|pair| {
        let text = text(pair).into_sql_str();
        Migration::new(pair.number(), pair.subject().into(), MigrationType::Simple, text, false)
    });
    let mut migrator = Migrator::with_migrations(migrations.collect());
    // We hold a lock of our own, for the transaction: the migrator's is the session's, and would outlive it.
    migrator.set_locking(false);
    migrator
}

fn refuse_newer(found: i64) -> Result<(), OpenError> {
    let known = known();
    if found > known { Err(OpenError::NewerSchema { found, known }) } else { Ok(()) }
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
