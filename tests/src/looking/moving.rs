//! Refs that are made, moved, rewritten and removed, one look after each.

use insta::assert_snapshot;
use muster_store::CommitFilter;

use super::{Home, Remote};

#[tokio::test]
async fn branches_tags_merges_and_what_is_dropped() {
    let (home, remote) = (Home::sqlite().await, Remote::new());
    let made = &remote.made;
    home.look(&remote).await;
    assert_snapshot!(home.listed().await, @"*Begin");
    assert_snapshot!(home.refs().await, @"heads/trunk");

    // A new branch; an annotated tag on it, one on a file, a light one on what is known.
    made.git(&["checkout", "--quiet", "-b", "feature"]);
    made.record("Work");
    made.git(&["tag", "-a", "v1", "-m", "one"]);
    made.git(&["tag", "-a", "file", "-m", "a file", "HEAD:TASKLIST.md"]);
    made.git(&["tag", "old", "trunk"]);
    remote.push();
    let looked = home.look(&remote).await;
    assert_eq!((looked.new_commits, looked.scan), (1, None), "the default branch has not moved");
    assert_snapshot!(home.listed().await, @"Work *Begin");
    assert_snapshot!(home.refs().await, @"heads/feature heads/trunk tags/old tags/v1");

    // A merge of what is known.
    made.git(&["checkout", "--quiet", "trunk"]);
    made.record("Meanwhile");
    made.wait();
    made.git(&["merge", "--quiet", "--no-ff", "-m", "Merge", "feature"]);
    remote.push();
    assert_eq!(home.look(&remote).await.new_commits, 2);
    assert_snapshot!(home.listed().await, @"*Merge *Meanwhile *Work *Begin");

    // The merged branch goes: nothing is dropped. Then the merge is rewritten away, but the tag keeps the work.
    made.git(&["branch", "--quiet", "-D", "feature"]);
    remote.push();
    home.look(&remote).await;
    assert_snapshot!(home.listed().await, @"*Merge *Meanwhile *Work *Begin");
    made.git(&["reset", "--quiet", "--hard", "HEAD~1"]);
    made.record("Otherwise");
    remote.push();
    home.look(&remote).await;
    assert_snapshot!(home.listed().await, @"*Otherwise *Meanwhile Work *Begin");
    assert_snapshot!(home.refs().await, @"heads/trunk tags/old tags/v1");

    // Without the tag it is gone; and it comes back with it, as it was.
    made.git(&["tag", "-d", "v1"]);
    remote.push();
    home.look(&remote).await;
    assert_snapshot!(home.listed().await, @"*Otherwise *Meanwhile *Begin");
    let all = CommitFilter { with_unreachable: true, ..CommitFilter::default() };
    let dropped = home.tenant.list_commits(&all).await.unwrap().items;
    let work = dropped.into_iter().find(|row| row.commit.message.starts_with("Work")).unwrap();
    assert_eq!((work.on_default_since, work.unreachable_since), (None, Some(super::NOW)));
    made.git(&["branch", "again", &work.commit.id.to_string()]);
    remote.push();
    let looked = home.look(&remote).await;
    assert_eq!(looked.new_commits, 0);
    assert_snapshot!(home.listed().await, @"*Otherwise *Meanwhile Work *Begin");
    assert_same_as_one_look(&home, &remote).await;
}

/// One look at the present refs from nothing leaves the same.
pub(super) async fn assert_same_as_one_look(home: &Home, remote: &Remote) {
    let fresh = Home::sqlite().await;
    fresh.look(remote).await;
    let (fresh, found) = (fresh.present().await, home.present().await);
    crate::incremental::assert_same_text(&fresh, &found, "the rows are not those of one look");
}

#[tokio::test]
async fn a_closing_commit_is_on_the_default_branch_once_and_not_after_it_was_rewritten_away() {
    let (home, remote) = (Home::sqlite().await, Remote::new());
    let made = &remote.made;
    made.git(&["checkout", "--quiet", "-b", "feature"]);
    let closing = made.record("Fix\n\nFixes #1");
    remote.push();
    home.look(&remote).await;
    let since = async || {
        let filter = CommitFilter { with_unreachable: true, ..Default::default() };
        let rows = home.tenant.list_commits(&filter).await.unwrap().items;
        let row = rows.into_iter().find(|row| row.commit.id.to_string() == closing).unwrap();
        assert_eq!(row.references[0].target, "#1");
        (row.on_default_since.is_some(), row.unreachable_since.is_some())
    };
    assert_eq!(since().await, (false, false));
    made.git(&["checkout", "--quiet", "trunk"]);
    made.git(&["merge", "--quiet", "--ff-only", "feature"]);
    made.git(&["branch", "--quiet", "-D", "feature"]);
    remote.push();
    home.look(&remote).await;
    assert_eq!(since().await, (true, false));
    assert!(!home.look(&remote).await.changed, "nothing is told twice");
    made.git(&["reset", "--quiet", "--hard", "HEAD~1"]);
    remote.push();
    home.look(&remote).await;
    assert_eq!(since().await, (false, true));
    assert_same_as_one_look(&home, &remote).await;
}

