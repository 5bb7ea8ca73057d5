//! Everything that GitHub publishes as examples, and everything of our own cases, whole and damaged: signed, through the real
//! endpoint and a worker. All are answered 2xx, every delivery and every job comes to an end, and what fails says why.
//!
//! GitHub's are of the npm package `@octokit/webhooks-examples`, which is not part of this project: `MUSTER_WEBHOOK_EXAMPLES` names
//! its folder, and without it that test passes and says that it did not run.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use muster_engine::{MirrorCache, Remotes};
use muster_ingest::work::{LookSettings, Worker, handlers, look_handlers, machine_clock};
use muster_store::{
    DatabaseUrl, DeliveryFilter, DeliveryStatus, JobFilter, JobState, NewTenant, Provider, Queue,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::api::credentials;
use crate::program::built;
use crate::receive::delivery::{Delivery, guid};
use crate::receive::scene::{Scene, actor, keys, open, patient, settings};
use crate::scratch::ScratchDatabase;
use crate::wire::scene::Scene as Wire;
use crate::work::scene::settings as quick;

/// One delivery: an event and a body.
type Case = (String, Vec<u8>);

/// The endpoint and a worker in front of one database, with every installation claimed that the cases name.
struct Service {
    scene: Scene,
    worker: Worker,
    stop: CancellationToken,
    #[expect(dead_code, reason = "the remote goes with it")]
    wire: Wire,
}

impl Service {
    async fn start(url: &DatabaseUrl, cases: &[Case]) -> Self {
        let store = open(url, keys()).await;
        let new = NewTenant { subdomain: "acme".to_owned(), ..NewTenant::default() };
        let tenant = store.create_tenant(&new, machine_clock()).await.unwrap();
        for id in installations(cases) {
            let (now, actor) = (machine_clock(), actor());
            let claimed = tenant.claim_installation(Provider::GitHub, id, "them", now, &actor).await;
            assert!(claimed.unwrap());
        }
        let scene = Scene::over(store, tenant, patient(), settings()).await;
        // A remote that has none of their repositories.
        let wire = Wire::new();
        let remotes = Remotes {
            cache: MirrorCache::new(wire.cache()),
            program: built("muster-fetch"),
            options: wire.options.clone(),
        };
        let (stop, mut how) = (CancellationToken::new(), quick());
        let credentials = credentials(stop.clone()).await;
        let mut kinds = handlers();
        kinds.extend(look_handlers(LookSettings { threads: 1, credentials, ..LookSettings::new(remotes) }));
        how.github = format!("https://localhost:{}", wire.server.port);
        how.poll = Duration::from_millis(50);
        let started = Worker::start(&scene.store, url, kinds, how, machine_clock, stop.clone());
        Self { worker: started.await.unwrap(), scene, stop, wire }
    }

    /// Sends all, and waits until nothing is left to do; gives what became of deliveries and jobs.
    async fn work_off(self, cases: &[Case]) -> String {
        for (n, (event, body)) in cases.iter().enumerate() {
            let delivery = Delivery::new(0).set("X-GitHub-Event", event).set("X-GitHub-Delivery", guid(n));
            let answer = self.scene.send(&delivery.body(body.clone())).await;
            assert_eq!(answer.status, 202, "{event}: {}", answer.body);
        }
        loop {
            let stats = self.scene.queue.stats(machine_clock()).await.unwrap();
            if stats.ready == 0 && stats.running == 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        self.stop.cancel();
        self.worker.ended().await;
        let told = told(&self.scene.queue, cases.len()).await;
        self.scene.store.close().await;
        told
    }
}

/// The installations that bodies name.
fn installations(cases: &[Case]) -> std::collections::BTreeSet<i64> {
    let named = cases.iter().filter_map(|(_, body)| {
        serde_json::from_slice::<Value>(body).ok()?["installation"]["id"].as_i64().filter(|id| *id > 0)
    });
    named.collect()
}

/// What became of them, counted.
async fn told(queue: &Queue, count: usize) -> String {
    let mut lines: BTreeMap<String, usize> = BTreeMap::new();
    let (mut filter, mut seen) = (DeliveryFilter::default(), 0);
    loop {
        let page = queue.list_deliveries(&filter).await.unwrap();
        for delivery in page.items {
            seen += 1;
            let status = delivery.status;
            assert_ne!(status, DeliveryStatus::Received, "{delivery:?}");
            let is_said = delivery.reason.as_ref().is_some_and(|reason| !reason.is_empty());
            assert!(status == DeliveryStatus::Done || is_said, "{delivery:?}");
            // What an installation was no longer to see when it was told of first waits for good.
            let became = match status {
                DeliveryStatus::Done | DeliveryStatus::Parked => "done or parked",
                status => status.as_str(),
            };
            *lines.entry(format!("deliveries {became}")).or_default() += 1;
        }
        filter.after = page.next;
        if filter.after.is_none() {
            break;
        }
    }
    assert_eq!(seen, count, "none is lost");
    let mut filter = JobFilter::default();
    loop {
        let page = queue.list_jobs(&filter).await.unwrap();
        for job in page.items.into_iter().filter(|job| job.kind != "prune") {
            if job.state == JobState::Dead {
                let why = job.errors.last().expect("a dead job says why");
                let is_fetch = ["remote gone", "no address"].contains(&why.cause.as_str());
                assert!(is_fetch, "{} {}: {}", job.kind, job.payload, why.message);
                *lines.entry(format!("jobs {} dead: {}", job.kind, why.cause)).or_default() += 1;
            } else {
                assert_eq!(job.state, JobState::Done, "{job:?}");
                *lines.entry(format!("jobs {} done", job.kind)).or_default() += 1;
            }
        }
        filter.after = page.next;
        if filter.after.is_none() {
            break;
        }
    }
    lines.into_iter().fold(String::new(), |mut text, (line, number)| {
        writeln!(text, "{line} {number}").unwrap();
        text
    })
}

/// The same on both databases; gives what became of them.
async fn on_both(cases: &[Case]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let database = ScratchDatabase::new().await;
    let mut both = Vec::new();
    for url in [DatabaseUrl::Sqlite(folder.path().join("store.db")), database.url()] {
        both.push(Service::start(&url, cases).await.work_off(cases).await);
    }
    database.remove().await;
    // How often something is planned again, and which look stands for another, depends on who is quicker.
    let deliveries =
        |told: &str| told.lines().filter(|line| line.starts_with("deliveries ")).collect::<String>();
    assert_eq!(deliveries(&both[0]), deliveries(&both[1]));
    both.join("\n")
}

#[expect(clippy::disallowed_methods, reason = "who has the package names its folder in a variable")]
fn package() -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os("MUSTER_WEBHOOK_EXAMPLES") {
        return Some(folder.into());
    }
    // scripts/test names the file of its summary in a variable.
    if let Some(summary) = std::env::var_os("MUSTER_NOT_RUN") {
        let mut file = std::fs::OpenOptions::new().append(true).open(summary).unwrap();
        file.write_all(b"GitHub's example payloads through the service: MUSTER_WEBHOOK_EXAMPLES does not name the npm package\n")
            .unwrap();
    }
    None
}

#[tokio::test(flavor = "multi_thread")]
async fn every_example_of_github_comes_to_its_end() {
    let Some(package) = package() else { return };
    let index = std::fs::read(package.join("api.github.com/index.json")).unwrap();
    let events: Vec<Value> = serde_json::from_slice(&index).unwrap();
    let mut cases: Vec<Case> = Vec::new();
    for event in &events {
        for example in event["examples"].as_array().unwrap() {
            cases.push((event["name"].as_str().unwrap().to_owned(), example.to_string().into_bytes()));
        }
    }
    assert!(cases.len() >= 329, "{}", cases.len());
    println!("{} examples\n{}", cases.len(), on_both(&cases).await);
}

/// Our own cases.
fn fixtures() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/webhooks");
    let mut cases = Vec::new();
    for event in
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir())
    {
        for file in std::fs::read_dir(&event).unwrap().map(|entry| entry.unwrap().path()) {
            if matches!(file.extension().and_then(|end| end.to_str()), Some("json" | "body")) {
                let name = event.file_name().unwrap().to_str().unwrap().to_owned();
                cases.push((file.clone(), (name, std::fs::read(&file).unwrap())));
            }
        }
    }
    cases.sort();
    cases.into_iter().map(|(_, case)| case).collect()
}

