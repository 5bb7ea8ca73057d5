//! Laws of deliveries.

use std::time::Duration;

use muster_store::{
    DeliveryFilter, DeliveryOutcome, DeliveryStatus, Fate, JobFilter, JobState, NewDelivery, Planned, ROUTE,
    Recorded, Remedy, ReplayFilter, Replayed, Retention, Store,
};

use super::{FREE, at, claim, claim_one, delivery, job, keyed, queue};
use crate::examples::{ODD, named, tenant};
use crate::laws::{Law, law};

pub(crate) fn laws() -> Vec<Law> {
    vec![
        law("record", "bytes and headers are kept exactly, with one job", kept_exactly),
        law("record", "a repeat does nothing, another body under the same id is told apart", repeats),
        law("record", "a hundred copies at once are one row and one job", a_hundred_at_once),
        law("show_delivery", "bytes and headers are kept exactly", kept_exactly),
        law(
            "settle_delivery",
            "a delivery gets its tenant, and its jobs, with the end of its planning",
            planned,
        ),
        law("list_deliveries", "newest first, by page, a tenant's its own", listed),
        law("replay_delivery", "a delivery is planned again as long as its body is there", replayed),
        law("replay_deliveries", "all of a kind are planned again, by pages", replayed_by_kind),
        law("parked_deliveries", "they are counted by what they wait for", planned_again),
        law("plan_again", "what waits for a thing is planned again, and nothing else", planned_again),
        law(
            "plan_repositories_again",
            "of one tenant, and nothing that waits for an installation",
            repositories_planned_again,
        ),
    ]
}

async fn kept_exactly(store: Store) {
    let queue = queue(&store).await;
    let acme = tenant(&store).await.id();
    let bytes: Vec<u8> = (0..=255).cycle().take(70_000).collect();
    let headers = serde_json::json!({ "x-odd": ODD }).to_string();
    let full = NewDelivery { headers: &headers, tenant: Some(acme), ..delivery("key", "1", &bytes) };
    let hinted = NewDelivery { fair_hint: Some(7), ..delivery("app", "1", b"") };
    let block = muster_store::pack_body(&bytes).unwrap();
    assert!(block.bytes.len() < 1000);
    let packed = NewDelivery { guid: "2", body: &block.bytes, packed_from: Some(block.from), ..full };
    let all = [full, hinted, delivery("app", "2", b"\0\xff"), packed];
    let recorded = queue.record(&all).await.unwrap();
    let bodies: [&[u8]; 4] = [&bytes, b"", b"\0\xff", &bytes];
    for ((recorded, body), new) in recorded.into_iter().zip(bodies).zip([full, hinted, full, packed]) {
        let Recorded::New(id) = recorded else { panic!("{recorded:?}") };
        let (record, stored) = queue.show_delivery(id).await.unwrap().unwrap();
        assert!(stored.as_deref() == Some(body));
        assert_eq!((record.status, record.received_at), (DeliveryStatus::Received, at(1000)));
        if new.hook == record.hook {
            assert_eq!((&record.headers[..], &record.guid[..]), (new.headers, new.guid));
            assert_eq!((record.tenant, record.fair_hint), (new.tenant, new.fair_hint));
            assert_eq!(record.body_hash, new.body_hash);
        }
    }
    let jobs = claim(&queue, 9, 1000).await;
    assert_eq!(jobs.len(), 4);
    assert!(jobs.iter().all(|claimed| claimed.job.kind == ROUTE && claimed.job.payload["delivery"].is_i64()));
    // A single empty one as well, and none.
    assert!(matches!(queue.record(&[delivery("b", "1", b"")]).await.unwrap()[..], [Recorded::New(_)]));
    assert_eq!(queue.record(&[]).await.unwrap(), []);
    assert_eq!(queue.show_delivery(muster_store::DeliveryId(-1)).await.unwrap(), None);
}

