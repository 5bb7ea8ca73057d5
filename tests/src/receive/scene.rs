//! The endpoint on a socket, in this process, in front of a database of its own: one repository with a hook, one without
//! a secret, and an App with two secrets.

use std::net::SocketAddr;
use std::sync::Arc;

use muster_ingest::receive::{Receiver, Recorder, Recording, Settings};
use muster_ingest::serve::{Limits, routes, serve};
use muster_ingest::verify::Secrets;
use muster_store::{
    Actor, Connections, DatabaseUrl, HookKey, JobFilter, NewTenant, Queue, RepositoryFacts, RepositoryId,
    StateChange, Store, SystemRandom, Tenant, Timestamp, WrappingKeys,
};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::delivery::{APP_SECRET, Answer, Delivery};
use crate::scratch::ScratchDatabase;

pub(crate) const NOW: Timestamp = Timestamp(1_700_000_000_000);
pub(crate) const HOOK_SECRET: &str = "the hook's own";
pub(crate) const PREVIOUS_APP_SECRET: &str = "the App's of before";

/// More patience than a busy machine asks for: where waiting is not the matter, it decides nothing.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(120);

/// The endpoint and what it writes to.
pub(crate) struct Scene {
    pub(crate) address: SocketAddr,
    pub(crate) store: Store,
    pub(crate) queue: Queue,
    pub(crate) tenant: Tenant,
    pub(crate) repository: RepositoryId,
    /// The key of its hook.
    pub(crate) key: String,
    /// The key of one without a secret.
    pub(crate) key_without_secret: String,
    pub(crate) stop: CancellationToken,
    pub(crate) receiver: Receiver,
    serving: JoinHandle<()>,
    recording: Recording,
}

/// Limits that no busy machine runs into.
pub(crate) fn patient() -> Limits {
    let mut limits = Limits { head: PATIENCE, idle: PATIENCE, grace: PATIENCE, ..Limits::default() };
    (limits.pace.grace, limits.pace.total) = (PATIENCE, PATIENCE);
    limits
}

pub(crate) fn settings() -> Settings {
    let app_secrets = Some(Secrets::new(&[APP_SECRET, PREVIOUS_APP_SECRET]).unwrap());
    Settings { app_secrets, patience: PATIENCE, ..Settings::default() }
}

pub(crate) fn actor() -> Actor {
    Actor::command_line(Some("ada"))
}

/// A store of this address that can seal secrets.
pub(crate) async fn open(url: &DatabaseUrl, keys: WrappingKeys) -> Store {
    let connections = Connections { most: 8, patience: PATIENCE, lock_patience: PATIENCE };
    let store = Store::open_with(url, connections).await.unwrap();
    store.with_keys(keys, Arc::new(SystemRandom)).await.unwrap()
}

/// The key that secrets are sealed with here, as MUSTER_KEY gives it.
pub(crate) const KEY: &str = "5a4b6f8fd0b5c1f5a53b9f4fd3fb8cf5c2a1b0998877665544332211ffeeddcc";

pub(crate) fn keys() -> WrappingKeys {
    WrappingKeys::parse(KEY.as_bytes()).unwrap()
}

/// A repository of this tenant that nobody has looked at yet.
pub(crate) async fn repository(tenant: &Tenant, source_key: &str) -> RepositoryId {
    let facts = RepositoryFacts {
        source_key: source_key.to_owned(),
        name: "one".to_owned(),
        clone_url: None,
        branch: None,
        head: None,
        dirty: false,
        shallow: false,
        extractor_version: 1,
    };
    let change = StateChange {
        facts,
        base: None,
        projects: vec![],
        closed_projects: vec![],
        tasks: vec![],
        closed_tasks: vec![],
        submodules: None,
        extracts: vec![],
        dropped_extracts: vec![],
        problems: vec![],
        project_count: 0,
        task_count: 0,
    };
    tenant.apply_state(&change, NOW).await.unwrap().repository
}

