//! Repositories and installations that come and go, one session each.

use serde_json::json;

use super::site::{Site, on_both};
use super::story::Story;

const ALPHA: i64 = 101;
const BETA: i64 = 202;
const REPOSITORIES: &str = "installation_repositories";

/// The App was installed on one repository, and the tenant has claimed it.
async fn installed(site: &mut Site) -> Story {
    site.forge.create(ALPHA, "acme/alpha");
    site.forge.made(ALPHA).record("Begin");
    site.forge.push(ALPHA);
    site.forge.installation("installation", "created", "repositories", &[ALPHA]);
    site.forge.issue(ALPHA, 1, "opened", &json!({"title": "The door creaks"}));
    site.claim().await;
    let mut story = Story::default();
    story.tell("installed on alpha; a push and an issue", site).await;
    story
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_is_renamed_and_events_under_the_old_name_come_late() {
    on_both(async |site| {
        let mut story = installed(site).await;
        site.forge.made(ALPHA).record("Under the old name\n\nFixes #1");
        site.forge.push(ALPHA);
        site.forge.issue(ALPHA, 1, "edited", &json!({"title": "The door creaks loudly"}));
        let late = std::mem::take(&mut site.forge.sent);
        site.forge.repository(ALPHA, "renamed", &json!({"full_name": "acme/aleph"}));
        story.tell("renamed", site).await;
        site.forge.sent = late;
        story.tell("what was sent before that, under the old name", site).await;
        site.forge.made(ALPHA).record("Under the new name\n\nSee acme/aleph#1");
        site.forge.push(ALPHA);
        story.tell("a push under the new name", site).await;
        insta::allow_duplicates! { insta::assert_snapshot!(story.text, @r#"
        installed on alpha; a push and an issue
          + acme/alpha commit "Begin", on the default branch
          + acme/alpha heads/trunk
          + acme/alpha issue #1 "The door creaks" open
          + acme/alpha on trunk
        renamed
          - acme/alpha commit "Begin", on the default branch
          - acme/alpha heads/trunk
          - acme/alpha issue #1 "The door creaks" open
          - acme/alpha on trunk
          + acme/aleph commit "Begin", on the default branch
          + acme/aleph commit "Under the old name", on the default branch
          + acme/aleph heads/trunk
          + acme/aleph issue #1 "The door creaks" open, claimed by "Under the old name"
          + acme/aleph link "Under the old name" closes acme/aleph #1
          + acme/aleph on trunk
        what was sent before that, under the old name
          - acme/aleph issue #1 "The door creaks" open, claimed by "Under the old name"
          + acme/aleph issue #1 "The door creaks loudly" open, claimed by "Under the old name"
        a push under the new name
          + acme/aleph commit "Under the new name", on the default branch
          + acme/aleph link "Under the new name" mentions acme/aleph #1
        "#); }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_repository_is_connected_and_scanned() {
    on_both(async |site| {
        let mut story = installed(site).await;
        site.forge.create(BETA, "acme/beta");
        site.forge.repository(BETA, "created", &json!({}));
        story.tell("beta is created, and empty", site).await;
        let made = site.forge.made(BETA);
        made.write("TASKLIST.md", "- [ ] B1: Ship\n");
        made.commit("Begin beta\n\nFixes acme/alpha#1");
        site.forge.push(BETA);
        story.tell("its first push", site).await;
        site.forge.repository(BETA, "archived", &json!({"archived": true}));
        story.tell("it is archived", site).await;
        site.forge.repository(BETA, "deleted", &json!({}));
        story.tell("and deleted", site).await;
        insta::allow_duplicates! { insta::assert_snapshot!(story.text, @r#"
        installed on alpha; a push and an issue
          + acme/alpha commit "Begin", on the default branch
          + acme/alpha heads/trunk
          + acme/alpha issue #1 "The door creaks" open
          + acme/alpha on trunk
        beta is created, and empty
          + acme/beta on nothing
        its first push
          - acme/alpha issue #1 "The door creaks" open
          - acme/beta on nothing
          + acme/alpha issue #1 "The door creaks" open, claimed by "Begin beta"
          + acme/beta checkbox - "B1: Ship" open
          + acme/beta commit "Begin beta", on the default branch
          + acme/beta heads/trunk
          + acme/beta link "Begin beta" closes acme/alpha #1
          + acme/beta on trunk
        it is archived
          - acme/beta on trunk
          + acme/beta on trunk, archived
        and deleted
          - acme/beta on trunk, archived
          + acme/beta on trunk, archived, gone, rests
        "#); }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_installation_no_longer_sees_rests() {
    on_both(async |site| {
        let mut story = installed(site).await;
        site.forge.installation(REPOSITORIES, "removed", "repositories_removed", &[ALPHA]);
        story.tell("alpha is removed from the installation", site).await;
        site.forge.made(ALPHA).record("Unseen");
        site.forge.push(ALPHA);
        story.tell("a push that came all the same", site).await;
        site.forge.installation(REPOSITORIES, "added", "repositories_added", &[ALPHA]);
        story.tell("alpha is added again", site).await;
        insta::allow_duplicates! { insta::assert_snapshot!(story.text, @r#"
        installed on alpha; a push and an issue
          + acme/alpha commit "Begin", on the default branch
          + acme/alpha heads/trunk
          + acme/alpha issue #1 "The door creaks" open
          + acme/alpha on trunk
        alpha is removed from the installation
          - acme/alpha on trunk
          + acme/alpha on trunk, rests
        a push that came all the same
        alpha is added again
          - acme/alpha on trunk, rests
          + acme/alpha commit "Unseen", on the default branch
          + acme/alpha on trunk
        "#); }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_installation_is_suspended_and_deleted() {
    on_both(async |site| {
        let mut story = installed(site).await;
        let list = async |story: &mut Story, site: &Site| {
            for one in site.tenant.list_installations().await.unwrap() {
                let so = |is: bool, words| if is { words } else { "" };
                let (suspended, removed) = (one.suspended_at.is_some(), one.removed_at.is_some());
                let text =
                    format!("{}{}{}", one.account, so(suspended, ", suspended"), so(removed, ", removed"));
                story.text += &format!("  installation of {text}\n");
            }
        };
        site.forge.installation("installation", "suspend", "repositories", &[]);
        story.tell("suspended", site).await;
        list(&mut story, site).await;
        site.forge.installation("installation", "unsuspend", "repositories", &[]);
        site.forge.made(ALPHA).record("Seen again");
        site.forge.push(ALPHA);
        story.tell("not any more; a push", site).await;
        list(&mut story, site).await;
        site.forge.installation("installation", "deleted", "repositories", &[ALPHA]);
        story.tell("deleted", site).await;
        list(&mut story, site).await;
        insta::allow_duplicates! { insta::assert_snapshot!(story.text, @r#"
        installed on alpha; a push and an issue
          + acme/alpha commit "Begin", on the default branch
          + acme/alpha heads/trunk
          + acme/alpha issue #1 "The door creaks" open
          + acme/alpha on trunk
        suspended
          installation of acme, suspended
        not any more; a push
          + acme/alpha commit "Seen again", on the default branch
          installation of acme
        deleted
          - acme/alpha on trunk
          + acme/alpha on trunk, rests
          installation of acme, removed
        "#); }
    })
    .await;
}
