//! Reading a catalogue: one statement a kind of object, each answering with one JSON text a row.
//!
//! The engine makes the JSON, so that a field is named once in the statement and once in the value, and nowhere else.

use serde::de::DeserializeOwned;
use sqlx::{Connection as _, Database, Executor, IntoArguments, PgConnection, SqliteConnection};

use super::{Catalogue, Engine};
use crate::StoreError;
use crate::address::DatabaseUrl;
use crate::database::{Statement, statement};
use crate::open::{OpenError, postgres, sqlite};

const TABLES: Statement = statement!(both "isolation/tables");
const COLUMNS: Statement = statement!(both "isolation/columns");
const KEYS: Statement = statement!(both "isolation/keys");
const REFERENCES: Statement = statement!(both "isolation/references");
const TRIGGERS: Statement = statement!(both "isolation/triggers");
const FOREIGN_KEYS: Statement = statement!(sqlite "isolation/foreign_keys");
const SEARCH_PATH: Statement = statement!(postgres "isolation/search_path");
const POLICIES: Statement = statement!(postgres "isolation/policies");
const GRANTS: Statement = statement!(postgres "isolation/grants");
const FUNCTIONS: Statement = statement!(postgres "isolation/functions");
const ROLES: Statement = statement!(postgres "isolation/roles");
const SETTINGS: Statement = statement!(postgres "isolation/settings");

impl Catalogue {
    /// The catalogue of a database, which has to be there. Nothing is changed, whatever its schema.
    pub async fn read(url: &DatabaseUrl) -> Result<Self, OpenError> {
        Ok(match url {
            DatabaseUrl::Sqlite(path) => {
                let mut connection = sqlite::connect_to_look(path).await?;
                read_sqlite(&mut connection).await?
            }
            DatabaseUrl::Postgres(url) => {
                let mut connection = postgres::connect(url).await?;
                let mut transaction = connection.begin().await.map_err(StoreError::from)?;
                read_postgres(&mut transaction).await?
            }
        })
    }
}

/// Reads the catalogue of a file.
pub(crate) async fn read_sqlite(connection: &mut SqliteConnection) -> Result<Catalogue, StoreError> {
    let foreign_keys: i64 = sqlx::query_scalar(FOREIGN_KEYS.sqlite).fetch_one(&mut *connection).await?;
    Ok(Catalogue {
        engine: Engine::Sqlite,
        foreign_keys: foreign_keys == 1,
        tables: all(&mut *connection, TABLES.sqlite).await?,
        columns: all(&mut *connection, COLUMNS.sqlite).await?,
        keys: all(&mut *connection, KEYS.sqlite).await?,
        references: all(&mut *connection, REFERENCES.sqlite).await?,
        triggers: all(&mut *connection, TRIGGERS.sqlite).await?,
        policies: Vec::new(),
        grants: Vec::new(),
        functions: Vec::new(),
        roles: Vec::new(),
        settings: Vec::new(),
    })
}

/// Reads the catalogue of a server's database, in a transaction that the caller ends. Names are looked for among the
/// engine's own alone, so that expressions are written out with the schema of whatever stands in for one of them.
pub(crate) async fn read_postgres(connection: &mut PgConnection) -> Result<Catalogue, StoreError> {
    sqlx::query(SEARCH_PATH.postgres).execute(&mut *connection).await?;
    Ok(Catalogue {
        engine: Engine::Postgres,
        foreign_keys: true,
        tables: all(&mut *connection, TABLES.postgres).await?,
        columns: all(&mut *connection, COLUMNS.postgres).await?,
        keys: all(&mut *connection, KEYS.postgres).await?,
        references: all(&mut *connection, REFERENCES.postgres).await?,
        triggers: all(&mut *connection, TRIGGERS.postgres).await?,
        policies: all(&mut *connection, POLICIES.postgres).await?,
        grants: all(&mut *connection, GRANTS.postgres).await?,
        functions: all(&mut *connection, FUNCTIONS.postgres).await?,
        roles: all(&mut *connection, ROLES.postgres).await?,
        settings: all(&mut *connection, SETTINGS.postgres).await?,
    })
}

async fn all<'c, T, DB, E>(connection: E, statement: &'static str) -> Result<Vec<T>, StoreError>
where
    T: DeserializeOwned,
    DB: Database,
    E: Executor<'c, Database = DB>,
    DB::Arguments: IntoArguments<DB>,
    (String,): for<'r> sqlx::FromRow<'r, DB::Row>,
    String: sqlx::Type<DB> + for<'r> sqlx::Decode<'r, DB>,
    for<'r> &'r str: sqlx::ColumnIndex<DB::Row>,
{
    let rows: Vec<(String,)> = sqlx::query_as(statement).fetch_all(connection).await?;
    Ok(rows.iter().map(|(json,)| serde_json::from_str(json)).collect::<Result<_, _>>()?)
}
