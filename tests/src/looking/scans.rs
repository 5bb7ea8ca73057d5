//! The program's scan and a look leave the same rows, as far as both see the repository.

use std::process::Command;

use muster_store::{DatabaseUrl, Store, Timestamp};

use super::{Home, Kept, Remote, connect, present};
use crate::incremental::assert_same_text;

/// The rows that a scan of the bare repository leaves, and those of a look under the same name.
async fn both(remote: &Remote, times: usize, between: impl Fn(usize)) -> [String; 2] {
    let folder = tempfile::tempdir().unwrap();
    let scanned = folder.path().join("scanned.db");
    let key = remote.git_dir.to_str().unwrap();
    let store = Store::open(&DatabaseUrl::Sqlite(folder.path().join("looked.db"))).await.unwrap();
    let tenant = store.tenant_by_name_or_create_default("default", Timestamp(0)).await.unwrap().unwrap();
    let repository = connect(&tenant, key, "remote").await;
    let home = Home { store, tenant, repository, kept: Kept::File(tempfile::tempdir().unwrap()) };
    for time in 0..times {
        between(time);
        let mut scan = Command::new(crate::program::muster());
        scan.args(["scan", key, "--format", "json", "--database"]).arg(&scanned);
        let output = scan.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        home.look(remote).await;
    }
    let store = Store::open(&DatabaseUrl::Sqlite(scanned)).await.unwrap();
    let tenant = store.tenant_by_name_or_create_default("default", Timestamp(0)).await.unwrap().unwrap();
    let id = tenant.find_repository_by_source_key(key).await.unwrap().unwrap().id;
    [present(&tenant, id).await, home.present().await]
}

#[tokio::test]
async fn a_scan_of_a_bare_repository_leaves_the_rows_of_a_look() {
    let remote = Remote::new();
    let made = &remote.made;
    let [scanned, looked] = both(&remote, 4, |time| {
        match time {
            1 => {
                made.write("TASKLIST.md", "- [x] KEY-1 one\n- [ ] KEY-2 two\n");
                made.commit("Fixes #1, KEY-1");
            }
            2 => {
                made.git(&["reset", "--quiet", "--hard", "HEAD~1"]);
                made.write("sub/package.json", "{\"name\": \"sub\"}");
                made.commit("Rewritten");
            }
            3 => {
                made.git(&["checkout", "--quiet", "-b", "side"]);
                made.record("Aside");
                made.git(&["checkout", "--quiet", "trunk"]);
                made.wait();
                made.git(&["merge", "--quiet", "--no-ff", "-m", "Merge", "side"]);
                made.git(&["branch", "--quiet", "-D", "side"]);
            }
            _ => {}
        }
        remote.push();
    })
    .await;
    assert_same_text(&looked, &scanned, "the scan leaves other rows");
}

#[tokio::test]
async fn of_several_branches_a_scan_sees_the_default_one() {
    let remote = Remote::new();
    let made = &remote.made;
    made.git(&["checkout", "--quiet", "-b", "side"]);
    made.record("Aside");
    made.git(&["checkout", "--quiet", "trunk"]);
    made.record("Straight on");
    remote.push();
    let [scanned, looked] = both(&remote, 1, |_| {}).await;
    let seen = |line: &&str| !line.starts_with("refs/heads/side") && !line.ends_with("default: false");
    let looked: Vec<&str> = looked.lines().filter(seen).collect();
    assert_same_text(&looked.join("\n"), &scanned, "the scan leaves other rows");
}
