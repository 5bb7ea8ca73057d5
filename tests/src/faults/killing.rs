//! `kill -9` at random under a stream of deliveries: whatever was answered 2xx is applied once, and the rows are those of
//! a run that nobody disturbed.
//!
//! Some kills here; `scripts/try-kills` does a hundred on each engine (`rounds=100`).

use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::home::{Engine, Home};
use super::process::{Process, Start};
use super::remotes::{Remotes, Said};
use super::stream::{Stream, send_all};
use super::told;

/// Kills of a run that is told no number.
const USUAL: u64 = 6;

/// A number below `most`, by chance.
fn chance(most: u64) -> u64 {
    RandomState::new().hash_one(0_u8) % most
}

/// What runs: on SQLite one process, on PostgreSQL a listener and two workers.
struct Running {
    serve: Option<Process>,
    workers: Vec<Option<Process>>,
}

impl Running {
    fn new(engine: Engine) -> Self {
        let workers = if engine == Engine::Postgres { 2 } else { 0 };
        Self { serve: None, workers: (0..workers).map(|_| None).collect() }
    }

    /// Starts what does not run.
    fn mend(&mut self, start: &Start<'_>, stream: &Stream) {
        if self.serve.is_none() {
            let arguments: &[&str] = if self.workers.is_empty() { &[] } else { &["--no-worker"] };
            let serve = start.serve(arguments);
            stream.redirect(serve.address());
            self.serve = Some(serve);
        }
        for worker in self.workers.iter_mut().filter(|worker| worker.is_none()) {
            *worker = Some(start.worker(&["--slots", "4"]));
        }
    }

    /// Kills one, or all.
    fn kill(&mut self) -> &'static str {
        let all: Vec<&mut Option<Process>> =
            std::iter::once(&mut self.serve).chain(&mut self.workers).collect();
        let victim = chance(all.len() as u64 + 1) as usize;
        let is_all = victim == all.len();
        for (place, process) in all.into_iter().enumerate() {
            if let Some(process) = process.take_if(|_| is_all || place == victim) {
                process.kill();
            }
        }
        match victim {
            _ if is_all => "all",
            0 => "serve",
            _ => "worker",
        }
    }
}

async fn killed_at_random(engine: Engine) {
    let rounds = told("rounds").unwrap_or(USUAL);
    let remotes = Arc::new(Remotes::new(3));
    let home = Arc::new(Home::new(engine, &remotes).await);
    let start = Start::new(&home, &remotes);
    // With many rounds a breath longer, so that the comparison stays small.
    let stream = Stream::start(&home, &remotes, Duration::from_millis(if rounds > USUAL { 120 } else { 20 }));
    let mut running = Running::new(engine);
    let mut killed = std::collections::BTreeMap::<_, u64>::new();
    for _ in 0..rounds {
        running.mend(&start, &stream);
        // By chance, so that each step is hit some time: most are over within milliseconds, a fetch takes a while.
        tokio::time::sleep(Duration::from_millis(chance(1500))).await;
        *killed.entry(running.kill()).or_default() += 1;
    }
    running.mend(&start, &stream);
    let (said, tally) = stream.end().await;
    home.settled().await;
    let counted =
        [&tally.taken, &tally.repeats, &tally.unanswered, &tally.refused].map(|n| n.load(Ordering::SeqCst));
    println!(
        "{engine:?}: killed {killed:?}; {} deliveries: {} taken, {} taken with the answer lost, {} tries unanswered, {} refused",
        said.len(),
        counted[0],
        counted[1],
        counted[2],
        counted[3],
    );
    let jobs = losses(&home).await;
    println!(
        "{engine:?}: {} jobs, {} of them lost with a process, at most {} times; none dead, none running",
        jobs.0, jobs.1, jobs.2
    );
    assert_eq!(counted[0] + counted[1], said.len());
    assert_undisturbed(engine, &home, &remotes, &said).await;
    for process in running.serve.into_iter().chain(running.workers.into_iter().flatten()) {
        process.stop().await;
    }
    Arc::into_inner(home).unwrap().remove().await;
}

/// How many jobs there are, how many were lost with a process, and how often one was at most.
async fn losses(home: &Home) -> (usize, usize, u64) {
    let (mut counts, mut filter) = ((0, 0, 0), muster_store::JobFilter::default());
    loop {
        let page = home.queue.list_jobs(&filter).await.unwrap();
        for job in page.items {
            counts = (counts.0 + 1, counts.1 + usize::from(job.losses > 0), counts.2.max(job.losses));
        }
        filter.after = page.next;
        if filter.after.is_none() {
            return counts;
        }
    }
}

/// Every delivery was applied, each once, and the rows are those of another database that was told the same in peace.
pub(crate) async fn assert_undisturbed(engine: Engine, home: &Home, remotes: &Remotes, said: &[Said]) {
    assert_eq!(home.deliveries().await, [("done", said.len())].into());
    let issues = said.iter().filter(|said| said.event == "issues").count();
    assert_eq!(home.task_changes().await, issues, "each issue was taken once");
    let calm = Home::new(engine, remotes).await;
    let serve = Start { lease: 30, ..Start::new(&calm, remotes) }.serve(&[]);
    send_all(&calm, said, serve.address()).await;
    assert_eq!(calm.task_changes().await, issues);
    let (disturbed, undisturbed) = (home.rows().await, calm.rows().await);
    println!(
        "{engine:?}: {} lines of rows, equal to those of an undisturbed run",
        undisturbed.lines().count()
    );
    assert!(undisturbed.lines().count() > issues);
    similar(&undisturbed, &disturbed);
    serve.stop().await;
    calm.remove().await;
}

/// Says the first line that differs, and not all of them.
fn similar(wanted: &str, found: &str) {
    for (wanted, found) in wanted.lines().zip(found.lines()) {
        assert_eq!(wanted, found);
    }
    assert_eq!(wanted.lines().count(), found.lines().count());
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_what_is_killed_at_random_is_applied_once() {
    killed_at_random(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_what_is_killed_at_random_is_applied_once() {
    killed_at_random(Engine::Postgres).await;
}
