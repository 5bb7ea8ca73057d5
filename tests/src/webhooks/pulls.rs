//! Pull requests, one session each: of a fork, merged, squashed, rebased.

use muster_store::{CommitFilter, RepositoryFilter};
use serde_json::{Value, json};

use super::site::{Site, on_both};
use super::story::Story;

const ALPHA: i64 = 101;

/// A repository with an open issue, and a branch with two commits that are proposed as pull request 2.
async fn proposed(site: &mut Site, branch: &str, is_fork: bool) -> Story {
    site.forge.create(ALPHA, "acme/alpha");
    site.forge.made(ALPHA).commit("Begin");
    site.connect(ALPHA).await;
    site.forge.push(ALPHA);
    site.forge.issue(ALPHA, 1, "opened", &json!({"title": "The door creaks"}));
    let mut story = Story::default();
    story.tell("connected, one push, one issue", site).await;
    let made = site.forge.made(ALPHA);
    made.git(&["checkout", "--quiet", "--detach"]);
    for name in ["hinge", "lock"] {
        made.write(format!("{name}.txt"), name);
        made.commit(&format!("Oil the {name}"));
    }
    let full = if is_fork { format!("refs/forks/{branch}") } else { format!("refs/heads/{branch}") };
    made.git(&["update-ref", &full, "HEAD"]);
    made.git(&["checkout", "--quiet", "trunk"]);
    site.forge.push(ALPHA);
    let mut patch = site.forge.ends(ALPHA, 2, &full, is_fork);
    patch["head"]["ref"] = branch.into();
    patch["title"] = "Oil the door".into();
    patch["body"] = "Fixes #1".into();
    site.forge.pull(ALPHA, 2, "opened", &patch);
    story.tell("two commits are proposed", site).await;
    story
}

fn merged(commit: &str) -> Value {
    let at = "2024-03-01T05:00:00Z";
    json!({"state": "closed", "merged": true, "merged_at": at, "merge_commit_sha": commit})
}

