//! A program that is killed while it writes leaves whole batches, and the next one completes what is missing.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use muster_store::{CommitFilter, CommitRow, DatabaseUrl, HistoryProgress, Standing, Store};

use crate::examples::{NOW, commit, first_change, settle_line, tenant};

const BATCH: u32 = 50;
const COMMITS: u32 = 2000;
const ARGUMENT: &str = "database=";

fn rows(first: u32) -> Vec<CommitRow> {
    (first..first + BATCH).map(|n| commit(n, &["a/x", "b/y", &format!("c/{n}")])).collect()
}

/// The child: appends for as long as it lives, when it is given a database; a test of nothing otherwise.
#[tokio::test]
async fn child_appends_until_it_is_killed() {
    let Some(path) = std::env::args().find_map(|argument| argument.strip_prefix(ARGUMENT).map(PathBuf::from))
    else {
        return;
    };
    let store = Store::open(&DatabaseUrl::Sqlite(path)).await.unwrap();
    let tenant = tenant(&store).await;
    let applied = tenant.apply_state(&first_change("k"), NOW).await.unwrap();
    for first in (0..COMMITS).step_by(BATCH as usize) {
        tenant.append_commits(applied.repository, &rows(first), Standing::default()).await.unwrap();
        println!("\nappended {first}");
    }
}

#[tokio::test]
async fn killed_while_appending() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "killed::child_appends_until_it_is_killed", "--nocapture"])
        .arg(format!("{ARGUMENT}{}", path.display()))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let appended = lines.map_while(Result::ok).filter(|line| line.starts_with("appended")).take(3).count();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(appended, 3);

    let store = Store::open(&DatabaseUrl::Sqlite(path)).await.unwrap();
    let tenant = tenant(&store).await;
    let listing = tenant.list_repositories(&Default::default()).await.unwrap().items.remove(0);
    let repository = listing.repository.id;
    assert!(
        listing.commits >= u64::from(3 * BATCH) && listing.commits % u64::from(BATCH) == 0,
        "whole batches"
    );
    assert_eq!(listing.repository.history, HistoryProgress::Partial);
    for first in (0..COMMITS).step_by(BATCH as usize) {
        tenant.append_commits(repository, &rows(first), Standing::default()).await.unwrap();
    }
    settle_line(&tenant, repository, "HEAD", Some(COMMITS - 1), true).await.unwrap();
    let listing = tenant.list_repositories(&Default::default()).await.unwrap().items.remove(0);
    assert_eq!(
        (listing.commits, listing.repository.history),
        (u64::from(COMMITS), HistoryProgress::Complete)
    );
    let mut filter = CommitFilter { limit: 777, ..CommitFilter::default() };
    let mut n = COMMITS;
    loop {
        let page = tenant.list_commits(&filter).await.unwrap();
        for record in page.items {
            n -= 1;
            assert_eq!(record.commit, commit(n, &["a/x", "b/y", &format!("c/{n}")]).commit);
        }
        filter.after = page.next;
        if filter.after.is_none() {
            break;
        }
    }
    assert_eq!(n, 0);
}
