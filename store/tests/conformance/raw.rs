//! A look at a database from outside, past every rule: what is really there, table by table, as the catalogue has them.

use std::collections::BTreeMap;

use muster_store::{Store, TenantId};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};
use tempfile::TempDir;

use crate::laws::{fresh, fresh_postgres};
use crate::scratch::ScratchDatabase;

/// A connection that no rule holds back.
pub(crate) enum Raw {
    Sqlite(SqliteConnection, TempDir),
    Postgres(PgConnection, ScratchDatabase),
}

/// An empty store on each engine, with such a connection.
pub(crate) async fn both() -> [(Store, Raw); 2] {
    let (store, folder) = fresh().await;
    let options = SqliteConnectOptions::new().filename(folder.path().join("store.db")).foreign_keys(true);
    let connection = SqliteConnection::connect_with(&options).await.unwrap();
    let sqlite = (store, Raw::Sqlite(connection, folder));
    let (store, database) = fresh_postgres().await;
    let connection = database.superuser().await;
    [sqlite, (store, Raw::Postgres(connection, database))]
}

impl Raw {
    /// Bytes as this engine writes them.
    pub(crate) fn bytes(&self, bytes: &[u8]) -> String {
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        match self {
            Self::Sqlite(..) => format!("x'{hex}'"),
            Self::Postgres(..) => format!(r"'\x{hex}'::bytea"),
        }
    }

    /// A tenant's id as this engine writes it.
    pub(crate) fn tenant(&self, id: TenantId) -> String {
        match self {
            Self::Sqlite(..) => self.bytes(id.0.as_bytes()),
            Self::Postgres(..) => format!("'{id}'::uuid"),
        }
    }

    /// Runs statements.
    pub(crate) async fn run(&mut self, statements: &str) {
        let statements = sqlx::raw_sql(AssertSqlSafe(statements.to_owned()));
        match self {
            Self::Sqlite(connection, _) => drop(statements.execute(connection).await.unwrap()),
            Self::Postgres(connection, _) => drop(statements.execute(connection).await.unwrap()),
        }
    }

    async fn ask(&mut self, query: String) -> Vec<String> {
        let query = AssertSqlSafe(query);
        match self {
            Self::Sqlite(connection, _) => sqlx::query_scalar(query).fetch_all(connection).await.unwrap(),
            Self::Postgres(connection, _) => sqlx::query_scalar(query).fetch_all(connection).await.unwrap(),
        }
    }

    /// The tables of the catalogue.
    pub(crate) async fn tables(&mut self) -> Vec<String> {
        let query = match self {
            Self::Sqlite(..) => {
                "select name from sqlite_schema where type = 'table' and name not like 'sqlite%'"
            }
            Self::Postgres(..) => {
                "select relname::text from pg_class
                where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace"
            }
        };
        let mut tables = self.ask(query.to_owned()).await;
        tables.retain(|table| table != "_sqlx_migrations");
        tables.sort();
        tables
    }

    async fn columns(&mut self, table: &str) -> Vec<String> {
        self.ask(match self {
            Self::Sqlite(..) => format!("select name from pragma_table_info('{table}')"),
            Self::Postgres(..) => format!(
                "select attname::text from pg_attribute
                where attrelid = '{table}'::regclass and attnum > 0 and not attisdropped"
            ),
        })
        .await
    }

    /// Every row of a table as one text a row, bytes in hexadecimal.
    pub(crate) async fn rows(&mut self, table: &str, which: &str) -> Vec<String> {
        let row = match self {
            Self::Sqlite(..) => {
                let quoted = self.columns(table).await.into_iter().map(|column| format!("quote({column})"));
                quoted.collect::<Vec<_>>().join(" || '|' || ")
            }
            Self::Postgres(..) => "t::text".to_owned(),
        };
        self.ask(format!("select {row} from {table} t {which} order by 1")).await
    }

    /// Every row that belongs to a tenant, by table; its own row is one.
    pub(crate) async fn rows_of(&mut self, tenant: TenantId) -> BTreeMap<String, Vec<String>> {
        let mut found = BTreeMap::new();
        let id = self.tenant(tenant);
        // Of the App, which is the database's own, there are no tenant's rows.
        for table in self.tables().await.into_iter().filter(|table| table != "app_refusals") {
            let columns = self.columns(&table).await;
            let column = if table == "tenants" { "id" } else { "tenant_id" };
            assert!(columns.iter().any(|name| name == column), "{table} belongs to no tenant");
            let rows = self.rows(&table, &format!("where {column} = {id}")).await;
            found.insert(table, rows);
        }
        found
    }

    /// The database is no longer needed.
    pub(crate) async fn remove(self) {
        match self {
            Self::Sqlite(connection, folder) => {
                connection.close().await.unwrap();
                drop(folder);
            }
            Self::Postgres(connection, database) => {
                connection.close().await.unwrap();
                database.remove().await;
            }
        }
    }
}
