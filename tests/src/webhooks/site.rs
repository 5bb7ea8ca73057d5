//! The whole service: a forge, `muster serve` in front of a database of either engine, and deliveries that are signed and sent
//! over a socket.
//!
//! The service is told nothing but what its user tells it; the test looks at the same database from outside.

use std::cell::Cell;
use std::io::{BufRead as _, BufReader, Read as _};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use muster_ingest::work::machine_clock;
use muster_store::{
    Connection, DatabaseUrl, JobFilter, JobRecord, JobState, NewTenant, Provider, Queue, Store, Tenant,
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use super::api::{APP_KEY, api};
use super::forge::{Forge, INSTALLATION, Sent};
use crate::program::muster;
use crate::receive::delivery::{APP_SECRET, Answer, Delivery, guid};
use crate::receive::scene::{HOOK_SECRET, KEY, actor, hook, keys, open};
use crate::scratch::ScratchDatabase;
use crate::wire::server::Server;

/// Longer than any of these tests takes on any machine.
const PATIENCE: Duration = Duration::from_secs(600);

/// Everything that one test needs.
pub(super) struct Site {
    pub(super) forge: Forge,
    server: Server,
    /// The address of its API.
    api: String,
    stop: CancellationToken,
    folder: TempDir,
    /// The database, as a process is told it.
    pub(super) database: String,
    pub(super) store: Store,
    pub(super) queue: Queue,
    pub(super) tenant: Tenant,
    services: Vec<Process>,
    sent: Cell<usize>,
    /// The address of each repository's own hook.
    hooks: std::collections::BTreeMap<i64, String>,
}

/// Runs a test on a site of either engine.
pub(super) async fn on_both(test: impl AsyncFn(&mut Site)) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let address = path.to_str().unwrap().to_owned();
    run(folder, address, DatabaseUrl::Sqlite(path), &test).await;
    let database = ScratchDatabase::new().await;
    let address = database.service_address().to_string();
    run(tempfile::tempdir().unwrap(), address, database.url(), &test).await;
    database.remove().await;
}

async fn run(folder: TempDir, database: String, url: DatabaseUrl, test: &impl AsyncFn(&mut Site)) {
    let mut site = Site::open(folder, database, &url).await;
    site.serve(&[]);
    tokio::time::timeout(PATIENCE, test(&mut site)).await.expect("it hangs");
    for service in std::mem::take(&mut site.services) {
        service.end();
    }
    site.stop.cancel();
    site.store.close().await;
}

impl Site {
    async fn open(folder: TempDir, database: String, url: &DatabaseUrl) -> Self {
        let served = folder.path().join("served");
        let server = Server::start(&served, &["localhost"]);
        std::fs::write(folder.path().join("certificate.pem"), &server.certificate).unwrap();
        let store = open(url, keys()).await;
        let queue = store.queue().await.unwrap();
        let new = NewTenant { subdomain: "acme".to_owned(), ..NewTenant::default() };
        let tenant = store.create_tenant(&new, machine_clock()).await.unwrap();
        let (forge, hooks) = (Forge::new(&served), Default::default());
        let (services, sent, stop) = (Vec::new(), Cell::new(0), CancellationToken::new());
        let api = api(stop.clone()).await;
        Self { forge, server, api, stop, folder, database, store, queue, tenant, services, sent, hooks }
    }

