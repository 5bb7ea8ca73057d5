//! Accepts connections until told to stop, then lets those in flight end.
//!
//! The signal to stop is a parameter, so that tests own it. After it nobody is accepted, an idle connection is closed, one
//! with a request in flight is closed behind its answer, and what is left after the grace period is cut.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::Limits;
use super::admission::Admission;
use super::connection::{Ends, answer};

/// How long nobody is accepted when the system has no more descriptors.
const BREATH: Duration = Duration::from_millis(50);

/// Answers on `listener` until `stop`; gives back when no connection is left.
pub async fn serve(listener: TcpListener, router: Router, limits: Limits, stop: CancellationToken) {
    let (pace, grace) = (limits.pace, limits.grace);
    let sweeps = (limits.head.min(limits.idle) / 4).clamp(Duration::from_millis(10), Duration::from_secs(1));
    let admission = Arc::new(Admission::new(limits));
    let ends = Ends { stop: stop.clone(), cut: CancellationToken::new() };
    let connections = TaskTracker::new();
    let sweeping = async {
        let mut ticks = tokio::time::interval(sweeps);
        loop {
            ticks.tick().await;
            admission.sweep();
        }
    };
    let accepting = async {
        loop {
            let Some((stream, address)) = accept(&listener).await else { continue };
            let Some(ticket) = admission.admit(address.ip()).await else {
                tracing::debug!("an address has too many connections");
                continue;
            };
            connections.spawn(answer(stream, ticket, router.clone(), pace, ends.clone()));
        }
    };
    tokio::select! {
        () = stop.cancelled() => {}
        () = sweeping => {}
        () = accepting => {}
    }
    drop(listener);
    connections.close();
    if tokio::time::timeout(grace, connections.wait()).await.is_err() {
        tracing::warn!(connections = admission.count(), "cut what did not end in time");
        ends.cut.cancel();
        connections.wait().await;
    }
}

/// The next connection; none where accepting failed, after a moment.
async fn accept(listener: &TcpListener) -> Option<(TcpStream, std::net::SocketAddr)> {
    match listener.accept().await {
        Ok(accepted) => Some(accepted),
        // Gone before it was accepted: nobody's fault.
        Err(error) if is_of_the_connection(&error) => None,
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "failed to accept a connection");
            tokio::time::sleep(BREATH).await;
            None
        }
    }
}

fn is_of_the_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
