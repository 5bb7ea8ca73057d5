//! `look` and `pull`: bring a repository's mirror up to date, and have the engine apply what moved.
//!
//! The job names a repository and nothing else. Where it is fetched from, and with what, is what we store about it: nothing
//! that somebody sent is ever contacted. Git is read on a thread where that may block; the job's token reaches it through
//! a flag, and so does the end of whoever waits for it.

mod failing;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use muster_engine::{
    FetchError, LookEnd, LookError, LookOptions, Looked, Mirror, MirrorAt, Remotes, Wanted, look_at_pull,
};
use muster_store::{
    ClaimedJob, FetchSource, LOOK, Lease, PULL, RepositoryId, Store, Tenant, TenantId, Timestamp,
};
use tokio::runtime::Handle;
use tracing::{Span, info};

use super::handler::{Clock, Context, Handler, JobFailure, JobResult, Settled};
use crate::crash_points::reach;
use crate::credentials::Credentials;
use crate::watch::spans;

/// How long one run of a look may take beyond its fetch: its steps, and what a step may take longer than it should.
const BEYOND_FETCH: Duration = Duration::from_secs(15 * 60);

/// How repositories are fetched and looked at.
#[derive(Clone, Debug)]
pub struct LookSettings {
    /// How and whereto they are fetched.
    pub remotes: Remotes,
    /// With what.
    pub credentials: Credentials,
    /// Detectors of the user's configuration, TOML.
    pub user_rules: Option<String>,
    /// Threads that read one repository.
    pub threads: usize,
    /// How long a look works before it lets others have its slot.
    pub step: Duration,
}

impl LookSettings {
    /// The usual step, without credentials of an App and without rules of the user.
    pub fn new(remotes: Remotes) -> Self {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let (credentials, user_rules) = (Credentials::default(), None);
        Self { remotes, credentials, user_rules, threads, step: Duration::from_secs(25) }
    }
}

/// The handlers of both kinds.
pub fn look_handlers(settings: LookSettings) -> Vec<Handler> {
    let deadline = settings.remotes.options.limits.total.saturating_mul(2) + BEYOND_FETCH;
    let settings = Arc::new(settings);
    let for_pulls = settings.clone();
    vec![
        Handler::new(LOOK, deadline, move |job, context| {
            let settings = settings.clone();
            Box::pin(async move { work(job, context, settings, false).await })
        }),
        Handler::new(PULL, deadline, move |job, context| {
            let settings = for_pulls.clone();
            Box::pin(async move { work(job, context, settings, true).await })
        }),
    ]
}

/// Does either kind.
async fn work(job: ClaimedJob, context: &Context, settings: Arc<LookSettings>, is_pull: bool) -> JobResult {
    let tenant = job.job.tenant.ok_or_else(|| JobFailure::permanent("payload", "the job is no tenant's"))?;
    let number = |name: &str| job.job.payload.get(name).and_then(serde_json::Value::as_i64);
    let missing = || JobFailure::permanent("payload", "the job names no repository or pull request");
    let repository = number("repository").map(RepositoryId).ok_or_else(missing)?;
    let pull = number("number").and_then(|number| u64::try_from(number).ok());
    if is_pull && pull.is_none() {
        return Err(missing());
    }
    let handle = context.store.tenant(tenant);
    let Some(source) = handle.fetch_source(repository).await? else {
        return Err(JobFailure::permanent(
            "repository gone",
            format!("repository {repository} is not stored"),
        ));
    };
    if source.is_gone || !source.is_active {
        info!("not followed any more; nothing is fetched");
        return Ok(Settled::Done);
    }
    let asked = Asked { tenant, repository, pull: pull.filter(|_| is_pull), lease: job.lease };
    match visit(asked, &source, context, settings).await {
        Err(failure) => match overtaken(&handle, &source).await {
            Some(instead) => Ok(instead),
            None => Err(failure),
        },
        ended => ended,
    }
}

/// What a job asks for.
struct Asked {
    tenant: TenantId,
    repository: RepositoryId,
    pull: Option<u64>,
    lease: Lease,
}

/// What is to be done instead of failing, where the repository was taken away or given another address in the meantime.
async fn overtaken(tenant: &Tenant, before: &FetchSource) -> Option<Settled> {
    let source = tenant.fetch_source(before.id).await.ok()??;
    if source.is_gone || !source.is_active {
        info!("not followed any more; what failed does not matter");
        return Some(Settled::Done);
    }
    (source.clone_url != before.clone_url).then(|| {
        info!("it has another address by now; it is looked at there");
        Settled::Yield
    })
}

/// Fetches and looks, on a thread where that may block.
async fn visit(
    asked: Asked,
    source: &FetchSource,
    context: &Context,
    settings: Arc<LookSettings>,
) -> JobResult {
    let Asked { tenant, repository, pull, lease } = asked;
    let address = address(source)?;
    let handle = context.store.tenant(tenant);
    let held = settings.credentials.for_repository(&handle, repository, context.now()).await?;
    let credentials = held.map(|held| muster_engine::Credentials {
        username: held.username.to_owned(),
        password: String::from_utf8_lossy(held.password.expose()).into_owned(),
    });
    let stopping = Stopping::default();
    let visit = Visit {
        store: context.store.clone(),
        tenant,
        repository,
        pull,
        address,
        credentials,
        lease,
        clock: context.clock,
        settings,
        cancelled: stopping.0.clone(),
    };
    let runtime = Handle::current();
    let span = Span::current();
    let mut visiting = tokio::task::spawn_blocking(move || span.in_scope(|| visit.run(&runtime)));
    let ended = tokio::select! {
        ended = &mut visiting => ended,
        () = context.cancelled.cancelled() => {
            stopping.0.store(true, Ordering::Relaxed);
            visiting.await
        }
    };
    match ended {
        Ok(ended) => ended,
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        Err(_) => Err(JobFailure::retry("cancelled", "the runtime was stopped")),
    }
}

