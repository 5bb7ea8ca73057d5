//! Workers that are processes of their own, so that they can be killed and can stand beside each other.
//!
//! The process is this test program once more: it runs the one test below, which does nothing unless it is told of a database.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::num::NonZeroUsize;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use muster_ingest::work::{Settled, Worker, WorkerSettings, machine_clock};
use muster_store::{NewJob, Store};
use tokio_util::sync::CancellationToken;

use super::scene::{Scene, handler, job};

const DATABASE: &str = "work-on=";
const SLOTS: &str = "slots=";
const LOSSES: &str = "losses=";
const LEASE: &str = "lease=";
const LOG: &str = "log=";

/// What a killed process held runs again soon; a busy machine renews in time.
const SHORT: Duration = Duration::from_millis(1500);

/// A worker in a process of its own.
pub(crate) struct Process {
    child: Child,
    said: BufReader<ChildStdout>,
}

impl Process {
    /// Starts one, and waits until it works.
    pub(crate) fn start(scene: &Scene, slots: usize, losses: u64) -> Self {
        Self::start_with(scene, slots, losses, SHORT, None)
    }

    /// The same with another lease, and a file that it writes to when a job begins and ends: what several processes
    /// write stands there in the order in which it happened.
    pub(crate) fn start_with(
        scene: &Scene,
        slots: usize,
        losses: u64,
        lease: Duration,
        log: Option<&Path>,
    ) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "work::processes::works_until_it_is_killed", "--nocapture"])
            .args([
                format!("{DATABASE}{}", scene.address),
                format!("{SLOTS}{slots}"),
                format!("{LOSSES}{losses}"),
            ])
            .arg(format!("{LEASE}{}", lease.as_millis()))
            .args(log.map(|log| format!("{LOG}{}", log.display())))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let said = BufReader::new(child.stdout.take().unwrap());
        let mut process = Self { child, said };
        assert_eq!(process.next().as_deref(), Some("ready"));
        process
    }

    /// The next thing that it says; `None` when it has ended.
    pub(crate) fn next(&mut self) -> Option<String> {
        loop {
            let mut line = String::new();
            if self.said.read_line(&mut line).ok()? == 0 {
                return None;
            }
            if let Some(said) = line.trim().strip_prefix("says: ") {
                return Some(said.to_owned());
            }
        }
    }

    /// Ends it as `kill -9` does, and gives what it had said before that.
    pub(crate) fn kill(mut self) -> Vec<String> {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        std::iter::from_fn(|| self.next()).collect()
    }

    /// Waits until it has ended by itself.
    pub(crate) async fn ended(&mut self) {
        while self.child.try_wait().unwrap().is_none() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

/// Written at once, whatever other threads write.
fn say(words: &str) {
    let mut out = std::io::stdout().lock();
    // Whoever started this may have ended it and gone.
    _ = out.write_all(format!("\nsays: {words}\n").as_bytes());
    _ = out.flush();
}

/// The process: does nothing in a run of all tests.
#[tokio::test(flavor = "multi_thread")]
async fn works_until_it_is_killed() {
    let told =
        |name: &str| std::env::args().find_map(|argument| Some(argument.strip_prefix(name)?.to_owned()));
    let (Some(address), Some(slots), Some(losses)) = (told(DATABASE), told(SLOTS), told(LOSSES)) else {
        return;
    };
    let url = address.parse().unwrap();
    let store = Store::open(&url).await.unwrap();
    let mut settings = WorkerSettings::with_slots(slots.parse::<NonZeroUsize>().unwrap());
    settings.tenant_cap = NonZeroUsize::MAX;
    settings.lease = Duration::from_millis(told(LEASE).unwrap().parse().unwrap());
    settings.reap = Duration::from_millis(50);
    // Of another process on the same SQLite file nothing is heard.
    settings.poll = Duration::from_millis(20);
    settings.retry.losses = losses.parse().unwrap();
    let log = told(LOG).map(|path| Arc::new(File::options().append(true).create(true).open(path).unwrap()));
    let note = move |words: String| {
        if let Some(mut log) = log.as_deref() {
            log.write_all(format!("{words}\n").as_bytes()).unwrap();
        }
        say(&words);
    };
    let handlers = vec![
        // Its effect and its end are one transaction.
        handler("append", move |job, context| {
            let note = note.clone();
            async move {
                let (tenant, n) = (job.job.tenant.unwrap(), job.job.payload["n"].clone());
                let key = job.job.serial_key.clone().unwrap_or_default();
                note(format!("begin {key} {n}"));
                tokio::time::sleep(Duration::from_millis(2)).await;
                let effect = NewJob { payload: serde_json::json!({ "n": n }), ..self::job("effect") };
                note(format!("end {key} {n}"));
                context.store.tenant(tenant).settle_job(job.lease, &[effect], context.now()).await?;
                Ok(Settled::ByUs)
            }
        }),
        handler("effect", async |_, _| Ok(Settled::Done)),
        handler("poison", async |_, _| std::process::abort()),
    ];
    let shutdown = CancellationToken::new();
    let worker = Worker::start(&store, &url, handlers, settings, machine_clock, shutdown).await.unwrap();
    say("ready");
    worker.ended().await;
}
