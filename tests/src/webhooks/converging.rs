//! Deliveries converge: a recorded history in any order, with repetitions, held back while many arrive, worked off by one to three
//! workers while the repositories move on, leaves the present state that it leaves in its own order.
//!
//! The workers and handlers are those of the service; repositories are looked at where they are, without a fetch, so that hundreds
//! of runs are affordable. `MUSTER_CONVERGE_SEEDS` says how many there are, or with `A..B` which.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use muster_engine::{LookEnd, LookError, LookOptions, MirrorAt, Silent, look, look_at_pull};
use muster_ingest::work::{
    Context, Handler, JobFailure, JobResult, Settled, Worker, handlers, machine_clock,
};
use muster_store::{
    ClaimedJob, Connection, DatabaseUrl, DeliveryFilter, DeliveryStatus, HookKey, JobState, LOOK,
    NewDelivery, NewJob, NewTenant, PULL, Priority, Provider, Queue, RepositoryFilter, RepositoryId, Store,
    SystemRandom, Tenant,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::json;
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

use super::forge::INSTALLATION;
use super::history::{ALPHA, DELTA, History, Replica, head_branch};
use super::state::present;
use crate::receive::scene::actor;
use crate::scratch::ScratchDatabase;
use crate::work::scene::{settings, within};

/// How one run goes.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// The places of what is delivered, in order, and by which hook: the App's, or the repository's own.
    pub(super) order: Vec<(usize, bool)>,
    /// How many of them arrive before anybody works.
    held: usize,
    /// How many arrive at once.
    batch: usize,
    workers: usize,
    slots: usize,
    /// The repositories move on while deliveries come; else they are at their end already.
    moves: bool,
    /// Each is worked off before the next one comes.
    waits: bool,
}

impl Plan {
    /// The history in its own order, one event at a time.
    pub(super) fn in_order(count: usize) -> Self {
        let order = (0..count).map(|at| (at, false)).collect();
        Self { order, held: 0, batch: 1, workers: 1, slots: 1, moves: true, waits: true }
    }

    pub(super) fn of_seed(seed: u64, count: usize) -> Self {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let random = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        let mut runner = TestRunner::new_with_rng(Config::default(), random);
        let event =
            |at: usize| (any::<u32>(), any::<u32>(), 0..3_usize, any::<bool>()).prop_map(move |of| (at, of));
        let events: Vec<_> = (0..count).map(event).collect();
        let plan = (events, any::<bool>(), 0..count * 2, 1..12_usize, 1..4_usize, 1..9_usize, 1..20_usize)
            .prop_map(move |(events, moves, held, batch, workers, slots, late)| {
                let mut order = Vec::new();
                for (at, (key, again, repeats, hook)) in events {
                    // What moves on is late by a bounded number of events; else any order will do.
                    let place = |key: u32| match moves {
                        true => (at + key as usize % late) as u64 * 1000 + u64::from(key % 1000),
                        false => u64::from(key),
                    };
                    order.push((place(key), at, hook));
                    // Again by the same hook, which does nothing, and by the other, which is another delivery.
                    if repeats > 0 {
                        order.push((place(again), at, hook ^ (repeats == 2)));
                    }
                }
                order.sort_unstable();
                let order = order.into_iter().map(|(_, at, hook)| (at, hook)).collect();
                Plan { order, held, batch, workers, slots, moves, waits: false }
            });
        plan.new_tree(&mut runner).unwrap().current()
    }
}

/// Looks at the repositories where they are.
fn looks(dirs: &Arc<BTreeMap<i64, PathBuf>>) -> Vec<Handler> {
    let of = |kind| {
        let dirs = dirs.clone();
        within(kind, Duration::from_secs(60), move |job, context| look_directly(job, context, dirs.clone()))
    };
    vec![of(LOOK), of(PULL)]
}

