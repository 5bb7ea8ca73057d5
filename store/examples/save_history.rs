//! Measures saving history: `append_commits` beside a plain multi-row insert of the same rows.
//!
//! Both write the same 25,000 made-up commits into the same schema with the same pragmas, in turns. The plain insert
//! is given everything for nothing: ids, dictionaries and owners are known beforehand, and all that is left to do is
//! `insert ... values (...), (...)` in transactions of 1,000 commits. Run by `benches/save`.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement: a panic is the message")]

#[path = "save_history/made_up.rs"]
mod made_up;
#[path = "save_history/plain.rs"]
mod plain;

use std::path::Path;
use std::time::{Duration, Instant};

use muster_store::{CommitRow, DatabaseUrl, NewTenant, RepositoryId, Store, Tenant, Timestamp, WalkEnd};

const COMMITS: usize = 25_000;
const BATCH: usize = 1000;
const RUNS: usize = 5;
const NOW: Timestamp = Timestamp(1_700_000_000_000);

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let rows = made_up::commits(COMMITS);
    let paths: usize = rows.iter().map(|row| row.commit.paths.len()).sum();
    let text: usize = rows.iter().map(|row| row.commit.message.len()).sum();
    println!(
        "{COMMITS} commits, {:.1} paths and {:.0} bytes of message each",
        paths as f64 / COMMITS as f64,
        text as f64 / COMMITS as f64
    );
    let folder = tempfile::tempdir().unwrap();
    let (mut ours, mut plain, mut again) = (Vec::new(), Vec::new(), Vec::new());
    let (mut our_bytes, mut plain_bytes) = (0, 0);
    for run in 0..RUNS {
        let path = folder.path().join(format!("ours-{run}.db"));
        let (store, tenant, repository) = prepared(&path).await;
        let begun = Instant::now();
        append(&tenant, repository, &rows).await;
        ours.push(begun.elapsed());
        let begun = Instant::now();
        append(&tenant, repository, &rows).await;
        again.push(begun.elapsed());
        let end = WalkEnd { reference: "HEAD".into(), tip: None, whole: true };
        tenant.finish_history(repository, &end).await.unwrap();
        store.close().await;
        our_bytes = std::fs::metadata(&path).unwrap().len();

        let path = folder.path().join(format!("plain-{run}.db"));
        let (store, tenant, repository) = prepared(&path).await;
        let ready = plain::Prepared::new(&rows, tenant.id(), repository);
        store.close().await;
        let mut connection = plain::connect(&path).await;
        let begun = Instant::now();
        ready.insert(&mut connection, BATCH).await;
        plain.push(begun.elapsed());
        plain::close(connection).await;
        plain_bytes = std::fs::metadata(&path).unwrap().len();
    }
    let fastest = |times: &[Duration]| times.iter().min().copied().unwrap_or_default();
    let (our_fastest, plain_fastest) = (fastest(&ours), fastest(&plain));
    let (ours, plain, again) = (median(ours), median(plain), median(again));
    let rate = |time: Duration| COMMITS as f64 / time.as_secs_f64();
    println!(
        "plain multi-row insert   {plain:>10.1?}   {:>8.0} commits/s   {plain_bytes} bytes",
        rate(plain)
    );
    println!("append_commits           {ours:>10.1?}   {:>8.0} commits/s   {our_bytes} bytes", rate(ours));
    println!("append_commits, known    {again:>10.1?}   {:>8.0} commits/s", rate(again));
    println!("ratio to the plain insert: {:.2} (bound: 2)", ours.as_secs_f64() / plain.as_secs_f64());
    println!(
        "ratio of the fastest runs: {:.2} ({our_fastest:.1?} to {plain_fastest:.1?})",
        our_fastest.as_secs_f64() / plain_fastest.as_secs_f64()
    );
    println!("bytes a commit on disk: {}", our_bytes / COMMITS as u64);
    tables(&folder.path().join("ours-0.db")).await;
}

/// Says what the bytes are spent on.
async fn tables(path: &Path) {
    let mut connection = plain::connect(path).await;
    for (name, bytes) in plain::sizes(&mut connection).await.into_iter().take(12) {
        println!("  {:>5} {name}", bytes / COMMITS as i64);
    }
    plain::close(connection).await;
}

/// A database with one repository and the projects of the made-up paths.
async fn prepared(path: &Path) -> (Store, Tenant, RepositoryId) {
    let store = Store::open(&DatabaseUrl::Sqlite(path.into())).await.unwrap();
    let tenant = store
        .create_tenant(&NewTenant { subdomain: "bench".into(), ..NewTenant::default() }, NOW)
        .await
        .unwrap();
    let applied = tenant.apply_state(&made_up::state(), NOW).await.unwrap();
    (store, tenant, applied.repository)
}

async fn append(tenant: &Tenant, repository: RepositoryId, rows: &[CommitRow]) {
    for batch in rows.chunks(BATCH) {
        tenant.append_commits(repository, batch).await.unwrap();
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
