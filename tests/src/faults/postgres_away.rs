//! A PostgreSQL server of one test's own, restarted, crashed and away for a while under a stream of deliveries: meanwhile
//! senders are told 503, and when it is back everything goes on by itself.
//!
//! Away until every sender was refused, here; `scripts/try-kills` has it away for a minute (`away=60`).

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use muster_store::{DatabaseUrl, Store};
use sqlx::{Connection as _, PgConnection};

use super::home::{Engine, Home};
use super::killing::assert_undisturbed;
use super::own_server::OwnServer;
use super::process::Start;
use super::remotes::Remotes;
use super::stream::{Stream, Tally};
use super::{not_run, told};
use crate::scratch::run;

/// Connections for two processes and a test.
pub(super) const ROOM: &str = "-c max_connections=100";

pub(super) async fn superuser(server: &OwnServer) -> PgConnection {
    PgConnection::connect(server.address("muster", "postgres").as_str()).await.unwrap()
}

/// A home on a server of its own, with the roles that an operator makes.
pub(super) async fn home_on(server: &OwnServer, remotes: &Remotes, database: &str, tablespace: &str) -> Home {
    let mut superuser = superuser(server).await;
    let roles = "do $$ begin if not exists (select from pg_roles where rolname = 'owner') then
        create role owner login createrole; create role service login noinherit; end if; end $$";
    run(&mut superuser, roles).await;
    run(&mut superuser, &format!("create database {database} owner owner {tablespace}")).await;
    let owner: DatabaseUrl = server.address("owner", database).as_str().parse().unwrap();
    Store::migrate(&owner).await.unwrap();
    run(&mut superuser, "grant muster_app, muster_operator, muster_queue to service").await;
    superuser.close().await.unwrap();
    let address = server.address("service", database).to_string();
    let url = address.parse().unwrap();
    Home::over(&url, address, tempfile::tempdir().unwrap(), None, remotes).await
}

/// Waits until so many more were taken than there are now.
pub(super) async fn taken(tally: &Tally, more: usize) {
    let wanted = tally.taken.load(Ordering::SeqCst) + more;
    while tally.taken.load(Ordering::SeqCst) < wanted {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_goes_away_under_load_loses_nothing() {
    let Some(server) = OwnServer::start() else {
        not_run("PostgreSQL away under deliveries: no initdb and pg_ctl");
        return;
    };
    server.stop("fast");
    server.start_again(ROOM);
    let remotes = Arc::new(Remotes::new(2));
    let home = Arc::new(home_on(&server, &remotes, "m", "").await);
    let start = Start::new(&home, &remotes);
    let serve = start.serve(&["--no-worker"]);
    let worker = start.worker(&[]);
    let stream = Stream::start(&home, &remotes, Duration::from_millis(20));
    stream.redirect(serve.address());
    for mode in ["fast", "immediate", "fast"] {
        taken(&stream.tally, 10).await;
        server.stop(mode);
        server.start_again(ROOM);
    }
    taken(&stream.tally, 10).await;
    let before = stream.tally.refused.load(Ordering::SeqCst);
    server.stop("fast");
    while stream.tally.refused.load(Ordering::SeqCst) < before + 2 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    tokio::time::sleep(Duration::from_secs(told("away").unwrap_or(0))).await;
    let refused = stream.tally.refused.load(Ordering::SeqCst) - before;
    server.start_again(ROOM);
    taken(&stream.tally, 10).await;
    let (said, tally) = stream.end().await;
    home.settled().await;
    let counted =
        [&tally.taken, &tally.repeats, &tally.refused, &tally.unanswered].map(|n| n.load(Ordering::SeqCst));
    println!(
        "restarted 3 times, then away ({refused} refused meanwhile): {} deliveries, {} taken, {} with the answer lost, {} refused, {} unanswered",
        said.len(),
        counted[0],
        counted[1],
        counted[2],
        counted[3],
    );
    assert_eq!(counted[3], 0, "whoever asks is answered, also when the database is away");
    assert_undisturbed(Engine::Postgres, &home, &remotes, &said).await;
    serve.stop().await;
    worker.stop().await;
    Arc::into_inner(home).unwrap().remove().await;
}
