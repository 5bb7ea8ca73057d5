//! A service that tells of changes, in this process, in front of a database of its own with two tenants.

use std::net::SocketAddr;
use std::time::Duration;

use muster_ingest::events::{EventSettings, Events, router};
use muster_ingest::serve::{Limits, routes, serve};
use muster_ingest::work::machine_clock;
use muster_store::{
    AccessRole, Connection, Connections, DatabaseUrl, NewTenant, NewToken, Store, SystemRandom, Tenant,
    Timestamp,
};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::client::Client;
use crate::receive::scene::actor;
use crate::scratch::ScratchDatabase;

pub(crate) const NOW: Timestamp = Timestamp(1_700_000_000_000);
/// More than a busy machine asks for: what is waited for comes, or the test hangs and says so.
const PATIENCE: Duration = Duration::from_secs(120);

/// The service.
pub(crate) struct Scene {
    pub(crate) address: SocketAddr,
    pub(crate) store: Store,
    pub(crate) tenant: Tenant,
    pub(crate) other: Tenant,
    /// A token of the first tenant.
    pub(crate) token: String,
    pub(crate) stop: CancellationToken,
    serving: JoinHandle<()>,
}

/// Nothing is found by looking now and then: what no wake-up brings hangs.
pub(crate) fn settings() -> EventSettings {
    EventSettings { poll: PATIENCE, patience: PATIENCE, heartbeat: PATIENCE, ..EventSettings::default() }
}

/// A token of a tenant.
pub(crate) async fn token(tenant: &Tenant) -> String {
    let new = NewToken { name: "t".to_owned(), role: AccessRole::Viewer, ..NewToken::default() };
    let made = tenant.create_token(&new, &SystemRandom, machine_clock(), &actor()).await;
    made.unwrap().1.expose().to_owned()
}

/// Makes a change: another repository is connected.
pub(crate) async fn change(tenant: &Tenant, name: &str) {
    let url = format!("https://example.com/{name}");
    let connection = Connection { clone_url: Some(&url), ..Connection::default() };
    tenant.connect_repository(&connection, NOW, &actor()).await.unwrap();
}

impl Scene {
    async fn open(url: &DatabaseUrl, settings: EventSettings) -> Self {
        let connections = Connections { most: 8, patience: PATIENCE, lock_patience: PATIENCE };
        let store = Store::open_with(url, connections).await.unwrap();
        let new = |name: &str| NewTenant { subdomain: name.to_owned(), ..NewTenant::default() };
        let tenant = store.create_tenant(&new("acme"), NOW).await.unwrap();
        let other = store.create_tenant(&new("other"), NOW).await.unwrap();
        let token = token(&tenant).await;
        let stop = CancellationToken::new();
        let events = Events::start(store.clone(), url.clone(), settings, machine_clock, stop.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let limits = Limits { grace: PATIENCE, ..Limits::default() };
        let serving = tokio::spawn(serve(listener, routes([router(events)]), limits, stop.clone()));
        Self { address, store, tenant, other, token, stop, serving }
    }

    /// A client that asks with the tenant's token.
    pub(crate) async fn client(&self, last_event_id: Option<i64>) -> Client {
        let id = last_event_id.map(|id| format!("Last-Event-ID: {id}\r\n")).unwrap_or_default();
        Client::ask(self.address, "/api/v2/events", &format!("Authorization: Bearer {}\r\n{id}", self.token))
            .await
    }

    async fn end(self) {
        self.stop.cancel();
        self.serving.await.unwrap();
        self.store.close().await;
    }
}

/// The same test on SQLite and on PostgreSQL, each on an empty database.
pub(crate) async fn on_each_engine(settings: EventSettings, test: impl AsyncFn(&Scene)) {
    let folder = tempfile::tempdir().unwrap();
    let sqlite = DatabaseUrl::Sqlite(folder.path().join("store.db"));
    let scene = Scene::open(&sqlite, settings).await;
    test(&scene).await;
    scene.end().await;
    let database = ScratchDatabase::new().await;
    let scene = Scene::open(&database.url(), settings).await;
    test(&scene).await;
    scene.end().await;
    database.remove().await;
}