async fn look_directly(job: ClaimedJob, context: Context, dirs: Arc<BTreeMap<i64, PathBuf>>) -> JobResult {
    let tenant = context.store.tenant(job.job.tenant.unwrap());
    let id = RepositoryId(job.job.payload["repository"].as_i64().unwrap());
    let source = tenant.fetch_source(id).await?.unwrap();
    if source.is_gone || !source.is_active {
        return Ok(Settled::Done);
    }
    let repository = tenant.find_repository(id).await?.unwrap();
    let git_dir = dirs[&repository.provided.id.unwrap().1].clone();
    let number = job.job.payload["number"].as_u64();
    let runtime = Handle::current();
    let looking = tokio::task::spawn_blocking(move || {
        let branch = head_branch(&git_dir);
        let mirror = MirrorAt { git_dir: &git_dir, head_branch: branch.as_deref() };
        let never = AtomicBool::new(false);
        let options = LookOptions {
            user_rules: None,
            threads: 1,
            budget: Duration::from_secs(600),
            accepts_damage: false,
            progress: &Silent,
            cancelled: &never,
            clock: machine_clock,
        };
        let asked = machine_clock();
        let lease = Some(job.lease);
        runtime.block_on(async {
            let pull = async |number| look_at_pull(&tenant, id, number, mirror, lease, options).await;
            let refs =
                async |lease| look(&tenant, id, mirror, asked, lease, options).await.map(|looked| looked.end);
            let Some(number) = number else { return refs(lease).await };
            match pull(number).await {
                Err(LookError::NotLookedAt) => match refs(None).await? {
                    LookEnd::Settled { .. } => pull(number).await,
                    other => Ok(other),
                },
                ended => ended,
            }
        })
    });
    match looking.await.unwrap() {
        Ok(LookEnd::Settled { by_lease: true } | LookEnd::LeaseLost) => Ok(Settled::ByUs),
        Ok(LookEnd::Settled { by_lease: false }) => Ok(Settled::Done),
        Ok(LookEnd::Unfinished) => Ok(Settled::Yield),
        Err(error) => Err(JobFailure::retry("look", error)),
    }
}

/// A run: a tenant of its own in a database that nobody else uses.
struct Run<'a> {
    history: &'a History,
    store: Store,
    queue: Queue,
    url: &'a DatabaseUrl,
    tenant: Tenant,
    key: HookKey,
    replica: Replica,
    workers: Vec<(Worker, CancellationToken)>,
}

impl<'a> Run<'a> {
    async fn new(history: &'a History, url: &'a DatabaseUrl) -> Self {
        let store = Store::open(url).await.unwrap();
        let (queue, now, actor) = (store.queue().await.unwrap(), machine_clock(), actor());
        let new = NewTenant { subdomain: "acme".to_owned(), ..NewTenant::default() };
        let tenant = store.create_tenant(&new, now).await.unwrap();
        let claim = tenant.claim_installation(Provider::GitHub, INSTALLATION, "acme", now, &actor);
        assert!(claim.await.unwrap());
        let connection = Connection {
            provider: Some((Provider::GitHub, ALPHA)),
            full_name: Some("acme/alpha"),
            clone_url: Some("https://github.com/acme/alpha"),
            ..Connection::default()
        };
        let repository = tenant.connect_repository(&connection, now, &actor).await.unwrap();
        let key = HookKey::generate(&SystemRandom).unwrap();
        tenant.add_hook(repository.id, &key, now, &actor).await.unwrap();
        let replica = Replica::new(history);
        Self { history, store, queue, url, tenant, key, replica, workers: Vec::new() }
    }

    async fn start(&mut self, plan: &Plan) {
        let dirs = self.history.forge.repositories.keys().map(|id| (*id, self.replica.git_dir(*id)));
        let dirs = Arc::new(dirs.collect::<BTreeMap<_, _>>());
        while self.workers.len() < plan.workers {
            let stop = CancellationToken::new();
            let mut how = settings();
            how.slots = NonZeroUsize::new(plan.slots).unwrap();
            how.tenant_cap = how.slots;
            how.poll = Duration::from_millis(20);
            how.retry.waits = vec![Duration::from_millis(5); 3];
            let mut kinds = handlers();
            kinds.extend(looks(&dirs));
            let started = Worker::start(&self.store, self.url, kinds, how, machine_clock, stop.clone());
            self.workers.push((started.await.unwrap(), stop));
        }
    }

    /// Records deliveries as the endpoint does, in one transaction.
    async fn record(&self, batch: &[(usize, bool)]) {
        let bodies: Vec<_> = batch
            .iter()
            .map(|(at, own_hook)| {
                let (sent, _) = &self.history.sent[*at];
                let own_hook = *own_hook && sent.repository == Some(ALPHA);
                let mut body = sent.body.clone();
                if !own_hook && body["installation"].is_null() {
                    body["installation"] = json!({"id": INSTALLATION});
                }
                (own_hook, sent.event, format!("event-{at}"), body.to_string().into_bytes())
            })
            .collect();
        let deliveries: Vec<_> = bodies
            .iter()
            .map(|(own_hook, event, guid, body)| NewDelivery {
                hook: if *own_hook { self.key.as_str() } else { "app" },
                guid,
                tenant: own_hook.then(|| self.tenant.id()),
                event,
                headers: r#"{"content-type":"application/json"}"#,
                fair_hint: None,
                received_at: machine_clock(),
                body_hash: [0; 32],
                body,
                packed_from: None,
            })
            .collect();
        self.queue.record(&deliveries).await.unwrap();
    }

