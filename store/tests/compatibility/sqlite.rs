//! What SQLite says of a statement.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use muster_store::{DatabaseUrl, Store};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, SqlSafeStr as _, SqliteConnection};
use tempfile::TempDir;

use crate::inserts::inserts;
use crate::texts::StatementText;

/// An empty file with the present schema.
pub(crate) async fn migrated() -> (PathBuf, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    Store::open(&DatabaseUrl::Sqlite(path.clone())).await.unwrap().close().await;
    (path, folder)
}

/// A connection to a file as any program would have it.
pub(crate) async fn connect(path: &Path) -> SqliteConnection {
    SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(path)).await.unwrap()
}

/// What is wrong with each statement, in a line; nothing where all is well.
pub(crate) async fn refused(path: &Path, statements: &[StatementText]) -> Vec<String> {
    let mut connection = connect(path).await;
    let mut offences = Vec::new();
    for StatementText { name, text } in statements.iter().filter(|statement| statement.is_for_sqlite()) {
        if let Err(error) = connection.prepare(AssertSqlSafe(text.clone()).into_sql_str()).await {
            offences.push(format!("{name}: {}", error.into_database_error().unwrap().message()));
        }
        for insert in inserts(text) {
            let required = required(&mut connection, &insert.table).await;
            let missing: Vec<_> = required.difference(&insert.columns).cloned().collect();
            if !missing.is_empty() {
                offences.push(format!("{name}: {} needs a value for {}", insert.table, missing.join(", ")));
            }
        }
    }
    connection.close().await.unwrap();
    offences
}

/// The columns that an insert has to name. The key of a table with numbered rows (`integer primary key`) is not among
/// them: SQLite gives it by itself.
async fn required(connection: &mut SqliteConnection, table: &str) -> BTreeSet<String> {
    let columns: Vec<String> = sqlx::query_scalar(
        "select name from pragma_table_info($1)
        where \"notnull\" = 1 and dflt_value is null and not (pk = 1 and lower(type) = 'integer')",
    )
    .bind(table)
    .fetch_all(connection)
    .await
    .unwrap();
    columns.into_iter().collect()
}
