//! The two addresses that deliveries come to, and what stands behind them.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, post};
use muster_store::{Store, Timestamp};
use tokio::time::Instant;
use tracing::Instrument as _;

use super::answer::recorded;
use super::budget::BodyBudget;
use super::digest::Digesting;
use super::hooks::{Hooks, KnownHook, is_key};
use super::recorder::Recorder;
use super::refusals::{HookRefusals, Refusals};
use super::{NotTaken, Verified};
use crate::verify::{Refusal, Secrets};
use crate::watch::spans;

/// Deliveries of the App; below it those of single repositories' hooks.
const APP: &str = "/api/v2/webhooks/github";

/// What the endpoint is told.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The App's secrets, current first. Without them nothing that comes to the App's address is taken.
    pub app_secrets: Option<Secrets>,
    /// Bytes that bodies in flight share.
    pub body_budget: usize,
    /// How long the database may take for each of its two answers: whose hook it is, and that it is recorded; and half of it
    /// for whether a hook has other secrets by now. GitHub waits ten seconds for ours.
    pub patience: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self { app_secrets: None, body_budget: 256 * 1024 * 1024, patience: Duration::from_secs(4) }
    }
}

/// Takes deliveries in. Clones are the same.
#[derive(Clone, Debug)]
pub struct Receiver(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    hooks: Hooks,
    recorder: Recorder,
    refusals: Refusals,
    budget: BodyBudget,
    digesting: Digesting,
    patience: Duration,
}

impl Receiver {
    /// Takes in what the hooks of this database send.
    pub fn new(store: Store, recorder: Recorder, settings: Settings) -> Self {
        Self(Arc::new(Inner {
            hooks: Hooks::new(store, settings.app_secrets),
            recorder,
            refusals: Refusals::default(),
            budget: BodyBudget::new(settings.body_budget),
            digesting: Digesting::new(),
            patience: settings.patience,
        }))
    }

    /// The routes.
    pub fn routes(&self) -> Router {
        let take = || -> MethodRouter<Self> { post(take).fallback(not_allowed) };
        Router::new()
            .route(APP, take())
            .route(&format!("{APP}/{{hook_key}}"), take())
            // The body is read in one place, which has its own bounds.
            .layer(DefaultBodyLimit::disable())
            .with_state(self.clone())
    }

    /// What was refused of known hooks since this was asked last.
    pub async fn take_refusals(&self) -> Vec<HookRefusals> {
        for refused in self.0.refusals.take_unknown() {
            match tokio::time::timeout(self.0.patience, self.0.hooks.find(&refused.hook)).await {
                Ok(Ok(Some(_))) => self.0.refusals.add(refused),
                Ok(Ok(None)) => {}
                // Nobody can tell now, and it is not worth waiting for.
                Ok(Err(_)) | Err(_) => break,
            }
        }
        self.0.refusals.take()
    }

    /// The hook that is called at this path.
    pub(super) async fn find_hook(&self, path: &str) -> Result<Option<Arc<KnownHook>>, NotTaken> {
        match key(path) {
            None => Ok(self.0.hooks.app()),
            Some(key) => {
                let found = tokio::time::timeout(self.0.patience, self.0.hooks.find(key)).await;
                found.unwrap_or(Err(NotTaken::Unavailable))
            }
        }
    }

    /// The hook that is called at this path, where it has other secrets since `begun` than it had before. That nobody can tell
    /// in time is the same as that it has not.
    pub(super) async fn find_changed_hook(
        &self,
        path: &str,
        before: Option<&KnownHook>,
        begun: Instant,
    ) -> Option<Arc<KnownHook>> {
        let found = self.0.hooks.find_afresh(key(path)?, begun);
        // Half of it: a delivery that holds after all is to be recorded while its sender waits.
        let found = tokio::time::timeout(self.0.patience / 2, found).await.ok()??;
        before.is_none_or(|before| !found.is_as(before)).then_some(found)
    }

    pub(super) fn budget(&self) -> &BodyBudget {
        &self.0.budget
    }

    pub(super) fn digesting(&self) -> &Digesting {
        &self.0.digesting
    }

    pub(super) fn note_refusal(&self, hook: &str, refusal: Refusal, at: Timestamp) {
        self.0.refusals.note(hook, refusal.code(), at);
    }

    /// Notes what was refused for its headers. Whether there is such a hook is not asked now: the answer does not wait for
    /// it, and takes the same time.
    pub(super) fn note_refused_headers(&self, path: &str, code: &'static str) {
        match (key(path), self.0.hooks.app()) {
            (Some(key), _) if is_key(key) => self.0.refusals.note_unknown(key, code, self.now()),
            (None, Some(app)) => self.0.refusals.note(&app.name, code, self.now()),
            (Some(_) | None, _) => {}
        }
    }

    /// The present.
    pub(super) fn now(&self) -> Timestamp {
        Timestamp::from(SystemTime::now())
    }
}

/// The last part of a path below the App's; none of the App's own.
fn key(path: &str) -> Option<&str> {
    path.strip_prefix(APP).and_then(|rest| rest.strip_prefix('/'))
}

async fn take(State(receiver): State<Receiver>, verified: Result<Verified, NotTaken>) -> Response {
    let taken = async {
        let verified = verified?;
        let (hook, span) = (verified.hook().to_owned(), spans::receive(verified.guid()));
        let recorded = receiver.0.recorder.record(verified).instrument(span).await;
        // It may be the hook that is not there any more: the next one asks.
        recorded.inspect_err(|_| receiver.0.hooks.forget(&hook))
    };
    match tokio::time::timeout(receiver.0.patience, taken).await {
        Ok(Ok(done)) => recorded(done),
        Ok(Err(not_taken)) => not_taken.into_response(),
        Err(_) => NotTaken::Unavailable.into_response(),
    }
}

async fn not_allowed() -> NotTaken {
    Refusal::Method.into()
}
