//! Laws of looking at jobs, of replaying them, and of removing what is old.

use std::time::Duration;

use muster_store::{
    Cause, DeadGroup, Fate, JobFilter, JobId, JobState, NewJob, QueueStats, Recorded, Remedy, Retention,
    Store, StoreError,
};

use super::{FREE, LEASE, at, claim, claim_one, delivery, job, keyed, queue, states};
use crate::examples::{NOW, first_change, tenant};
use crate::laws::{Law, law};

pub(crate) fn laws() -> Vec<Law> {
    vec![
        law("list_jobs", "newest first, by page and by state", listed),
        law("show_job", "a job is shown as it was enqueued", listed),
        law("dead_by_cause", "dead jobs are grouped by kind and cause", grouped),
        law("replay_dead", "a dry run changes nothing, the other one all of a cause", replayed),
        law("retry_job", "a dead one starts anew with a larger lease number, a ready one at once", retried),
        law("stats", "what waits, runs and is dead is counted", counted),
        law("stats", "what waits for another under its key could not have started", could_have_started),
        law("stats", "what let others have its slot waits since it started", yielded_waits),
        law("prune", "what is too old goes, in batches", pruned),
        law("probe", "it changes nothing", probed),
        law("prune_changes", "changes that are not too old stay", changes_pruned),
    ]
}

const ONE: Cause<'static> = Cause { name: "one", message: "first" };
const TWO: Cause<'static> = Cause { name: "two", message: "second" };

async fn listed(store: Store) {
    let queue = queue(&store).await;
    let acme = tenant(&store).await;
    let full = NewJob {
        tenant: Some(acme.id()),
        kind: "a".into(),
        payload: serde_json::json!({ "repository": 7, "odd": crate::examples::ODD }),
        serial_key: Some("git:7".into()),
        installation: Some(9),
        fair_hint: Some(-3),
        long: true,
        run_at: at(5),
        ..keyed("a", "fetch:7")
    };
    let new = queue.enqueue(std::slice::from_ref(&full), at(3)).await.unwrap().new;
    queue.enqueue(&[job("b"), job("c")], at(3)).await.unwrap();
    let shown = queue.show_job(new[0]).await.unwrap().unwrap();
    assert_eq!((shown.tenant, &shown.kind, &shown.payload), (full.tenant, &full.kind, &full.payload));
    assert_eq!((&shown.serial_key, &shown.key), (&full.serial_key, &full.key));
    assert_eq!((shown.installation, shown.fair_hint, shown.long), (Some(9), Some(-3), true));
    assert_eq!((shown.run_at, shown.enqueued_at, shown.state), (at(5), at(3), JobState::Ready));
    assert_eq!(queue.show_job(JobId(99)).await.unwrap(), None);
    let page = queue.list_jobs(&JobFilter { limit: 2, ..JobFilter::default() }).await.unwrap();
    assert_eq!(page.items.iter().map(|job| &job.kind[..]).collect::<Vec<_>>(), ["c", "b"]);
    let rest = queue.list_jobs(&JobFilter { after: page.next, ..JobFilter::default() }).await.unwrap();
    assert_eq!(rest.items, std::slice::from_ref(&shown));
    let own = JobFilter { tenant: Some(acme.id()), kind: Some("a".into()), ..JobFilter::default() };
    assert_eq!(queue.list_jobs(&own).await.unwrap().items, rest.items);
    assert_eq!(acme.list_jobs(&own).await.unwrap().items, rest.items);
    let done = JobFilter { state: Some(JobState::Done), ..JobFilter::default() };
    assert_eq!(acme.list_jobs(&done).await.unwrap().items, []);
}

