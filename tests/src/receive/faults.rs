//! A database that fails while deliveries come: nothing is answered 2xx that is not recorded, and nothing is recorded
//! twice (49 to 55 of the list).

use std::time::Duration;

use muster_ingest::receive::Settings;
use muster_store::DatabaseUrl;
use sqlx::Connection as _;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::delivery::{Answer, Delivery};
use super::door::Door;
use super::scene::{HOOK_SECRET, Scene, on_each_engine, patient, settings};
use crate::scratch::{ScratchDatabase, run};

const UNAVAILABLE: &str = "503 unavailable (retry-after: 10)";

/// Patience that is wanted to run out.
fn hurried() -> Settings {
    Settings { patience: Duration::from_millis(300), ..settings() }
}

/// Sends a delivery until it is taken; gives the answer.
async fn until_taken(scene: &Scene, delivery: &Delivery) -> String {
    loop {
        let answer = scene.send(delivery).await;
        if answer.status != 503 {
            return answer.line();
        }
    }
}

/// 49, and 21: what was looked up before is known without the database, whether there is such a hook or not.
#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_away_is_said_and_works_when_it_is_back() {
    let database = ScratchDatabase::new().await;
    let door = Door::before(&database.service_address()).await;
    let through = door.through(&database.service_address());
    let scene = Scene::open(&through, patient(), hurried()).await;
    let to_hook = |n| Delivery::to_hook(n, &scene.key, HOOK_SECRET);
    until_taken(&scene, &to_hook(1)).await;
    door.shut();
    for delivery in [Delivery::new(2), to_hook(2), Delivery::to_hook(2, &"a".repeat(52), HOOK_SECRET)] {
        assert_eq!(scene.send(&delivery).await.line(), UNAVAILABLE);
    }
    assert_eq!(scene.send(&Delivery::new(2).signed("wrong")).await.status, 401, "needs no database");
    door.open();
    for delivery in [Delivery::new(2), to_hook(2)] {
        let line = until_taken(&scene, &delivery).await;
        assert!(["202 recorded", "200 repeat"].contains(&line.as_str()), "{line}");
    }
    assert_eq!(scene.rows().await, (3, 3));
    scene.end().await;
    database.remove().await;
}

/// 50
#[tokio::test(flavor = "multi_thread")]
async fn a_commit_whose_answer_is_lost_is_no_success_and_the_next_one_finds_it() {
    let database = ScratchDatabase::new().await;
    let door = Door::before(&database.service_address()).await;
    let through = door.through(&database.service_address());
    let scene = Scene::open(&through, patient(), settings()).await;
    assert_eq!(scene.send(&Delivery::new(1)).await.status, 202);
    door.swallow_next_commit();
    assert_eq!(scene.send(&Delivery::new(2)).await.line(), UNAVAILABLE);
    assert_eq!(scene.send(&Delivery::new(2)).await.line(), "200 repeat");
    assert_eq!(scene.rows().await, (2, 2));
    scene.end().await;
    database.remove().await;
}

/// 55: a migration, a backup or a person holds the tables for longer than a sender waits.
#[tokio::test(flavor = "multi_thread")]
async fn tables_that_somebody_else_holds_are_waited_for_and_not_for_ever() {
    let database = ScratchDatabase::new().await;
    let scene = Scene::open(&database.url(), patient(), hurried()).await;
    let mut migration = database.superuser().await;
    run(&mut migration, "begin; lock table deliveries in access exclusive mode").await;
    assert_eq!(scene.send(&Delivery::new(1)).await.line(), UNAVAILABLE);
    run(&mut migration, "commit").await;
    until_taken(&scene, &Delivery::new(1)).await;
    assert_eq!(scene.rows().await, (1, 1));
    scene.end().await;
    database.remove().await;
}

/// 49 and 55 on a file: another process writes, and then does not.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_somebody_else_writes_is_waited_for_and_not_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let scene = Scene::open(&DatabaseUrl::Sqlite(path.clone()), patient(), hurried()).await;
    let mut other = sqlx::SqliteConnection::connect(path.to_str().unwrap()).await.unwrap();
    sqlx::raw_sql("begin immediate").execute(&mut other).await.unwrap();
    assert_eq!(scene.send(&Delivery::new(1)).await.line(), UNAVAILABLE);
    sqlx::raw_sql("rollback").execute(&mut other).await.unwrap();
    until_taken(&scene, &Delivery::new(1)).await;
    assert_eq!(scene.rows().await, (1, 1));
    other.close().await.unwrap();
    scene.end().await;
}

