//! Laws of how a lease ends.

use muster_store::{
    Cause, Fate, JobKey, JobState, Lease, NewJob, Planned, ROUTE, Remedy, RetryPolicy, Store,
};

use super::{LEASE, at, claim, claim_one, job, keyed, of, queue, states, two};
use crate::examples::{ODD, named, tenant};
use crate::laws::{Law, law};

const CAUSE: Cause<'static> = Cause { name: "refused", message: ODD };

pub(crate) fn laws() -> Vec<Law> {
    vec![
        law("renew", "a lease that is renewed does not run out", renewed),
        law("succeed", "who comes too late changes nothing", too_late),
        law("fail", "waits grow, then the job is dead, with every error", waits_then_dead),
        law("fail", "a limit parks the installation's jobs and costs no attempt", limited),
        law("fail", "one that would go back while a newer one of its key is ready is merged into it", merged),
        law("release", "what was not started goes back untouched", released),
        law("reap", "a lost lease gives the attempt back, and too many are the end", reaped),
        law("settle_job", "a tenant's job and what follows it end as one", settled),
        law("settle_job", "a tenant settles no other's job", settled_by_another),
    ]
}

async fn renewed(store: Store) {
    let queue = queue(&store).await;
    queue.enqueue(&[job("x"), job("y")], at(0)).await.unwrap();
    let leases: Vec<Lease> = claim(&queue, 2, 0).await.iter().map(|claimed| claimed.lease).collect();
    assert_eq!(queue.renew(&leases[..1], at(LEASE + 5)).await.unwrap(), leases[..1]);
    assert_eq!(queue.reap(&RetryPolicy::default(), at(LEASE + 4)).await.unwrap().ready, [leases[1].job]);
    assert_eq!(queue.renew(&leases, at(LEASE + 1)).await.unwrap(), leases[..1]);
    assert!(
        queue.reap(&RetryPolicy::default(), at(LEASE + 4)).await.unwrap().ready.is_empty(),
        "not shortened"
    );
    assert_eq!(queue.renew(&[], at(0)).await.unwrap(), []);
}

async fn too_late(store: Store) {
    let queue = queue(&store).await;
    let tenant = tenant(&store).await;
    tenant.enqueue(&[job("x")], at(0)).await.unwrap();
    let first = claim_one(&queue, 0).await;
    queue.reap(&RetryPolicy::default(), at(LEASE)).await.unwrap();
    let second = claim_one(&queue, LEASE).await;
    assert_eq!((second.lease.job, second.lease.number), (first.lease.job, first.lease.number + 1));
    let before = queue.show_job(second.lease.job).await.unwrap();
    let late = first.lease;
    assert_eq!(queue.succeed(&[late], at(LEASE)).await.unwrap(), []);
    assert_eq!(queue.renew(&[late], at(9 * LEASE)).await.unwrap(), []);
    assert_eq!(queue.release(&[late], at(LEASE)).await.unwrap(), []);
    assert_eq!(queue.fail(late, CAUSE, Remedy::Permanent, at(LEASE)).await.unwrap(), Fate::TooLate);
    assert!(!tenant.settle_job(late, &[job("y")], at(LEASE)).await.unwrap());
    assert_eq!(
        queue.settle_delivery(late, muster_store::DeliveryId(1), &Planned::default(), at(0)).await.unwrap(),
        None
    );
    assert_eq!(queue.show_job(second.lease.job).await.unwrap(), before);
    assert_eq!(queue.succeed(&[late, second.lease], at(LEASE)).await.unwrap(), [second.lease]);
    assert_eq!(states(&queue).await, [("x".to_owned(), JobState::Done)]);
}

async fn waits_then_dead(store: Store) {
    let queue = queue(&store).await;
    queue.enqueue(&[job("x"), job("y")], at(0)).await.unwrap();
    let policy = RetryPolicy::default();
    let mut now = 0;
    for wait in [10_000, 60_000, 600_000] {
        let claimed = claim(&queue, 1, now).await.remove(0);
        let fate = queue.fail(claimed.lease, CAUSE, Remedy::Retry(&policy, 0.0), at(now)).await.unwrap();
        now += wait;
        assert_eq!(fate, Fate::Ready(at(now)));
        if wait == 10_000 {
            let other = claim_one(&queue, now - 1).await;
            assert_eq!(queue.fail(other.lease, CAUSE, Remedy::Permanent, at(9)).await.unwrap(), Fate::Dead);
        }
        assert!(claim(&queue, 1, now - 1).await.is_empty());
    }
    let claimed = claim_one(&queue, now).await;
    let fate = queue.fail(claimed.lease, CAUSE, Remedy::Retry(&policy, 0.0), at(now)).await.unwrap();
    assert_eq!(fate, Fate::Dead);
    let job = queue.show_job(claimed.lease.job).await.unwrap().unwrap();
    assert_eq!((job.state, job.attempts, job.finished_at), (JobState::Dead, 4, Some(at(now))));
    let errors: Vec<_> =
        job.errors.iter().map(|error| (error.at, error.attempt, &error.message[..])).collect();
    assert_eq!(errors, [(0, 1, ODD), (10_000, 2, ODD), (70_000, 3, ODD), (670_000, 4, ODD)]);
}

