//! What is measured, described for whoever reads it, and how it is written: the text format of Prometheus.
//!
//! Buckets are chosen where somebody has a bound to hold: an answer to GitHub (10 s), a job's start, a push that shows
//! (5 s, better 1 s). Histograms cost a number a bucket and label, so there are few.

use std::time::Duration;

use ::metrics::{Unit, describe_counter, describe_gauge, describe_histogram};
use metrics_exporter_prometheus::{
    BuildError, Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder,
};
use thiserror::Error;
use tokio_util::sync::CancellationToken;

/// Seconds of what should take milliseconds and may take minutes.
const SECONDS: &[f64] =
    &[0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0];
/// Seconds of what somebody waits for: fine around the bounds of 1 and 5.
const VISIBLE: &[f64] =
    &[0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 7.5, 10.0, 30.0, 60.0, 600.0, 3600.0];

/// How often room is made.
const TIDY: Duration = Duration::from_secs(5);

/// Which buckets each histogram has.
const BUCKETS: &[(&str, &[f64])] = &[
    ("muster_job_seconds", SECONDS),
    ("muster_fetch_seconds", SECONDS),
    ("muster_scan_seconds", SECONDS),
    ("muster_receive_to_visible_seconds", VISIBLE),
];

/// Why nothing is measured. Fits "failed to ...".
#[derive(Debug, Error)]
#[error("measure: {0}")]
pub struct InstallError(#[from] BuildError);

/// What was measured so far.
#[derive(Clone, Debug)]
pub struct Metrics(PrometheusHandle);

impl Metrics {
    /// All of it, in the text format of Prometheus.
    pub fn render(&self) -> String {
        self.0.render()
    }

    /// Does that until the end, also where nobody asks for what was measured.
    pub async fn keep_tidy(self, stop: CancellationToken) {
        while tokio::time::timeout(TIDY, stop.cancelled()).await.is_err() {
            self.tidy();
        }
    }

    /// Makes room: what was measured and not yet counted takes memory until this is done, now and then.
    pub fn tidy(&self) {
        self.0.run_upkeep();
    }
}

fn recorder() -> Result<PrometheusRecorder, BuildError> {
    let mut builder = PrometheusBuilder::new();
    for (name, buckets) in BUCKETS {
        builder = builder.set_buckets_for_metric(Matcher::Full((*name).to_owned()), buckets)?;
    }
    Ok(builder.build_recorder())
}

/// Begins to measure, for the whole process. Once: a second time is an error.
pub fn install() -> Result<Metrics, InstallError> {
    let recorder = recorder()?;
    let handle = recorder.handle();
    ::metrics::set_global_recorder(recorder).map_err(BuildError::FailedToSetGlobalRecorder)?;
    describe();
    Ok(Metrics(handle))
}

/// What each is, once for all.
fn describe() {
    describe_counter!("muster_deliveries_total", "Calls of webhooks, by what they were answered with");
    describe_counter!(
        "muster_hook_look_ups_total",
        "How often the database was asked for a webhook's secrets"
    );
    describe_counter!("muster_deliveries_routed_total", "Deliveries that were planned, by what came of it");
    describe_counter!("muster_job_attempts_total", "Starts of jobs, by kind");
    describe_counter!("muster_jobs_total", "Jobs that ended, by kind and by how");
    describe_histogram!("muster_job_seconds", Unit::Seconds, "How long a job ran, by kind");
    describe_histogram!("muster_fetch_seconds", Unit::Seconds, "How long a repository was fetched");
    describe_histogram!("muster_scan_seconds", Unit::Seconds, "How long a repository's tree was scanned");
    describe_histogram!(
        "muster_receive_to_visible_seconds",
        Unit::Seconds,
        "From the receipt of a push to its being shown"
    );
    describe_gauge!("muster_queue_ready", "Jobs that wait for their time, their key or a slot");
    describe_gauge!("muster_queue_running", "Jobs that are held by a worker");
    describe_gauge!("muster_queue_dead", "Jobs that only a person can make run again");
    describe_gauge!("muster_queue_parked", "Jobs that wait for a provider's limit to be over");
    describe_gauge!(
        "muster_queue_oldest_ready_seconds",
        Unit::Seconds,
        "How long the job waits that could have started first"
    );
    describe_gauge!("muster_deliveries_parked", "Deliveries that wait for a repository or an installation");
    describe_gauge!("muster_event_streams", "Clients that follow changes");
    describe_counter!("muster_event_streams_cut_total", "Clients that were cut off for not reading");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_measured_is_described_and_has_its_buckets() {
        let recorder = recorder().unwrap();
        let metrics = Metrics(recorder.handle());
        ::metrics::with_local_recorder(&recorder, || {
            describe();
            ::metrics::counter!("muster_deliveries_total", "outcome" => "recorded").increment(2);
            ::metrics::gauge!("muster_queue_ready").set(3.0);
            ::metrics::histogram!("muster_receive_to_visible_seconds").record(0.4);
        });
        metrics.tidy();
        let text = metrics.render();
        let of = |name: &str| -> String {
            let about = text.lines().filter(|line| line.contains(name));
            about.map(|line| format!("{line}\n")).collect()
        };
        insta::assert_snapshot!(of("muster_deliveries_total") + &of("muster_queue_ready"), @r#"
        # HELP muster_deliveries_total Calls of webhooks, by what they were answered with
        # TYPE muster_deliveries_total counter
        muster_deliveries_total{outcome="recorded"} 2
        # HELP muster_queue_ready Jobs that wait for their time, their key or a slot
        # TYPE muster_queue_ready gauge
        muster_queue_ready 3
        "#);
        let visible = of("muster_receive_to_visible_seconds");
        assert!(visible.contains("_bucket{le=\"0.35\"} 0\n"), "{visible}");
        assert!(visible.contains("_bucket{le=\"0.5\"} 1\n"), "{visible}");
    }
}
