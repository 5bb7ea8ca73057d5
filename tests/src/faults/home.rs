//! A database with the remote's repositories connected, and what is stored in it, to be compared with another.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use muster_ingest::work::machine_clock;
use muster_store::{
    ChangeKind, Connection, DatabaseUrl, DeliveryFilter, DeliveryStatus, JobFilter, JobState, NewTenant,
    Provider, Queue, RepositoryId, Store, TaskFilter, Tenant,
};
use tempfile::TempDir;

use super::remotes::{Remotes, Said};
use crate::looking::present;
use crate::receive::delivery::Delivery;
use crate::receive::scene::{HOOK_SECRET, actor, hook, keys, open};
use crate::scratch::ScratchDatabase;

/// A database and what processes need to know of it.
pub(crate) struct Home {
    pub(crate) store: Store,
    pub(crate) queue: Queue,
    pub(crate) tenant: Tenant,
    /// As a process is told it.
    pub(crate) address: String,
    pub(crate) repositories: Vec<RepositoryId>,
    pub(crate) hooks: Vec<String>,
    folder: TempDir,
    database: Option<ScratchDatabase>,
}

/// The two databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

impl Home {
    /// An empty database of this engine, with the repositories connected.
    pub(crate) async fn new(engine: Engine, remotes: &Remotes) -> Self {
        let folder = tempfile::tempdir().unwrap();
        match engine {
            Engine::Sqlite => {
                let path = folder.path().join("store.db");
                let (address, url) = (path.to_str().unwrap().to_owned(), DatabaseUrl::Sqlite(path));
                Self::over(&url, address, folder, None, remotes).await
            }
            Engine::Postgres => {
                let database = ScratchDatabase::new().await;
                let (address, url) = (database.service_address().to_string(), database.url());
                Self::over(&url, address, folder, Some(database), remotes).await
            }
        }
    }

    /// A migrated database that is there already.
    pub(crate) async fn over(
        url: &DatabaseUrl,
        address: String,
        folder: TempDir,
        database: Option<ScratchDatabase>,
        remotes: &Remotes,
    ) -> Self {
        let store = open(url, keys()).await;
        let mut home = Self::of_tenant("acme", store, address, folder, remotes).await;
        home.database = database;
        home
    }

    /// Another tenant in the same database, who has connected the same repositories.
    pub(crate) async fn beside(&self, name: &str, remotes: &Remotes) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self::of_tenant(name, self.store.clone(), self.address.clone(), folder, remotes).await
    }

    async fn of_tenant(
        name: &str,
        store: Store,
        address: String,
        folder: TempDir,
        remotes: &Remotes,
    ) -> Self {
        let queue = store.queue().await.unwrap();
        let new = NewTenant { subdomain: name.to_owned(), ..NewTenant::default() };
        let tenant = store.create_tenant(&new, machine_clock()).await.unwrap();
        let (mut repositories, mut hooks) = (Vec::new(), Vec::new());
        for repository in 0..remotes.count {
            let (url, name) = (remotes.url(repository), Remotes::full_name(repository));
            let connection = Connection {
                provider: Some((Provider::GitHub, Remotes::provider_id(repository))),
                full_name: Some(&name),
                clone_url: Some(&url),
                ..Connection::default()
            };
            let connected = tenant.connect_repository(&connection, machine_clock(), &actor()).await.unwrap();
            hooks.push(hook(&tenant, connected.id, Some(HOOK_SECRET)).await);
            repositories.push(connected.id);
        }
        Self { store, queue, tenant, address, repositories, hooks, folder, database: None }
    }

    /// A folder for mirrors and logs.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn cache(&self) -> PathBuf {
        self.folder.path().join("cache")
    }

    /// The delivery as GitHub sends it to the hook of its repository.
    pub(crate) fn delivery(&self, said: &Said) -> Delivery {
        let delivery = Delivery::to_hook(said.n, &self.hooks[said.repository], HOOK_SECRET);
        delivery.body(said.body.as_str()).signed(HOOK_SECRET).set("X-GitHub-Event", said.event)
    }

    /// Waits until every delivery is planned and every job has ended. A dead job ends the test.
    pub(crate) async fn settled(&self) {
        loop {
            let stats = self.queue.stats(machine_clock()).await.unwrap();
            if stats.dead > 0 {
                let filter = JobFilter { state: Some(JobState::Dead), ..JobFilter::default() };
                panic!("dead: {:#?}", self.queue.list_jobs(&filter).await.unwrap().items);
            }
            if stats.ready + stats.running == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// How many deliveries stand where.
    pub(crate) async fn deliveries(&self) -> BTreeMap<&'static str, usize> {
        let (mut counts, mut filter) = (BTreeMap::new(), DeliveryFilter::default());
        loop {
            let page = self.queue.list_deliveries(&filter).await.unwrap();
            for delivery in page.items {
                assert!(delivery.settled_at.is_some() || delivery.status != DeliveryStatus::Done);
                *counts.entry(delivery.status.as_str()).or_default() += 1;
            }
            filter.after = page.next;
            if filter.after.is_none() {
                return counts;
            }
        }
    }

    /// How often a report of an issue was taken: each time is a change.
    pub(crate) async fn task_changes(&self) -> usize {
        let (mut count, mut after) = (0, 0);
        loop {
            let page = self.tenant.list_changes(after, 500).await.unwrap().changes;
            let Some(last) = page.last() else { return count };
            after = last.seq;
            count += page.iter().filter(|change| change.kind == ChangeKind::Task).count();
        }
    }

    /// Issues that show.
    pub(crate) async fn issues(&self) -> String {
        let mut text = String::new();
        let mut filter = TaskFilter { closed: true, ..TaskFilter::default() };
        loop {
            let page = self.tenant.list_tasks(&filter).await.unwrap();
            for task in page.items.iter().filter(|task| task.provided.is_some()) {
                let of = self.repositories.iter().position(|id| *id == task.repository);
                writeln!(text, "{of:?} {:?} {:?} {:?}", task.found, task.provided, task.closed_at.is_some())
                    .unwrap();
            }
            filter.after = page.next;
            if filter.after.is_none() {
                return text;
            }
        }
    }

    /// All that converges, ids and times of ours aside.
    pub(crate) async fn rows(&self) -> String {
        let mut text = self.issues().await;
        for id in &self.repositories {
            text += &present(&self.tenant, *id).await;
            text.push('\n');
        }
        text
    }

    pub(crate) async fn remove(self) {
        self.store.close().await;
        if let Some(database) = self.database {
            database.remove().await;
        }
    }
}
