//! The schema of a file.

use std::path::Path;
use std::time::Duration;

use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};

use super::{LATEST, migrator, refuse_newer};
use crate::open::{OpenError, sqlite};

const HAS_TABLES: &str = include_str!("../../sql/schema/has_tables.sqlite.sql");
const HAS_MIGRATIONS: &str = include_str!("../../sql/schema/has_migrations.sqlite.sql");

/// How long one that migrates waits for another: a large file takes its time.
const PATIENCE: Duration = Duration::from_secs(600);

/// The highest number applied, 0 for an empty file. Refuses a newer schema and a file that is not ours.
pub(crate) async fn look_at_sqlite(connection: &mut SqliteConnection) -> Result<i64, OpenError> {
    let latest = latest(connection).await?;
    refuse_newer(latest)?;
    Ok(latest)
}

/// Brings a file's schema up to this program's; gives the number that it came from, `None` where another process was
/// first.
pub(crate) async fn migrate_sqlite(path: &Path) -> Result<Option<i64>, OpenError> {
    let mut connection = sqlite::options(path).busy_timeout(PATIENCE).connect().await?;
    let mut transaction = connection.begin_with("begin immediate").await?;
    // Once more: another process may have come first, and it may have been a newer one.
    let found = look_at_sqlite(&mut transaction).await?;
    migrator(|pair| pair.sqlite).run_direct(None, &mut *transaction, false).await?;
    transaction.commit().await?;
    connection.close().await?;
    Ok(Some(found).filter(|found| *found < super::known()))
}

/// The highest number applied; 0 for an empty file.
pub(super) async fn latest(connection: &mut SqliteConnection) -> Result<i64, OpenError> {
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
