//! Deliveries as they come in, and a worker that routes and applies them. What looks at repositories is left out: its jobs are
//! done at once.

use std::path::PathBuf;

use muster_ingest::work::{Handler, Settled, handlers, machine_clock};
use muster_store::{
    Actor, Connection, HookKey, LOOK, NewDelivery, PULL, Provider, Recorded, Repository, SystemRandom,
    TenantId,
};
use serde_json::Value;

use crate::work::scene::{Running, Scene, handler, settings};

/// The installation and the repository that most cases speak of.
pub(super) const INSTALLATION: i64 = 40_000_001;
pub(super) const REPOSITORY: i64 = 5_000_000_123;

pub(super) fn actor() -> Actor {
    Actor::command_line(Some("ada"))
}

/// The cases of an event, or of all: `issues/opened.json`, sorted.
pub(super) fn cases() -> Vec<String> {
    let folder = folder();
    let mut names = Vec::new();
    for event in std::fs::read_dir(&folder).unwrap() {
        let event = event.unwrap().path();
        if !event.is_dir() {
            continue;
        }
        for file in std::fs::read_dir(&event).unwrap() {
            let file = file.unwrap().path();
            if matches!(file.extension().and_then(|end| end.to_str()), Some("json" | "body")) {
                names.push(file.strip_prefix(&folder).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    names.sort();
    names
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../fixtures/webhooks")
}

/// Everything but looking at repositories.
pub(super) fn without_looks() -> Vec<Handler> {
    let mut all = handlers();
    all.retain(|handler| handler.kind != LOOK && handler.kind != PULL);
    all.extend([LOOK, PULL].map(|kind| handler(kind, async |_, _| Ok(Settled::Done))));
    all
}

/// Records cases as the endpoint does.
pub(super) async fn deliver(scene: &Scene, hook: &str, tenant: Option<TenantId>, names: &[&str]) {
    for name in names {
        record(scene, hook, name, tenant, name, &std::fs::read(folder().join(name)).unwrap()).await;
    }
}

/// Records them as the App's, from this installation; those that are no objects are left out.
pub(super) async fn deliver_as(scene: &Scene, installation: i64, names: &[&str]) {
    for name in names {
        let body = std::fs::read(folder().join(name)).unwrap();
        let Ok(mut body @ Value::Object(_)) = serde_json::from_slice(&body) else { continue };
        body["installation"]["id"] = installation.into();
        let guid = format!("{name} of {installation}");
        record(scene, "app", &guid, None, name, body.to_string().as_bytes()).await;
    }
}

async fn record(scene: &Scene, hook: &str, guid: &str, tenant: Option<TenantId>, name: &str, body: &[u8]) {
    let new = NewDelivery {
        hook,
        guid,
        tenant,
        event: name.split_once('/').unwrap().0,
        headers: r#"{"content-type":"application/json"}"#,
        fair_hint: None,
        received_at: machine_clock(),
        body_hash: [0; 32],
        body,
        packed_from: None,
    };
    let recorded = scene.queue.record(&[new]).await.unwrap();
    assert!(matches!(recorded[..], [Recorded::New(_)]), "{name}: {recorded:?}");
}

/// Starts a worker and waits until nothing is left to do; those that failed are told.
pub(super) async fn work_off(scene: &Scene) -> (Running, Vec<String>) {
    let worker = scene.start(without_looks(), settings()).await;
    let jobs = scene.until(|jobs| jobs.iter().all(|job| job.finished_at.is_some())).await;
    let failed = jobs.iter().filter(|job| !job.errors.is_empty());
    let failed =
        failed.map(|job| format!("{} {}: {}", job.kind, job.payload, job.errors[0].message)).collect();
    (worker, failed)
}

/// A repository of the tenant's at GitHub, with a hook of its own.
pub(super) async fn connect(scene: &Scene, tenant: TenantId, id: i64, name: &str) -> (Repository, HookKey) {
    let tenant = scene.store.tenant(tenant);
    let address = format!("https://github.com/{name}.git");
    let connection = Connection {
        provider: Some((Provider::GitHub, id)),
        full_name: Some(name),
        clone_url: Some(&address),
        ..Connection::default()
    };
    let repository = tenant.connect_repository(&connection, machine_clock(), &actor()).await.unwrap();
    let key = HookKey::generate(&SystemRandom).unwrap();
    tenant.add_hook(repository.id, &key, machine_clock(), &actor()).await.unwrap();
    (repository, key)
}

pub(super) async fn claim(scene: &Scene, tenant: TenantId, installation: i64) {
    let tenant = scene.store.tenant(tenant);
    let (now, actor) = (machine_clock(), actor());
    let claimed = tenant.claim_installation(Provider::GitHub, installation, "example-org", now, &actor);
    assert!(claimed.await.unwrap());
}
