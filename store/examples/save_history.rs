//! Measures saving history: `append_commits` beside a plain insert of the same rows, on SQLite and PostgreSQL.
//!
//! Both write the same made-up commits into the same tables with the same keys, indexes and settings, in turns, each
//! into a new database. The plain insert is given everything for nothing: ids, dictionaries and owners are known
//! beforehand, no policy holds it back, and all that is left to do is `insert ... values (...), (...)` or
//! `insert ... select from unnest(...)` in transactions of as many commits. Run by `benches/save`.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement: a panic is the message")]

#[path = "save_history/made_up.rs"]
mod made_up;
#[path = "save_history/plain.rs"]
mod plain;
#[path = "save_history/plain_postgres.rs"]
mod plain_postgres;
#[path = "save_history/plain_sqlite.rs"]
mod plain_sqlite;
#[path = "../tests/scratch/mod.rs"]
mod scratch;

use std::path::Path;
use std::time::{Duration, Instant};

use muster_store::{
    CommitRow, DatabaseUrl, HistoryProgress, LookChange, NewTenant, RepositoryId, Standing, Store, Tenant,
    Timestamp,
};
use plain::Prepared;
use scratch::ScratchDatabase;

/// Commits of one transaction, as the engine saves them.
const BATCH: usize = 250;
/// Commits that came one by one before the rest.
const PUSHES: usize = 20;
const NOW: Timestamp = Timestamp(1_700_000_000_000);
const USAGE: &str = "usage: save_history sqlite|postgres COMMITS ROUNDS";

/// The times of one engine's rounds.
#[derive(Default)]
struct Times {
    plain: Vec<Duration>,
    ours: Vec<Duration>,
    again: Vec<Duration>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [engine, commits, rounds] = &arguments[..] else { panic!("{USAGE}") };
    let (commits, rounds) = (commits.parse().expect(USAGE), rounds.parse().expect(USAGE));
    let rows = made_up::commits(commits);
    let paths: usize = rows.iter().map(|row| row.commit.paths.len()).sum();
    let text: usize = rows.iter().map(|row| row.commit.message.len()).sum();
    println!(
        "\n{engine}: {commits} commits, {:.1} paths and {:.0} bytes of message each, {rounds} rounds in turns",
        paths as f64 / commits as f64,
        text as f64 / commits as f64
    );
    let times = match engine.as_str() {
        "sqlite" => sqlite(&rows, rounds).await,
        "postgres" => postgres(&rows, rounds).await,
        _ => panic!("{USAGE}"),
    };
    times.print(commits);
}

async fn sqlite(rows: &[CommitRow], rounds: usize) -> Times {
    let folder = tempfile::tempdir().unwrap();
    let mut times = Times::default();
    for round in 0..rounds {
        let path = folder.path().join("ours.db");
        let store = Store::open(&DatabaseUrl::Sqlite(path.clone())).await.unwrap();
        let (tenant, repository) = prepared(&store).await;
        times.ours(&tenant, repository, rows).await;
        store.close().await;
        if round + 1 == rounds {
            sizes(&path, rows.len()).await;
        }
        std::fs::remove_file(&path).unwrap();

        let path = folder.path().join("plain.db");
        let store = Store::open(&DatabaseUrl::Sqlite(path.clone())).await.unwrap();
        let (tenant, repository) = prepared(&store).await;
        store.close().await;
        let ready = Prepared::new(rows, tenant.id(), repository);
        let mut connection = plain_sqlite::connect(&path).await;
        let begun = Instant::now();
        plain_sqlite::insert(&ready, &mut connection, BATCH).await;
        times.plain.push(begun.elapsed());
        plain_sqlite::close(connection).await;
        std::fs::remove_file(&path).unwrap();
    }
    times
}