/// Where a repository is fetched from.
fn address(source: &FetchSource) -> Result<String, JobFailure> {
    source.clone_url.clone().filter(|url| !url.is_empty()).ok_or_else(|| {
        let message = format!("repository {} has no address to fetch from", source.id);
        JobFailure::permanent("no address", message)
    })
}

/// Tells the thread that works to stop, also where nobody waits for it any more.
#[derive(Debug, Default)]
struct Stopping(Arc<AtomicBool>);

impl Drop for Stopping {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// One fetch and one look, on a thread where both may block.
struct Visit {
    store: Store,
    tenant: TenantId,
    repository: RepositoryId,
    pull: Option<u64>,
    address: String,
    credentials: Option<muster_engine::Credentials>,
    lease: Lease,
    clock: Clock,
    settings: Arc<LookSettings>,
    cancelled: Arc<AtomicBool>,
}

/// What went wrong on the way.
enum Trouble {
    Fetch(FetchError),
    Look(LookError),
}

impl Visit {
    fn run(&self, runtime: &Handle) -> JobResult {
        let end = self.fetch_and_look(runtime).map_err(|trouble| match trouble {
            Trouble::Fetch(error) => failing::of_fetch(&self.address, &error, (self.clock)()),
            Trouble::Look(error) => failing::of_look(&error),
        })?;
        Ok(match end {
            LookEnd::Settled { by_lease: true } | LookEnd::LeaseLost => Settled::ByUs,
            LookEnd::Settled { by_lease: false } => Settled::Done,
            LookEnd::Unfinished => Settled::Yield,
        })
    }

    /// A mirror in which something is missing is made anew, once.
    fn fetch_and_look(&self, runtime: &Handle) -> Result<LookEnd, Trouble> {
        let asked = (self.clock)();
        let mirror = self.fetch(false)?;
        match self.look(runtime, &mirror, asked, mirror.is_new) {
            Err(error) if error.blames_the_mirror() && !mirror.is_new => {
                info!(%error, "the mirror is made anew");
                drop(mirror);
                let asked = (self.clock)();
                let mirror = self.fetch(true)?;
                self.look(runtime, &mirror, asked, true).map_err(Trouble::Look)
            }
            ended => ended.map_err(Trouble::Look),
        }
    }

    fn fetch(&self, anew: bool) -> Result<Mirror, Trouble> {
        let wanted =
            Wanted { address: &self.address, credentials: self.credentials.clone(), pull: self.pull, anew };
        let _span = spans::fetch(self.tenant, self.repository).entered();
        let begun = Instant::now();
        let fetched = self.settings.remotes.fetch(wanted, &self.cancelled);
        metrics::histogram!("muster_fetch_seconds").record(begun.elapsed().as_secs_f64());
        reach("fetched");
        fetched.map_err(Trouble::Fetch)
    }

    fn look(
        &self,
        runtime: &Handle,
        mirror: &Mirror,
        asked: Timestamp,
        accepts_damage: bool,
    ) -> Result<LookEnd, LookError> {
        let options = LookOptions {
            user_rules: self.settings.user_rules.as_deref(),
            threads: self.settings.threads,
            budget: self.settings.step,
            accepts_damage,
            progress: &muster_engine::Silent,
            cancelled: &self.cancelled,
            clock: self.clock,
        };
        let (tenant, at, lease) = (self.store.tenant(self.tenant), MirrorAt::from(mirror), Some(self.lease));
        if let Some(number) = self.pull {
            let pull =
                || runtime.block_on(look_at_pull(&tenant, self.repository, number, at, lease, options));
            let ended = pull();
            let Err(LookError::NotLookedAt) = ended else { return ended };
            // It came before the repository's first look, which may take longer than it would be tried again.
            return match runtime.block_on(self.look_at_refs(&tenant, at, asked, None, options))?.end {
                LookEnd::Settled { .. } => pull(),
                other => Ok(other),
            };
        }
        let _span = spans::scan(self.tenant, self.repository).entered();
        let looked = runtime.block_on(self.look_at_refs(&tenant, at, asked, lease, options))?;
        reach("looked");
        Ok(looked.end)
    }

    async fn look_at_refs(
        &self,
        tenant: &Tenant,
        mirror: MirrorAt<'_>,
        asked: Timestamp,
        lease: Option<Lease>,
        options: LookOptions<'_>,
    ) -> Result<Looked, LookError> {
        let looked = muster_engine::look(tenant, self.repository, mirror, asked, lease, options).await?;
        if let Some(scan) = looked.scan {
            metrics::histogram!("muster_scan_seconds").record(scan.as_secs_f64());
        }
        if let Some(since) = looked.waited_since {
            let milliseconds = (self.clock)().0.saturating_sub(since.0).max(0);
            metrics::histogram!("muster_receive_to_visible_seconds").record(milliseconds as f64 / 1000.0);
        }
        info!(
            new_commits = looked.new_commits,
            changed = looked.changed,
            end = ?looked.end,
            "looked at a repository"
        );
        Ok(looked)
    }
}
