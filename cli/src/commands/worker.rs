//! `muster worker`: works off the queue until it is told to stop.

use anyhow::{Context as _, Result};
use muster_engine::{AddressPolicy, FetchOptions, MirrorCache, Remotes};
use muster_ingest::serve::{Limits, routes, serve};
use muster_ingest::work::{LookSettings, Worker, handlers, look_handlers, machine_clock};
use muster_store::{DatabaseUrl, Store};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::app;
use crate::args::{WorkArgs, WorkerArgs};
use crate::context::Context;
use crate::database::Database;
use crate::interrupt;
use crate::logging;

/// Runs it.
pub(crate) fn run(args: &WorkerArgs, context: &Context) -> Result<()> {
    run_until_stopped(args, context).context("work")
}

fn run_until_stopped(args: &WorkerArgs, context: &Context) -> Result<()> {
    let _log = logging::start(context)?;
    arm_crash(context);
    let stop = interrupt::token()?;
    let database = Database::open_to_serve(context)?;
    if let DatabaseUrl::Sqlite(_) = context.settings.database()?.parse()? {
        tracing::info!("the database is an SQLite file: one worker is enough, and muster serve runs one");
    }
    database.wait(async {
        let watching = watch(args, &database, context, &stop).await?;
        let worker = start(&args.work, database.store(), context, stop).await?;
        worker.ended().await;
        if let Some(watching) = watching {
            watching.await.context("watch")?;
        }
        Ok(())
    })
}

/// Where a test wants this process to end, it ends there.
pub(super) fn arm_crash(context: &Context) {
    if let Some(point) = &context.settings.service.crash_at {
        muster_ingest::crash_points::arm(point);
    }
}

/// Answers whoever watches, where he is to be answered.
async fn watch(
    args: &WorkerArgs,
    database: &Database,
    context: &Context,
    stop: &CancellationToken,
) -> Result<Option<JoinHandle<()>>> {
    let Some(address) = args.watch else { return Ok(None) };
    let queue = database.store().queue().await?;
    let watch = super::serve::watch_routes(database, &queue, context, stop)?;
    let listener = TcpListener::bind(address).await.with_context(|| format!("listen on {address}"))?;
    tracing::info!(address = %listener.local_addr()?, "watched: /healthz, /readyz, /metrics");
    Ok(Some(tokio::spawn(serve(listener, routes([watch]), Limits::default(), stop.clone()))))
}

/// Starts a worker in this process.
pub(super) async fn start(
    args: &WorkArgs,
    store: &Store,
    context: &Context,
    stop: CancellationToken,
) -> Result<Worker> {
    let direct: DatabaseUrl = context.settings.direct_database()?.parse()?;
    let mut kinds = handlers();
    kinds.extend(look_handlers(looks(context)?));
    let mut how = args.settings();
    how.github.clone_from(&context.settings.service.github);
    let started = Worker::start(store, &direct, kinds, how, machine_clock, stop);
    started.await.context("start the worker")
}

/// How repositories are fetched, and with what.
fn looks(context: &Context) -> Result<LookSettings> {
    let settings = &context.settings;
    let remotes = Remotes {
        cache: MirrorCache::new(settings.cache_dir()?).with_most_bytes(settings.service.cache_bytes),
        program: std::env::current_exe().context("find this program on disk, to run it for fetches")?,
        options: FetchOptions {
            policy: AddressPolicy {
                allow_hosts: settings.allow_hosts.clone(),
                allow_local: settings.allow_local,
            },
            environment: context.fetch_environment.clone(),
            ..FetchOptions::default()
        },
    };
    let user_rules = settings.detectors.clone();
    Ok(LookSettings { credentials: app::credentials(context)?, user_rules, ..LookSettings::new(remotes) })
}
