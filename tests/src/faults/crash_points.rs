//! Processes that end at a given step: before a delivery is recorded, between that and the answer, with a job claimed,
//! fetched, planned, before and after it is applied. `muster serve` with its own worker, and `muster worker` beside it.

use std::time::Duration;

use super::home::{Engine, Home};
use super::killing::assert_undisturbed;
use super::process::Start;
use super::remotes::{Remotes, Said};

/// Each step, as the program names it.
const POINTS: [&str; 9] = [
    "before-record",
    "recorded",
    "claimed",
    "planned",
    "routed",
    "fetched",
    "looked",
    "before-apply",
    "applied",
];

/// How many of them, the first, are those of who receives.
const RECEIVING: usize = 2;

/// Sends both, again and again where no answer comes, until the process is gone or both are taken.
async fn send(home: &Home, said: &[Said], process: &mut super::process::Process) {
    for said in said {
        let delivery = home.delivery(said);
        while !process.has_ended() {
            let answer = delivery.try_send(process.address()).await.map(|answer| answer.status);
            if matches!(answer, Some(200 | 202)) {
                break;
            }
        }
    }
}

async fn ends_at_each_step(engine: Engine) {
    let remotes = Remotes::new(1);
    let home = Home::new(engine, &remotes).await;
    let start = || Start { lease: 1, ..Start::new(&home, &remotes) };
    let mut all = Vec::new();
    for (place, point) in POINTS.iter().enumerate() {
        let said = [remotes.push(0, 2 * place + 1), Remotes::issue(0, 2 * place + 2)];
        let mut serve = start().crash_at(point).serve(&[]);
        send(&home, &said, &mut serve).await;
        let status = tokio::time::timeout(Duration::from_secs(120), serve.ended()).await;
        let status = status.unwrap_or_else(|_| panic!("it does not end at {point}"));
        assert_eq!(status.code(), None, "{point}: it was ended by a signal");
        let mut serve = start().serve(&[]);
        send(&home, &said, &mut serve).await;
        home.settled().await;
        all.extend(said);
        let issues = home.issues().await.lines().count();
        assert_eq!(issues, place + 1, "{point}");
        println!("{engine:?}: ended at {point}; all is applied, nothing is left");
        serve.stop().await;
    }
    assert_undisturbed(engine, &home, &remotes, &all).await;
    home.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_step_of_a_worker_may_be_the_last() {
    let remotes = Remotes::new(1);
    let home = Home::new(Engine::Postgres, &remotes).await;
    let start = || Start { lease: 1, ..Start::new(&home, &remotes) };
    let mut serve = start().serve(&["--no-worker"]);
    // The job of the night is done before: else the first to be claimed were that one.
    let night = start().worker(&[]);
    night.says("the nightly jobs are enqueued");
    home.settled().await;
    night.stop().await;
    let mut all = Vec::new();
    for (place, point) in POINTS[RECEIVING..].iter().enumerate() {
        let said = [remotes.push(0, 2 * place + 1), Remotes::issue(0, 2 * place + 2)];
        let mut worker = start().crash_at(point).worker(&[]);
        send(&home, &said, &mut serve).await;
        let status = tokio::time::timeout(Duration::from_secs(120), worker.ended()).await;
        let status = status.unwrap_or_else(|_| panic!("it does not end at {point}"));
        assert_eq!(status.code(), None, "{point}: it was ended by a signal");
        let worker = start().worker(&[]);
        home.settled().await;
        all.extend(said);
        assert_eq!(home.issues().await.lines().count(), place + 1, "{point}");
        println!("a worker ended at {point}; all is applied, nothing is left");
        worker.stop().await;
    }
    serve.stop().await;
    assert_undisturbed(Engine::Postgres, &home, &remotes, &all).await;
    home.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_every_step_may_be_the_last() {
    ends_at_each_step(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_every_step_may_be_the_last() {
    ends_at_each_step(Engine::Postgres).await;
}
