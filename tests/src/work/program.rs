//! `muster worker`, the program: it works off what is there, and a signal stops it in order. And what is said where none runs.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use muster_ingest::work::machine_clock;
use muster_store::{JobState, NewJob, Timestamp};
use serde_json::Value;

use super::scene::{Scene, job, on_both};
use crate::program::muster;

fn worker(scene: &Scene) -> Child {
    program(scene, &["worker", "--slots", "2", "--grace", "1"])
}

fn program(scene: &Scene, arguments: &[&str]) -> Child {
    Command::new(muster())
        .args(arguments)
        .env_clear()
        .env("DATABASE_URL", &scene.address)
        .env("MUSTER_CACHE_DIR", "/nowhere") // nothing is fetched
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// What the log of a worker says that was told to stop, a message each.
fn stopped(mut child: Child) -> Vec<String> {
    let done = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(done.success());
    let log = BufReader::new(child.stderr.take().unwrap());
    let messages = log.lines().map(|line| {
        let entry: Value = serde_json::from_str(&line.unwrap()).unwrap();
        entry["message"].as_str().unwrap().to_owned()
    });
    let messages = messages.collect();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    messages
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_works_and_stops_when_it_is_told_to() {
    on_both(async |scene| {
        let child = worker(scene);
        // No handler knows these: each is dead at once, and says so.
        scene.enqueue(&vec![NewJob { kind: "unheard of".to_owned(), ..job("") }; 20]).await;
        scene.until(|jobs| jobs.iter().all(|job| job.state == JobState::Dead)).await;
        let mut said = stopped(child);
        said.dedup();
        let said = said.join("\n");
        for words in ["a worker starts", "a job is dead", "the worker has ended"] {
            assert!(said.contains(words), "{said}");
        }
        assert_eq!(scene.queue.stats(machine_clock()).await.unwrap().running, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_without_a_worker_says_that_jobs_are_left() {
    on_both(async |scene| {
        let since = Timestamp(machine_clock().0 - 120_000);
        scene.enqueue(&[NewJob { run_at: since, ..job("left") }]).await;
        let mut child = program(scene, &["serve", "--no-worker", "--listen", "127.0.0.1:0"]);
        let log = BufReader::new(child.stderr.take().unwrap());
        let mut entries = log.lines().map(|line| serde_json::from_str::<Value>(&line.unwrap()).unwrap());
        let said = entries.find(|entry| entry["level"] == "WARN").expect("it says so");
        assert_eq!(
            said["message"],
            "the oldest job that could have started has waited for more than a minute; does a worker run?"
        );
        assert!(said["seconds"].as_i64() >= Some(120), "{said}");
        assert_eq!(said["ready"], 1);
        child.kill().unwrap();
        child.wait().unwrap();
    })
    .await;
}