/// 51
#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_said_and_room_is_used_when_there_is_some() {
    let Some(disk) = SmallDisk::mount(16) else {
        not_run("a full disk under the endpoint: mounting a small one takes root");
        return;
    };
    let url = DatabaseUrl::Sqlite(disk.path.join("store.db"));
    let scene = Scene::open(&url, patient(), settings()).await;
    assert_eq!(scene.send(&Delivery::new(0)).await.status, 202);
    disk.fill();
    let long = |n| Delivery::new(n).body(vec![b' '; 1 << 20]);
    let (mut taken, mut n) = (1, 1);
    while scene.send(&long(n)).await.status == 202 {
        (taken, n) = (taken + 1, n + 1);
        assert!(n < 64, "it is full some time");
    }
    assert_eq!(scene.send(&long(n)).await.line(), UNAVAILABLE);
    assert_eq!(scene.rows().await, (taken, taken));
    disk.make_room();
    for next in n..n + 3 {
        assert_eq!(scene.send(&long(next)).await.line(), "202 recorded");
    }
    assert_eq!(scene.rows().await, (taken + 3, taken + 3));
    scene.end().await;
}

/// A file system of a few mebibytes in memory.
pub(crate) struct SmallDisk {
    pub(crate) path: std::path::PathBuf,
    _folder: tempfile::TempDir,
}

impl SmallDisk {
    pub(crate) fn mount(mebibytes: u32) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("disk");
        std::fs::create_dir(&path).unwrap();
        let size = format!("size={mebibytes}m,mode=0777");
        let mounted = std::process::Command::new("mount")
            .args(["-t", "tmpfs", "-o", &size, "tmpfs"])
            .arg(&path)
            .output();
        mounted.is_ok_and(|mounted| mounted.status.success()).then_some(Self { path, _folder: folder })
    }
}

impl SmallDisk {
    /// Takes up all the room that is left.
    pub(crate) fn fill(&self) {
        let mut file = std::fs::File::create(self.path.join("ballast")).unwrap();
        while std::io::Write::write_all(&mut file, &[0; 4096]).is_ok() {}
    }

    /// Gives it back.
    pub(crate) fn make_room(&self) {
        std::fs::remove_file(self.path.join("ballast")).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        _ = std::process::Command::new("umount").arg("--lazy").arg(&self.path).status();
    }
}

/// A tenant that is gone while its hook is still remembered costs its own deliveries, not those in the same group.
#[tokio::test(flavor = "multi_thread")]
async fn one_row_that_cannot_be_written_does_not_fail_the_others() {
    on_each_engine(async |engine, scene| {
        let hook = |n| Delivery::to_hook(n, &scene.key, HOOK_SECRET);
        assert_eq!(scene.send(&hook(1)).await.status, 202);
        scene.store.delete_tenant(scene.tenant.id()).await.unwrap();
        let mut sending = JoinSet::new();
        for n in 0..60 {
            let delivery = if n % 20 == 7 { hook(n + 100) } else { Delivery::new(n + 100) };
            let (to, is_gone) = (scene.address, n % 20 == 7);
            sending.spawn(async move { (is_gone, delivery.send(to).await) });
        }
        for (is_gone, answer) in sending.join_all().await {
            // On a busy machine the hook may have been forgotten by now.
            let wanted: &[u16] = if is_gone { &[503, 401] } else { &[202] };
            assert!(wanted.contains(&answer.status), "{engine}: {} {is_gone}", answer.line());
        }
        assert_eq!(scene.send(&hook(1)).await.line(), "401 signature_refused", "it is looked up anew");
        assert_eq!(scene.rows().await, (57, 57));
        scene.end().await;
    })
    .await;
}

/// 52
#[tokio::test(flavor = "multi_thread")]
async fn a_stop_lets_requests_in_flight_end_and_nobody_in() {
    on_each_engine(async |_, scene| {
        let delivery = Delivery::new(1);
        let bytes = delivery.bytes();
        let mut idle = TcpStream::connect(scene.address).await.unwrap();
        assert_eq!(Delivery::new(2).send_over(&mut idle).await.status, 202);
        let mut half = TcpStream::connect(scene.address).await.unwrap();
        let asking = delivery.clone().set("Expect", "100-continue");
        half.write_all(&asking.head()).await.unwrap();
        let mut go_on = [0; 25];
        tokio::io::AsyncReadExt::read_exact(&mut half, &mut go_on).await.unwrap(); // it is in flight
        scene.stop.cancel();
        assert_eq!(Answer::read(&mut idle, false).await, None, "nothing was going on there");
        half.write_all(&bytes[delivery.head().len()..]).await.unwrap();
        assert_eq!(Answer::read(&mut half, false).await.unwrap().line(), "202 recorded");
        assert_eq!(Answer::read(&mut half, false).await, None);
        while TcpStream::connect(scene.address).await.is_ok() {} // until the socket is closed
        assert_eq!(scene.rows().await, (2, 2));
        scene.end().await;
    })
    .await;
}

/// Notes what could not be run, and why.
#[expect(clippy::disallowed_methods, reason = "the tests are told by scripts/test where to write it down")]
pub(crate) fn not_run(what: &str) {
    use std::io::Write as _;
    println!("not run: {what}");
    if let Some(summary) = std::env::var_os("MUSTER_NOT_RUN") {
        let mut file = std::fs::OpenOptions::new().append(true).create(true).open(summary).unwrap();
        writeln!(file, "{what}").unwrap();
    }
}