/// The commits of the pull request.
async fn noted(site: &Site, story: &mut Story) {
    let repositories = site.tenant.list_repositories(&RepositoryFilter::default()).await.unwrap().items;
    let commits = site.tenant.pull_request_commits(repositories[0].repository.id, 2).await.unwrap();
    let filter = CommitFilter { with_unreachable: true, ..CommitFilter::default() };
    let all = site.tenant.list_commits(&filter).await.unwrap().items;
    let mut subjects: Vec<&str> = all
        .iter()
        .filter(|row| commits.iter().any(|(id, _)| *id == row.id))
        .map(|row| row.commit.message.lines().next().unwrap_or_default())
        .collect();
    subjects.sort_unstable();
    story.text += &format!("  its commits: {subjects:?}\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fork_is_merged() {
    on_both(async |site| {
        let mut story = proposed(site, "main", true).await;
        noted(site, &mut story).await;
        let made = site.forge.made(ALPHA);
        made.wait();
        let message = "Merge pull request #2 from grace/main";
        made.git(&["merge", "--quiet", "--no-ff", "-m", message, "refs/forks/main"]);
        let merge = made.head();
        site.forge.push(ALPHA);
        site.forge.pull(ALPHA, 2, "closed", &merged(&merge));
        story.tell("merged", site).await;
        noted(site, &mut story).await;
        insta::allow_duplicates! { insta::assert_snapshot!(story.text, @r#"
        connected, one push, one issue
          + alpha commit "Begin", on the default branch
          + alpha heads/trunk
          + alpha issue #1 "The door creaks" open
          + alpha on trunk
        two commits are proposed
          + alpha commit "Oil the hinge", on another branch
          + alpha commit "Oil the lock", on another branch
          + alpha link #2 closes alpha #1
          + alpha pull/2/head
          + alpha pull_request #2 "Oil the door" in_progress
          its commits: ["Oil the hinge", "Oil the lock"]
        merged
          - alpha commit "Oil the hinge", on another branch
          - alpha commit "Oil the lock", on another branch
          - alpha pull_request #2 "Oil the door" in_progress
          + alpha commit "Merge pull request #2 from grace/main", on the default branch
          + alpha commit "Oil the hinge", on the default branch
          + alpha commit "Oil the lock", on the default branch
          + alpha link "Merge pull request #2 from grace/main" pr alpha #2
          + alpha pull_request #2 "Oil the door" done
          its commits: ["Merge pull request #2 from grace/main", "Oil the hinge", "Oil the lock"]
        "#); }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_branch_is_squashed() {
    on_both(async |site| {
        let mut story = proposed(site, "1-door", false).await;
        noted(site, &mut story).await;
        let made = site.forge.made(ALPHA);
        made.git(&["merge", "--quiet", "--squash", "1-door"]);
        let squashed = made.record("Oil the door (#2)\n\nFixes #1");
        made.git(&["branch", "--quiet", "-D", "1-door"]);
        site.forge.push(ALPHA);
        site.forge.pull(ALPHA, 2, "closed", &merged(&squashed));
        story.tell("squashed, and the branch deleted", site).await;
        noted(site, &mut story).await;
        insta::allow_duplicates! { insta::assert_snapshot!(story.text, @r#"
        connected, one push, one issue
          + alpha commit "Begin", on the default branch
          + alpha heads/trunk
          + alpha issue #1 "The door creaks" open
          + alpha on trunk
        two commits are proposed
          + alpha commit "Oil the hinge", on another branch
          + alpha commit "Oil the lock", on another branch
          + alpha heads/1-door
          + alpha link #2 closes alpha #1
          + alpha pull/2/head
          + alpha pull_request #2 "Oil the door" in_progress
          its commits: ["Oil the hinge", "Oil the lock"]
        squashed, and the branch deleted
          - alpha heads/1-door
          - alpha issue #1 "The door creaks" open
          - alpha pull_request #2 "Oil the door" in_progress
          + alpha commit "Oil the door (#2)", on the default branch
          + alpha issue #1 "The door creaks" open, claimed by "Oil the door (#2)"
          + alpha link "Oil the door (#2)" closes alpha #1
          + alpha link "Oil the door (#2)" pr alpha #2
          + alpha pull_request #2 "Oil the door" done
          its commits: ["Oil the door (#2)", "Oil the hinge", "Oil the lock"]
        "#); }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_branch_is_rebased() {
    on_both(async |site| {
        let mut story = proposed(site, "1-door", false).await;
        let made = site.forge.made(ALPHA);
        made.record("Meanwhile");
        made.wait();
        made.git(&["cherry-pick", "trunk..1-door"]);
        let last = made.head();
        site.forge.push(ALPHA);
        site.forge.pull(ALPHA, 2, "closed", &merged(&last));
        story.tell("rebased", site).await;
        noted(site, &mut story).await;
        insta::allow_duplicates! { insta::assert_snapshot!(story.text, @r#"
        connected, one push, one issue
          + alpha commit "Begin", on the default branch
          + alpha heads/trunk
          + alpha issue #1 "The door creaks" open
          + alpha on trunk
        two commits are proposed
          + alpha commit "Oil the hinge", on another branch
          + alpha commit "Oil the lock", on another branch
          + alpha heads/1-door
          + alpha link #2 closes alpha #1
          + alpha pull/2/head
          + alpha pull_request #2 "Oil the door" in_progress
        rebased
          - alpha pull_request #2 "Oil the door" in_progress
          + alpha commit "Meanwhile", on the default branch
          + alpha commit "Oil the hinge", on the default branch
          + alpha commit "Oil the lock", on the default branch
          + alpha pull_request #2 "Oil the door" done
          its commits: ["Oil the hinge", "Oil the lock", "Oil the lock"]
        "#); }
    })
    .await;
}
