//! Tenants that are suspended, and repositories that two installations of one tenant see: what comes is recorded, and nothing
//! is lost or done twice.

use muster_ingest::work::machine_clock;
use muster_store::{DeliveryId, Provider};
use serde_json::json;

use super::forge::INSTALLATION;
use super::site::{Site, on_both};
use super::story::Story;
use crate::receive::scene::actor;

const ALPHA: i64 = 101;
const OTHER_INSTALLATION: i64 = INSTALLATION + 1;
const REPOSITORIES: &str = "installation_repositories";

/// The newest delivery: its id, and what became of it.
async fn newest(site: &Site) -> (DeliveryId, String) {
    let newest = site.queue.list_deliveries(&Default::default()).await.unwrap().items.remove(0);
    assert_eq!(newest.tenant, Some(site.tenant.id()));
    let reason = newest.reason.map(|reason| format!(": {reason}")).unwrap_or_default();
    (newest.id, format!("{} {}{reason}", newest.event, newest.status.as_str()))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_for_a_suspended_tenant_is_kept_and_replayed() {
    on_both(async |site| {
        site.forge.create(ALPHA, "acme/alpha");
        site.connect(ALPHA).await;
        site.forge.made(ALPHA).record("Begin");
        site.forge.push(ALPHA);
        let mut story = Story::default();
        story.tell("connected, and pushed to", site).await;
        let (tenant, now) = (site.tenant.id(), machine_clock());
        assert!(site.store.suspend_tenant(tenant, &actor(), now).await.unwrap());
        site.forge.made(ALPHA).record("Unheard");
        site.forge.push(ALPHA);
        story.tell("suspended, and pushed to", site).await;
        let (id, became) = newest(site).await;
        story.text += &format!("  {became}\n");
        assert!(site.store.take_up_tenant(tenant, &actor(), now).await.unwrap());
        site.quiet().await;
        story.look("taken up again", site).await;
        let replay = ["deliveries", "replay", &id.to_string(), "--tenant", "acme"];
        let replayed = site.command(&replay).output().unwrap();
        assert!(replayed.status.success(), "{replayed:?}");
        site.quiet().await;
        story.look("replayed", site).await;
        story.text += &format!("  {}\n", newest(site).await.1);
        insta::allow_duplicates! { insta::assert_snapshot!(story.text, @r#"
        connected, and pushed to
          + alpha commit "Begin", on the default branch
          + alpha heads/trunk
          + alpha on trunk
        suspended, and pushed to
          push ignored: the tenant is suspended: it is kept, and can be replayed later
        taken up again
        replayed
          + alpha commit "Unheard", on the default branch
          push done
        "#); }
    })
    .await;
}

/// The last event that the forge sends, from another installation.
fn by_the_other(site: &mut Site) {
    let body = &mut site.forge.sent.last_mut().unwrap().body;
    body["installation"]["id"] = json!(OTHER_INSTALLATION);
}

/// 41: the organisation and one of its members have installed the App, and the tenant has claimed both.
#[tokio::test(flavor = "multi_thread")]
async fn a_repository_that_two_installations_see_is_one_and_rests_when_neither_does() {
    on_both(async |site| {
        site.claim().await;
        let (now, actor) = (machine_clock(), actor());
        let claim = site.tenant.claim_installation(Provider::GitHub, OTHER_INSTALLATION, "ada", now, &actor);
        assert!(claim.await.unwrap());
        site.forge.create(ALPHA, "acme/alpha");
        site.forge.made(ALPHA).record("Begin");
        site.forge.push(ALPHA);
        let mut pushed = site.forge.sent.pop().unwrap();
        site.forge.installation(REPOSITORIES, "added", "repositories_added", &[ALPHA]);
        site.forge.installation(REPOSITORIES, "added", "repositories_added", &[ALPHA]);
        by_the_other(site);
        site.forge.sent.push(pushed.clone());
        pushed.body["installation"] = json!({"id": OTHER_INSTALLATION});
        site.forge.sent.push(pushed);
        let mut story = Story::default();
        story.tell("both see it, and each tells of the push", site).await;
        site.forge.issue(ALPHA, 1, "opened", &json!({"title": "The door creaks"}));
        let mut opened = site.forge.sent[0].clone();
        opened.body["installation"] = json!({"id": OTHER_INSTALLATION});
        site.forge.sent.push(opened);
        story.tell("and each of an issue", site).await;
        site.forge.installation(REPOSITORIES, "removed", "repositories_removed", &[ALPHA]);
        site.forge.made(ALPHA).record("Seen by one");
        site.forge.push(ALPHA);
        by_the_other(site);
        story.tell("one does not see it any more; the other tells of a push", site).await;
        site.forge.installation(REPOSITORIES, "removed", "repositories_removed", &[ALPHA]);
        by_the_other(site);
        story.tell("neither does", site).await;
        insta::allow_duplicates! { insta::assert_snapshot!(story.text, @r#"
        both see it, and each tells of the push
          + acme/alpha commit "Begin", on the default branch
          + acme/alpha heads/trunk
          + acme/alpha on trunk
        and each of an issue
          + acme/alpha issue #1 "The door creaks" open
        one does not see it any more; the other tells of a push
          + acme/alpha commit "Seen by one", on the default branch
        neither does
          - acme/alpha on trunk
          + acme/alpha on trunk, rests
        "#); }
    })
    .await;
}
