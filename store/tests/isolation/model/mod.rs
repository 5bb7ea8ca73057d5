//! Three tenants work at random and at the same time, over two connections; each reads what it wrote and nothing else.
//!
//! The same script runs on both engines beside a model in memory. Since each tenant's model knows nothing of the
//! others, whatever a tenant sees or does to another is a difference. A script that fails is made shorter before it is
//! shown; `MUSTER_MODEL_STEPS` and `MUSTER_MODEL_SEED` run longer and other ones.

mod compare;
mod script;
mod world;

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use muster_store::{
    Connections, DatabaseUrl, RebuildMark, RepositoryId, Standing, Store, StoreError, Tenant, Timestamp,
};

use crate::examples::{named, settle_line};
use crate::scratch::ScratchDatabase;
use compare::{Highest, foreign_key, lists, same, states, trespass};
use script::{Step, script};
use world::World;

const STEPS: usize = 2000;
const SEED: u64 = 20_240_229;
/// Times that a script which fails is run again to make it shorter.
const SHORTENINGS: usize = 60;

/// What was done.
#[derive(Debug, Default)]
struct Done {
    steps: Cell<usize>,
    cut_off: Cell<usize>,
    trespasses: Cell<usize>,
}

fn count(cell: &Cell<usize>, more: usize) {
    cell.set(cell.get() + more);
}

#[expect(clippy::disallowed_methods, reason = "how long to go on is said from outside")]
fn number(variable: &str, otherwise: u64) -> u64 {
    let text = std::env::var(variable).ok();
    text.map_or(otherwise, |text| text.parse().unwrap_or_else(|_| panic!("{variable} is a number")))
}

/// Runs a script on an empty database.
async fn run(url: &DatabaseUrl, script: &[(usize, Step)]) -> Result<Done, String> {
    // Fewer connections than tenants, so that each is always used by one after the other.
    let long = Duration::from_secs(600);
    let two = Connections { most: 2, patience: long, lock_patience: long };
    let store = Store::open_with(url, two).await.map_err(|error| error.to_string())?;
    let (highest, done) = (Highest::default(), Done::default());
    let work = async |who: usize| {
        let tenant = named(&store, &format!("tenant-{who}")).await;
        let mut world = World { who, ..World::default() };
        let own = script.iter().enumerate().filter(|(_, (whose, _))| *whose == who);
        for (place, (_, step)) in own {
            let failed = |said: String| format!("step {place}, tenant {who}, {step:?}: {said}");
            take(&tenant, &mut world, step, &highest, &done).await.map_err(failed)?;
            highest.note(&world);
            count(&done.steps, 1);
        }
        lists(&tenant, &world, 0).await?;
        states(&tenant, &world).await
    };
    tokio::try_join!(work(0), work(1), work(2))?;
    store.close().await;
    Ok(done)
}

/// Takes a step on the store and in the model.
async fn take(
    tenant: &Tenant,
    world: &mut World,
    step: &Step,
    highest: &Highest,
    done: &Done,
) -> Result<(), String> {
    match step {
        Step::Read => {
            lists(tenant, world, 0).await?;
            states(tenant, world).await?;
        }
        Step::Pages { size } => lists(tenant, world, *size).await?,
        Step::Trespass { seed } => {
            let tried = trespass(tenant, world, highest, *seed).await?;
            count(&done.trespasses, tried);
        }
        Step::LateScan { repository, seed } => {
            let mut change = world.draw_change(*repository, *seed);
            match &mut change.base {
                Some((_, revision)) => *revision -= 1,
                None => return Ok(()),
            }
            let late = tenant.apply_state(&change, Timestamp(world.now)).await;
            same("a late scan", &matches!(late, Err(StoreError::StateMoved)), &true)?;
        }
        Step::Rebuild { repository } => {
            let Some((id, _)) = world.find(*repository) else { return Ok(()) };
            let mut mark = Some(RebuildMark::default());
            while let Some(at) = mark {
                let next = tenant.rebuild_commit_projects(RepositoryId(id), at).await;
                mark = next.map_err(|error| error.to_string())?;
            }
            world.repositories.get_mut(&id).unwrap().stale = false;
        }
        Step::CutOff { step, turns } => cut_off(tenant, world, step, *turns, done).await?,
        write => {
            let mut after = world.clone();
            if let Some(written) = written(tenant, &mut after, write) {
                written.await?;
            }
            *world = after;
        }
    }
    let repository = match step {
        Step::Scan { repository, .. } | Step::Append { repository, .. } => *repository,
        _ => 0,
    };
    foreign_key(tenant, world, repository).await
}

type Writing<'a> = Pin<Box<dyn Future<Output = Result<(), String>> + 'a>>;

