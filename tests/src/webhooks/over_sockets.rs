//! Deliveries converge: the recorded history once more, with all that `muster serve` and `muster worker` are: over sockets, fetched
//! by children, worked off by two processes.

use muster_ingest::work::machine_clock;
use muster_store::{NewJob, Priority, RepositoryFilter};

use super::converging::Plan;
use super::forge::Forge;
use super::history::History;
use super::site::{Site, on_both};
use super::state::present;

/// Sends it in this order, looks once more, and gives the present state.
async fn delivered(site: &mut Site, plan: impl Fn(usize) -> Plan) -> String {
    let nothing = Forge::new(std::path::Path::new(""));
    let mut forge = std::mem::replace(&mut site.forge, nothing);
    forge.keeps_names = true;
    let history = History::play_at(forge);
    site.claim().await;
    for (at, _) in plan(history.sent.len()).order {
        let answer = site.send_as(&history.sent[at].0, at).await;
        assert!(matches!(answer.status, 200 | 202), "{}", answer.body);
    }
    site.quiet().await;
    let now = machine_clock();
    for listing in site.tenant.list_repositories(&RepositoryFilter::default()).await.unwrap().items {
        let look = NewJob::look(listing.repository.id, Priority::Webhook, false, now);
        site.tenant.enqueue(&[look], now).await.unwrap();
    }
    site.quiet().await;
    let base = site.base();
    site.forge = history.forge;
    present(&site.tenant).await.replace(&base, "https://forge.example")
}

#[tokio::test(flavor = "multi_thread")]
async fn any_order_over_sockets_leaves_the_same_present_state() {
    let expected = std::cell::RefCell::new(None);
    on_both(async |site| {
        let found = delivered(site, Plan::in_order).await;
        let expected = expected.borrow_mut().get_or_insert_with(|| found.clone()).clone();
        crate::incremental::assert_same_text(&expected, &found, "the engines differ");
    })
    .await;
    let expected = expected.into_inner().unwrap();
    on_both(async |site| {
        site.work();
        let found = delivered(site, |count| Plan::of_seed(0, count)).await;
        crate::incremental::assert_same_text(&expected, &found, "another order leaves another state");
    })
    .await;
}