async fn limited(store: Store) {
    let queue = queue(&store).await;
    let (a, b) = two(&store).await;
    let with = |tenant, installation, kind| NewJob { installation: Some(installation), ..of(tenant, kind) };
    let jobs = [with(a, 7, "x"), with(a, 7, "y"), with(a, 8, "z"), with(b, 7, "w")];
    queue.enqueue(&jobs, at(0)).await.unwrap();
    let claimed = claim(&queue, 1, 0).await.remove(0);
    assert_eq!(claimed.job.kind, "x");
    let fate = queue.fail(claimed.lease, CAUSE, Remedy::Limited(at(5000)), at(1)).await.unwrap();
    assert_eq!(fate, Fate::Ready(at(5000)));
    // A new one waits with them.
    queue.enqueue(&[with(a, 7, "v")], at(2)).await.unwrap();
    assert_eq!(queue.stats(at(2)).await.unwrap().parked, 3);
    let mut others: Vec<_> =
        claim(&queue, 9, 4999).await.into_iter().map(|claimed| claimed.job.kind).collect();
    others.sort();
    assert_eq!(others, ["w", "z"], "another tenant's is not this one's, whatever its number");
    let parked = claim(&queue, 9, 5000).await;
    assert_eq!(parked.iter().map(|claimed| claimed.job.attempts).collect::<Vec<_>>(), [1, 1, 1]);
}

async fn merged(store: Store) {
    let queue = queue(&store).await;
    queue.enqueue(&[keyed("x", "k"), keyed("x", "k")], at(0)).await.unwrap();
    let older = claim_one(&queue, 0).await;
    let newer = queue.enqueue(&[NewJob { run_at: at(90), ..keyed("x", "k") }], at(1)).await.unwrap().new[0];
    assert_eq!(queue.release(&[older.lease], at(2)).await.unwrap(), [Fate::Merged(newer)]);
    let older = queue.show_job(older.lease.job).await.unwrap().unwrap();
    assert_eq!((older.state, older.merged_into), (JobState::Done, Some(newer)));
    let newer = queue.show_job(newer).await.unwrap().unwrap();
    assert_eq!((newer.merges, newer.run_at, newer.key), (1, at(0), JobKey::Coalescing("k".into())));
}

async fn released(store: Store) {
    let queue = queue(&store).await;
    queue.enqueue(&[job("x")], at(0)).await.unwrap();
    let before = queue.list_jobs(&Default::default()).await.unwrap().items.remove(0);
    let claimed = claim_one(&queue, 5).await;
    assert_eq!(queue.release(&[claimed.lease], at(6)).await.unwrap(), [Fate::Ready(at(0))]);
    let after = queue.show_job(before.id).await.unwrap().unwrap();
    assert_eq!((after.state, after.attempts, after.run_at), (before.state, before.attempts, before.run_at));
    assert_eq!((after.errors, after.lease_owner, after.lease_number), (vec![], None, 1));
}

async fn reaped(store: Store) {
    let queue = queue(&store).await;
    let policy = RetryPolicy { losses: 2, ..RetryPolicy::default() };
    let delivery = super::delivery("app", "1", b"{}");
    queue.record(&[delivery]).await.unwrap();
    let claimed = claim_one(&queue, 1000).await;
    assert_eq!((claimed.job.kind.as_str(), claimed.job.attempts), (ROUTE, 1));
    assert_eq!(queue.reap(&policy, at(LEASE)).await.unwrap(), Default::default());
    let reaped = queue.reap(&policy, at(1000 + LEASE)).await.unwrap();
    assert_eq!(reaped.ready, [claimed.lease.job]);
    let again = claim_one(&queue, 1000 + LEASE).await;
    assert_eq!((again.job.attempts, again.job.losses), (1, 1));
    let reaped = queue.reap(&policy, at(1000 + 2 * LEASE)).await.unwrap();
    assert_eq!((reaped.ready, reaped.dead), (vec![], vec![claimed.lease.job]));
    let delivery = queue.list_deliveries(&Default::default()).await.unwrap().items.remove(0);
    let reason = "its process ended or hung while it ran";
    assert_eq!((delivery.status.as_str(), delivery.reason.as_deref()), ("dead", Some(reason)));
}

async fn settled(store: Store) {
    let queue = queue(&store).await;
    let tenant = tenant(&store).await;
    tenant.enqueue(&[job("x")], at(0)).await.unwrap();
    let claimed = claim_one(&queue, 0).await;
    assert!(tenant.settle_job(claimed.lease, &[job("y")], at(1)).await.unwrap());
    assert!(!tenant.settle_job(claimed.lease, &[job("y")], at(1)).await.unwrap());
    let expected = [("x".to_owned(), JobState::Done), ("y".to_owned(), JobState::Ready)];
    assert_eq!(states(&queue).await, expected);
}

async fn settled_by_another(store: Store) {
    let queue = queue(&store).await;
    let (a, b) = (tenant(&store).await, named(&store, "b").await);
    a.enqueue(&[job("x")], at(0)).await.unwrap();
    queue.enqueue(&[job("system")], at(0)).await.unwrap();
    for claimed in claim(&queue, 2, 0).await {
        assert!(!b.settle_job(claimed.lease, &[], at(1)).await.unwrap());
    }
    assert_eq!(queue.stats(at(1)).await.unwrap().running, 2);
}