/// A step that writes: what it does to the model now, and to the store when it is waited for.
fn written<'a>(tenant: &'a Tenant, world: &mut World, step: &Step) -> Option<Writing<'a>> {
    world.now += 1;
    let now = Timestamp(world.now);
    match *step {
        Step::Scan { repository, seed } => {
            let change = world.draw_change(repository, seed);
            let wanted = world.apply(&change, now);
            Some(Box::pin(async move {
                let applied = tenant.apply_state(&change, now).await.map_err(|error| error.to_string())?;
                same("what was applied", &applied, &wanted)
            }))
        }
        Step::Append { repository, first, count } => {
            let (id, _) = world.find(repository)?;
            let rows = world.draw_commits(first, count);
            let wanted = world.append(id, &rows);
            Some(Box::pin(async move {
                let appended = tenant.append_commits(RepositoryId(id), &rows, Standing::default()).await;
                same("what was appended", &appended.map_err(|error| error.to_string())?, &wanted)
            }))
        }
        Step::Finish { repository, tip, whole } => {
            let (number, _) = world.find(repository)?;
            world.finish(number, tip, whole);
            Some(Box::pin(async move {
                let name = "refs/heads/main";
                let settled = settle_line(tenant, RepositoryId(number), name, Some(tip), whole).await;
                settled.map(drop).map_err(|error| error.to_string())
            }))
        }
        _ => None,
    }
}

/// Begins a step and lets go of it, as Ctrl-C does: afterwards all of it is there, or nothing.
async fn cut_off(
    tenant: &Tenant,
    world: &mut World,
    step: &Step,
    turns: u64,
    done: &Done,
) -> Result<(), String> {
    let mut after = world.clone();
    let Some(mut writing) = written(tenant, &mut after, step) else { return Ok(()) };
    for _ in 0..turns {
        let once = std::future::poll_fn(|context| Poll::Ready(writing.as_mut().poll(context)));
        if let Poll::Ready(ended) = once.await {
            ended?;
            *world = after;
            return Ok(());
        }
        tokio::task::yield_now().await;
    }
    drop(writing);
    count(&done.cut_off, 1);
    // Waits for its turn to write, and so for the end of what was cut off.
    tenant
        .append_commits(RepositoryId(1), &[], Standing::default())
        .await
        .map_err(|error| error.to_string())?;
    if lists(tenant, &after, 0).await.is_ok() {
        *world = after;
        return Ok(());
    }
    lists(tenant, world, 0).await
}

/// Runs a script; where it fails, shows the shortest that was found to fail.
async fn hold<F: Future<Output = Result<Done, String>>>(
    engine: &str,
    mut run: impl FnMut(Vec<(usize, Step)>) -> F,
) {
    let (seed, steps) = (number("MUSTER_MODEL_SEED", SEED), number("MUSTER_MODEL_STEPS", STEPS as u64));
    let mut shortest = script(seed, steps as usize);
    let mut said = match run(shortest.clone()).await {
        Ok(Done { steps, cut_off, trespasses }) => {
            let (steps, cut_off, trespasses) = (steps.get(), cut_off.get(), trespasses.get());
            println!(
                "{engine}: {steps} steps of seed {seed}, {cut_off} of them cut off, {trespasses} foreign ids tried"
            );
            assert!(steps < 1000 || (cut_off > 20 && trespasses > 100), "the script reaches its aims");
            return;
        }
        Err(said) => said,
    };
    let (mut size, mut left) = (shortest.len().div_ceil(2), SHORTENINGS);
    while size > 0 && left > 0 {
        let mut from = 0;
        while from < shortest.len() && left > 0 {
            left -= 1;
            let rest = [&shortest[..from], &shortest[(from + size).min(shortest.len())..]].concat();
            match run(rest.clone()).await {
                Err(other) => (shortest, said) = (rest, other),
                Ok(_) => from += size,
            }
        }
        size /= 2;
    }
    panic!("{engine}, seed {seed}: {said}\nby these {} steps: {shortest:#?}", shortest.len());
}

#[tokio::test]
async fn three_tenants_on_sqlite_read_their_own() {
    hold("SQLite", async |script| {
        let folder = tempfile::tempdir().unwrap();
        Box::pin(run(&DatabaseUrl::Sqlite(folder.path().join("store.db")), &script)).await
    })
    .await;
}

#[tokio::test]
async fn three_tenants_on_postgresql_read_their_own() {
    hold("PostgreSQL", async |script| {
        let database = ScratchDatabase::new().await;
        let done = Box::pin(run(&database.url(), &script)).await;
        database.remove().await;
        done
    })
    .await;
}
