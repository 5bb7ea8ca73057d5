//! A worker that is killed: every job is done in the end, and what was answered is there.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use muster_store::{DatabaseUrl, JobFilter, JobState, Recorded, RetryPolicy, Store};

use super::{FREE, at, delivery, queue};
use crate::scratch::ScratchDatabase;

const ARGUMENT: &str = "queue=";
const DELIVERIES: usize = 300;

/// The child: records deliveries and works off their jobs for as long as it lives, when it is given a database.
#[tokio::test]
async fn child_records_and_works_until_it_is_killed() {
    let Some(url) = std::env::args().find_map(|argument| Some(argument.strip_prefix(ARGUMENT)?.to_owned()))
    else {
        return;
    };
    let store = Store::open(&url.parse().unwrap()).await.unwrap();
    let queue = queue(&store).await;
    for n in 0..DELIVERIES {
        let guid = n.to_string();
        let recorded = queue.record(&[delivery("app", &guid, guid.as_bytes())]).await.unwrap();
        if recorded != [Recorded::Repeat] {
            println!("\nrecorded {n}");
        }
        let claimed = queue.claim("child", 2, at(2000), at(2001), FREE).await.unwrap();
        for claimed in claimed.iter().take(1) {
            assert_eq!(queue.succeed(&[claimed.lease], at(2000)).await.unwrap(), [claimed.lease]);
            println!("\ndone {}", claimed.lease.job);
        }
        let kept: Vec<_> = claimed.iter().skip(1).map(|claimed| claimed.lease).collect();
        queue.release(&kept, at(2000)).await.unwrap();
    }
}

/// Kills the child six times; `gone` waits until the server has noticed.
async fn killed(url: &DatabaseUrl, text: &str, gone: impl AsyncFn()) {
    let (mut recorded, mut done) = (BTreeSet::new(), BTreeSet::new());
    let policy = RetryPolicy { losses: u64::MAX, ..RetryPolicy::default() };
    for round in 1..=6 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "queue::killed::child_records_and_works_until_it_is_killed", "--nocapture"])
            .arg(format!("{ARGUMENT}{text}"))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        // After another number of lines each time, so that each step is cut somewhere.
        let mut lines =
            lines.map_while(Result::ok).filter(|line| line.contains("recorded ") || line.contains("done "));
        let said: Vec<String> = lines.by_ref().take(13 + 5 * round).collect();
        child.kill().unwrap();
        child.wait().unwrap();
        for line in said.into_iter().chain(lines) {
            match line.split_once(' ') {
                Some(("recorded", n)) => assert!(recorded.insert(n.to_owned()), "{n} twice"),
                Some(("done", job)) => assert!(done.insert(job.to_owned()), "{job} done twice"),
                _ => panic!("{line}"),
            }
        }
        gone().await;
        // What it held is lost, and runs again.
        let store = Store::open(url).await.unwrap();
        queue(&store).await.reap(&policy, at(2001)).await.unwrap();
        store.close().await;
    }
    let store = Store::open(url).await.unwrap();
    let queue = queue(&store).await;
    let guids: BTreeSet<String> = queue
        .list_deliveries(&Default::default())
        .await
        .unwrap()
        .items
        .into_iter()
        .map(|delivery| delivery.guid)
        .collect();
    assert!(recorded.is_subset(&guids), "what was answered is not there");
    loop {
        let claimed = queue.claim("parent", 50, at(9000), at(9001), FREE).await.unwrap();
        if claimed.is_empty() {
            break;
        }
        let leases: Vec<_> = claimed.iter().map(|claimed| claimed.lease).collect();
        for claimed in &claimed {
            assert!(!done.contains(&claimed.lease.job.to_string()), "done, and given out again");
        }
        assert_eq!(queue.succeed(&leases, at(9000)).await.unwrap().len(), leases.len());
    }
    let jobs = queue.list_jobs(&JobFilter::default()).await.unwrap().items;
    assert_eq!(jobs.len(), guids.len(), "one job for each delivery");
    assert!(jobs.iter().all(|job| job.state == JobState::Done));
}

#[tokio::test]
async fn a_killed_worker_loses_nothing_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    killed(&DatabaseUrl::Sqlite(path.clone()), &format!("sqlite://{}", path.display()), async || {}).await;
}

#[tokio::test]
async fn a_killed_worker_loses_nothing_on_postgresql() {
    let database = ScratchDatabase::new().await;
    // A server may still commit what it was told before its client died.
    let gone = async || {
        let mut server = database.superuser().await;
        let others = "select count(*) from pg_stat_activity
            where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'";
        while sqlx::query_scalar::<_, i64>(others).fetch_one(&mut server).await.unwrap() > 0 {}
    };
    killed(&database.url(), database.service_address().as_str(), gone).await;
    database.remove().await;
}