async fn postgres(rows: &[CommitRow], rounds: usize) -> Times {
    let mut times = Times::default();
    for _ in 0..rounds {
        let database = ScratchDatabase::new().await;
        let store = Store::open(&database.url()).await.unwrap();
        let (tenant, repository) = prepared(&store).await;
        // As pushes come before a larger repository is connected: statistics tell of small tables, and plans are kept.
        let (pushed, rows) = rows.split_at(PUSHES);
        append_singly(&tenant, repository, &pushed[..PUSHES / 2]).await;
        scratch::run(&mut database.superuser().await, "vacuum analyze").await;
        append_singly(&tenant, repository, &pushed[PUSHES / 2..]).await;
        scratch::run(&mut database.superuser().await, "checkpoint").await;
        times.ours(&tenant, repository, rows).await;
        store.close().await;
        database.remove().await;

        let database = ScratchDatabase::new().await;
        let store = Store::open(&database.url()).await.unwrap();
        let (tenant, repository) = prepared(&store).await;
        store.close().await;
        let ready = Prepared::new(rows, tenant.id(), repository);
        let mut connection = database.superuser().await;
        scratch::run(&mut connection, "checkpoint").await;
        let begun = Instant::now();
        plain_postgres::insert(&ready, &mut connection, BATCH).await;
        times.plain.push(begun.elapsed());
        database.remove().await;
    }
    times
}

impl Times {
    /// One round through the store.
    async fn ours(&mut self, tenant: &Tenant, repository: RepositoryId, rows: &[CommitRow]) {
        let begun = Instant::now();
        append(tenant, repository, rows).await;
        self.ours.push(begun.elapsed());
        let begun = Instant::now();
        append(tenant, repository, rows).await;
        self.again.push(begun.elapsed());
        let revision = tenant.stored_refs(repository).await.unwrap().repository.revision;
        let nothing = LookChange::nothing(repository, revision);
        let change = LookChange { history: Some(HistoryProgress::Complete), ..nothing };
        tenant.settle_look(&change, None, NOW).await.unwrap();
    }

    fn print(mut self, commits: usize) {
        println!("\n| | median ms | min | max | commits a second |\n| --- | ---: | ---: | ---: | ---: |");
        let rows = [
            ("plain insert", &mut self.plain),
            ("append_commits", &mut self.ours),
            ("append_commits, all known", &mut self.again),
        ];
        let mut medians = Vec::new();
        let ms = |time: Duration| time.as_secs_f64() * 1000.0;
        for (name, times) in rows {
            times.sort_unstable();
            let median = times[times.len() / 2];
            let (least, most) = (ms(times[0]), ms(times[times.len() - 1]));
            let rate = commits as f64 / median.as_secs_f64();
            println!("| {name} | {:.0} | {least:.0} | {most:.0} | {rate:.0} |", ms(median));
            medians.push(median.as_secs_f64());
        }
        let (plain, ours, again) = (medians[0], medians[1], medians[2]);
        println!("\nspeed beside the plain insert: {:.0} % (bound: 60 %)", 100.0 * plain / ours);
        println!("of the fastest rounds: {:.0} %", 100.0 * ms(self.plain[0]) / ms(self.ours[0]));
        println!("known commits pass {:.1} times as fast (bound: 2)", ours / again);
    }
}

/// Says what the bytes of a file are spent on.
async fn sizes(path: &Path, commits: usize) {
    let bytes = std::fs::metadata(path).unwrap().len();
    println!("bytes a commit on disk: {}", bytes / commits as u64);
    let mut connection = plain_sqlite::connect(path).await;
    for (name, bytes) in plain_sqlite::sizes(&mut connection).await.into_iter().take(10) {
        println!("  {:>5} {name}", bytes / commits as i64);
    }
    plain_sqlite::close(connection).await;
}

/// One tenant with one repository and the projects of the made-up paths.
async fn prepared(store: &Store) -> (Tenant, RepositoryId) {
    let new = NewTenant { subdomain: "bench".into(), ..NewTenant::default() };
    let tenant = store.create_tenant(&new, NOW).await.unwrap();
    let applied = tenant.apply_state(&made_up::state(), NOW).await.unwrap();
    (tenant, applied.repository)
}

async fn append(tenant: &Tenant, repository: RepositoryId, rows: &[CommitRow]) {
    for batch in rows.chunks(BATCH) {
        tenant.append_commits(repository, batch, Standing::default()).await.unwrap();
    }
}

async fn append_singly(tenant: &Tenant, repository: RepositoryId, rows: &[CommitRow]) {
    for row in rows {
        tenant.append_commits(repository, std::slice::from_ref(row), Standing::default()).await.unwrap();
    }
}
