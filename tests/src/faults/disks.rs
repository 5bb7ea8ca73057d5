//! Disks that are full and a database that takes no writes, under the whole service: senders are told 503, the log says why,
//! and when there is room again everything goes on by itself.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use muster_store::{JobFilter, JobState};

use super::home::{Engine, Home};
use super::killing::assert_undisturbed;
use super::not_run;
use super::own_server::OwnServer;
use super::postgres_away::{ROOM, home_on, taken};
use super::process::Start;
use super::remotes::Remotes;
use super::stream::Stream;
use crate::receive::faults::SmallDisk;
use crate::scratch::{ScratchDatabase, run};

/// Spoils something under a stream of deliveries until senders are refused, and mends it; the log has to say `why`.
async fn suffers(
    name: &str,
    home: Home,
    remotes: Remotes,
    why: &str,
    spoil: impl AsyncFn(),
    mend: impl AsyncFn(),
) {
    let (home, remotes) = (Arc::new(home), Arc::new(remotes));
    let engine = if home.address.starts_with("postgres") { Engine::Postgres } else { Engine::Sqlite };
    let serve = Start { lease: 30, ..Start::new(&home, &remotes) }.serve(&[]);
    let stream = Stream::start(&home, &remotes, Duration::from_millis(20));
    stream.redirect(serve.address());
    taken(&stream.tally, 10).await;
    spoil().await;
    let before = stream.tally.refused.load(Ordering::SeqCst);
    while stream.tally.refused.load(Ordering::SeqCst) < before + 4 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    while !serve.log().contains(why) {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    mend().await;
    taken(&stream.tally, 10).await;
    let (said, tally) = stream.end().await;
    home.settled().await;
    let refused = tally.refused.load(Ordering::SeqCst);
    println!("{name}: {} deliveries, {refused} refused meanwhile, all applied; the log: {why}", said.len());
    assert_eq!(tally.unanswered.load(Ordering::SeqCst), 0);
    assert_undisturbed(engine, &home, &remotes, &said).await;
    serve.stop().await;
    Arc::into_inner(home).unwrap().remove().await;
}

const FULL: &str = "the disk is full; free some space and try again, nothing was lost";

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_under_sqlite() {
    let Some(disk) = SmallDisk::mount(32) else {
        not_run("a full disk under the service on SQLite: mounting a small one takes root");
        return;
    };
    let path = disk.path.join("store.db");
    let remotes = Remotes::new(2);
    let (address, url) = (path.to_str().unwrap().to_owned(), muster_store::DatabaseUrl::Sqlite(path));
    let home = Home::over(&url, address, tempfile::tempdir().unwrap(), None, &remotes).await;
    suffers("SQLite, disk full", home, remotes, FULL, async || disk.fill(), async || disk.make_room()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_under_postgres() {
    let (Some(server), Some(disk)) = (OwnServer::start(), SmallDisk::mount(64)) else {
        not_run("a full disk under the service on PostgreSQL: takes root, and initdb and pg_ctl");
        return;
    };
    server.stop("fast");
    server.start_again(ROOM);
    let folder = disk.path.join("tablespace");
    std::fs::create_dir(&folder).unwrap();
    server.give(&folder);
    let mut superuser = super::postgres_away::superuser(&server).await;
    run(&mut superuser, &format!("create tablespace small location '{}'", folder.display())).await;
    let remotes = Remotes::new(2);
    let home = home_on(&server, &remotes, "full_disk", "tablespace small").await;
    suffers("PostgreSQL, disk full", home, remotes, FULL, async || disk.fill(), async || disk.make_room())
        .await;
    run(&mut superuser, "drop database full_disk with (force)").await;
    run(&mut superuser, "drop tablespace small").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_takes_no_writes() {
    let database = ScratchDatabase::new().await;
    let remotes = Remotes::new(2);
    let (address, url) = (database.service_address().to_string(), database.url());
    let home = Home::over(&url, address, tempfile::tempdir().unwrap(), None, &remotes).await;
    let put = async |word: &str| {
        let name = database.name();
        let statements = format!(
            "alter database {name} set default_transaction_read_only = {word};
            select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}' and usename = '{}'",
            crate::scratch::SERVICE
        );
        // Over a connection that the setting does not reach.
        run(&mut crate::scratch::superuser(None).await, &statements).await;
    };
    let why = "the server takes no writes (transactions are read-only)";
    suffers("PostgreSQL, read-only", home, remotes, why, async || put("on").await, async || put("off").await)
        .await;
    database.remove().await;
}

/// A fetch says so, and is tried again.
#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_under_the_mirrors() {
    let Some(disk) = SmallDisk::mount(4) else {
        not_run("a full disk under the mirrors: mounting a small one takes root");
        return;
    };
    let remotes = Remotes::new(1);
    let home = Home::new(Engine::Sqlite, &remotes).await;
    disk.fill();
    let serve = Start { lease: 30, cache: Some(&disk.path), ..Start::new(&home, &remotes) }.serve(&[]);
    let said = remotes.push(0, 1);
    home.delivery(&said).taken(serve.address()).await;
    let looks = JobFilter { kind: Some("look".to_owned()), ..JobFilter::default() };
    let failed = loop {
        let jobs = home.queue.list_jobs(&looks).await.unwrap().items;
        if let Some(job) = jobs.into_iter().find(|job| !job.errors.is_empty()) {
            break job;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    let error = &failed.errors[0];
    println!("mirrors, disk full: {}", error.message);
    assert_eq!((error.cause.as_str(), failed.state), ("fetch", JobState::Ready), "{}", error.message);
    assert!(error.message.contains("No space left on device"), "{}", error.message);
    disk.make_room();
    home.settled().await;
    assert!(home.rows().await.contains("KEY-1: change 1"));
    serve.stop().await;
    home.remove().await;
}