async fn repeats(store: Store) {
    let queue = queue(&store).await;
    let (one, other, elsewhere) =
        (delivery("app", "1", b"a"), delivery("app", "1", b"b"), delivery("key", "1", b"b"));
    let first = queue.record(&[one, one, other, elsewhere]).await.unwrap();
    assert!(matches!(first[..], [Recorded::New(_), Recorded::Repeat, Recorded::Conflict, Recorded::New(_)]));
    let second = queue.record(&[other, one, elsewhere]).await.unwrap();
    assert_eq!(second, [Recorded::Conflict, Recorded::Repeat, Recorded::Repeat]);
    assert_eq!(claim(&queue, 9, 1000).await.len(), 2);
    let Recorded::New(id) = first[0] else { unreachable!() };
    assert_eq!(queue.show_delivery(id).await.unwrap().unwrap().1.unwrap(), b"a");
}

async fn a_hundred_at_once(store: Store) {
    let queue = queue(&store).await;
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..100 {
        let queue = queue.clone();
        tasks.spawn(async move { queue.record(&[delivery("app", "1", b"a")]).await.unwrap()[0] });
    }
    let recorded = tasks.join_all().await;
    assert_eq!(recorded.iter().filter(|recorded| matches!(recorded, Recorded::New(_))).count(), 1);
    assert_eq!(recorded.iter().filter(|recorded| **recorded == Recorded::Repeat).count(), 99);
    assert_eq!(queue.list_deliveries(&Default::default()).await.unwrap().items.len(), 1);
    claim_one(&queue, 1000).await;
}

fn outcome(status: DeliveryStatus, waits_for: Option<&str>) -> Planned {
    let outcome = DeliveryOutcome {
        status,
        reason: Some(ODD.into()),
        action: Some("opened".into()),
        waits_for: waits_for.map(str::to_owned),
        ..DeliveryOutcome::default()
    };
    Planned { outcome, jobs: vec![] }
}

async fn planned(store: Store) {
    let queue = queue(&store).await;
    let acme = tenant(&store).await;
    let id = match queue.record(&[delivery("app", "1", b"a")]).await.unwrap()[0] {
        Recorded::New(id) => id,
        other => panic!("{other:?}"),
    };
    assert!(acme.list_deliveries(&Default::default()).await.unwrap().items.is_empty());
    let claimed = claim_one(&queue, 1000).await;
    let mut planned = outcome(DeliveryStatus::Done, None);
    planned.outcome.tenant = Some(acme.id());
    planned.jobs = vec![keyed("fetch", "git:1"), keyed("fetch", "git:1"), job("scan")];
    let enqueued = queue.settle_delivery(claimed.lease, id, &planned, at(2000)).await.unwrap().unwrap();
    assert_eq!(enqueued.new.len(), 2);
    let record = acme.list_deliveries(&Default::default()).await.unwrap().items.remove(0);
    assert_eq!((record.status, record.settled_at), (DeliveryStatus::Done, Some(at(2000))));
    assert_eq!((record.action.as_deref(), record.reason.as_deref()), (Some("opened"), Some(ODD)));
    assert_eq!(acme.list_jobs(&Default::default()).await.unwrap().items.len(), 2);
}

async fn listed(store: Store) {
    let queue = queue(&store).await;
    let acme = tenant(&store).await;
    let guids: Vec<String> = (0..5).map(|n| n.to_string()).collect();
    let deliveries: Vec<_> = guids
        .iter()
        .enumerate()
        .map(|(n, guid)| NewDelivery {
            tenant: (n % 2 == 0).then_some(acme.id()),
            ..delivery(if n < 2 { "app" } else { "key" }, guid, b"a")
        })
        .collect();
    queue.record(&deliveries).await.unwrap();
    let filter = DeliveryFilter { limit: 3, ..DeliveryFilter::default() };
    let first = queue.list_deliveries(&filter).await.unwrap();
    let second =
        queue.list_deliveries(&DeliveryFilter { after: first.next, ..filter.clone() }).await.unwrap();
    let names = |items: &[muster_store::DeliveryRecord]| {
        items.iter().map(|item| item.guid.clone()).collect::<Vec<_>>().join("")
    };
    assert_eq!((names(&first.items), names(&second.items), second.next), ("432".into(), "10".into(), None));
    let of_hook = DeliveryFilter { hook: Some("app".into()), ..DeliveryFilter::default() };
    assert_eq!(names(&queue.list_deliveries(&of_hook).await.unwrap().items), "10");
    let own = DeliveryFilter { tenant: Some(acme.id()), ..DeliveryFilter::default() };
    assert_eq!(names(&queue.list_deliveries(&own).await.unwrap().items), "420");
    assert_eq!(names(&acme.list_deliveries(&Default::default()).await.unwrap().items), "420");
    let done = DeliveryFilter { status: Some(DeliveryStatus::Done), ..DeliveryFilter::default() };
    assert_eq!(names(&acme.list_deliveries(&done).await.unwrap().items), "");
}

