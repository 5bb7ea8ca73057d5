//! Measures an onboarding on SQLite beside single-row writes: a history of 25,000 commits is saved through
//! `HistoryWriter` while others write 500 rows a second into the same file.
//!
//! The writes come at fixed times whether the one before has been answered or not, and each is timed from the moment
//! that it was due, so that a stall is felt by all that came during it. A write is the making of a tenant: one row,
//! for which somebody waits. Run by `benches/onboarding`.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement: a panic is the message")]

#[path = "../../store/examples/pages/latencies.rs"]
mod latencies;
#[path = "../../store/examples/save_history/made_up.rs"]
mod made_up;

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use latencies::{HEAD, Latencies};
use muster_engine::{HistoryWriter, WalkEnd};
use muster_store::{CommitRow, DatabaseUrl, NewTenant, Store, Timestamp};
use tokio::time::{Instant, sleep_until};

const COMMITS: usize = 25_000;
const WRITES_A_SECOND: u32 = 500;
const NOW: Timestamp = Timestamp(1_700_000_000_000);
/// How long the writes go on when nothing else is done.
const ALONE: Duration = Duration::from_secs(5);

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match &arguments[..] {
        [] => Box::pin(measure()).await,
        // The other process: it writes until its input ends.
        [command, path] if command == "write" => {
            let store = open(Path::new(path)).await;
            println!("ready");
            let ended = async {
                let (sender, ended) = tokio::sync::oneshot::channel();
                std::thread::spawn(move || {
                    _ = std::io::stdin().read_to_end(&mut Vec::new());
                    _ = sender.send(());
                });
                _ = ended.await;
            };
            println!("{}", beside(&store, ended).await.1.row("500 writes a second, from another process"));
        }
        _ => panic!("usage: onboarding"),
    }
}

async fn measure() {
    let rows = made_up::commits(COMMITS);
    println!(
        "\nsqlite: {COMMITS} commits saved beside {WRITES_A_SECOND} single-row writes a second\n\n{HEAD}"
    );
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("alone.db");
    let store = open(&path).await;
    let ((), mut latencies) = beside(&store, tokio::time::sleep(ALONE)).await;
    println!("{}", latencies.row("500 writes a second, nothing else"));

    let mut times = Vec::new();
    let store = open(&folder.path().join("history.db")).await;
    times.push(("alone", onboard(&store, &rows).await));

    let store = open(&folder.path().join("both.db")).await;
    let (time, mut latencies) = Box::pin(beside(&store, onboard(&store, &rows))).await;
    println!("{}", latencies.row("500 writes a second, from the same process"));
    times.push(("beside writes of the same process", time));

    let path = folder.path().join("processes.db");
    let store = open(&path).await;
    let mut other = Command::new(std::env::current_exe().unwrap())
        .arg("write")
        .arg(&path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(other.stdout.take().unwrap()).lines();
    assert_eq!(lines.next().unwrap().unwrap(), "ready");
    times.push(("beside writes of another process", onboard(&store, &rows).await));
    drop(other.stdin.take());
    println!("{}", lines.next().unwrap().unwrap());
    other.wait().unwrap();

    println!("\n| onboarding | seconds | commits a second |\n| --- | ---: | ---: |");
    for (what, time) in times {
        println!("| {what} | {:.2} | {:.0} |", time.as_secs_f64(), COMMITS as f64 / time.as_secs_f64());
    }
}

async fn open(path: &Path) -> Store {
    Store::open(&DatabaseUrl::Sqlite(path.into())).await.unwrap()
}

/// Saves the whole history as a scan does.
async fn onboard(store: &Store, rows: &[CommitRow]) -> Duration {
    let new = NewTenant { subdomain: "onboarded".into(), ..NewTenant::default() };
    let tenant = store.create_tenant(&new, NOW).await.unwrap();
    let repository = tenant.apply_state(&made_up::state(), NOW).await.unwrap().repository;
    let begun = Instant::now();
    let mut writer = HistoryWriter::begin(tenant, repository, NOW).await.unwrap();
    for row in rows {
        writer.push(row.commit.clone(), row.references.clone()).await.unwrap();
    }
    let tip = rows.last().map(|row| row.commit.id);
    let saved = writer.finish(&WalkEnd { reference: "HEAD".into(), tip, whole: true }, NOW).await.unwrap();
    assert_eq!(saved.new, rows.len());
    begun.elapsed()
}

/// Writes at fixed times for as long as something else is done; gives what that gave, and the times of the writes.
async fn beside<T>(store: &Store, work: impl Future<Output = T>) -> (T, Latencies) {
    let begun = Instant::now();
    let mut writes = tokio::task::JoinSet::new();
    let mut work = std::pin::pin!(work);
    let mut number = 0;
    let given = loop {
        let due = begun + Duration::from_secs(1) * number / WRITES_A_SECOND;
        tokio::select! {
            given = &mut work => break given,
            () = sleep_until(due) => {}
        }
        let store = store.clone();
        writes.spawn(async move {
            let subdomain = format!("written-{number}");
            store.create_tenant(&NewTenant { subdomain, ..NewTenant::default() }, NOW).await.unwrap();
            due.elapsed()
        });
        number += 1;
    };
    let mut latencies = Latencies::default();
    while let Some(time) = writes.join_next().await {
        latencies.push(time.unwrap());
    }
    (given, latencies)
}
