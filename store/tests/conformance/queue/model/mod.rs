//! Random operations of several workers, held to a model in memory after each: the whole table, field by field.
//!
//! The model does not say which jobs a claim takes; it says which it may take, and that it takes one while there is one.

mod operation;
mod row;

use std::collections::BTreeMap;

use muster_store::{
    Caps, Cause, Fate, JobFilter, JobId, JobKey, JobState, Lease, NewJob, Priority, Queue, Remedy,
    RetryPolicy, Store, TenantId,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use operation::{Op, op};
use row::Job;

use super::{LEASE, at, queue, two};
use crate::laws::{fresh, fresh_postgres};

const CAUSE: Cause<'static> = Cause { name: "c", message: "m" };
const PER_TENANT: usize = 3;

struct Model {
    queue: Queue,
    tenants: [Option<TenantId>; 3],
    jobs: BTreeMap<i64, Job>,
    issued: Vec<Lease>,
    now: i64,
}

impl Model {
    async fn new(store: &Store) -> Self {
        let (a, b) = two(store).await;
        let tenants = [None, Some(a), Some(b)];
        Self { queue: queue(store).await, tenants, jobs: BTreeMap::new(), issued: vec![], now: 0 }
    }

    fn held(&self) -> Vec<Lease> {
        let running = self.jobs.iter().filter(|(_, job)| job.state == JobState::Running);
        running.map(|(id, job)| Lease { job: JobId(*id), number: job.number }).collect()
    }

    fn nth_held(&self, n: usize) -> Option<(Lease, Job)> {
        let held = self.held();
        let lease = *held.get(n.checked_rem(held.len())?)?;
        Some((lease, self.jobs[&lease.job.0].clone()))
    }

    /// The ready job with the same key as this one.
    fn twin(&self, job: &Job) -> Option<i64> {
        let twin = |other: &Job| {
            other.state == JobState::Ready && other.tenant == job.tenant && other.key == job.key
        };
        let keyed = matches!(job.key, JobKey::Coalescing(_));
        self.jobs.iter().find(|(_, other)| keyed && twin(other)).map(|(id, _)| *id)
    }

    /// What putting a job back makes of it.
    fn back(&mut self, id: i64, mut job: Job) -> Fate {
        (job.owner, job.until) = (None, None);
        job.state = JobState::Ready;
        let mut fate = Fate::Ready(at(job.run_at));
        if let Some(newer) = self.twin(&job) {
            let twin = self.jobs.get_mut(&newer).unwrap();
            twin.merges += 1 + job.merges;
            if twin.parked_until.is_none_or(|until| until <= self.now) {
                twin.run_at = twin.run_at.min(job.run_at);
            }
            (job.state, job.merged_into) = (JobState::Done, Some(newer));
            fate = Fate::Merged(JobId(newer));
        }
        self.jobs.insert(id, job);
        fate
    }

    fn caps(&self, worker: usize) -> Caps {
        let owner = Some(worker.to_string());
        let own = self.jobs.values().filter(|job| job.state == JobState::Running && job.owner == owner);
        let (long, lost) = own.fold((0, 0), |(long, lost), job| {
            (long + usize::from(job.long), lost + usize::from(job.losses > 0))
        });
        Caps {
            per_tenant: PER_TENANT,
            long: 2_usize.saturating_sub(long),
            lost: 1_usize.saturating_sub(lost),
        }
    }

    fn may_start(&self, job: &Job, caps: Caps) -> bool {
        let running = || self.jobs.values().filter(|other| other.state == JobState::Running);
        job.state == JobState::Ready
            && job.run_at <= self.now
            && (job.serial.is_none()
                || !running().any(|other| (&other.tenant, &other.serial) == (&job.tenant, &job.serial)))
            && running().filter(|other| other.tenant == job.tenant).count() < caps.per_tenant
            && (!job.long || caps.long > 0)
            && (job.losses == 0 || caps.lost > 0)
    }

    async fn claim(&mut self, worker: usize, slots: usize) {
        let owner = worker.to_string();
        let (mut caps, until) = (self.caps(worker), self.now + LEASE);
        let claimed = self.queue.claim(&owner, slots, at(self.now), at(until), caps).await.unwrap();
        assert!(claimed.len() <= slots);
        if claimed.is_empty() {
            let missed = self.jobs.values().find(|job| self.may_start(job, caps));
            assert_eq!(missed, None, "a job that may start was not found");
        }
        for claimed in claimed {
            let mut job = self.jobs[&claimed.lease.job.0].clone();
            assert!(self.may_start(&job, caps), "{job:?} may not start: {caps:?}");
            caps.long -= usize::from(job.long);
            caps.lost -= usize::from(job.losses > 0);
            job.state = JobState::Running;
            job.number += 1;
            job.attempts += 1;
            job.parked_until = None;
            (job.owner, job.until) = (Some(owner.clone()), Some(until));
            self.jobs.insert(claimed.lease.job.0, job);
            assert!(!self.issued.contains(&claimed.lease), "a lease number was given out twice");
            self.issued.push(claimed.lease);
        }
    }

    async fn enqueue(&mut self, op: &Op) {
        let &Op::Enqueue { tenant, serial, coalescing, long, nightly, delay } = op else { return };
        let new = NewJob {
            tenant: self.tenants[tenant],
            serial_key: (serial > 1).then(|| format!("git:{serial}")),
            key: if coalescing > 1 { JobKey::Coalescing(coalescing.to_string()) } else { JobKey::None },
            installation: (serial < 2).then_some(i64::from(serial)),
            priority: if nightly { Priority::Nightly } else { Priority::Webhook },
            long,
            run_at: at(self.now + delay),
            ..NewJob { kind: "k".into(), ..NewJob::default() }
        };
        let parked = self.jobs.values().filter(|job| {
            job.state == JobState::Ready && job.tenant == new.tenant && job.installation == new.installation
        });
        let parked_until = parked.filter_map(|job| job.parked_until).filter(|until| *until > self.now).max();
        let parked_until = parked_until.filter(|_| new.installation.is_some());
        let job = Job {
            tenant: new.tenant,
            serial: new.serial_key.clone(),
            key: new.key.clone(),
            installation: new.installation,
            priority: new.priority,
            long,
            run_at: new.run_at.0.max(parked_until.unwrap_or(0)),
            parked_until,
            state: JobState::Ready,
            owner: None,
            until: None,
            number: 0,
            attempts: 0,
            losses: 0,
            merges: 0,
            merged_into: None,
            errors: 0,
        };
        let enqueued = self.queue.enqueue(&[new], at(self.now)).await.unwrap();
        match self.twin(&job) {
            Some(id) => {
                assert_eq!(enqueued.merged, [JobId(id)]);
                let twin = self.jobs.get_mut(&id).unwrap();
                twin.merges += 1;
                twin.attempts = 0;
                twin.priority = twin.priority.min(job.priority);
                if twin.parked_until.is_none_or(|until| until <= self.now) {
                    twin.run_at = twin.run_at.min(job.run_at);
                }
            }
            None => _ = self.jobs.insert(enqueued.new[0].0, job),
        }
    }

    async fn run(&mut self, op: &Op) {
        let now = at(self.now);
        let policy = RetryPolicy { losses: 3, ..RetryPolicy::default() };
        match *op {
            Op::Enqueue { .. } => self.enqueue(op).await,
            Op::Claim { worker, slots } => self.claim(worker, slots).await,
            Op::Pass(time) => self.now += time,
            Op::Succeed(n) => {
                let Some((lease, mut job)) = self.nth_held(n) else { return };
                assert_eq!(self.queue.succeed(&[lease], now).await.unwrap(), [lease]);
                (job.state, job.owner, job.until) = (JobState::Done, None, None);
                self.jobs.insert(lease.job.0, job);
            }
            Op::Fail(n) => {
                let Some((lease, mut job)) = self.nth_held(n) else { return };
                let fate = self.queue.fail(lease, CAUSE, Remedy::Retry(&policy, 0.5), now).await.unwrap();
                job.errors += 1;
                match policy.next(job.attempts, now, 0.5) {
                    Some(next) => {
                        job.run_at = next.0;
                        assert_eq!(fate, self.back(lease.job.0, job));
                    }
                    None => {
                        assert_eq!(fate, Fate::Dead);
                        (job.state, job.owner, job.until) = (JobState::Dead, None, None);
                        self.jobs.insert(lease.job.0, job);
                    }
                }
            }
            Op::Die(n) => {
                let Some((lease, mut job)) = self.nth_held(n) else { return };
                assert_eq!(self.queue.fail(lease, CAUSE, Remedy::Permanent, now).await.unwrap(), Fate::Dead);
                (job.state, job.owner, job.until) = (JobState::Dead, None, None);
                job.errors += 1;
                self.jobs.insert(lease.job.0, job);
            }
            Op::Limit(n) => {
                let Some((lease, mut job)) = self.nth_held(n) else { return };
                let until = self.now + 7000;
                let fate = self.queue.fail(lease, CAUSE, Remedy::Limited(at(until)), now).await.unwrap();
                job.errors += 1;
                job.attempts -= 1;
                (job.run_at, job.parked_until) = (until, Some(until));
                let same = |other: &Job| {
                    job.installation.is_some()
                        && (other.tenant, other.installation) == (job.tenant, job.installation)
                };
                for other in self.jobs.values_mut() {
                    if other.state == JobState::Ready && same(other) && other.run_at < until {
                        (other.run_at, other.parked_until) = (until, Some(until));
                    }
                }
                assert_eq!(fate, self.back(lease.job.0, job));
            }
            Op::Release(n) => {
                let Some((lease, mut job)) = self.nth_held(n) else { return };
                let fates = self.queue.release(&[lease], now).await.unwrap();
                job.attempts -= 1;
                assert_eq!(fates, [self.back(lease.job.0, job)]);
            }
            Op::Late(n) => {
                let held = self.held();
                let late: Vec<_> =
                    self.issued.iter().filter(|lease| !held.contains(lease)).copied().collect();
                let Some(&lease) = n.checked_rem(late.len()).and_then(|n| late.get(n)) else { return };
                assert_eq!(self.queue.succeed(&[lease], now).await.unwrap(), []);
                assert_eq!(self.queue.renew(&[lease], at(i64::MAX)).await.unwrap(), []);
                assert_eq!(self.queue.release(&[lease], now).await.unwrap(), []);
                let fate = self.queue.fail(lease, CAUSE, Remedy::Permanent, now).await.unwrap();
                assert_eq!(fate, Fate::TooLate);
            }
            Op::Reap => {
                let reaped = self.queue.reap(&policy, now).await.unwrap();
                let lost = self.held();
                let lost = lost.iter().filter(|lease| self.jobs[&lease.job.0].until <= Some(self.now));
                let (mut ready, mut merged, mut dead) = (vec![], vec![], vec![]);
                for lease in lost.copied().collect::<Vec<_>>() {
                    let mut job = self.jobs[&lease.job.0].clone();
                    job.attempts -= 1;
                    job.losses += 1;
                    job.errors += 1;
                    if job.losses == 3 {
                        (job.state, job.owner, job.until) = (JobState::Dead, None, None);
                        self.jobs.insert(lease.job.0, job);
                        dead.push(lease.job);
                        continue;
                    }
                    job.run_at = job.run_at.max(self.now);
                    match self.back(lease.job.0, job) {
                        Fate::Merged(_) => merged.push(lease.job),
                        _ => ready.push(lease.job),
                    }
                }
                assert_eq!((reaped.ready, reaped.merged, reaped.dead), (ready, merged, dead));
            }
            Op::Retry(n) => {
                let dead: Vec<i64> = self
                    .jobs
                    .iter()
                    .filter(|(_, job)| job.state == JobState::Dead)
                    .map(|(id, _)| *id)
                    .collect();
                let Some(&id) = n.checked_rem(dead.len()).and_then(|n| dead.get(n)) else { return };
                assert!(self.queue.retry_job(JobId(id), now).await.unwrap());
                let mut job = self.jobs[&id].clone();
                (job.run_at, job.parked_until, job.attempts, job.losses) = (self.now, None, 0, 0);
                self.back(id, job);
            }
        }
    }

    async fn compare(&self) {
        let mut stored = BTreeMap::new();
        let mut filter = JobFilter::default();
        loop {
            let page = self.queue.list_jobs(&filter).await.unwrap();
            for job in page.items {
                let id = job.id.0;
                stored.insert(id, Job::from(job));
            }
            filter.after = page.next;
            if filter.after.is_none() {
                break;
            }
        }
        pretty(&self.jobs, &stored);
    }
}

fn pretty(model: &BTreeMap<i64, Job>, stored: &BTreeMap<i64, Job>) {
    for (id, job) in model {
        assert_eq!(Some(job), stored.get(id), "job {id}: model, stored");
    }
    assert_eq!(model.len(), stored.len());
}

async fn history(store: &Store, runner: &mut TestRunner, length: usize) {
    let ops = prop::collection::vec(op(), length).new_tree(runner).unwrap().current();
    let mut model = Model::new(store).await;
    for (n, op) in ops.iter().enumerate() {
        println!("{n} at {}: {op:?}", model.now);
        model.run(op).await;
        model.compare().await;
    }
}

#[tokio::test]
async fn random_histories_are_as_the_model_says_on_sqlite() {
    let mut runner = TestRunner::deterministic();
    for _ in 0..24 {
        let (store, _folder) = fresh().await;
        history(&store, &mut runner, 120).await;
    }
}

#[tokio::test]
async fn random_histories_are_as_the_model_says_on_postgresql() {
    let mut runner = TestRunner::deterministic();
    for _ in 0..4 {
        let (store, database) = fresh_postgres().await;
        history(&store, &mut runner, 120).await;
        database.remove().await;
    }
}