async fn replayed(store: Store) {
    let queue = queue(&store).await;
    let Recorded::New(id) = queue.record(&[delivery("app", "1", b"a")]).await.unwrap()[0] else { panic!() };
    let claimed = claim_one(&queue, 1000).await;
    let cause = muster_store::Cause { name: "json", message: "it is not JSON" };
    assert_eq!(queue.fail(claimed.lease, cause, Remedy::Permanent, at(2)).await.unwrap(), Fate::Dead);
    let status = async || {
        let (record, _) = queue.show_delivery(id).await.unwrap().unwrap();
        (record.status, record.reason)
    };
    assert_eq!(status().await, (DeliveryStatus::Dead, Some("it is not JSON".into())));
    assert!(queue.replay_delivery(id, at(3000)).await.unwrap());
    assert_eq!(status().await, (DeliveryStatus::Received, None));
    assert!(!queue.replay_delivery(muster_store::DeliveryId(99), at(3000)).await.unwrap());
    claim_one(&queue, 3000).await;
    let ready = JobFilter { state: Some(JobState::Dead), ..JobFilter::default() };
    assert_eq!(queue.list_jobs(&ready).await.unwrap().items.len(), 1);
}

async fn replayed_by_kind(store: Store) {
    let queue = queue(&store).await;
    let acme = tenant(&store).await.id();
    let guids: Vec<String> = (0..600).map(|n| n.to_string()).collect();
    let new = guids.iter().map(|guid| delivery("app", guid, b"a")).collect::<Vec<_>>();
    queue.record(&new).await.unwrap();
    let caps = muster_store::Caps { per_tenant: 1000, ..FREE };
    let mut all = Vec::new();
    while all.len() < 600 {
        all.extend(queue.claim("worker", 600, at(1000), at(60_000), caps).await.unwrap());
    }
    for claimed in all {
        let id = claimed.job.payload["delivery"].as_i64().unwrap();
        let planned = match id {
            1 => outcome(DeliveryStatus::Parked, Some("installation:7")),
            2 => outcome(DeliveryStatus::Done, None),
            3 => Planned {
                outcome: DeliveryOutcome {
                    reason: Some("it's \"odd\" %".to_owned()),
                    tenant: Some(acme),
                    ..outcome(DeliveryStatus::Ignored, None).outcome
                },
                ..Planned::default()
            },
            _ => outcome(DeliveryStatus::Ignored, None),
        };
        queue.settle_delivery(claimed.lease, muster_store::DeliveryId(id), &planned, at(1)).await.unwrap();
    }
    queue.record(&[delivery("app", "received", b"a")]).await.unwrap();
    let page = async |which: &ReplayFilter, after, dry_run| {
        let page = queue.replay_deliveries(which, after, dry_run, at(2000)).await.unwrap();
        let ids: Vec<i64> = page.ids.iter().map(|id| id.0).collect();
        (ids, page.next)
    };
    let any = ReplayFilter::default();
    let (ids, next) = page(&any, None, true).await;
    assert_eq!((ids.len(), ids[0], next), (500, 1, Some(muster_store::DeliveryId(500))));
    assert_eq!(
        page(&any, next, true).await,
        ((501..=600).collect(), None),
        "one that is received is left out"
    );
    let of = |status| ReplayFilter { status: Some(status), ..ReplayFilter::default() };
    let done = of(DeliveryStatus::Done);
    assert_eq!(page(&done, None, true).await, (vec![2], None));
    let reason = ReplayFilter { reason: Some("it's \"odd\" %".to_owned()), ..of(DeliveryStatus::Ignored) };
    assert_eq!(page(&reason, None, true).await, (vec![3], None));
    let both = ReplayFilter { status: Some(DeliveryStatus::Done), ..reason.clone() };
    assert_eq!(page(&both, None, false).await, (vec![], None));
    assert_eq!(page(&ReplayFilter { tenant: Some(acme), ..any.clone() }, None, true).await, (vec![3], None));
    let waits = ReplayFilter { waits_for: Some("installation:7".to_owned()), ..any };
    for left in [vec![1], vec![]] {
        assert_eq!(page(&waits, None, false).await, (left, None));
    }
    let show = async |id| queue.show_delivery(muster_store::DeliveryId(id)).await.unwrap().unwrap().0;
    assert_eq!(
        (show(1).await.status, show(3).await.status),
        (DeliveryStatus::Received, DeliveryStatus::Ignored)
    );
    assert_eq!(claim(&queue, 9, 2000).await.len(), 2, "that one, and the one that had just come");
    // Bodies that are old are gone: what has none stays as it is.
    let old = Retention { bodies: Duration::ZERO, ..Retention::default() };
    queue.prune(at(5000), &old, 1000).await.unwrap();
    let page = queue.replay_deliveries(&done, None, false, at(6000)).await.unwrap();
    assert_eq!(page, Replayed { without_body: 1, ..Replayed::default() });
    assert_eq!(show(2).await.status, DeliveryStatus::Done);
}

