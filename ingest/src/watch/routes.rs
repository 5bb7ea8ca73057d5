//! `/healthz`, `/readyz` and `/metrics`.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use muster_store::QueueStats;
use serde_json::json;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::checks::Found;
use super::{Metrics, Watched};

/// The queue is not measured more often than this, however often somebody scrapes.
const FRESH: Duration = Duration::from_secs(1);
/// The version of the text format.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

#[derive(Clone, Debug)]
struct Watching {
    watched: Watched,
    metrics: Metrics,
    found: Found,
    measured: Arc<Mutex<Option<Instant>>>,
}

/// The routes, to be merged with the others.
pub fn router(watched: Watched, metrics: Metrics) -> Router {
    let watching = Watching { watched, metrics, found: Found::default(), measured: Arc::default() };
    Router::new()
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .route("/metrics", get(scrape))
        .with_state(watching)
}

/// The process runs and answers: nothing else is asked, for whoever starts it anew because of this mends nothing else.
async fn healthz() -> impl IntoResponse {
    ([(CACHE_CONTROL, "no-store")], Json(json!({ "alive": true })))
}

async fn readyz(State(watching): State<Watching>) -> impl IntoResponse {
    let readiness = watching.found.readiness(&watching.watched).await;
    let status = if readiness.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, [(CACHE_CONTROL, "no-store")], Json(readiness))
}

async fn scrape(State(watching): State<Watching>) -> impl IntoResponse {
    measure(&watching).await;
    watching.metrics.tidy();
    ([(CONTENT_TYPE, TEXT), (CACHE_CONTROL, "no-store")], watching.metrics.render())
}

/// Measures the queue, unless that was done a moment ago.
async fn measure(watching: &Watching) {
    let mut measured = watching.measured.lock().await;
    if measured.is_some_and(|at| at.elapsed() < FRESH) {
        return;
    }
    let now = (watching.watched.clock)();
    match watching.watched.queue.stats(now).await {
        Ok(stats) => {
            *measured = Some(Instant::now());
            let oldest = stats.oldest_ready.map_or(0, |since| (now.0 - since.0).max(0));
            set(&stats, oldest);
        }
        // The numbers of before stay; that the database does not answer is what /readyz is for.
        Err(reason) => tracing::warn!(error = %reason, "the queue cannot be measured"),
    }
}

fn set(stats: &QueueStats, oldest_milliseconds: i64) {
    let gauge = |name: &'static str, value: u64| metrics::gauge!(name).set(value as f64);
    gauge("muster_queue_ready", stats.ready);
    gauge("muster_queue_running", stats.running);
    gauge("muster_queue_dead", stats.dead);
    gauge("muster_queue_parked", stats.parked);
    gauge("muster_deliveries_parked", stats.parked_deliveries);
    metrics::gauge!("muster_queue_oldest_ready_seconds").set(oldest_milliseconds as f64 / 1000.0);
}