    /// Until nothing is left to do.
    async fn quiet(&self) {
        loop {
            let stats = self.queue.stats(machine_clock()).await.unwrap();
            if stats.ready == 0 && stats.running == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(3)).await;
        }
    }

    /// Delivers, works off, looks at each repository once more; gives the present state.
    async fn play(mut self, plan: &Plan) -> String {
        let end = self.history.end();
        for (n, batch) in plan.order.chunks(plan.batch).enumerate() {
            if n * plan.batch >= plan.held {
                self.start(plan).await;
            }
            if plan.moves {
                let at = batch.iter().map(|(at, _)| self.history.sent[*at].1).max().unwrap();
                let before =
                    plan.order[..n * plan.batch].iter().map(|(at, _)| self.history.sent[*at].1).max();
                self.replica.set(self.history, at.max(before.unwrap_or(0)));
            }
            self.record(batch).await;
            if plan.waits {
                self.quiet().await;
            }
        }
        self.replica.set(self.history, end);
        self.start(plan).await;
        self.quiet().await;
        for listing in self.tenant.list_repositories(&RepositoryFilter::default()).await.unwrap().items {
            let now = machine_clock();
            let look = NewJob::look(listing.repository.id, Priority::Webhook, false, now);
            self.tenant.enqueue(&[look], now).await.unwrap();
        }
        self.quiet().await;
        for (worker, stop) in std::mem::take(&mut self.workers) {
            stop.cancel();
            worker.ended().await;
        }
        let filter = muster_store::JobFilter { state: Some(JobState::Dead), ..Default::default() };
        let dead = self.queue.list_jobs(&filter).await.unwrap().items;
        assert!(dead.is_empty(), "{dead:#?}");
        // What waits, waits for a repository that the installation may not see: it may have been told so before all else.
        let parked = DeliveryFilter { status: Some(DeliveryStatus::Parked), ..Default::default() };
        for one in self.queue.list_deliveries(&parked).await.unwrap().items {
            assert_eq!(one.waits_for, Some(format!("repository:{DELTA}")), "{one:?}");
        }
        let text = present(&self.tenant).await;
        self.store.close().await;
        text
    }
}

#[expect(clippy::disallowed_methods, reason = "whoever wants more runs says so in a variable")]
fn seeds(few: u64) -> Range<u64> {
    let Ok(text) = std::env::var("MUSTER_CONVERGE_SEEDS") else { return 0..few };
    match text.split_once("..") {
        Some((from, to)) => from.parse().unwrap()..to.parse().unwrap(),
        None => 0..text.parse().unwrap(),
    }
}

fn assert_same(expected: &str, found: &str, seed: u64, plan: &Plan) {
    if expected == found {
        return;
    }
    let [one, other] = [expected, found].map(|text| text.lines().collect::<std::collections::BTreeSet<_>>());
    let missing: Vec<_> = one.difference(&other).map(|line| format!("- {line}")).collect();
    let more: Vec<_> = other.difference(&one).map(|line| format!("+ {line}")).collect();
    panic!("seed {seed} leaves another state\n{plan:?}\n{}\n{}", missing.join("\n"), more.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn any_order_leaves_the_same_present_state() {
    let history = History::play();
    let count = history.sent.len();
    let folder = tempfile::tempdir().unwrap();
    let sqlite = async |name: &str| DatabaseUrl::Sqlite(folder.path().join(name));
    let first = sqlite("in-order.db").await;
    let expected = Run::new(&history, &first).await.play(&Plan::in_order(count)).await;
    for seed in seeds(6) {
        println!("seed {seed} on SQLite");
        let (url, plan) = (sqlite(&format!("{seed}.db")).await, Plan::of_seed(seed, count));
        let found = Run::new(&history, &url).await.play(&plan).await;
        assert_same(&expected, &found, seed, &plan);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn any_order_leaves_the_same_present_state_on_postgresql() {
    let history = History::play();
    let count = history.sent.len();
    let folder = tempfile::tempdir().unwrap();
    let first = DatabaseUrl::Sqlite(folder.path().join("in-order.db"));
    let expected = Run::new(&history, &first).await.play(&Plan::in_order(count)).await;
    let database = ScratchDatabase::new().await;
    let url = database.url();
    for seed in seeds(4) {
        println!("seed {seed} on PostgreSQL");
        let plan = Plan::of_seed(seed, count);
        let found = Run::new(&history, &url).await.play(&plan).await;
        assert_same(&expected, &found, seed, &plan);
        database.empty().await;
    }
    database.remove().await;
}