/// A hook of this repository; gives its key.
pub(crate) async fn hook(tenant: &Tenant, repository: RepositoryId, secret: Option<&str>) -> String {
    let key = HookKey::generate(&SystemRandom).unwrap();
    tenant.add_hook(repository, &key, NOW, &actor()).await.unwrap();
    if let Some(secret) = secret {
        tenant.set_webhook_secret(repository, secret.as_bytes(), &actor(), NOW).await.unwrap();
    }
    key.as_str().to_owned()
}

impl Scene {
    pub(crate) async fn open(url: &DatabaseUrl, limits: Limits, settings: Settings) -> Self {
        let store = open(url, keys()).await;
        let tenant = NewTenant { subdomain: "acme".to_owned(), ..NewTenant::default() };
        let tenant = store.create_tenant(&tenant, NOW).await.unwrap();
        let one = repository(&tenant, "https://example.com/one").await;
        let key = hook(&tenant, one, Some(HOOK_SECRET)).await;
        let other = repository(&tenant, "https://example.com/other").await;
        let key_without_secret = hook(&tenant, other, None).await;
        let mut scene = Self::over(store, tenant, limits, settings).await;
        (scene.repository, scene.key, scene.key_without_secret) = (one, key, key_without_secret);
        scene
    }

    /// The endpoint in front of a store that is there already.
    pub(crate) async fn over(store: Store, tenant: Tenant, limits: Limits, settings: Settings) -> Self {
        let queue = store.queue().await.unwrap();
        let (recorder, recording) = Recorder::start(&queue);
        let receiver = Receiver::new(store.clone(), recorder, settings);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let serving = tokio::spawn(serve(listener, routes([receiver.routes()]), limits, stop.clone()));
        let (key, key_without_secret, repository) = (String::new(), String::new(), RepositoryId(0));
        Self {
            address,
            store,
            queue,
            tenant,
            repository,
            key,
            key_without_secret,
            stop,
            receiver,
            serving,
            recording,
        }
    }

    pub(crate) async fn send(&self, delivery: &Delivery) -> Answer {
        delivery.send(self.address).await
    }

    /// Deliveries and jobs that are in the tables.
    pub(crate) async fn rows(&self) -> (usize, usize) {
        let mut deliveries = 0;
        let mut after = None;
        loop {
            let filter = muster_store::DeliveryFilter { after, ..Default::default() };
            let page = self.queue.list_deliveries(&filter).await.unwrap();
            deliveries += page.items.len();
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let mut jobs = 0;
        let mut after = None;
        loop {
            let page = self.queue.list_jobs(&JobFilter { after, ..Default::default() }).await.unwrap();
            jobs += page.items.len();
            after = page.next;
            if after.is_none() {
                return (deliveries, jobs);
            }
        }
    }

    /// Stops it in order, and waits until it has.
    pub(crate) async fn end(self) {
        let Self { stop, serving, recording, receiver, store, .. } = self;
        stop.cancel();
        serving.await.unwrap();
        drop(receiver);
        recording.end().await;
        store.close().await;
    }
}

/// The same test on SQLite and on PostgreSQL, each on an empty database.
pub(crate) async fn on_each_engine(test: impl AsyncFn(&'static str, Scene)) {
    on_each_engine_with(patient(), settings(), test).await;
}

pub(crate) async fn on_each_engine_with(
    limits: Limits,
    settings: Settings,
    test: impl AsyncFn(&'static str, Scene),
) {
    let folder = tempfile::tempdir().unwrap();
    let sqlite = DatabaseUrl::Sqlite(folder.path().join("store.db"));
    test("SQLite", Scene::open(&sqlite, limits.clone(), settings.clone()).await).await;
    let database = ScratchDatabase::new().await;
    test("PostgreSQL", Scene::open(&database.url(), limits, settings).await).await;
    database.remove().await;
}
