//! Measures looks at a repository of 5,000 files and 25,000 commits: the first one, one at nothing new, one at a push of one
//! commit, and those after which something is dropped. Run by `benches/look`, which makes the repository.
//!
//! Arguments: the bare repository, then a branch for each look, in order; every one is put in place of `main` first.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement: a panic is the message")]

use std::path::Path;
use std::process::Command;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use muster_engine::{LookEnd, LookOptions, MirrorAt, Silent, look};
use muster_store::{Actor, Connection, DatabaseUrl, NewTenant, RepositoryId, Store, Tenant, Timestamp};

const NOW: Timestamp = Timestamp(1_700_000_000_000);
static NEVER: AtomicBool = AtomicBool::new(false);

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, git_dir, steps @ ..] = &arguments[..] else { panic!("usage: look DATABASE REPOSITORY STEP..") };
    let store = Store::open(&url.parse::<DatabaseUrl>().unwrap()).await.unwrap();
    let new = NewTenant { subdomain: format!("bench-{}", std::process::id()), ..NewTenant::default() };
    let tenant = store.create_tenant(&new, NOW).await.unwrap();
    let address = "https://example.org/owner/name";
    let connection = Connection { clone_url: Some(address), ..Connection::default() };
    let actor = Actor::command_line(None);
    let repository = tenant.connect_repository(&connection, NOW, &actor).await.unwrap().id;
    println!("| look | new commits | rescan ms | whole ms |\n| --- | ---: | ---: | ---: |");
    for step in steps {
        let (name, arguments) = step.split_once('=').unwrap();
        if !arguments.is_empty() {
            git(git_dir, &arguments.split(' ').collect::<Vec<_>>());
        }
        measure(&tenant, repository, Path::new(git_dir), name).await;
    }
}

fn git(git_dir: &str, arguments: &[&str]) {
    let done = Command::new("git").arg("-C").arg(git_dir).args(arguments).status().unwrap();
    assert!(done.success());
}

async fn measure(tenant: &Tenant, repository: RepositoryId, git_dir: &Path, name: &str) {
    let options = LookOptions {
        user_rules: None,
        threads: 2,
        budget: Duration::from_secs(3600),
        accepts_damage: false,
        progress: &Silent,
        cancelled: &NEVER,
        clock: || NOW,
    };
    let begun = Instant::now();
    let mirror = MirrorAt { git_dir, head_branch: Some("main") };
    let looked = look(tenant, repository, mirror, NOW, None, options).await.unwrap();
    assert_eq!(looked.end, LookEnd::Settled { by_lease: false });
    let scan = looked.scan.map_or("".to_owned(), |time| format!("{:.0}", time.as_secs_f64() * 1000.0));
    let whole = begun.elapsed().as_secs_f64() * 1000.0;
    println!("| {name} | {} | {scan} | {whole:.0} |", looked.new_commits);
}
