//! `muster worker --watch`, as a process: it says that it is ready and what it does, and stops in order. And the lines of a log.

use std::time::Duration;

use serde_json::Value;

use super::home::{Engine, Home};
use super::process::Start;
use super::remotes::Remotes;
use crate::events::client::Client;

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_of_its_own_is_watched() {
    let remotes = Remotes::new(1);
    let home = Home::new(Engine::Postgres, &remotes).await;
    let start = Start { lease: 60, ..Start::new(&home, &remotes) };
    let serve = start.serve(&["--no-worker"]);
    let worker = start.worker(&["--watch", "127.0.0.1:0"]);
    let said = worker.says("watched: /healthz, /readyz, /metrics");
    let watched = said["address"].as_str().unwrap().parse().unwrap();

    home.delivery(&Remotes::issue(0, 1)).taken(serve.address()).await;
    home.settled().await;

    let ready = Client::ask(watched, "/readyz", "").await;
    assert_eq!(ready.status(), "200");
    let ready: Value = serde_json::from_str(&ready.body().await).unwrap();
    assert_eq!(ready["database"]["ok"], true, "{ready}");
    let kinds = ["route", "apply"].map(|kind| (kind, format!("kind=\"{kind}\"")));
    let is_counted = |metrics: &str, kind: &str| {
        metrics.lines().any(|of| of.starts_with("muster_jobs_total{") && of.contains(kind))
    };
    // The end of a job is in the database a moment before it is counted.
    let metrics = loop {
        let metrics = Client::ask(watched, "/metrics", "").await.body().await;
        if kinds.iter().all(|(_, line)| is_counted(&metrics, line)) {
            break metrics;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    for (kind, line) in kinds {
        let started = format!("\nmuster_job_attempts_total{{{line}}} 1\n");
        assert!(metrics.contains(&started), "{kind}: {metrics}");
    }
    let elsewhere = Client::ask(watched, "/api/v2/webhooks/github", "").await;
    assert_eq!(elsewhere.status(), "404", "a worker takes no deliveries");
    worker.stop().await;
    serve.stop().await;
    home.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_line_of_a_job_says_which_job_it_is_and_what_it_is_about() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let remotes = Remotes::new(1);
        let home = Home::new(engine, &remotes).await;
        let serve = Start { lease: 60, ..Start::new(&home, &remotes) }.serve(&[]);
        home.delivery(&remotes.push(0, 1)).taken(serve.address()).await;
        home.delivery(&Remotes::issue(0, 2)).taken(serve.address()).await;
        home.settled().await;
        let about = ["delivery.id", "repository.id"];
        let lines = [
            ("a delivery is routed", "route", about[0]),
            ("a delivery is applied", "apply", about[0]),
            ("looked at a repository", "look", about[1]),
        ];
        let tenant = home.tenant.id().to_string();
        for (message, kind, about) in lines {
            let said = serve.says(message);
            assert!(said["job.id"].is_i64() && said[about].is_i64(), "{said}");
            assert_eq!(
                (&said["kind"], &said["tenant.id"]),
                (&kind.into(), &tenant.as_str().into()),
                "{said}"
            );
        }
        serve.stop().await;
        home.remove().await;
    }
}
