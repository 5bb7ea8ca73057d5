//! The log of what runs for long: lines for people on a terminal, JSON for everything else.
//!
//! On stderr, for stdout is for results. Commands that end by themselves have no log: what they have to say they say. A program
//! that was built for it sends the spans of the log to a collector as well.

mod flat;

use std::io::{self, IsTerminal as _};

use anyhow::{Context as _, Result};
use tracing_subscriber::fmt::format::JsonFields;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer, Registry};

use self::flat::Flat;
use crate::context::Context;

/// What is written unless MUSTER_LOG says otherwise.
const USUAL: &str = "info";

/// The log, until this is dropped.
#[derive(Debug)]
pub(crate) struct Log {
    #[cfg(feature = "otel")]
    _traces: Option<muster_ingest::watch::Traces>,
}

type Written = Box<dyn Layer<Registry> + Send + Sync>;

/// Begins to write the log. Keep what it gives to the end.
pub(crate) fn start(context: &Context) -> Result<Log> {
    let wanted = context.settings.log.as_deref().unwrap_or(USUAL);
    let filter = EnvFilter::builder().parse(wanted).context(
        "understand MUSTER_LOG: say off, error, warn, info, debug or trace, or muster_ingest=debug,warn",
    )?;
    let lines = tracing_subscriber::fmt::layer().with_writer(io::stderr);
    let written: Written = if io::stderr().is_terminal() {
        lines.with_ansi(context.stderr.colour).boxed()
    } else {
        lines.event_format(Flat).fmt_fields(JsonFields::new()).boxed()
    };
    let (log, layer) = traces(context)?;
    let layers: Vec<Written> = [Some(written), layer].into_iter().flatten().collect();
    let started = tracing_subscriber::registry().with(layers).with(filter).try_init();
    started.map_err(|error| anyhow::anyhow!(error)).context("begin the log")?;
    if cfg!(not(feature = "otel")) && context.settings.service.traces.is_some() {
        tracing::warn!(
            "OTEL_EXPORTER_OTLP_ENDPOINT is set, and this program was built without traces (--features otel)"
        );
    }
    Ok(log)
}

/// The traces, where they are wanted.
#[cfg(feature = "otel")]
fn traces(context: &Context) -> Result<(Log, Option<Written>)> {
    let Some(endpoint) = &context.settings.service.traces else { return Ok((Log { _traces: None }, None)) };
    let traces = muster_ingest::watch::Traces::begin(endpoint)?;
    let layer = traces.layer().boxed();
    Ok((Log { _traces: Some(traces) }, Some(layer)))
}

#[cfg(not(feature = "otel"))]
#[expect(clippy::unnecessary_wraps, reason = "with traces it can fail")]
fn traces(_: &Context) -> Result<(Log, Option<Written>)> {
    Ok((Log {}, None))
}