async fn grouped(store: Store) {
    let queue = queue(&store).await;
    queue.enqueue(&[job("a"), job("a"), job("b")], at(0)).await.unwrap();
    let claimed = claim(&queue, 9, 0).await;
    for (n, claimed) in claimed.iter().enumerate() {
        let fate = queue.fail(claimed.lease, ONE, Remedy::Permanent, at(n as i64)).await.unwrap();
        assert_eq!(fate, Fate::Dead);
    }
    let group = |kind: &str, jobs, first: usize, last: usize| DeadGroup {
        kind: kind.into(),
        cause: "one".into(),
        jobs,
        first: claimed[first].lease.job,
        last: claimed[last].lease.job,
        last_at: at(last as i64),
    };
    assert_eq!(queue.dead_by_cause().await.unwrap(), [group("a", 2, 0, 1), group("b", 1, 2, 2)]);
}

async fn replayed(store: Store) {
    let queue = queue(&store).await;
    queue.enqueue(&[job("a"), job("a"), keyed("a", "k"), job("a")], at(0)).await.unwrap();
    let claimed = claim(&queue, 9, 0).await;
    for (n, claimed) in claimed.iter().enumerate() {
        let cause = if n == 2 { TWO } else { ONE };
        queue.fail(claimed.lease, cause, Remedy::Permanent, at(1)).await.unwrap();
    }
    queue.enqueue(&[keyed("newer", "k")], at(2)).await.unwrap();
    let dry = queue.replay_dead("a", "one", true, at(3)).await.unwrap();
    assert_eq!(dry, [0, 1, 3].map(|n| claimed[n].lease.job));
    assert_eq!(queue.stats(at(3)).await.unwrap().dead, 4);
    assert_eq!(queue.replay_dead("a", "one", false, at(3)).await.unwrap(), dry);
    let kinds: Vec<_> = states(&queue).await.into_iter().map(|(_, state)| state).collect();
    use JobState::{Dead, Done, Ready};
    assert_eq!(kinds, [Ready, Ready, Dead, Done, Ready], "the fourth is merged into the newer one");
    assert_eq!(queue.replay_dead("a", "one", false, at(3)).await.unwrap(), []);
}

async fn retried(store: Store) {
    let queue = queue(&store).await;
    queue.enqueue(&[job("a"), NewJob { run_at: at(1000), ..job("b") }], at(0)).await.unwrap();
    let claimed = claim_one(&queue, 0).await;
    let id = claimed.lease.job;
    assert!(!queue.retry_job(id, at(1)).await.unwrap(), "it runs");
    queue.fail(claimed.lease, ONE, Remedy::Permanent, at(1)).await.unwrap();
    assert!(queue.retry_job(id, at(2)).await.unwrap());
    let again = claim_one(&queue, 2).await;
    assert_eq!((again.lease.job, again.lease.number, again.job.attempts), (id, claimed.lease.number + 1, 1));
    assert_eq!(again.job.errors.len(), 1);
    assert_eq!(queue.succeed(&[claimed.lease], at(3)).await.unwrap(), []);
    assert!(queue.retry_job(JobId(id.0 + 1), at(3)).await.unwrap());
    assert_eq!(claim_one(&queue, 3).await.job.kind, "b");
    assert!(!queue.retry_job(JobId(99), at(3)).await.unwrap());
}

async fn counted(store: Store) {
    let queue = queue(&store).await;
    assert_eq!(queue.stats(at(0)).await.unwrap(), QueueStats::default());
    let later = |at_| NewJob { run_at: at(at_), ..job("x") };
    queue.enqueue(&[later(1), later(2), later(3), later(100)], at(0)).await.unwrap();
    let claimed = claim(&queue, 2, 50).await;
    queue.fail(claimed[0].lease, ONE, Remedy::Permanent, at(50)).await.unwrap();
    let expected =
        QueueStats { ready: 2, running: 1, dead: 1, oldest_ready: Some(at(3)), ..QueueStats::default() };
    assert_eq!(queue.stats(at(50)).await.unwrap(), expected);
}

