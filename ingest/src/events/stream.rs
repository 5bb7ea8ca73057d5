//! The stream of one client: asks what is behind the last seq that it has written, and writes that.
//!
//! Little waits for a client: a page of changes, and what a socket takes. One that does not read for a while is cut off, for
//! it can come back at any time and lose nothing by it. So can one whose token no longer holds.

use std::convert::Infallible;

use axum::body::Bytes;
use futures_util::Stream;
use muster_store::{Tenant, Token};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout};
use tracing::{debug, warn};

use super::Events;
use super::bearer::{Stranger, recognise};
use super::follow::Follower;
use super::frame;

/// Changes that are asked for at once.
const PAGE: usize = 200;
/// Pieces that may wait for the socket.
const WAITING: usize = 2;

/// Opens the stream, behind a seq.
pub(super) fn open(
    events: Events,
    token: Token,
    tenant: Tenant,
    follower: Follower,
    after: i64,
) -> impl Stream<Item = Result<Bytes, Infallible>> {
    let (out, mut pieces) = mpsc::channel(WAITING);
    let client = Client { events, token, tenant, follower, after, out };
    tokio::spawn(client.run());
    // Where the client is gone this is dropped, and then whatever is written next finds nobody.
    futures_util::stream::poll_fn(move |context| pieces.poll_recv(context).map(|piece| piece.map(Ok)))
}

/// Why a stream ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// The client has gone.
    Gone,
    /// It does not read.
    Slow,
    /// Its token holds no longer.
    Refused,
    /// The service stops.
    Stopped,
}

struct Client {
    events: Events,
    token: Token,
    tenant: Tenant,
    follower: Follower,
    after: i64,
    out: mpsc::Sender<Bytes>,
}

impl Client {
    async fn run(mut self) {
        let tenant = self.tenant.id();
        let stop = self.events.0.stop.clone();
        let end = tokio::select! {
            () = stop.cancelled() => End::Stopped,
            end = self.write() => end,
        };
        debug!(tenant.id = %tenant, ?end, "a stream of events ends");
        if end == End::Slow {
            metrics::counter!("muster_event_streams_cut_total").increment(1);
        }
    }

    /// Writes until there is a reason to end.
    async fn write(&mut self) -> End {
        let settings = self.events.0.settings;
        let mut recheck = Instant::now() + settings.recheck;
        if let Err(end) = self.send(frame::beginning(self.after.max(0))).await {
            return end;
        }
        loop {
            if Instant::now() >= recheck {
                recheck = Instant::now() + settings.recheck;
                let recognised = recognise(&self.events.0.store, &self.token, (self.events.0.clock)()).await;
                if recognised.is_err_and(|stranger| stranger != Stranger::Unavailable) {
                    return End::Refused;
                }
            }
            // Marked as seen before it is asked: what comes while it is asked is a reason to ask again.
            self.follower.latest.mark_unchanged();
            if let Err(end) = self.catch_up().await {
                return end;
            }
            let piece = tokio::select! {
                changed = self.follower.latest.changed() => match changed {
                    Ok(()) => continue,
                    Err(_) => return End::Stopped,
                },
                () = self.out.closed() => return End::Gone,
                () = sleep(settings.heartbeat) => frame::heartbeat(),
            };
            if let Err(end) = self.send(piece).await {
                return end;
            }
        }
    }

    /// Writes all that is behind the last seq.
    async fn catch_up(&mut self) -> Result<(), End> {
        loop {
            let behind = match self.tenant.list_changes(self.after, PAGE).await {
                Ok(behind) => behind,
                Err(reason) => {
                    warn!(tenant.id = %self.tenant.id(), error = %reason, "changes cannot be read; they are told of later");
                    return Ok(());
                }
            };
            if behind.has_gap {
                self.send(frame::reset(behind.latest)).await?;
                self.after = behind.latest;
                continue;
            }
            let Some(last) = behind.changes.last() else { return Ok(()) };
            let mut piece = Vec::with_capacity(behind.changes.len() * 200);
            behind.changes.iter().for_each(|change| frame::change(change, &mut piece));
            let (last, is_all) = (last.seq, behind.changes.len() < PAGE);
            self.send(piece.into()).await?;
            self.after = last;
            if is_all {
                return Ok(());
            }
        }
    }

    async fn send(&self, piece: Bytes) -> Result<(), End> {
        match timeout(self.events.0.settings.patience, self.out.send(piece)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(End::Gone),
            Err(_) => Err(End::Slow),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::body::Body;
    use axum::http::{Request, Response, StatusCode};
    use muster_store::{Actor, DatabaseUrl, NewTenant, NewToken, Store, SystemRandom};
    use tokio_util::sync::CancellationToken;
    use tower::ServiceExt as _;

    use super::super::{EventSettings, router};
    use super::*;
    use crate::work::machine_clock;

    #[tokio::test]
    async fn a_client_that_does_not_read_is_cut_off() {
        let folder = tempfile::tempdir().unwrap();
        let url = DatabaseUrl::Sqlite(folder.path().join("store.db"));
        let store = Store::open(&url).await.unwrap();
        let new = NewTenant { subdomain: "acme".to_owned(), ..NewTenant::default() };
        let tenant = store.create_tenant(&new, machine_clock()).await.unwrap();
        let new = NewToken { name: "t".to_owned(), ..NewToken::default() };
        let actor = Actor::command_line(None);
        let (_, token) = tenant.create_token(&new, &SystemRandom, machine_clock(), &actor).await.unwrap();
        let short = Duration::from_millis(1);
        let settings =
            EventSettings { per_tenant: 1, heartbeat: short, patience: short, ..EventSettings::default() };
        let events = Events::start(store.clone(), url, settings, machine_clock, CancellationToken::new());
        let ask = async || -> Response<Body> {
            let request = Request::get("/api/v2/events")
                .header("authorization", format!("Bearer {}", token.expose()))
                .body(Body::empty())
                .unwrap();
            router(events.clone()).oneshot(request).await.unwrap()
        };
        let deaf = ask().await;
        assert_eq!(deaf.status(), StatusCode::OK);
        // It is held and not read. Its place becomes free all the same.
        while ask().await.status() == StatusCode::TOO_MANY_REQUESTS {
            tokio::task::yield_now().await;
        }
        drop(deaf);
        store.close().await;
    }
}
