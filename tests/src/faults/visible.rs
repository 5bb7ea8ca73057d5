//! A push of one commit, from being received to being visible: the delivery, the fetch from a remote of this machine, the rescan,
//! the tables.
//!
//! `benches/visible` pushes 200 times to a repository of 5,000 files (`pushes=200 files=5000`); here, where no time is asserted,
//! it is seen that each push shows by itself and says when it was received.

use std::fs;
use std::time::{Duration, Instant};

use muster_store::{ChangeKind, ChangeRecord};

use super::home::{Engine, Home};
use super::process::Start;
use super::remotes::{Remotes, Said};
use super::told;

/// Pushes and files of a run that is told no number.
const USUAL: (u64, u64) = (3, 50);
const LOOK_AGAIN: Duration = Duration::from_millis(2);

/// Files in folders of a hundred, one in ten of them with a task.
fn fill(remotes: &Remotes, files: u64) {
    for n in 0..files {
        let folder = remotes.work(0).join(format!("src/d{}", n / 100));
        fs::create_dir_all(&folder).unwrap();
        let task = if n % 10 == 0 { format!("// TODO: look at {n}\n") } else { String::new() };
        let lines: String = (0..40).map(|line| format!("pub fn f{n}_{line}() {{}}\n")).collect();
        fs::write(folder.join(format!("f{n}.rs")), task + &lines).unwrap();
    }
}

/// Delivers a push and waits until it shows; gives the change and what whoever sent it waited.
async fn shown(home: &Home, said: &Said, to: std::net::SocketAddr) -> (ChangeRecord, Duration) {
    let before = home.tenant.change_seq().await.unwrap();
    let sent = Instant::now();
    home.delivery(said).taken(to).await;
    loop {
        let changes = home.tenant.list_changes(before, 100).await.unwrap().changes;
        if let Some(change) = changes.into_iter().find(|change| change.kind == ChangeKind::Repository) {
            return (change, sent.elapsed());
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

async fn pushed(engine: Engine) {
    let (pushes, files) = (told("pushes").unwrap_or(USUAL.0), told("files").unwrap_or(USUAL.1));
    let remotes = Remotes::new(1);
    fill(&remotes, files);
    let home = Home::new(engine, &remotes).await;
    let serve = Start { lease: 60, ..Start::new(&home, &remotes) }.serve(&[]);
    let to = serve.address();
    let (_, first) = shown(&home, &remotes.push(0, 1), to).await;
    home.settled().await;
    let (mut received, mut waited) = (Vec::new(), Vec::new());
    for n in 0..pushes {
        let (change, wait) = shown(&home, &remotes.push(0, 100 + 4 * n as usize), to).await;
        let at = change.received_at.expect("a push was received at some time");
        received.push(change.visible_at.0 - at.0);
        waited.push(wait.as_millis() as i64);
        home.settled().await;
    }
    for times in [&mut received, &mut waited] {
        times.sort_unstable();
    }
    let of = |times: &[i64], percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)];
    println!(
        "{engine:?}: {pushes} pushes of one commit to {files} files, received to visible p50 {} ms, p95 {} ms, longest {} ms; as \
         whoever sent it sees it p50 {} ms, p95 {} ms; the first look at all of it {} ms",
        of(&received, 50),
        of(&received, 95),
        of(&received, 100),
        of(&waited, 50),
        of(&waited, 95),
        first.as_millis(),
    );
    serve.stop().await;
    home.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_each_push_shows() {
    pushed(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_each_push_shows() {
    pushed(Engine::Postgres).await;
}
