//! Laws of enqueuing and of the claim.

use std::time::Duration;

use muster_store::{Caps, DatabaseUrl, JobKey, NewJob, Priority, Store};

use super::{at, claim, claim_one, job, keyed, kinds, of, queue, states, two};
use crate::examples::{named, tenant};
use crate::laws::{Law, law};
use crate::scratch::ScratchDatabase;

pub(crate) fn laws() -> Vec<Law> {
    vec![
        law("queue", "clones take turns together", clones_share_the_round),
        law(
            "enqueue",
            "one of a coalescing key is ready at a time, the earliest and most urgent wins",
            coalesced,
        ),
        law("enqueue", "one of a once key is ever enqueued, a tenant's own", once),
        law("enqueue", "a tenant's jobs are its own, whatever they say", own),
        law("claim", "each turn's first goes before any turn's second", turns_go_round),
        law("claim", "100,000 jobs do not delay one", a_flood_delays_nobody),
        law("claim", "urgent ones go first, and none before its time", urgent_first),
        law("claim", "one of a serial key runs at a time, and the others of its tenant go on", serial),
        law("claim", "long, lost and many jobs of one tenant have bounds", bounded),
        law("claim", "what is behind many that wait for one key is found", behind_a_jam),
        law("listen", "who listens is woken by what is enqueued", woken),
        law("wait", "who listens is woken by what is enqueued", woken),
    ]
}

async fn clones_share_the_round(store: Store) {
    let queue = queue(&store).await;
    let (a, b) = two(&store).await;
    queue.enqueue(&[of(a, "a"), of(a, "a"), of(b, "b")], at(0)).await.unwrap();
    assert_eq!(kinds(&claim(&queue, 1, 0).await), ["a"]);
    assert_eq!(kinds(&claim(&queue.clone(), 1, 0).await), ["b"]);
    assert_eq!(kinds(&claim(&queue, 1, 0).await), ["a"]);
}

async fn coalesced(store: Store) {
    let queue = queue(&store).await;
    let later = NewJob { run_at: at(50), priority: Priority::Backfill, ..keyed("later", "k") };
    let first = queue.enqueue(&[later.clone(), keyed("other", "k2")], at(0)).await.unwrap();
    assert_eq!((first.new.len(), first.merged.len()), (2, 0));
    let sooner = NewJob { run_at: at(20), priority: Priority::Nightly, ..keyed("sooner", "k") };
    let urgent = NewJob { run_at: at(90), ..keyed("urgent", "k") };
    let second = queue.enqueue(&[later, sooner, urgent], at(0)).await.unwrap();
    assert_eq!((second.new.len(), &second.merged[..]), (0, &first.new[..1]));
    let job = queue.show_job(first.new[0]).await.unwrap().unwrap();
    assert_eq!((job.run_at, job.priority, job.merges), (at(20), Priority::Webhook, 1));
    // One that runs has seen what it has seen: the next one waits behind it.
    assert_eq!(claim(&queue, 10, 20).await.len(), 2);
    assert_eq!(queue.enqueue(&[keyed("again", "k")], at(0)).await.unwrap().new.len(), 1);
    // Another tenant's key is another key.
    let tenant = tenant(&store).await;
    assert_eq!(tenant.enqueue(&[keyed("again", "k")], at(0)).await.unwrap().new.len(), 1);
}

async fn once(store: Store) {
    let queue = queue(&store).await;
    let nightly = |key: &str| NewJob { key: JobKey::Once(key.to_owned()), ..job("nightly") };
    let first = queue.enqueue(&[nightly("2024-02-29"), nightly("2024-02-29")], at(0)).await.unwrap();
    assert_eq!(first.new.len(), 1);
    let claimed = claim_one(&queue, 0).await;
    queue.succeed(&[claimed.lease], at(0)).await.unwrap();
    assert_eq!(queue.enqueue(&[nightly("2024-02-29")], at(0)).await.unwrap().new, []);
    assert_eq!(queue.enqueue(&[nightly("2024-03-01")], at(0)).await.unwrap().new.len(), 1);
    assert_eq!(tenant(&store).await.enqueue(&[nightly("2024-02-29")], at(0)).await.unwrap().new.len(), 1);
}

async fn own(store: Store) {
    let (a, b) = (tenant(&store).await, named(&store, "b").await);
    a.enqueue(&[of(b.id(), "x"), job("y")], at(0)).await.unwrap();
    assert_eq!(b.list_jobs(&Default::default()).await.unwrap().items, []);
    let items = a.list_jobs(&Default::default()).await.unwrap().items;
    assert!(items.len() == 2 && items.iter().all(|job| job.tenant == Some(a.id())));
}

async fn turns_go_round(store: Store) {
    let queue = queue(&store).await;
    let (a, b) = two(&store).await;
    let hint = |hint, kind| NewJob { fair_hint: Some(hint), ..job(kind) };
    let jobs = [of(a, "a1"), of(a, "a2"), of(a, "a3"), of(b, "b1"), hint(1, "h1"), hint(1, "h2"), job("s")];
    queue.enqueue(&jobs, at(0)).await.unwrap();
    assert_eq!(kinds(&claim(&queue, 5, 0).await), ["a1", "b1", "h1", "s", "a2"]);
    assert_eq!(kinds(&claim(&queue, 5, 0).await), ["h2", "a3"]);
    assert!(claim(&queue, 5, 0).await.is_empty());
}

