//! A tenant floods, and another's issues show in the meantime.
//!
//! `benches/flood` sends 20,000 and compares how long the other's took with how long they take when nobody floods
//! (`flood=20000`, as fast as they are taken; `rate=1000` a second; `first=1`, all of them before the other begins); here,
//! where no time is asserted, it is seen that all of both is applied.

use std::sync::Arc;
use std::time::Duration;

use muster_ingest::work::machine_clock;
use muster_store::{ChangeKind, DeliveryFilter, JobFilter};
use tokio::task::JoinSet;

use super::home::{Engine, Home};
use super::process::Start;
use super::remotes::Remotes;
use super::told;

/// Deliveries of a flood that is told no number.
const USUAL: u64 = 400;
/// Who send the flood, side by side.
const SENDERS: usize = 16;
/// Issues of the other tenant, before the flood and during it.
const ISSUES: usize = 60;
const BREATH: Duration = Duration::from_millis(100);

/// Sends the issues one behind the other; how long each took from being received to being visible, in milliseconds and in order.
async fn issues(home: &Home, to: std::net::SocketAddr, first: usize) -> Vec<i64> {
    let before = home.tenant.change_seq().await.unwrap();
    for n in first..first + ISSUES {
        assert_eq!(home.delivery(&Remotes::issue(0, n)).send(to).await.status, 202);
        tokio::time::sleep(BREATH).await;
    }
    let filter =
        DeliveryFilter { hook: Some(home.hooks[0].clone()), limit: ISSUES, ..DeliveryFilter::default() };
    let deliveries = home.queue.list_deliveries(&filter).await.unwrap().items;
    loop {
        let changes = home.tenant.list_changes(before, 500).await.unwrap().changes;
        let tasks = changes.iter().filter(|change| change.kind == ChangeKind::Task);
        let mut visible: Vec<i64> = tasks.map(|change| change.visible_at.0).collect();
        if visible.len() >= ISSUES {
            // The first that was received is the first that shows, or would have been.
            let mut received: Vec<i64> = deliveries.iter().map(|delivery| delivery.received_at.0).collect();
            received.sort_unstable();
            visible.sort_unstable();
            let mut waits: Vec<i64> =
                visible.iter().zip(received).map(|(visible, received)| visible - received).collect();
            waits.sort_unstable();
            return waits;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn p95(waits: &[i64]) -> i64 {
    waits[waits.len() * 95 / 100]
}

/// Where the last of the tenant's jobs spent their time, as medians in milliseconds: waiting for a slot and running, by kind.
async fn spent(home: &Home) -> String {
    let mut text = String::new();
    for kind in ["route", "apply"] {
        let filter = JobFilter {
            tenant: Some(home.tenant.id()),
            kind: Some(kind.to_owned()),
            limit: ISSUES,
            ..JobFilter::default()
        };
        let jobs = home.queue.list_jobs(&filter).await.unwrap().items;
        let median = |of: &dyn Fn(&muster_store::JobRecord) -> Option<i64>| {
            let mut times: Vec<i64> = jobs.iter().filter_map(of).collect();
            times.sort_unstable();
            times.get(times.len() / 2).copied().unwrap_or_default()
        };
        let waited = median(&|job| Some(job.started_at?.0 - job.enqueued_at.0));
        let ran = median(&|job| Some(job.finished_at?.0 - job.started_at?.0));
        text += &format!("{kind} waited {waited} ms and ran {ran} ms; ");
    }
    text
}

/// What senders run on: elsewhere they would have processors of their own, so here they leave these to whoever wants them.
fn polite() -> tokio::runtime::Runtime {
    let give_way = || {
        rustix::process::setpriority_process(Some(rustix::thread::gettid()), 19).unwrap();
    };
    tokio::runtime::Builder::new_multi_thread().enable_all().on_thread_start(give_way).build().unwrap()
}

async fn flooded(engine: Engine) {
    let count = told("flood").unwrap_or(USUAL) as usize;
    let remotes = Remotes::new(1);
    let home = Arc::new(Home::new(engine, &remotes).await);
    let other = Arc::new(home.beside("flooder", &remotes).await);
    let serve = Start { lease: 60, ..Start::new(&home, &remotes) }.serve(&[]);
    let to = serve.address();
    let idle = issues(&home, to, 1).await;
    let spent_before = spent(&home).await;
    let senders = polite();
    let mut flood = JoinSet::new();
    let pause = told("rate").map(|rate| Duration::from_secs(SENDERS as u64) / rate.max(1) as u32);
    for sender in 0..SENDERS {
        let other = Arc::clone(&other);
        flood.spawn_on(
            async move {
                let mut beat = pause.map(tokio::time::interval);
                for n in (0..count).filter(|n| n % SENDERS == sender) {
                    if let Some(beat) = &mut beat {
                        beat.tick().await;
                    }
                    assert_eq!(other.delivery(&Remotes::issue(0, 1000 + n)).send(to).await.status, 202);
                }
            },
            senders.handle(),
        );
    }
    // `first=1`: the whole flood waits to be worked off before the other begins.
    if told("first").is_some() {
        while let Some(sent) = flood.join_next().await {
            sent.unwrap();
        }
    }
    let during = issues(&home, to, 1 + ISSUES).await;
    let spent_meanwhile = spent(&home).await;
    let left = home.queue.stats(machine_clock()).await.unwrap();
    println!(
        "{engine:?}: {count} deliveries of one tenant; the other's {ISSUES} took, received to visible, p50 {} ms and p95 {} ms \
         before, p50 {} ms and p95 {} ms meanwhile (of which {spent_before}meanwhile {spent_meanwhile}medians); then {} jobs of the flood \
         were still ready",
        idle[ISSUES / 2],
        p95(&idle),
        during[ISSUES / 2],
        p95(&during),
        left.ready,
    );
    // A flood of many thousand takes long to run off, and nothing more is learnt from it.
    if told("flood").is_none() {
        flood.join_all().await;
        home.settled().await;
        assert_eq!(other.task_changes().await, count);
    } else {
        flood.shutdown().await;
    }
    serve.stop().await;
    senders.shutdown_background();
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_a_flood_leaves_others_room() {
    flooded(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_a_flood_leaves_others_room() {
    flooded(Engine::Postgres).await;
}
