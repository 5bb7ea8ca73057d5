//! The program as processes that are killed: `muster serve` and `muster worker`, with their log in a file.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::Value;

use super::home::Home;
use super::remotes::Remotes;
use crate::program::muster;
use crate::receive::delivery::APP_SECRET;
use crate::receive::scene::KEY;

static LOGS: AtomicUsize = AtomicUsize::new(0);

/// A process; killed when it is dropped.
pub(crate) struct Process {
    child: Child,
    log: PathBuf,
}

/// How one is started.
pub(crate) struct Start<'a> {
    pub(crate) home: &'a Home,
    pub(crate) remotes: &'a Remotes,
    /// Seconds of a lease.
    pub(crate) lease: u32,
    /// Where it ends.
    pub(crate) crash_at: Option<&'a str>,
    /// Where its mirrors are; that of the home where nothing is said.
    pub(crate) cache: Option<&'a Path>,
}

impl<'a> Start<'a> {
    pub(crate) fn new(home: &'a Home, remotes: &'a Remotes) -> Self {
        Self { home, remotes, lease: 2, crash_at: None, cache: None }
    }

    pub(crate) fn crash_at(self, point: &'a str) -> Self {
        Self { crash_at: Some(point), ..self }
    }

    /// `muster serve` with these arguments, once it listens.
    pub(crate) fn serve(&self, arguments: &[&str]) -> Process {
        let mut command = self.command("serve");
        if !arguments.contains(&"--no-worker") {
            self.work(&mut command);
        }
        let process = self.spawn(command.args(["--listen", "127.0.0.1:0"]).args(arguments));
        process.says("listening");
        process
    }

    /// `muster worker` with these arguments, once it works.
    pub(crate) fn worker(&self, arguments: &[&str]) -> Process {
        let mut command = self.command("worker");
        self.work(&mut command);
        let process = self.spawn(command.args(arguments));
        process.says("a worker starts");
        process
    }

    fn command(&self, name: &str) -> Command {
        let mut command = Command::new(muster());
        let cache = self.cache.map_or_else(|| self.home.cache(), Path::to_owned);
        command.arg(name).args(["--allow-host", &self.remotes.host()]).env_clear();
        command.env("DATABASE_URL", &self.home.address).env("MUSTER_KEY", KEY).env("MUSTER_CACHE_DIR", cache);
        command.env("SSL_CERT_FILE", self.remotes.certificate());
        command.env("MUSTER_GITHUB_WEBHOOK_SECRET", APP_SECRET);
        command.envs(self.crash_at.map(|point| ("MUSTER_CRASH_AT", point)));
        command
    }

    fn work(&self, command: &mut Command) {
        command.args(["--lease", &self.lease.to_string(), "--losses", "1000000"]);
    }

    fn spawn(&self, command: &mut Command) -> Process {
        let log = self.home.folder().join(format!("log-{}", LOGS.fetch_add(1, Ordering::Relaxed)));
        let file = fs::File::create(&log).unwrap();
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(file);
        Process { child: command.spawn().unwrap(), log }
    }
}

impl Process {
    /// Waits until its log has a line with this message, and gives it.
    pub(crate) fn says(&self, message: &str) -> Value {
        loop {
            if let Some(line) = self.said(message).into_iter().next() {
                return line;
            }
            std::thread::sleep(Duration::from_millis(5));
            let is_there = Path::new(&format!("/proc/{}/exe", self.child.id())).exists();
            assert!(is_there || !self.said(message).is_empty(), "it ended: {}", self.log());
        }
    }

    /// The lines of its log with this message so far.
    pub(crate) fn said(&self, message: &str) -> Vec<Value> {
        let lines = self.log();
        let lines = lines.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        lines.filter(|line| line["message"] == message).collect()
    }

    pub(crate) fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.says("listening")["address"].as_str().unwrap().parse().unwrap()
    }

    /// Ends it as `kill -9` does.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits until it has ended by itself.
    pub(crate) async fn ended(&mut self) -> ExitStatus {
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    pub(crate) fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Stops it in order.
    pub(crate) async fn stop(mut self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        let status = self.ended().await;
        assert_eq!(status.code(), Some(0), "{}", self.log());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}