async fn a_flood_delays_nobody(store: Store) {
    let queue = queue(&store).await;
    let (a, b) = two(&store).await;
    queue.enqueue(&vec![of(a, "flood"); 3000], at(0)).await.unwrap();
    claim(&queue, 2, 0).await;
    queue.enqueue(&[of(b, "single")], at(0)).await.unwrap();
    assert_eq!(kinds(&claim(&queue, 2, 0).await), ["single", "flood"]);
    assert_eq!(kinds(&claim(&queue, 3, 0).await), ["flood"; 3]);
}

async fn urgent_first(store: Store) {
    let queue = queue(&store).await;
    let with = |kind, priority, run_at| NewJob { priority, run_at: at(run_at), ..job(kind) };
    let (webhook, backfill) = (Priority::Webhook, Priority::Backfill);
    let nightly = with("nightly", Priority::Nightly, 0);
    let jobs = [nightly, with("later", webhook, 100), with("second", webhook, 2), with("first", webhook, 1)];
    queue.enqueue(&jobs, at(0)).await.unwrap();
    queue.enqueue(&[with("backfill", backfill, 3)], at(0)).await.unwrap();
    assert_eq!(kinds(&claim(&queue, 9, 99).await), ["first", "second", "backfill", "nightly"]);
    assert_eq!(kinds(&claim(&queue, 9, 100).await), ["later"]);
}

async fn serial(store: Store) {
    let queue = queue(&store).await;
    let (a, b) = two(&store).await;
    let with = |tenant, kind| NewJob { serial_key: Some("git:1".into()), ..of(tenant, kind) };
    queue.enqueue(&[with(a, "a1"), with(a, "a2"), of(a, "a3"), with(b, "b1")], at(0)).await.unwrap();
    let claimed = claim(&queue, 9, 0).await;
    assert_eq!(kinds(&claimed), ["a1", "b1", "a3"]);
    assert!(claim(&queue, 9, 0).await.is_empty());
    queue.succeed(&[claimed[0].lease], at(0)).await.unwrap();
    assert_eq!(kinds(&claim(&queue, 9, 0).await), ["a2"]);
}

async fn bounded(store: Store) {
    let queue = queue(&store).await;
    let (a, b) = two(&store).await;
    let long = |tenant| NewJob { long: true, ..of(tenant, "long") };
    let jobs = [long(a), long(a), of(a, "short"), of(a, "short"), long(b)];
    queue.enqueue(&jobs, at(0)).await.unwrap();
    let claim = async |per_tenant, long, lost, now| {
        let caps = Caps { per_tenant, long, lost };
        queue.claim("w", 9, at(now), at(now + 10), caps).await.unwrap()
    };
    assert_eq!(kinds(&claim(1, 0, 1, 0).await), ["short"]);
    assert_eq!(kinds(&claim(2, 1, 1, 0).await), ["long", "short"]);
    assert_eq!(kinds(&claim(2, 0, 1, 0).await), ["short"; 0]);
    // All are lost; one at a time runs from now on.
    assert_eq!(queue.reap(&Default::default(), at(10)).await.unwrap().ready.len(), 3);
    assert_eq!(claim(9, 9, 0, 10).await.iter().filter(|claimed| claimed.job.losses > 0).count(), 0);
    let claimed = claim(9, 9, 1, 10).await;
    assert_eq!(claimed.iter().map(|claimed| claimed.job.losses).collect::<Vec<_>>(), [1]);
}

async fn behind_a_jam(store: Store) {
    let queue = queue(&store).await;
    let a = tenant(&store).await.id();
    let with = |key: &str, kind, run_at| NewJob {
        serial_key: Some(key.to_owned()),
        run_at: at(run_at),
        ..of(a, kind)
    };
    let jam = (0..500).map(|n| with(if n % 2 == 0 { "git:1" } else { "git:2" }, "jam", 0));
    queue.enqueue(&jam.collect::<Vec<_>>(), at(0)).await.unwrap();
    assert_eq!(kinds(&claim(&queue, 9, 0).await), ["jam"; 2]);
    assert!(claim(&queue, 9, 0).await.is_empty());
    let behind = [with("git:3", "x", 1), with("git:3", "x", 1), with("git:4", "y", 1), of(a, "z")];
    queue.enqueue(&behind, at(0)).await.unwrap();
    let mut found = kinds(&claim(&queue, 9, 1).await).join(" ");
    found.extend(kinds(&claim(&queue, 9, 1).await));
    assert_eq!(found.len(), 5, "{found}");
    assert_eq!(states(&queue).await.len(), 504);
}

async fn woken(_: Store) {
    let folder = tempfile::tempdir().unwrap();
    for url in [DatabaseUrl::Sqlite(folder.path().join("store.db")), ScratchDatabase::new().await.url()] {
        let store = Store::open(&url).await.unwrap();
        let (queue, tenant) = (queue(&store).await, tenant(&store).await);
        let mut wakeups = store.listen(&url).await.unwrap();
        queue.enqueue(&[job("x")], at(0)).await.unwrap();
        wakeups.wait().await.unwrap();
        tenant.enqueue(&[job("x")], at(0)).await.unwrap();
        wakeups.wait().await.unwrap();
        let nothing = tokio::time::timeout(Duration::ZERO, wakeups.wait()).await;
        assert!(nothing.is_err(), "nothing was enqueued since");
    }
}
