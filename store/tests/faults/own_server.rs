//! A PostgreSQL server of one test's own, for what the server of all tests must not suffer.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;
use url::Url;

/// Whoever runs a server where we are root, who may not.
const ACCOUNT: &str = "65534";

/// A cluster and the server that runs on it.
#[derive(Debug)]
pub(crate) struct OwnServer {
    programs: PathBuf,
    cluster: PathBuf,
    folder: TempDir,
    port: u16,
    is_root: bool,
}

impl OwnServer {
    /// Makes a cluster and starts a server on it; `None` where PostgreSQL's programs are not found or may not be run.
    pub(crate) fn start() -> Option<Self> {
        let programs = programs()?;
        let folder = tempfile::tempdir().unwrap();
        let cluster = folder.path().join("cluster");
        let mut server = Self { programs, cluster, folder, port: 0, is_root: super::is_root() };
        server.give(server.folder.path());
        let made =
            server.run("initdb", &["-U", "muster", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]);
        if !made.is_some_and(|made| made.status.success()) {
            return None;
        }
        // Somebody may take a port before the server does.
        for _ in 0..5 {
            let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            server.port = free.local_addr().unwrap().port();
            drop(free);
            if server.try_to_start("").is_ok() {
                return Some(server);
            }
        }
        server.start_again("");
        Some(server)
    }

    /// Lets the account of the server have a folder.
    pub(crate) fn give(&self, folder: &Path) {
        if self.is_root {
            assert!(Command::new("chown").arg(ACCOUNT).arg(folder).status().unwrap().success());
        }
    }

    /// Starts it, with options of its own.
    pub(crate) fn start_again(&self, options: &str) {
        self.try_to_start(options).unwrap();
    }

    /// What the server says where it does not start.
    fn try_to_start(&self, options: &str) -> Result<(), String> {
        let options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c max_connections=20 {options}",
            self.port
        );
        let log = self.folder.path().join("log");
        let log = log.to_str().unwrap();
        let started = self.run("pg_ctl", &["-s", "-w", "-t", "60", "-l", log, "-o", &options, "start"]);
        match started.unwrap().status.success() {
            true => Ok(()),
            false => Err(std::fs::read_to_string(log).unwrap_or_default()),
        }
    }

    /// Stops it: `fast` tells its sessions, `immediate` is as good as a crash.
    pub(crate) fn stop(&self, mode: &str) {
        assert!(self.run("pg_ctl", &["-s", "-w", "-m", mode, "stop"]).unwrap().status.success());
    }

    /// The address of a database, as a role.
    pub(crate) fn address(&self, role: &str, database: &str) -> Url {
        Url::parse(&format!("postgres://{role}@127.0.0.1:{}/{database}", self.port)).unwrap()
    }

    /// Runs a program of PostgreSQL on the cluster.
    fn run(&self, program: &str, arguments: &[&str]) -> Option<Output> {
        let program = self.programs.join(program);
        let mut command = Command::new(&program);
        if self.is_root {
            command = Command::new("setpriv");
            command.args(["--reuid", ACCOUNT, "--regid", ACCOUNT, "--clear-groups", "--"]).arg(&program);
        }
        // What the server inherits must not be what the test reads.
        command.arg("-D").arg(&self.cluster).args(arguments).current_dir(self.folder.path());
        command.stdin(std::process::Stdio::null());
        let out = self.folder.path().join("out");
        command.stdout(std::fs::File::create(&out).ok()?).stderr(std::fs::File::create(&out).ok()?);
        command.output().ok()
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        _ = self.run("pg_ctl", &["-s", "-w", "-m", "immediate", "stop"]);
    }
}

/// Where the programs of the newest release are, among the places that packages put them in.
fn programs() -> Option<PathBuf> {
    let mut found = Vec::new();
    for place in ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt", "/Library/PostgreSQL"] {
        let Ok(entries) = std::fs::read_dir(place) else { continue };
        found.extend(entries.filter_map(|entry| Some(entry.ok()?.path().join("bin"))));
    }
    found.extend(["/usr/bin", "/usr/local/bin"].map(PathBuf::from));
    found.retain(|folder| ["initdb", "pg_ctl", "postgres"].iter().all(|name| folder.join(name).is_file()));
    found.sort();
    found.pop()
}