async fn planned_again(store: Store) {
    let queue = queue(&store).await;
    let guids = ["1", "2", "3"];
    queue.record(&guids.map(|guid| delivery("app", guid, b"a"))).await.unwrap();
    for claimed in claim(&queue, 9, 1000).await {
        let id = claimed.job.payload["delivery"].as_i64().unwrap();
        let waits_for = if id == 2 { "repository:1" } else { "installation:7" };
        let planned = outcome(DeliveryStatus::Parked, Some(waits_for));
        queue.settle_delivery(claimed.lease, muster_store::DeliveryId(id), &planned, at(1)).await.unwrap();
    }
    assert_eq!(queue.stats(at(1)).await.unwrap().parked_deliveries, 3);
    let parked = queue.parked_deliveries().await.unwrap();
    let groups: Vec<_> =
        parked.iter().map(|g| (g.waits_for.as_str(), g.deliveries, g.first.0, g.last.0)).collect();
    assert_eq!(groups, [("installation:7", 2, 1, 3), ("repository:1", 1, 2, 2)]);
    assert_eq!(queue.plan_again("installation:7", at(2000)).await.unwrap(), 2);
    assert_eq!(queue.plan_again("installation:7", at(2000)).await.unwrap(), 0);
    assert_eq!(queue.stats(at(1)).await.unwrap().parked_deliveries, 1);
    assert_eq!(claim(&queue, 9, 2000).await.len(), 2);
}

async fn repositories_planned_again(store: Store) {
    let queue = queue(&store).await;
    let (acme, other) = (tenant(&store).await.id(), named(&store, "other").await.id());
    let waiting =
        [(acme, "repository:1"), (other, "repository:1"), (acme, "repository:2"), (acme, "installation:7")];
    for (n, (tenant, _)) in waiting.iter().enumerate() {
        let guid = n.to_string();
        let new = NewDelivery { tenant: Some(*tenant), ..delivery("app", &guid, b"a") };
        queue.record(&[new]).await.unwrap();
    }
    for claimed in claim(&queue, 9, 1000).await {
        let id = claimed.job.payload["delivery"].as_i64().unwrap();
        let (tenant, waits_for) = waiting[id as usize - 1];
        let mut planned = outcome(DeliveryStatus::Parked, Some(waits_for));
        planned.outcome.tenant = Some(tenant);
        queue.settle_delivery(claimed.lease, muster_store::DeliveryId(id), &planned, at(1)).await.unwrap();
    }
    assert_eq!(queue.plan_repositories_again(acme, at(2000)).await.unwrap(), 2);
    assert_eq!(queue.plan_repositories_again(acme, at(2000)).await.unwrap(), 0);
    let left: Vec<_> =
        queue.parked_deliveries().await.unwrap().into_iter().map(|group| group.waits_for).collect();
    assert_eq!(left.len(), 2);
    assert!(left.contains(&"repository:1".to_owned()) && left.contains(&"installation:7".to_owned()));
}
