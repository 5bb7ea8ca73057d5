//! The list of what is moved, beside what the engines say that there is: a column added later has to be added to it.

use std::collections::BTreeSet;

use muster_store::moved_columns;
use sqlx::{Row as _, SqliteConnection};

use crate::filled::Filled;
use crate::scratch::ScratchDatabase;

/// Not moved: whose a row is, told by where it goes; a mark that is set while a tenant is being deleted; what the engine
/// computes from the rest of a row; and how often a hook or the App was refused where it came
/// from.
const LEFT_OUT: &[(&str, &str)] = &[
    ("tenants", "id"),
    ("tenants", "deleting"),
    ("jobs", "turn"),
    ("jobs", "class"),
    ("hook_keys", "refused_code"),
    ("hook_keys", "refused_at"),
    ("hook_keys", "refused_count"),
    ("app_refusals", "provider"),
    ("app_refusals", "refused_code"),
    ("app_refusals", "refused_at"),
    ("app_refusals", "refused_count"),
];

type Found = BTreeSet<(String, String, String, bool)>;

fn listed() -> Found {
    let columns = moved_columns().into_iter();
    columns.map(|(table, column, kind, null)| (table.into(), column.into(), kind.into(), null)).collect()
}

fn is_moved(table: &str, column: &str) -> bool {
    column != "tenant_id" && table != "_sqlx_migrations" && !LEFT_OUT.contains(&(table, column))
}

async fn of_sqlite(connection: &mut SqliteConnection) -> Found {
    let rows = sqlx::query(
        "select m.name as a, c.name as b, c.type as c, c.\"notnull\" or c.pk > 0 as d from sqlite_schema m, pragma_table_info(m.name) c
         where m.type = 'table' and m.name not like 'sqlite\\_%' escape '\\'",
    );
    let rows = rows.fetch_all(connection).await.unwrap();
    let rows = rows.iter().map(|row| (row.get::<String, _>("a"), row.get::<String, _>("b"), row));
    rows.filter(|(table, column, _)| is_moved(table, column))
        .map(|(table, column, row)| {
            let kind = match row.get::<&str, _>("c") {
                "INTEGER" => "number",
                "TEXT" => "text",
                "BLOB" => "bytes",
                other => panic!("{table}.{column} is {other}"),
            };
            // A rowid is never null, whatever is declared.
            (table, column, kind.to_owned(), row.get::<i64, _>("d") == 0)
        })
        .collect()
}

#[tokio::test]
async fn every_column_of_postgresql_is_moved() {
    let database = ScratchDatabase::new().await;
    let rows = sqlx::query(
        "select table_name::text, column_name::text, data_type::text, is_nullable = 'YES' from information_schema.columns
         where table_schema = 'public' and table_name in
             (select relname from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace)",
    );
    let rows = rows.fetch_all(&mut database.superuser().await).await.unwrap();
    let found: Found = rows
        .iter()
        .map(|row| (row.get::<String, _>(0), row.get::<String, _>(1), row))
        .filter(|(table, column, _)| is_moved(table, column))
        .map(|(table, column, row)| {
            let kind = match row.get::<&str, _>(2) {
                "bigint" => "number",
                "boolean" => "flag",
                "text" => "text",
                "bytea" => "bytes",
                other => panic!("{table}.{column} is {other}"),
            };
            (table, column, kind.to_owned(), row.get(3))
        })
        .collect();
    assert_eq!(found, listed());
    database.remove().await;
}

#[tokio::test]
async fn every_column_of_sqlite_is_moved_and_filled() {
    let filled = Filled::new().await;
    let mut connection = filled.connection().await;
    // A flag is a number there.
    let plain = |kind: String| if kind == "flag" { "number".to_owned() } else { kind };
    let listed: Found =
        listed().into_iter().map(|(table, column, kind, null)| (table, column, plain(kind), null)).collect();
    assert_eq!(of_sqlite(&mut connection).await, listed);
    for (table, column, kind, null) in moved_columns() {
        // What the tests move has a value in every column, a null where there may be one, and an odd text somewhere.
        let count = async |connection: &mut SqliteConnection, condition: &str| -> i64 {
            let text = format!("select count(*) from {table} where {column} {condition}");
            sqlx::query_scalar(sqlx::AssertSqlSafe(text)).fetch_one(connection).await.unwrap()
        };
        assert!(count(&mut connection, "is not null").await > 0, "{table}.{column} ({kind}) has no value");
        let has_null = count(&mut connection, "is null").await > 0;
        assert!(has_null == null || table == "tenants", "{table}.{column} has a null: {has_null}");
    }
}
