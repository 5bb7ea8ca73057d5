//! The yardstick of `benches/receive`: a plain program that verifies a signature and commits what waits together, with
//! plain SQL into the same tables, and nothing else.
//!
//! No limits, no look-ups, no look at what was there before, no answer but a status; one connection that writes. What it
//! leaves out is what the difference is for.
//!
//!     plain-receiver clear DATABASE
//!     plain-receiver store|answer DATABASE SECRET ADDRESS

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement: a panic is the message")]

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{Connection, PgConnection, QueryBuilder, SqliteConnection};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};

/// As many as one commit takes.
const GROUP: usize = 256;

const DELIVERIES: &str =
    "insert into deliveries (hook, guid, event, headers, fair_hint, received_at, status, body_hash, body) ";
const JOBS: &str = "insert into jobs (kind, payload, fair_hint, priority, long, run_at, state, enqueued_at) ";

struct Waiting {
    guid: String,
    event: String,
    headers: String,
    hash: [u8; 32],
    body: Bytes,
    done: oneshot::Sender<()>,
}

#[derive(Clone)]
struct Receiver {
    key: Hmac<Sha256>,
    recorder: Option<mpsc::Sender<Waiting>>,
}

enum Database {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

macro_rules! insert {
    ($connection:expr, $begin:expr, $group:expr) => {{
        let mut transaction = $connection.begin_with($begin).await.unwrap();
        let mut query = QueryBuilder::new(DELIVERIES);
        query.push_values($group.iter(), |mut row, new: &Waiting| {
            row.push_bind("app").push_bind(&new.guid).push_bind(&new.event).push_bind(&new.headers);
            row.push_bind(42_i64).push_bind(1_700_000_000_000_i64).push_bind("received");
            row.push_bind(&new.hash[..]).push_bind(&new.body[..]);
        });
        query.build().execute(&mut *transaction).await.unwrap();
        let mut query = QueryBuilder::new(JOBS);
        query.push_values($group.iter(), |mut row, _| {
            row.push_bind("route").push_bind("{\"delivery\":123456}").push_bind(42_i64).push_bind(0_i64);
            row.push_bind(false)
                .push_bind(1_700_000_000_000_i64)
                .push_bind("ready")
                .push_bind(1_700_000_000_000_i64);
        });
        query.build().execute(&mut *transaction).await.unwrap();
        transaction.commit().await.unwrap();
    }};
}

impl Database {
    async fn open(address: &str) -> Self {
        if address.starts_with("postgres") {
            return Self::Postgres(PgConnection::connect(address).await.unwrap());
        }
        let options = SqliteConnectOptions::new().filename(address).journal_mode(SqliteJournalMode::Wal);
        let options = options.synchronous(SqliteSynchronous::Full).pragma("cache_size", "-16000");
        Self::Sqlite(SqliteConnection::connect_with(&options).await.unwrap())
    }

    async fn insert(&mut self, group: &[Waiting]) {
        match self {
            Self::Sqlite(connection) => insert!(connection, "begin immediate", group),
            Self::Postgres(connection) => insert!(connection, "begin", group),
        }
    }

    async fn clear(&mut self) {
        match self {
            Self::Sqlite(connection) => {
                sqlx::raw_sql("delete from deliveries; delete from jobs").execute(connection).await.unwrap();
            }
            Self::Postgres(connection) => {
                sqlx::raw_sql("truncate deliveries, jobs").execute(connection).await.unwrap();
            }
        }
    }
}

async fn record(mut database: Database, mut waiting: mpsc::Receiver<Waiting>) {
    while let Some(first) = waiting.recv().await {
        let mut group = vec![first];
        while group.len() < GROUP
            && let Ok(next) = waiting.try_recv()
        {
            group.push(next);
        }
        database.insert(&group).await;
        group.into_iter().for_each(|waiting| _ = waiting.done.send(()));
    }
}

async fn take(State(receiver): State<Arc<Receiver>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let signature = text("x-hub-signature-256").trim_start_matches("sha256=");
    let claimed: Vec<u8> = (0..signature.len() / 2)
        .filter_map(|at| u8::from_str_radix(&signature[2 * at..2 * at + 2], 16).ok())
        .collect();
    let mut digest = receiver.key.clone();
    digest.update(&body);
    if digest.verify_slice(&claimed).is_err() {
        return StatusCode::UNAUTHORIZED;
    }
    if let Some(recorder) = &receiver.recorder {
        let (done, is_done) = oneshot::channel();
        let waiting = Waiting {
            guid: text("x-github-delivery").to_owned(),
            event: text("x-github-event").to_owned(),
            headers: r#"{"content-type":"application/json","x-github-event":"push","x-github-hook-id":"1"}"#
                .to_owned(),
            hash: Sha256::digest(&body).into(),
            body,
            done,
        };
        if recorder.send(waiting).await.is_err() || is_done.await.is_err() {
            return StatusCode::SERVICE_UNAVAILABLE;
        }
    }
    StatusCode::ACCEPTED
}

#[tokio::main(flavor = "multi_thread")]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["clear", database] => Database::open(database).await.clear().await,
        [manner @ ("store" | "answer"), database, secret, address] => {
            let recorder = if manner == "store" {
                let (sender, receiver) = mpsc::channel(4096);
                tokio::spawn(record(Database::open(database).await, receiver));
                Some(sender)
            } else {
                None
            };
            let receiver = Receiver { key: Hmac::new_from_slice(secret.as_bytes()).unwrap(), recorder };
            let router = Router::new()
                .route("/api/v2/webhooks/github", post(take))
                .layer(DefaultBodyLimit::max(25 << 20))
                .with_state(Arc::new(receiver));
            let listener = TcpListener::bind(address).await.unwrap();
            axum::serve(listener, router).await.unwrap();
        }
        _ => panic!("clear DATABASE, or store|answer DATABASE SECRET ADDRESS"),
    }
}
