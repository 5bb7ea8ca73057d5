//! `/healthz`, `/readyz` and `/metrics`, in this process and of the program.

use std::net::SocketAddr;
use std::path::PathBuf;

use muster_ingest::serve::{Limits, routes, serve};
use muster_ingest::watch::{Metrics, Watched, install, router};
use muster_ingest::work::machine_clock;
use muster_store::{DatabaseUrl, NewJob, Store};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::OnceCell;
use tokio_util::sync::CancellationToken;

use crate::events::client::Client;
use crate::receive::faults::{SmallDisk, not_run};
use crate::scratch::ScratchDatabase;

/// What is measured is measured for the whole process.
static METRICS: OnceCell<Metrics> = OnceCell::const_new();

struct Scene {
    address: SocketAddr,
    store: Store,
    stop: CancellationToken,
}

async fn scene(url: &DatabaseUrl, cache: PathBuf) -> Scene {
    let store = Store::open(url).await.unwrap();
    let queue = store.queue().await.unwrap();
    let metrics = METRICS.get_or_init(async || install().unwrap()).await.clone();
    let watched = Watched {
        store: store.clone(),
        queue,
        database: url.clone(),
        cache: Some(cache),
        clock: machine_clock,
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    tokio::spawn(serve(listener, routes([router(watched, metrics)]), Limits::default(), stop.clone()));
    Scene { address, store, stop }
}

impl Scene {
    async fn get(&self, path: &str) -> (String, String) {
        let client = Client::ask(self.address, path, "").await;
        (client.status().to_owned(), client.body().await)
    }

    async fn ready(&self) -> (String, Value) {
        let (status, body) = self.get("/readyz").await;
        (status, serde_json::from_str(&body).unwrap())
    }

    async fn end(self) {
        self.stop.cancel();
        self.store.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_is_well_says_so_and_how_much_waits() {
    let folder = tempfile::tempdir().unwrap();
    let database = ScratchDatabase::new().await;
    for url in [DatabaseUrl::Sqlite(folder.path().join("store.db")), database.url()] {
        let scene = scene(&url, folder.path().join("not/there/yet")).await;
        assert_eq!(scene.get("/healthz").await, ("200".to_owned(), r#"{"alive":true}"#.to_owned()));
        let (status, mut ready) = scene.ready().await;
        assert!(ready["disk"]["free_bytes"].take().as_u64().unwrap() > 0);
        let of_file = ready.as_object_mut().unwrap().remove("database_disk");
        let says = of_file.map(|of_file| of_file["says"].clone());
        assert_eq!(says, matches!(url, DatabaseUrl::Sqlite(_)).then(|| "fine".into()));
        insta::allow_duplicates! {
            insta::assert_snapshot!(format!("{status} {ready}"), @r#"200 {"database":{"ok":true,"says":"fine"},"disk":{"free_bytes":null,"ok":true,"says":"fine"},"queue":{"ok":true,"says":"fine"},"ready":true,"schema":{"ok":true,"says":"fine"}}"#);
        }
        let job = NewJob { kind: "x".to_owned(), ..NewJob::default() };
        scene.store.queue().await.unwrap().enqueue(&[job], machine_clock()).await.unwrap();
        let (status, metrics) = scene.get("/metrics").await;
        assert_eq!(status, "200");
        assert!(metrics.contains("\nmuster_queue_ready 1\n"), "{metrics}");
        assert!(metrics.contains("# TYPE muster_queue_oldest_ready_seconds gauge\n"), "{metrics}");
        assert_eq!(scene.get("/metrics/").await.0, "404");
        scene.end().await;
    }
    database.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_is_not_says_what_is_amiss_and_no_names() {
    let folder = tempfile::tempdir().unwrap();
    // Nothing can be written below /proc, and that file system says that it has no room.
    let full = scene(&DatabaseUrl::Sqlite(folder.path().join("store.db")), "/proc/mirrors".into()).await;
    let (status, ready) = full.ready().await;
    assert_eq!(
        (status.as_str(), &ready["ready"], &ready["database"]["ok"]),
        ("503", &false.into(), &true.into())
    );
    assert_eq!(ready["disk"]["says"], "the disk of the mirrors is nearly full");
    full.end().await;

    match SmallDisk::mount(16) {
        None => not_run("a disk without room for the database: mounting a small one takes root"),
        Some(disk) => {
            let url = DatabaseUrl::Sqlite(disk.path.join("store.db"));
            let full = scene(&url, folder.path().join("mirrors")).await;
            disk.fill();
            let (status, ready) = full.ready().await;
            assert_eq!((status.as_str(), &ready["disk"]["ok"]), ("503", &true.into()), "{ready}");
            assert_eq!(ready["database_disk"]["says"], "the disk of the database is nearly full");
            assert_eq!(ready["database_disk"]["free_bytes"], 0);
            full.end().await;
        }
    }

    let database = ScratchDatabase::new().await;
    let name = database.name().to_owned();
    let gone = scene(&database.url(), folder.path().to_owned()).await;
    database.remove().await;
    let (status, body) = gone.get("/readyz").await;
    let ready: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(status, "503");
    for check in ["database", "schema", "queue"] {
        assert_eq!(ready[check]["ok"], false, "{check}: {body}");
    }
    assert!(!body.contains(&name) && !body.contains("127.0.0.1"), "{body}");
    assert_eq!(gone.get("/healthz").await.0, "200", "whoever starts it anew mends nothing");
    assert_eq!(gone.get("/metrics").await.0, "200");
    gone.stop.cancel();
}
