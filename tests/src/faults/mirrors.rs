//! Mirrors that are spoilt between two fetches, in many ways: the next push makes them anew, and nobody notices.

use std::fs;
use std::path::{Path, PathBuf};

use super::home::{Engine, Home};
use super::process::Start;
use super::remotes::Remotes;

/// A way to spoil a mirror.
type Damage = (&'static str, fn(&Path));

const DAMAGES: [Damage; 11] = [
    ("every blob of the packs is zero", |mirror| {
        for pack in packs(mirror, "pack") {
            let mut bytes = fs::read(&pack).unwrap();
            let end = bytes.len() - 20;
            bytes[12..end].fill(0);
            write(&pack, &bytes);
        }
    }),
    ("the packs are cut off", |mirror| {
        for pack in packs(mirror, "pack") {
            let bytes = fs::read(&pack).unwrap();
            write(&pack, &bytes[..bytes.len() / 2]);
        }
    }),
    ("the packs are gone, their indexes are not", |mirror| remove_all(&packs(mirror, "pack"))),
    ("the indexes are gone, their packs are not", |mirror| remove_all(&packs(mirror, "idx"))),
    ("the indexes are garbage", |mirror| {
        packs(mirror, "idx").iter().for_each(|index| write(index, b"garbage"));
    }),
    ("the objects are gone", |mirror| fs::remove_dir_all(mirror.join("objects")).unwrap()),
    ("HEAD is garbage", |mirror| write(&mirror.join("HEAD"), b"\0garbage\n")),
    ("the configuration is garbage", |mirror| {
        write(&mirror.join("config"), b"[core\nrepositoryformatversion = 99");
    }),
    ("the refs are garbage", |mirror| {
        write(&mirror.join("packed-refs"), b"nothing of a ref\n");
        fs::create_dir_all(mirror.join("refs/heads")).unwrap();
        write(&mirror.join("refs/heads/trunk"), b"not an id\n");
    }),
    ("its mark is garbage", |mirror| write(&mirror.join("muster-mirror.json"), b"{")),
    ("it is a file", |mirror| {
        fs::remove_dir_all(mirror).unwrap();
        write(mirror, b"a file");
    }),
];

fn packs(mirror: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(mirror.join("objects/pack")).unwrap().flatten().map(|entry| entry.path());
    entries.filter(|path| path.extension().is_some_and(|found| found == extension)).collect()
}

/// Writes a file that may be read-only.
fn write(path: &Path, bytes: &[u8]) {
    _ = fs::remove_file(path);
    fs::write(path, bytes).unwrap();
}

fn remove_all(paths: &[PathBuf]) {
    assert!(!paths.is_empty());
    paths.iter().for_each(|path| fs::remove_file(path).unwrap());
}

/// The one mirror of a cache.
fn mirror(cache: &Path) -> PathBuf {
    let hosts = fs::read_dir(cache.join("mirrors")).unwrap().flatten().map(|entry| entry.path());
    let entries = hosts.filter(|host| host.is_dir()).flat_map(|host| fs::read_dir(host).unwrap().flatten());
    let mut mirrors =
        entries.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|end| end == "git"));
    mirrors.next().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_spoilt_mirror_is_made_anew() {
    let remotes = Remotes::new(1);
    let home = Home::new(Engine::Sqlite, &remotes).await;
    let serve = Start { lease: 30, ..Start::new(&home, &remotes) }.serve(&[]);
    let mut told = Vec::new();
    for (n, damage) in (1..).zip([None].into_iter().chain(DAMAGES.iter().map(Some))) {
        if let Some((_, spoil)) = damage {
            spoil(&mirror(&home.cache()));
        }
        let said = remotes.push(0, n);
        home.delivery(&said).taken(serve.address()).await;
        home.settled().await;
        let looks = muster_store::JobFilter { kind: Some("look".to_owned()), limit: 1, ..Default::default() };
        let job = home.queue.list_jobs(&looks).await.unwrap().items.remove(0);
        let name = damage.map_or("nothing is spoilt", |(name, _)| name);
        let errors = job.errors.iter().map(|error| error.message.as_str()).collect::<Vec<_>>().join("; ");
        told.push(format!("{name}: {:?} {errors}", job.state));
        let rows = home.rows().await;
        assert!(rows.contains(&format!("KEY-{n}: change {n}")), "{name}: it shows");
        remotes.wire.git(&mirror(&home.cache()), &["fsck", "--strict"]);
    }
    println!("{}", told.join("\n"));
    assert!(told.iter().all(|line| line.ends_with(": Done ")), "without an error: {told:#?}");
    serve.stop().await;
    home.remove().await;
}
