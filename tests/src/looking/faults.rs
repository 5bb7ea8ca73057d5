//! Looks that are cut off, and mirrors that are damaged.

use std::time::Duration;

use muster_engine::{LookEnd, LookOptions};

use super::moving::assert_same_as_one_look;
use super::{Home, Remote, options};

/// A remote with a history that takes several steps.
fn long() -> Remote {
    let remote = Remote::new();
    let made = &remote.made;
    let mut stream = String::from("reset refs/heads/trunk\nfrom refs/heads/trunk^0\n\n");
    for n in 0..900 {
        stream += &format!(
            "commit refs/heads/trunk\ncommitter A <a@example.org> {} +0000\ndata 6\n{n:06}\nM 100644 inline f{}\ndata 6\n{n:06}\n\n",
            1_700_100_000 + n,
            n % 50
        );
    }
    made.git_bytes(&made.root, &["fast-import", "--quiet", "--force"], stream.as_bytes());
    remote
}

#[tokio::test]
async fn a_look_that_runs_out_of_time_goes_on_where_it_stopped() {
    for looked_before in [false, true] {
        let (home, remote) = (Home::sqlite().await, long());
        if looked_before {
            remote.made.git(&[
                "push",
                "--quiet",
                remote.git_dir.to_str().unwrap(),
                "trunk~900:refs/heads/trunk",
            ]);
            home.look(&remote).await;
        }
        remote.push();
        let short = LookOptions { budget: Duration::ZERO, ..options() };
        let first = home.run(&remote, None, short).await.unwrap();
        assert_eq!((first.end, first.new_commits), (LookEnd::Unfinished, 0));
        let projects = home.tenant.list_projects(&Default::default()).await.unwrap().items.len();
        assert_eq!(
            projects,
            usize::from(looked_before),
            "a long history comes behind the projects, a short one with them"
        );
        home.look(&remote).await;
        assert_same_as_one_look(&home, &remote).await;
    }
}

#[tokio::test]
async fn a_mirror_without_its_objects_is_said_to_be_damaged() {
    let (home, remote) = (Home::sqlite().await, Remote::new());
    home.look(&remote).await;
    remote.made.record("More");
    remote.push();
    let packs = remote.git_dir.join("objects");
    for entry in std::fs::read_dir(&packs).unwrap().flatten() {
        if entry.file_name().len() == 2 {
            std::fs::remove_dir_all(entry.path()).unwrap();
        }
    }
    let before = home.present().await;
    let error = home.run(&remote, None, options()).await.unwrap_err();
    assert!(error.blames_the_mirror(), "{error}");
    assert_eq!(home.present().await, before);
}
