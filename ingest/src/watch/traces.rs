//! Traces, sent to a collector by OTLP over HTTP. Only where the program is built for it.
//!
//! The spans are those of the log: there is no second set to keep. They are gathered by a thread of their own, which sends
//! some at a time; what cannot be sent is lost, and nobody waits for it.

use std::time::Duration;

use axum::http::{Request, Response};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_http::{HttpClient, HttpError};
use opentelemetry_otlp::{ExporterBuildError, SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SdkTracerProvider, Tracer};
use thiserror::Error;
use tokio::runtime::Runtime;
use tracing_opentelemetry::OpenTelemetryLayer;

/// A collector's answer is short.
const LONGEST: usize = 64 * 1024;
/// How long the last ones may take when the service ends.
const ENDING: Duration = Duration::from_secs(5);

/// Why there are none. Fits "failed to ...".
#[derive(Debug, Error)]
pub enum TracesError {
    /// Nothing can be sent.
    #[error("send traces: {0}")]
    Client(#[from] std::io::Error),
    /// No address, most often.
    #[error("send traces: {0}")]
    Exporter(#[from] ExporterBuildError),
}

/// Traces that go somewhere, until this is dropped.
#[derive(Debug)]
pub struct Traces(SdkTracerProvider);

impl Traces {
    /// Sends them to the collector at this address, such as `http://127.0.0.1:4318`.
    pub fn begin(endpoint: &str) -> Result<Self, TracesError> {
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Sender::new()?)
            .with_endpoint(format!("{}/v1/traces", endpoint.trim_end_matches('/')))
            .build()?;
        let resource = Resource::builder_empty().with_service_name("muster").build();
        let provider =
            SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build();
        Ok(Self(provider))
    }

    /// What takes the spans of the log.
    pub fn layer<S>(&self) -> OpenTelemetryLayer<S, Tracer>
    where
        S: tracing::Subscriber + for<'span> tracing_subscriber::registry::LookupSpan<'span>,
    {
        tracing_opentelemetry::layer().with_tracer(self.0.tracer("muster"))
    }
}

impl Drop for Traces {
    fn drop(&mut self) {
        // Whoever has no collector any more ends all the same.
        _ = self.0.shutdown_with_timeout(ENDING);
    }
}

/// Sends on a runtime of its own: the thread that gathers spans has none, and outlives the service's.
#[derive(Debug)]
struct Sender {
    runtime: Runtime,
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
}

impl Sender {
    fn new() -> Result<Self, std::io::Error> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let connector = HttpsConnectorBuilder::new()
            .with_provider_and_native_roots(rustls::crypto::ring::default_provider())?
            .https_or_http()
            .enable_http1()
            .build();
        Ok(Self { runtime, client: Client::builder(TokioExecutor::new()).build(connector) })
    }

    async fn ask(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let response = self.client.request(request.map(Full::from)).await?;
        let (head, body) = response.into_parts();
        let body = Limited::new(body, LONGEST).collect().await?.to_bytes();
        Ok(Response::from_parts(head, body))
    }
}

#[async_trait::async_trait]
impl HttpClient for Sender {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        self.runtime.block_on(self.ask(request))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};
    use std::time::Instant;

    use axum::Router;
    use axum::extract::State;
    use axum::routing::post;
    use muster_store::{DeliveryId, RepositoryId, TenantId, Timestamp};
    use tokio::net::TcpListener;
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::super::spans;
    use super::*;

    type Received = Arc<Mutex<Vec<u8>>>;

    /// A collector on this machine that keeps every byte.
    async fn collector() -> (String, Received) {
        let received = Received::default();
        let take = async |State(received): State<Received>, body: Bytes| {
            received.lock().unwrap().extend_from_slice(&body);
        };
        let router = Router::new().route("/v1/traces", post(take)).with_state(received.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(crate::serve::serve(listener, router, Default::default(), Default::default()));
        (endpoint, received)
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_collector_is_told_of_every_span_with_its_ids() {
        let (endpoint, received) = collector().await;
        let traces = Traces::begin(&endpoint).unwrap();
        let tenant = TenantId::new(Timestamp(0));
        let log = tracing_subscriber::registry().with(traces.layer());
        tracing::subscriber::with_default(log, || {
            let _delivery = spans::delivery(DeliveryId(4711)).entered();
            let _fetch = spans::fetch(tenant, RepositoryId(7)).entered();
            let _scan = spans::scan(tenant, RepositoryId(7)).entered();
        });
        // It waits for what was gathered to be sent.
        tokio::task::spawn_blocking(move || drop(traces)).await.unwrap();
        let missing = || {
            let received = received.lock().unwrap();
            let holds = |text: &str| received.windows(text.len()).any(|window| window == text.as_bytes());
            let texts = ["muster", "delivery", "delivery.id", "fetch", "scan", "repository.id"];
            let mut texts = texts.map(str::to_owned).to_vec();
            texts.push(tenant.to_string());
            texts.retain(|text| !holds(text));
            texts
        };
        // Not for ever: on a machine that is very busy it may come later.
        let patience = Instant::now() + Duration::from_secs(60);
        while !missing().is_empty() && Instant::now() < patience {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert_eq!(missing(), Vec::<String>::new());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn nobody_waits_for_a_collector_that_is_not_there() {
        let traces = Traces::begin("http://127.0.0.1:1").unwrap();
        let log = tracing_subscriber::registry().with(traces.layer());
        tracing::subscriber::with_default(log, || drop(spans::delivery(DeliveryId(1)).entered()));
        tokio::task::spawn_blocking(move || drop(traces)).await.unwrap();
    }
}
