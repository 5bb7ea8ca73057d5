//! `GET /api/v2/events`: who follows a tenant's changes is told of them as they become visible.
//!
//! Server-sent events (the HTML standard, section 9.2): every browser resumes them by itself, with the id of the last one that
//! it has seen. That id is a change's seq, so a stream is a question that is asked again and again ("what is behind this seq?")
//! and nothing is kept for anybody who is away. A wake-up, from this process or from the server, only says when to ask.
//!
//! - [`bearer`] says whose token is shown, [`follow`] knows of each followed tenant how far its changes are,
//!   [`stream`] asks and writes for one client, [`frame`] is how an event is written.

mod bearer;
mod follow;
mod frame;
mod route;
mod stream;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use muster_store::{DatabaseUrl, Store};
use tokio_util::sync::CancellationToken;

use crate::work::Clock;
use follow::Followed;

/// What following may cost, and how it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventSettings {
    /// Streams of one tenant at once.
    pub per_tenant: usize,
    /// Streams at once.
    pub streams: usize,
    /// How often followed tenants are looked at when nothing wakes us: another process may write to the same file.
    pub poll: Duration,
    /// How long a stream is silent at most: proxies close what says nothing.
    pub heartbeat: Duration,
    /// How long a client may take to read what waits for it. Then it is cut off: it comes back and asks for the rest.
    pub patience: Duration,
    /// How often it is asked whether the token still holds.
    pub recheck: Duration,
}

impl Default for EventSettings {
    fn default() -> Self {
        Self {
            per_tenant: 64,
            streams: 1024,
            poll: Duration::from_secs(1),
            heartbeat: Duration::from_secs(15),
            patience: Duration::from_secs(20),
            recheck: Duration::from_secs(60),
        }
    }
}

/// The streams of this process.
#[derive(Clone, Debug)]
pub struct Events(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    store: Store,
    settings: EventSettings,
    clock: Clock,
    followed: Arc<Followed>,
    stop: CancellationToken,
}

impl Events {
    /// Begins to listen for changes until `stop`, which also ends every stream. `direct` leads to the same database without a
    /// pooler in between.
    pub fn start(
        store: Store,
        direct: DatabaseUrl,
        settings: EventSettings,
        clock: Clock,
        stop: CancellationToken,
    ) -> Self {
        let followed = Arc::new(Followed::new(&settings));
        tokio::spawn(follow::keep_up(
            store.clone(),
            direct,
            Arc::clone(&followed),
            settings.poll,
            stop.clone(),
        ));
        Self(Arc::new(Shared { store, settings, clock, followed, stop }))
    }
}

/// The route, to be merged with the others.
pub fn router(events: Events) -> Router {
    Router::new().route("/api/v2/events", get(route::follow)).with_state(events)
}