/// What stands in place of a value.
const FRAGMENTS: [&str; 14] = [
    "null",
    "true",
    "0",
    "-1",
    "1.5",
    "9223372036854775807",
    "18446744073709551616",
    "\"\"",
    "\"12\"",
    "[]",
    "[null,{},[[]]]",
    "{}",
    r#""\u0000\ud83d\ude00""#,
    "\"9999-12-31T23:59:59Z\"",
];

/// Puts fragments in place of some values, and takes some fields away, wherever they are.
fn damage(value: &mut Value, runner: &mut TestRunner, odds: u32) {
    let draw = |most: u32, runner: &mut TestRunner| (0..most).new_tree(runner).unwrap().current();
    if draw(odds, runner) == 0 {
        let fragment = FRAGMENTS[draw(FRAGMENTS.len() as u32, runner) as usize];
        *value = serde_json::from_str(fragment).unwrap();
        return;
    }
    match value {
        Value::Object(fields) => {
            fields.retain(|_, _| draw(odds * 2, runner) != 0);
            fields.values_mut().for_each(|field| damage(field, runner, odds));
        }
        Value::Array(entries) => entries.iter_mut().for_each(|entry| damage(entry, runner, odds)),
        _ => {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whole_and_damaged_cases_come_to_their_end() {
    let whole = fixtures();
    let mut runner = TestRunner::deterministic();
    let mut cases = whole.clone();
    for odds in [400, 100, 30] {
        for (event, body) in &whole {
            let Ok(mut value) = serde_json::from_slice::<Value>(body) else { continue };
            damage(&mut value, &mut runner, odds);
            cases.push((event.clone(), value.to_string().into_bytes()));
        }
    }
    println!("{} cases\n{}", cases.len(), on_both(&cases).await);
}