#[tokio::test]
async fn another_default_branch_is_another_state() {
    let (home, remote) = (Home::sqlite().await, Remote::new());
    let made = &remote.made;
    made.git(&["checkout", "--quiet", "-b", "next"]);
    made.write("TASKLIST.md", "- [x] KEY-1 one\n- [ ] KEY-3 three\n");
    made.commit("Next");
    made.git(&["checkout", "--quiet", "trunk"]);
    made.record("Last");
    remote.push();
    home.look(&remote).await;
    assert_snapshot!(home.listed().await, @"*Last Next *Begin");
    remote.default("next");
    let looked = home.look(&remote).await;
    assert!(looked.changed && looked.scan.is_some());
    assert_snapshot!(home.listed().await, @"Last *Next *Begin");
    assert_same_as_one_look(&home, &remote).await;
    // A default branch that is not there: nothing is the present state.
    remote.default("gone");
    home.look(&remote).await;
    assert_snapshot!(home.listed().await, @"Last Next Begin");
    assert_same_as_one_look(&home, &remote).await;
    remote.default("trunk");
    home.look(&remote).await;
    assert_snapshot!(home.listed().await, @"*Last Next *Begin");
    assert_same_as_one_look(&home, &remote).await;
}

#[tokio::test]
async fn an_empty_remote_fills_and_empties() {
    let (home, remote) = (Home::sqlite().await, Remote::empty());
    home.look(&remote).await;
    assert_eq!((home.listed().await, home.refs().await), Default::default());
    remote.made.record("Begin");
    remote.push();
    home.look(&remote).await;
    assert_snapshot!(home.listed().await, @"*Begin");
    remote.git(&["update-ref", "-d", "refs/heads/trunk"]);
    home.look(&remote).await;
    assert_eq!((home.listed().await, home.refs().await), Default::default());
    remote.push();
    home.look(&remote).await;
    assert_snapshot!(home.listed().await, @"*Begin");
    assert_same_as_one_look(&home, &remote).await;
}

#[tokio::test]
async fn a_thousand_commits_at_once_and_one_more() {
    let (home, remote) = (Home::sqlite().await, Remote::new());
    let made = &remote.made;
    home.look(&remote).await;
    let mut stream = String::from("reset refs/heads/many\nfrom refs/heads/trunk\n\n");
    for n in 0..3000 {
        let when = 1_700_100_000 + n;
        stream += &format!(
            "commit refs/heads/many\ncommitter A <a@example.org> {when} +0000\ndata 6\n{n:06}\nM 100644 inline f{}\ndata 6\n{n:06}\n\n",
            n % 50
        );
    }
    made.git_bytes(&made.root, &["fast-import", "--quiet"], stream.as_bytes());
    made.git(&["checkout", "--quiet", "trunk"]);
    made.git(&["merge", "--quiet", "--ff-only", "many"]);
    remote.push();
    assert_eq!(home.look(&remote).await.new_commits, 3000);
    let counts = async || {
        let commits = home.tenant.list_repositories(&Default::default()).await.unwrap().items[0].commits;
        let mut on_default = 0;
        let mut filter = CommitFilter::default();
        loop {
            let page = home.tenant.list_commits(&filter).await.unwrap();
            on_default += page.items.iter().filter(|row| row.on_default_since.is_some()).count();
            filter.after = page.next;
            if filter.after.is_none() {
                break (commits, on_default);
            }
        }
    };
    assert_eq!(counts().await, (3001, 3001));
    // More than one transaction marks.
    made.git(&["reset", "--quiet", "--hard", "HEAD~2990"]);
    made.git(&["branch", "--quiet", "-D", "many"]);
    remote.push();
    home.look(&remote).await;
    assert_eq!(counts().await, (11, 11));
}
