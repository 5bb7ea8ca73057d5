//! The child's side: one request from standard input, one fetch, reports on standard output.
//!
//! The child is disposable. It trusts its parent for limits in time and memory (the parent kills it) and ends itself
//! when its standard input closes, which it does when the parent dies, however it dies.

use std::fs;
use std::io::{BufRead, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::address::RemoteAddress;
use super::download::Download;
use super::failure::Failure;
use super::gate::{Gate, SystemResolver};
use super::message::{Done, LONGEST_LINE, Report, Request, Transfer};
use super::tls;

/// Progress is reported this often at most.
const BEAT: Duration = Duration::from_millis(150);

/// What `muster __fetch` runs. Returns the exit code of the process: success only after a `done` report.
pub fn run_child(mut input: impl BufRead + Send + 'static, output: impl Write + Send + 'static) -> ExitCode {
    let reports = Arc::new(Reports { output: Mutex::new(Box::new(output)), transfer: Counters::default() });
    let mut line = String::new();
    let request = input
        .by_ref()
        .take(LONGEST_LINE)
        .read_line(&mut line)
        .map_err(|error| error.to_string())
        // The text of the error could repeat what was read, which may hold credentials.
        .and_then(|_| {
            serde_json::from_str::<Request>(&line)
                .map_err(|error| format!("not a request: column {}", error.column()))
        });
    let request = match request {
        Ok(request) => request,
        Err(reason) => return reports.end(&Report::Failed(Failure::Request { reason })),
    };
    line.clear();
    let half = Arc::new(Mutex::new(request.fresh.then(|| request.directory.clone())));
    thread::spawn({
        let half = Arc::clone(&half);
        move || end_with_parent(input, &half)
    });
    let finished = fetch(&request, &reports);
    match finished {
        Ok(done) => {
            // From here on it is the parent's: it may close our input as soon as it knows, before we have ended.
            half.lock().unwrap_or_else(PoisonError::into_inner).take();
            reports.end(&Report::Done(done))
        }
        Err(failure) => reports.end(&Report::Failed(failure)),
    }
}

/// Waits for the end of standard input, then removes what is half done and ends the process.
fn end_with_parent(mut input: impl BufRead, half: &Mutex<Option<PathBuf>>) {
    let mut rest = [0; 256];
    while !matches!(input.read(&mut rest), Ok(0) | Err(_)) {}
    // Held to the end, so that nobody calls done what is being removed.
    let half = half.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(directory) = &*half {
        // The download still runs and may add a file while the directory is being emptied.
        for _ in 0..100 {
            if fs::remove_dir_all(directory).is_ok() || !directory.exists() {
                break;
            }
        }
    }
    std::process::exit(3);
}

fn fetch(request: &Request, reports: &Arc<Reports>) -> Result<Done, Failure> {
    let address = RemoteAddress::parse(&request.url, &request.policy)
        .map_err(|error| Failure::Request { reason: error.to_string() })?;
    let trust = tls::system_trust()?;
    let gate = Gate::open(&address, &request.policy, &SystemResolver, trust, request.received_bytes)?;
    let (stop, stopped) = mpsc::channel::<()>();
    let beat = thread::spawn({
        let (reports, received) = (Arc::clone(reports), gate.received());
        move || reports.beat(&received, &stopped)
    });
    let attempt = |asked: &str| {
        let download = Download {
            url: &gate.url(asked),
            credentials: request.credentials.as_ref(),
            directory: &request.directory,
            fresh: request.fresh,
            pulls: &request.pulls,
        };
        let refs = download.run(&|transfer| reports.transfer.set(transfer));
        refs.map_err(|failure| gate.failure().unwrap_or(failure))
    };
    let mut refs = attempt(address.asked());
    // Some servers only redirect to the name with `.git`: the same repository of the same host, so it is asked for.
    if matches!(refs, Err(Failure::Redirect { .. })) && !address.asked().ends_with(".git") {
        if request.fresh {
            fs::remove_dir_all(&request.directory)
                .map_err(|error| Failure::Storage { reason: error.to_string() })?;
        }
        refs = attempt(&format!("{}.git", address.asked())).or(refs);
    }
    drop(stop);
    let _ = beat.join();
    let transfer = reports.transfer.get(&gate.received());
    refs.map(|refs| Done { head_branch: refs.head_branch, skipped_refs: refs.skipped, transfer })
}

/// The way to the parent, and what there is to say.
struct Reports {
    output: Mutex<Box<dyn Write + Send>>,
    transfer: Counters,
}

impl Reports {
    /// Writes a report; where nobody reads any more, the process ends.
    fn say(&self, report: &Report) {
        let mut line = serde_json::to_vec(report).expect("a report holds only numbers and texts");
        line.push(b'\n');
        let mut output = self.output.lock().unwrap_or_else(PoisonError::into_inner);
        if output.write_all(&line).and_then(|()| output.flush()).is_err() {
            std::process::exit(3);
        }
    }

    fn end(&self, report: &Report) -> ExitCode {
        self.say(report);
        if matches!(report, Report::Done(_)) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }

    /// Says what has moved, until the other end of `stopped` is dropped.
    fn beat(&self, received: &AtomicU64, stopped: &mpsc::Receiver<()>) {
        let mut last = Transfer::default();
        while stopped.recv_timeout(BEAT) == Err(RecvTimeoutError::Timeout) {
            let now = self.transfer.get(received);
            if now != last {
                self.say(&Report::Progress(now));
                last = now;
            }
        }
    }
}

/// Where the transfer is; written by the download's thread, read by the beat's.
#[derive(Default)]
struct Counters {
    received_objects: AtomicU64,
    total_objects: AtomicU64,
    indexed_deltas: AtomicU64,
    total_deltas: AtomicU64,
}

impl Counters {
    fn set(&self, transfer: Transfer) {
        self.received_objects.store(transfer.received_objects, Ordering::Relaxed);
        self.total_objects.store(transfer.total_objects, Ordering::Relaxed);
        self.indexed_deltas.store(transfer.indexed_deltas, Ordering::Relaxed);
        self.total_deltas.store(transfer.total_deltas, Ordering::Relaxed);
    }

    fn get(&self, received: &AtomicU64) -> Transfer {
        Transfer {
            received_bytes: received.load(Ordering::Relaxed),
            received_objects: self.received_objects.load(Ordering::Relaxed),
            total_objects: self.total_objects.load(Ordering::Relaxed),
            indexed_deltas: self.indexed_deltas.load(Ordering::Relaxed),
            total_deltas: self.total_deltas.load(Ordering::Relaxed),
        }
    }
}
