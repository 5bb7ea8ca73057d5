//! `muster serve`: receives webhooks until it is told to stop.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use muster_ingest::events::{self, EventSettings, Events};
use muster_ingest::receive::{self, Receiver, Recorder, Settings};
use muster_ingest::serve::{Limits, Router, routes, serve};
use muster_ingest::verify::Secrets;
use muster_ingest::watch::{self, Watched};
use muster_ingest::work::{Worker, machine_clock, watch_queue};
use muster_store::{APP_HOOK, DatabaseUrl, HookRefusals, Queue, Store};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::args::ServeArgs;
use crate::context::Context;
use crate::database::Database;
use crate::interrupt;
use crate::logging;

/// How often it is told what hooks were refused.
const REFUSALS: Duration = Duration::from_secs(60);

/// Runs it.
pub(crate) fn run(args: &ServeArgs, context: &Context) -> Result<()> {
    run_until_stopped(args, context).context("serve")
}

fn run_until_stopped(args: &ServeArgs, context: &Context) -> Result<()> {
    let listen = context.settings.listen;
    refuse_local(listen, context.settings.allow_local)?;
    let app_secrets = app_secrets(context)?;
    let _log = logging::start(context)?;
    super::worker::arm_crash(context);
    let stop = interrupt::token()?;
    let database = Database::open_to_serve(context)?;
    database.wait(async {
        let queue = database.store().queue().await?;
        let watch = watch_routes(&database, &queue, context, &stop)?;
        let listener = TcpListener::bind(listen).await.with_context(|| format!("listen on {listen}"))?;
        let (address, has_app) = (listener.local_addr()?, app_secrets.is_some());
        let (recorder, recording) = Recorder::start(&queue);
        let settings = Settings {
            app_secrets,
            body_budget: args.body_budget as usize * 1024 * 1024,
            ..Settings::default()
        };
        let receiver = Receiver::new(database.store().clone(), recorder, settings);
        let refusals =
            tokio::spawn(report_refusals(receiver.clone(), database.store().clone(), stop.clone()));
        let worker = start_worker(args, &database, queue, context, &stop).await?;
        let router = routes([receiver.routes(), events(&database, context, &stop)?, watch]);
        drop(receiver);
        say_where(address, has_app);
        serve(listener, router, limits(args), stop).await;
        // The last of those who give deliveries is gone with this task, and then recording ends.
        _ = refusals.await;
        recording.end().await;
        if let Some(worker) = worker {
            worker.ended().await;
        }
        tracing::info!("stopped");
        Ok(())
    })
}

/// Whoever can call from outside could have this machine fetch from itself and from its neighbours.
fn refuse_local(listen: SocketAddr, allow_local: bool) -> Result<()> {
    if allow_local && !listen.ip().to_canonical().is_loopback() {
        bail!(
            "listen on {listen} with --allow-local: others can call there, and could have this machine fetch from itself; \
             listen on 127.0.0.1, or name the hosts that may be fetched from with --allow-host"
        );
    }
    Ok(())
}

/// The secrets of the App's webhook; one that is empty is refused.
fn app_secrets(context: &Context) -> Result<Option<Secrets>> {
    let Some(texts) = &context.settings.webhook_secrets else { return Ok(None) };
    Secrets::new(texts.reveal())
        .map(Some)
        .context("take MUSTER_GITHUB_WEBHOOK_SECRET (unset it where there is no App)")
}

fn say_where(address: SocketAddr, has_app: bool) {
    tracing::info!(%address, "listening");
    if has_app {
        tracing::info!("deliveries of the App: http://{address}/api/v2/webhooks/github");
    } else {
        tracing::info!(
            "no secret of an App is given (MUSTER_GITHUB_WEBHOOK_SECRET): only hooks of single repositories are taken"
        );
    }
    tracing::info!("hooks of single repositories: http://{address}/api/v2/webhooks/github/KEY");
}

fn limits(args: &ServeArgs) -> Limits {
    Limits {
        connections: args.max_connections as usize,
        per_address: args.max_per_address as usize,
        proxies: args.proxy.iter().map(|address| address.to_canonical()).collect(),
        ..Limits::default()
    }
}

/// Those who follow a tenant's changes are told of them.
fn events(database: &Database, context: &Context, stop: &CancellationToken) -> Result<Router> {
    let direct: DatabaseUrl = context.settings.direct_database()?.parse()?;
    let store = database.store().clone();
    let events = Events::start(store, direct, EventSettings::default(), machine_clock, stop.clone());
    Ok(events::router(events))
}

/// What tells whoever runs this how it is doing. Begins to measure.
pub(super) fn watch_routes(
    database: &Database,
    queue: &Queue,
    context: &Context,
    stop: &CancellationToken,
) -> Result<Router> {
    let metrics = watch::install()?;
    tokio::spawn(metrics.clone().keep_tidy(stop.clone()));
    let watched = Watched {
        store: database.store().clone(),
        queue: queue.clone(),
        database: context.settings.database()?.parse()?,
        cache: context.settings.cache_dir().ok().map(ToOwned::to_owned),
        clock: machine_clock,
    };
    Ok(watch::router(watched, metrics))
}

/// The worker beside the listener, unless it runs elsewhere: then the queue is watched without it.
async fn start_worker(
    args: &ServeArgs,
    database: &Database,
    queue: Queue,
    context: &Context,
    stop: &CancellationToken,
) -> Result<Option<Worker>> {
    if args.no_worker {
        tracing::info!("no worker runs here: muster worker works off what comes");
        let every = args.work.settings().watch;
        tokio::spawn(watch_queue(queue, every, machine_clock, stop.clone()));
        return Ok(None);
    }
    super::worker::start(&args.work, database.store(), context, stop.clone()).await.map(Some)
}

/// Now and then tells what hooks were refused: who set a hook up with another secret than ours sees only 401.
async fn report_refusals(receiver: Receiver, store: Store, stop: CancellationToken) {
    loop {
        let is_last = tokio::time::timeout(REFUSALS, stop.cancelled()).await.is_ok();
        let refusals = receiver.take_refusals().await;
        let noted: Vec<_> = refusals.iter().map(noted).collect();
        // They are for muster doctor alone: what cannot be noted now is left out.
        if let Err(reason) = store.note_hook_refusals(&noted).await {
            tracing::warn!(error = %reason, "refusals of hooks cannot be noted");
        }
        for refused in refusals {
            tracing::warn!(
                hook = refused.hook.get(..8).unwrap_or(&refused.hook),
                code = refused.code,
                count = refused.count,
                "{}",
                what_to_do(&refused)
            );
        }
        if is_last {
            return;
        }
    }
}

/// Of a hook muster doctor knows more, and names it to whom it belongs.
fn what_to_do(refused: &receive::HookRefusals) -> String {
    if refused.hook == APP_HOOK {
        let (says, mend) = super::app::refused(refused.code);
        return format!("{says}; {mend}");
    }
    "deliveries of a hook were refused; muster doctor says why, and what mends it".to_owned()
}

fn noted(refused: &receive::HookRefusals) -> HookRefusals {
    let (hook, code) = (refused.hook.clone(), refused.code.to_owned());
    HookRefusals { hook, code, at: refused.last_at, number: refused.count }
}
