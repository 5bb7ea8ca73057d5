//! Pushes and what they close, one session each, with the service as a process.

use serde_json::json;

use super::site::{Site, on_both};
use super::story::Story;

const ALPHA: i64 = 101;

/// A repository with a hook of its own, one commit on its default branch, an open issue, and all of it shown.
async fn begin(site: &mut Site) -> Story {
    site.forge.create(ALPHA, "acme/alpha");
    let made = site.forge.made(ALPHA);
    made.write("TASKLIST.md", "- [ ] T1: Sell\n");
    made.commit("Begin");
    site.connect(ALPHA).await;
    site.forge.push(ALPHA);
    site.forge.issue(ALPHA, 1, "opened", &json!({"title": "The door creaks"}));
    let mut story = Story::default();
    story.tell("connected, one push, one issue", site).await;
    story
}

#[tokio::test(flavor = "multi_thread")]
async fn a_push_that_closes_an_issue_claims_it() {
    on_both(async |site| {
        let mut story = begin(site).await;
        site.forge.made(ALPHA).record("Oil the door\n\nFixes #1, closes T1");
        site.forge.push(ALPHA);
        story.tell("pushed: Fixes #1, closes T1", site).await;
        site.forge.issue(ALPHA, 1, "closed", &json!({"state": "closed", "state_reason": "completed"}));
        story.tell("the issue is closed", site).await;
        insta::allow_duplicates! { insta::assert_snapshot!(story.text, @r#"
        connected, one push, one issue
          + alpha checkbox T1 "Sell" open
          + alpha commit "Begin", on the default branch
          + alpha heads/trunk
          + alpha issue #1 "The door creaks" open
          + alpha on trunk
        pushed: Fixes #1, closes T1
          - alpha checkbox T1 "Sell" open
          - alpha issue #1 "The door creaks" open
          + alpha checkbox T1 "Sell" open, claimed by "Oil the door"
          + alpha commit "Oil the door", on the default branch
          + alpha issue #1 "The door creaks" open, claimed by "Oil the door"
          + alpha link "Oil the door" closes alpha #1
          + alpha link "Oil the door" closes alpha T1
        the issue is closed
          - alpha issue #1 "The door creaks" open, claimed by "Oil the door"
          + alpha issue #1 "The door creaks" done
        "#); }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feature_branch_fires_once_when_it_comes_onto_the_default_branch() {
    on_both(async |site| {
        let mut story = begin(site).await;
        let made = site.forge.made(ALPHA);
        made.git(&["checkout", "--quiet", "-b", "feature"]);
        made.record("Oil the door\n\nFixes #1");
        site.forge.push(ALPHA);
        story.tell("pushed to a feature branch: Fixes #1", site).await;
        let made = site.forge.made(ALPHA);
        made.git(&["checkout", "--quiet", "trunk"]);
        made.git(&["merge", "--quiet", "--ff-only", "feature"]);
        site.forge.push(ALPHA);
        story.tell("fast-forwarded", site).await;
        site.forge.made(ALPHA).git(&["branch", "--quiet", "-d", "feature"]);
        site.forge.push(ALPHA);
        story.tell("the feature branch is deleted", site).await;
        insta::allow_duplicates! { insta::assert_snapshot!(story.text, @r#"
        connected, one push, one issue
          + alpha checkbox T1 "Sell" open
          + alpha commit "Begin", on the default branch
          + alpha heads/trunk
          + alpha issue #1 "The door creaks" open
          + alpha on trunk
        pushed to a feature branch: Fixes #1
          + alpha commit "Oil the door", on another branch
          + alpha heads/feature
          + alpha link "Oil the door" closes alpha #1
        fast-forwarded
          - alpha commit "Oil the door", on another branch
          - alpha issue #1 "The door creaks" open
          + alpha commit "Oil the door", on the default branch
          + alpha issue #1 "The door creaks" open, claimed by "Oil the door"
        the feature branch is deleted
          - alpha heads/feature
        "#); }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_forced_away_claims_nothing_any_more() {
    on_both(async |site| {
        let mut story = begin(site).await;
        let fix = site.forge.made(ALPHA).record("Oil the door\n\nFixes #1");
        site.forge.push(ALPHA);
        story.tell("pushed: Fixes #1", site).await;
        let made = site.forge.made(ALPHA);
        made.git(&["reset", "--quiet", "--hard", "HEAD~1"]);
        made.record("Something else");
        site.forge.push(ALPHA);
        story.tell("forced away", site).await;
        site.forge.made(ALPHA).git(&["branch", "rescue", &fix]);
        site.forge.push(ALPHA);
        story.tell("found again on another branch", site).await;
        site.forge.made(ALPHA).git(&["branch", "--quiet", "-D", "rescue"]);
        site.forge.push(ALPHA);
        story.tell("which is deleted", site).await;
        insta::allow_duplicates! { insta::assert_snapshot!(story.text, @r#"
        connected, one push, one issue
          + alpha checkbox T1 "Sell" open
          + alpha commit "Begin", on the default branch
          + alpha heads/trunk
          + alpha issue #1 "The door creaks" open
          + alpha on trunk
        pushed: Fixes #1
          - alpha issue #1 "The door creaks" open
          + alpha commit "Oil the door", on the default branch
          + alpha issue #1 "The door creaks" open, claimed by "Oil the door"
          + alpha link "Oil the door" closes alpha #1
        forced away
          - alpha commit "Oil the door", on the default branch
          - alpha issue #1 "The door creaks" open, claimed by "Oil the door"
          + alpha commit "Oil the door", dropped
          + alpha commit "Something else", on the default branch
          + alpha issue #1 "The door creaks" open
        found again on another branch
          - alpha commit "Oil the door", dropped
          + alpha commit "Oil the door", on another branch
          + alpha heads/rescue
        which is deleted
          - alpha commit "Oil the door", on another branch
          - alpha heads/rescue
          + alpha commit "Oil the door", dropped
        "#); }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tags_and_branches_without_commits() {
    on_both(async |site| {
        let mut story = begin(site).await;
        let made = site.forge.made(ALPHA);
        made.git(&["branch", "empty"]);
        made.git(&["tag", "-a", "v1", "-m", "the first"]);
        site.forge.push(ALPHA);
        story.tell("a branch with no commit of its own, and a tag", site).await;
        let made = site.forge.made(ALPHA);
        made.git(&["checkout", "--quiet", "--detach"]);
        made.record("Only tagged");
        made.git(&["tag", "light"]);
        site.forge.push(ALPHA);
        story.tell("a tag on a commit that no branch has", site).await;
        site.forge.made(ALPHA).git(&["tag", "-d", "light", "v1"]);
        site.forge.push(ALPHA);
        story.tell("both tags are deleted", site).await;
        insta::allow_duplicates! { insta::assert_snapshot!(story.text, @r#"
        connected, one push, one issue
          + alpha checkbox T1 "Sell" open
          + alpha commit "Begin", on the default branch
          + alpha heads/trunk
          + alpha issue #1 "The door creaks" open
          + alpha on trunk
        a branch with no commit of its own, and a tag
          + alpha heads/empty
          + alpha tags/v1
        a tag on a commit that no branch has
          + alpha commit "Only tagged", on another branch
          + alpha tags/light
        both tags are deleted
          - alpha commit "Only tagged", on another branch
          - alpha tags/light
          - alpha tags/v1
          + alpha commit "Only tagged", dropped
        "#); }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn issues_are_deleted_and_transferred() {
    on_both(async |site| {
        let mut story = begin(site).await;
        site.forge.create(202, "acme/beta");
        site.forge.made(ALPHA).record("Oil the door\n\nFixes #1, see #2");
        site.forge.push(ALPHA);
        site.forge.issue(ALPHA, 2, "opened", &json!({"title": "Spam"}));
        story.tell("pushed: Fixes #1, see #2", site).await;
        site.forge.issue(ALPHA, 2, "deleted", &json!({}));
        site.forge.transfer(ALPHA, 1, 202);
        story.tell("one deleted, one transferred", site).await;
        site.forge.issue(ALPHA, 1, "edited", &json!({"title": "Late"}));
        // Told by the forge before it was gone, however late it comes.
        site.forge.sent[0].body["issue"]["updated_at"] = "2024-03-01T00:00:01Z".into();
        story.tell("an edit from before that comes late", site).await;
        insta::allow_duplicates! { insta::assert_snapshot!(story.text, @r#"
        connected, one push, one issue
          + alpha checkbox T1 "Sell" open
          + alpha commit "Begin", on the default branch
          + alpha heads/trunk
          + alpha issue #1 "The door creaks" open
          + alpha on trunk
        pushed: Fixes #1, see #2
          - alpha issue #1 "The door creaks" open
          + alpha commit "Oil the door", on the default branch
          + alpha issue #1 "The door creaks" open, claimed by "Oil the door"
          + alpha issue #2 "Spam" open
          + alpha link "Oil the door" closes alpha #1
          + alpha link "Oil the door" mentions alpha #2
        one deleted, one transferred
          - alpha issue #1 "The door creaks" open, claimed by "Oil the door"
          - alpha issue #2 "Spam" open
          + alpha issue #1 "The door creaks" open, gone
          + alpha issue #2 "Spam" open, gone
        an edit from before that comes late
        "#); }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ping_and_an_event_that_nobody_knows() {
    on_both(async |site| {
        let mut story = begin(site).await;
        site.forge.other(ALPHA, "ping", json!({"zen": "Keep it logically awesome.", "hook_id": 1}));
        site.forge.other(ALPHA, "teapot", json!({"action": "brewed"}));
        site.forge.other(ALPHA, "issues", json!({"action": "sublimated"}));
        site.forge.other(ALPHA, "pull_request", json!({"action": "opened"}));
        story.tell("four that change nothing", site).await;
        let listed = site.queue.list_deliveries(&Default::default()).await.unwrap().items;
        for one in listed.iter().take(4).rev() {
            let (status, reason) = (one.status.as_str(), one.reason.as_deref().unwrap_or_default());
            story.text += &format!("  {}: {status}; {reason}\n", one.event);
        }
        insta::allow_duplicates! { insta::assert_snapshot!(story.text, @r#"
        connected, one push, one issue
          + alpha checkbox T1 "Sell" open
          + alpha commit "Begin", on the default branch
          + alpha heads/trunk
          + alpha issue #1 "The door creaks" open
          + alpha on trunk
        four that change nothing
          ping: ignored; a ping: the hook works
          teapot: ignored; nothing is done for the event teapot
          issues: ignored; nothing is done for issues with the action "sublimated"
          pull_request: dead; the payload of pull_request lacks pull_request.number, or it is not what it should be
        "#); }
    })
    .await;
}