async fn could_have_started(store: Store) {
    let queue = queue(&store).await;
    let acme = tenant(&store).await;
    let oldest = async |now| queue.stats(at(now)).await.unwrap().oldest_ready;
    let serial = |run_at| NewJob { run_at: at(run_at), serial_key: Some("git:7".into()), ..job("look") };
    acme.enqueue(&[serial(1), serial(2), NewJob { run_at: at(3), ..job("look") }], at(0)).await.unwrap();
    assert_eq!(oldest(50).await, Some(at(1)));
    let held = claim(&queue, 1, 50).await.remove(0);
    assert_eq!(oldest(60).await, Some(at(3)), "one waits for its key, the other for a worker");
    queue
        .enqueue(&[NewJob { serial_key: Some("git:7".into()), run_at: at(2), ..job("other") }], at(2))
        .await
        .unwrap();
    assert_eq!(oldest(60).await, Some(at(2)), "the key is another turn's");
    assert_eq!(oldest(50 + LEASE).await, Some(at(2)), "whoever held it is gone");
    queue.succeed(&[held.lease], at(70)).await.unwrap();
    assert_eq!(oldest(70).await, Some(at(2)));
}

async fn yielded_waits(store: Store) {
    let queue = queue(&store).await;
    queue.enqueue(&[NewJob { run_at: at(1), ..job("look") }], at(0)).await.unwrap();
    let held = claim_one(&queue, 500).await;
    queue.release(&[held.lease], at(510)).await.unwrap();
    assert_eq!(queue.stats(at(600)).await.unwrap().oldest_ready, Some(at(500)));
}

async fn pruned(store: Store) {
    let queue = queue(&store).await;
    let recorded = queue.record(&["1", "2", "3"].map(|guid| delivery("app", guid, b"a"))).await.unwrap();
    let claimed = claim(&queue, 2, 1000).await;
    queue.succeed(&claimed.iter().map(|claimed| claimed.lease).collect::<Vec<_>>(), at(1000)).await.unwrap();
    let seconds = Duration::from_secs;
    let retention =
        Retention { bodies: seconds(1), deliveries: seconds(9), done_jobs: seconds(5), changes: seconds(1) };
    let prune = async |now| {
        let pruned = queue.prune(at(now), &retention, 2).await.unwrap();
        (pruned.bodies, pruned.deliveries, pruned.jobs)
    };
    assert_eq!(prune(2000).await, (0, 0, 0));
    assert_eq!(prune(2001).await, (2, 0, 0));
    assert_eq!(prune(2001).await, (1, 0, 0));
    let Recorded::New(id) = recorded[0] else { panic!() };
    let (record, body) = queue.show_delivery(id).await.unwrap().unwrap();
    assert_eq!((record.body_purged_at, body), (Some(at(2001)), None));
    assert!(!queue.replay_delivery(id, at(2001)).await.unwrap(), "there is nothing to plan");
    assert_eq!(queue.record(&[delivery("app", "1", b"a")]).await.unwrap(), [Recorded::Repeat]);
    assert_eq!(prune(6001).await, (0, 0, 2));
    assert_eq!(prune(10_001).await, (0, 2, 0));
    assert_eq!(prune(10_001).await, (0, 1, 0));
    // Ids are never given out again: a late finisher's would be another's.
    let Recorded::New(next) = queue.record(&[delivery("app", "1", b"a")]).await.unwrap()[0] else { panic!() };
    assert!(next.0 > 3);
    assert_eq!(queue.claim("w", 0, at(10_000), at(10_001), FREE).await.unwrap(), []);
}

async fn changes_pruned(store: Store) {
    let tenant = tenant(&store).await;
    tenant.apply_state(&first_change("k"), NOW).await.unwrap();
    let removed = tenant.prune_changes(NOW, &Retention::default(), 10).await;
    assert!(matches!(removed, Ok(0) | Err(StoreError::Busy)), "{removed:?}");
}

async fn probed(store: Store) {
    let queue = queue(&store).await;
    queue.probe().await.unwrap();
    queue.enqueue(&[job("x")], at(0)).await.unwrap();
    claim_one(&queue, 0).await;
    queue.enqueue(&[job("y")], at(0)).await.unwrap();
    let before = queue.list_jobs(&JobFilter::default()).await.unwrap();
    queue.probe().await.unwrap();
    assert_eq!(queue.list_jobs(&JobFilter::default()).await.unwrap(), before);
}
