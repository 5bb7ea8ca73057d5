//! The plain insert: the same rows into the same tables, by statements of many `values`.

use std::path::Path;
use std::str::FromStr as _;

use muster_store::NewDelivery;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{Connection, PgConnection, QueryBuilder, SqliteConnection};

/// A connection of its own, made when it is first needed: the tables are made by others.
pub(crate) enum Plain {
    Sqlite(Box<SqliteConnectOptions>, Option<SqliteConnection>),
    Postgres(Box<PgConnectOptions>, Option<PgConnection>),
}

const DELIVERIES: &str =
    "insert into deliveries (hook, guid, event, headers, fair_hint, received_at, status, body_hash, body) ";
const JOBS: &str = "insert into jobs (kind, payload, fair_hint, priority, long, run_at, state, enqueued_at) ";

macro_rules! insert {
    ($connection:expr, $begin:expr, $deliveries:expr) => {{
        let mut transaction = $connection.begin_with($begin).await.unwrap();
        let mut query = QueryBuilder::new(DELIVERIES);
        query.push_values($deliveries, |mut row, new| {
            row.push_bind(new.hook).push_bind(new.guid).push_bind(new.event).push_bind(new.headers);
            row.push_bind(new.fair_hint).push_bind(new.received_at.0).push_bind("received");
            row.push_bind(&new.body_hash[..]).push_bind(new.body);
        });
        query.build().execute(&mut *transaction).await.unwrap();
        let mut query = QueryBuilder::new(JOBS);
        query.push_values($deliveries, |mut row, new| {
            row.push_bind("route")
                .push_bind("{\"delivery\":123456}")
                .push_bind(new.fair_hint)
                .push_bind(0_i64);
            row.push_bind(false).push_bind(new.received_at.0).push_bind("ready").push_bind(new.received_at.0);
        });
        query.build().execute(&mut *transaction).await.unwrap();
        transaction.commit().await.unwrap();
    }};
}

impl Plain {
    pub(crate) fn sqlite(path: &Path) -> Self {
        let options = SqliteConnectOptions::new().filename(path).journal_mode(SqliteJournalMode::Wal);
        let options = options.synchronous(SqliteSynchronous::Full).pragma("cache_size", "-16000");
        Self::Sqlite(Box::new(options), None)
    }

    pub(crate) fn postgres(address: &str) -> Self {
        Self::Postgres(Box::new(PgConnectOptions::from_str(address).unwrap()), None)
    }

    pub(crate) async fn insert(&mut self, deliveries: &[NewDelivery<'_>]) {
        self.connect().await;
        match self {
            Self::Sqlite(_, Some(connection)) => insert!(connection, "begin immediate", deliveries),
            Self::Postgres(_, Some(connection)) => insert!(connection, "begin", deliveries),
            _ => unreachable!("it was connected"),
        }
    }

    /// Empties both tables.
    pub(crate) async fn clear(&mut self) {
        self.connect().await;
        match self {
            Self::Sqlite(_, Some(connection)) => {
                sqlx::raw_sql("delete from deliveries; delete from jobs").execute(connection).await.unwrap();
            }
            Self::Postgres(_, Some(connection)) => {
                sqlx::raw_sql("truncate deliveries, jobs").execute(connection).await.unwrap();
            }
            _ => unreachable!("it was connected"),
        }
    }

    async fn connect(&mut self) {
        match self {
            Self::Sqlite(options, connection @ None) => {
                *connection = Some(SqliteConnection::connect_with(options).await.unwrap());
            }
            Self::Postgres(options, connection @ None) => {
                *connection = Some(PgConnection::connect_with(options).await.unwrap());
            }
            _ => {}
        }
    }
}