    /// A command of the program, told where everything is.
    pub(super) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(muster());
        command.args(arguments).env_clear().stdin(Stdio::null());
        command
            .env("DATABASE_URL", &self.database)
            .env("MUSTER_KEY", KEY)
            .env("MUSTER_CACHE_DIR", self.folder.path().join("cache"))
            .env("MUSTER_GITHUB_WEBHOOK_SECRET", APP_SECRET)
            .env("MUSTER_GITHUB_URL", self.base())
            .env("MUSTER_GITHUB_API_URL", &self.api)
            .env("MUSTER_GITHUB_APP_ID", "7")
            .env("MUSTER_GITHUB_PRIVATE_KEY_FILE", APP_KEY)
            .env("MUSTER_ALLOW_HOST", format!("localhost:{}", self.server.port))
            .env("SSL_CERT_FILE", self.folder.path().join("certificate.pem"));
        command
    }

    /// What the addresses of all repositories begin with.
    pub(super) fn base(&self) -> String {
        format!("https://localhost:{}", self.server.port)
    }

    /// Starts a service that receives and works.
    pub(super) fn serve(&mut self, arguments: &[&str]) {
        let command = self.command(&[&["serve", "--listen", "127.0.0.1:0"], arguments].concat());
        self.services.push(Process::start(command, "listening"));
    }

    /// Starts a process that works.
    pub(super) fn work(&mut self) {
        let command = self.command(&["worker"]);
        self.services.push(Process::start(command, "a worker starts"));
    }

    /// The tenant claims the installation.
    pub(super) async fn claim(&self) {
        let (now, actor) = (machine_clock(), actor());
        let claimed = self.tenant.claim_installation(Provider::GitHub, INSTALLATION, "acme", now, &actor);
        assert!(claimed.await.unwrap());
    }

    /// Connects a repository by its address, with a hook of its own.
    pub(super) async fn connect(&mut self, id: i64) {
        let url = format!("{}/{}", self.base(), self.forge.full_name(id));
        let connection = Connection { clone_url: Some(&url), ..Connection::default() };
        let now = machine_clock();
        let repository = self.tenant.connect_repository(&connection, now, &actor()).await.unwrap();
        self.hooks.insert(id, hook(&self.tenant, repository.id, Some(HOOK_SECRET)).await);
    }

    /// Sends what the forge has to send, in order, and waits until it is worked off.
    pub(super) async fn deliver(&mut self) {
        for sent in std::mem::take(&mut self.forge.sent) {
            assert_eq!(self.send(&sent).await.status, 202);
        }
        self.quiet().await;
    }

    /// Sends one event: to its repository's own hook, where it has one, else by the App.
    pub(super) async fn send(&self, sent: &Sent) -> Answer {
        let n = self.sent.get();
        self.sent.set(n + 1);
        self.send_as(sent, n).await
    }

    /// The same under the n-th id.
    pub(super) async fn send_as(&self, sent: &Sent, n: usize) -> Answer {
        let key = sent.repository.and_then(|id| self.hooks.get(&id));
        let mut body = sent.body.clone();
        if key.is_none() && body["installation"].is_null() {
            body["installation"] = json!({"id": INSTALLATION});
        }
        let delivery = Delivery::new(n).set("X-GitHub-Event", sent.event).set("X-GitHub-Delivery", guid(n));
        let delivery = delivery.body(body.to_string());
        let delivery = match key {
            Some(key) => {
                Delivery { path: format!("{}/{key}", delivery.path), ..delivery.signed(HOOK_SECRET) }
            }
            None => delivery,
        };
        delivery.send(self.services[0].address.expect("it listens")).await
    }

    /// Waits until nothing is left to do; a job that failed fails the test.
    pub(super) async fn quiet(&self) {
        loop {
            let stats = self.queue.stats(machine_clock()).await.unwrap();
            let failed = self.jobs().await.into_iter().find(|job| !job.errors.is_empty());
            assert!(failed.is_none(), "{failed:#?}");
            if stats.ready == 0 && stats.running == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// All jobs.
    pub(super) async fn jobs(&self) -> Vec<JobRecord> {
        let (mut jobs, mut filter) = (Vec::new(), JobFilter::default());
        loop {
            let page = self.queue.list_jobs(&filter).await.unwrap();
            jobs.extend(page.items);
            filter.after = page.next;
            if filter.after.is_none() {
                assert!(jobs.iter().all(|job| job.state != JobState::Dead || !job.errors.is_empty()));
                return jobs;
            }
        }
    }
}

/// A process of the program, ended when it is dropped.
struct Process {
    child: Child,
    address: Option<SocketAddr>,
}

impl Process {
    /// Starts it, and waits until its log says so.
    fn start(mut command: Command, ready: &str) -> Self {
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let mut process = Self { child, address: None };
        loop {
            let mut line = String::new();
            assert!(log.read_line(&mut line).unwrap() > 0, "it ended before it began");
            let said: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("{line}"));
            if said["message"] == ready {
                process.address = said["address"].as_str().map(|address| address.parse().unwrap());
                break;
            }
        }
        // Read to the end, or it would wait for somebody who does.
        std::thread::spawn(move || log.read_to_end(&mut Vec::new()));
        process
    }

    /// Ends it in order.
    fn end(mut self) {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(told.success());
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}
