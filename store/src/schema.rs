//! The schema: migrations that travel inside the program and run when a database is opened.
//!
//! All that are missing run in one transaction that takes the write lock first, so of two programs that open an old
//! file one migrates and the other waits, and a killed one leaves the old schema.

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{Connection, SqlSafeStr, SqliteConnection};

use crate::open::OpenError;

/// Number, subject, text; numbers are never reused and texts never changed once released.
const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "tenants", include_str!("../../migrations/sqlite/0001_tenants.sql")),
    (2, "repositories", include_str!("../../migrations/sqlite/0002_repositories.sql")),
    (3, "projects", include_str!("../../migrations/sqlite/0003_projects.sql")),
    (4, "tasks", include_str!("../../migrations/sqlite/0004_tasks.sql")),
    (5, "history", include_str!("../../migrations/sqlite/0005_history.sql")),
    (6, "extracts", include_str!("../../migrations/sqlite/0006_extracts.sql")),
];

const HAS_TABLES: &str = include_str!("../sql/schema/has_tables.sqlite.sql");
const HAS_MIGRATIONS: &str = include_str!("../sql/schema/has_migrations.sqlite.sql");
const LATEST: &str = include_str!("../sql/schema/latest.sql");

/// Brings the schema up to this program's; refuses a newer one and a file that is not ours.
pub(crate) async fn migrate(connection: &mut SqliteConnection) -> Result<(), OpenError> {
    let known = MIGRATIONS.last().map_or(0, |(number, ..)| *number);
    let latest = latest(connection).await?;
    if latest > known {
        return Err(OpenError::NewerSchema { found: latest, known });
    }
    let migrations = MIGRATIONS.iter().map(|(number, subject, text)| {
        Migration::new(*number, (*subject).into(), MigrationType::Simple, (*text).into_sql_str(), false)
    });
    let migrator = Migrator::with_migrations(migrations.collect());
    if latest == known {
        // Nothing to write: a read-only file opens as well.
        return Ok(());
    }
    let mut transaction = connection.begin_with("begin immediate").await?;
    migrator.run_direct(None, &mut *transaction, false).await?;
    transaction.commit().await?;
    Ok(())
}

/// The highest number applied; 0 for an empty file.
async fn latest(connection: &mut SqliteConnection) -> Result<i64, OpenError> {
    let tables: i64 = sqlx::query_scalar(HAS_TABLES).fetch_one(&mut *connection).await?;
    if tables == 0 {
        return Ok(0);
    }
    let ours: i64 = sqlx::query_scalar(HAS_MIGRATIONS).fetch_one(&mut *connection).await?;
    if ours == 0 {
        return Err(OpenError::NotOurs);
    }
    Ok(sqlx::query_scalar(LATEST).fetch_one(connection).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_migration_file_is_in_the_list() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../migrations/sqlite");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        files.sort();
        let listed: Vec<String> =
            MIGRATIONS.iter().map(|(n, subject, _)| format!("{n:04}_{subject}.sql")).collect();
        assert_eq!(files, listed);
    }
}
