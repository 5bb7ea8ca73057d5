//! An issue does not wait for a fetch of its repository, however long that takes.
//!
//! The remote says nothing in the middle of a pack, so the fetch is under way for as long as the test wants; how soon the
//! issue shows is printed.

use std::time::{Duration, Instant};

use super::home::{Engine, Home};
use super::process::Start;
use super::remotes::Remotes;
use crate::wire::server::{Answer, Noticed};

async fn shows_meanwhile(engine: Engine) {
    let remotes = Remotes::new(1);
    let home = Home::new(engine, &remotes).await;
    let serve = Start { lease: 30, ..Start::new(&home, &remotes) }.serve(&["--grace", "0"]);
    remotes.wire.server.set(Answer::SilentPack);
    home.delivery(&remotes.push(0, 1)).taken(serve.address()).await;
    assert_eq!(remotes.wire.server.notices(), Noticed::Stalled);
    let mut slowest = Duration::ZERO;
    for n in 2..12 {
        let sent = Instant::now();
        home.delivery(&Remotes::issue(0, n)).taken(serve.address()).await;
        while home.task_changes().await < n - 1 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        slowest = slowest.max(sent.elapsed());
    }
    let stats = home.queue.stats(muster_ingest::work::machine_clock()).await.unwrap();
    assert_eq!(stats.running, 1, "the fetch goes on");
    println!(
        "{engine:?}: ten issues during a fetch of their repository, the slowest showed after {slowest:?}"
    );
    serve.stop().await;
    assert_eq!(remotes.wire.server.notices(), Noticed::Gone);
    home.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_an_issue_shows_while_its_repository_is_fetched() {
    shows_meanwhile(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_an_issue_shows_while_its_repository_is_fetched() {
    shows_meanwhile(Engine::Postgres).await;
}
