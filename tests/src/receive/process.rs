//! `muster serve` as a process: what it refuses to start with, what it says, how it stops, and that what it answered 202
//! outlives it.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::SocketAddr;
use std::process::{Child, Command, ExitStatus, Stdio};

use muster_store::DatabaseUrl;
use serde_json::Value;
use tokio::task::JoinSet;

use super::delivery::{APP_SECRET, Delivery};
use super::scene::{HOOK_SECRET, KEY, NOW, Scene, hook, keys, open, patient, repository, settings};
use crate::program::muster;
use crate::scratch::ScratchDatabase;

/// A running service.
pub(crate) struct Service {
    child: Running,
    pub(crate) address: SocketAddr,
    log: BufReader<std::process::ChildStderr>,
}

/// Killed when it is dropped: a test that fails leaves nothing running.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        _ = self.0.kill();
        _ = self.0.wait();
    }
}

/// The command, which knows a database, a key and a secret.
fn command(database: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(muster());
    command.args(["serve", "--database", database, "--no-worker"]).args(arguments);
    command.env_clear().env("MUSTER_GITHUB_WEBHOOK_SECRET", APP_SECRET).env("MUSTER_KEY", KEY);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

impl Service {
    /// Starts it, and waits until it listens.
    pub(crate) fn start(database: &str, arguments: &[&str]) -> Self {
        let child = command(database, arguments).args(["--listen", "127.0.0.1:0"]).spawn();
        let mut child = Running(child.unwrap());
        let mut log = BufReader::new(child.0.stderr.take().unwrap());
        loop {
            let mut line = String::new();
            assert!(log.read_line(&mut line).unwrap() > 0, "it ended before it listened");
            let said: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("{line}"));
            if said["message"] == "listening" {
                let address = said["address"].as_str().unwrap().parse().unwrap();
                return Self { child, address, log };
            }
        }
    }

    /// The most memory that it has held so far, in MiB.
    pub(crate) fn most_memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.0.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
    }

    fn signal(&self, signal: &str) {
        assert!(
            Command::new("kill").args([signal, &self.child.0.id().to_string()]).status().unwrap().success()
        );
    }

    /// Ends it in order; gives how it ended and the rest of its log.
    pub(crate) fn end(mut self) -> (ExitStatus, Vec<Value>) {
        self.signal("-TERM");
        let mut rest = String::new();
        self.log.read_to_string(&mut rest).unwrap();
        let status = self.child.0.wait().unwrap();
        (status, rest.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
    }

    fn kill(self) {
        drop(self.child);
    }
}

/// What is said by one that does not start.
fn refused(change: impl FnOnce(&mut Command)) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let mut command = command(path.to_str().unwrap(), &[]);
    change(&mut command);
    let ended = command.output().unwrap();
    assert_eq!(ended.status.code(), Some(1));
    String::from_utf8(ended.stderr).unwrap()
}

/// 9, and what else must not be listened with.
#[test]
fn what_it_does_not_start_with() {
    let with_secret = |secret: &'static str| {
        refused(move |command| _ = command.env("MUSTER_GITHUB_WEBHOOK_SECRET", secret))
    };
    insta::assert_snapshot!(with_secret(""), @"muster: failed to serve: take MUSTER_GITHUB_WEBHOOK_SECRET (unset it where there is no App): use the webhook secret: number 1 is empty or blank, and anybody could sign with it");
    insta::assert_snapshot!(with_secret("new, ,old"), @"muster: failed to serve: take MUSTER_GITHUB_WEBHOOK_SECRET (unset it where there is no App): use the webhook secret: number 2 is empty or blank, and anybody could sign with it");
    let public = |arguments: &'static [&str]| refused(move |command| _ = command.args(arguments));
    insta::assert_snapshot!(public(&["--listen", "0.0.0.0:0", "--allow-local"]), @"muster: failed to serve: listen on 0.0.0.0:0 with --allow-local: others can call there, and could have this machine fetch from itself; listen on 127.0.0.1, or name the hosts that may be fetched from with --allow-host");
    assert_eq!(
        public(&["--listen", "[::]:0", "--allow-local"]).replace("[::]", "0.0.0.0"),
        public(&["--listen", "0.0.0.0:0", "--allow-local"])
    );
    insta::assert_snapshot!(refused(|command| _ = command.env("MUSTER_LISTEN", "8080")), @"muster: failed to understand MUSTER_LISTEN: say an address and a port, such as 127.0.0.1:8080 or [::]:8080");
    insta::assert_snapshot!(refused(|command| _ = command.env("MUSTER_LOG", "muster=loud")), @r#"muster: failed to serve: understand MUSTER_LOG: say off, error, warn, info, debug or trace, or muster_ingest=debug,warn: error parsing level filter: expected one of "off", "error", "warn", "info", "debug", "trace", or a number 0-5: error parsing level filter: expected one of "off", "error", "warn", "info", "debug", "trace", or a number 0-5"#);
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let said = refused(|command| _ = command.args(["--listen", &address]));
    assert!(
        said.contains(&format!("failed to serve: listen on {address}: Address already in use")),
        "{said}"
    );
}

/// Each engine's address, as a process is told it and as a test opens it.
pub(super) async fn databases(folder: &tempfile::TempDir) -> ([(String, DatabaseUrl); 2], ScratchDatabase) {
    let path = folder.path().join("store.db");
    let database = ScratchDatabase::new().await;
    let addresses = [
        (path.to_str().unwrap().to_owned(), DatabaseUrl::Sqlite(path)),
        (database.service_address().to_string(), database.url()),
    ];
    (addresses, database)
}

#[tokio::test(flavor = "multi_thread")]
async fn it_takes_deliveries_says_what_was_refused_and_stops_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let (addresses, database) = databases(&folder).await;
    for (address, url) in &addresses {
        let store = open(url, keys()).await;
        let new = muster_store::NewTenant { subdomain: "acme".to_owned(), ..Default::default() };
        let tenant = store.create_tenant(&new, NOW).await.unwrap();
        let one = repository(&tenant, "https://example.com/one").await;
        let key = hook(&tenant, one, Some(HOOK_SECRET)).await;
        store.close().await;

        let service = Service::start(address, &[]);
        Delivery::new(1).taken(service.address).await;
        Delivery::to_hook(1, &key, HOOK_SECRET).taken(service.address).await;
        for _ in 0..3 {
            assert_eq!(Delivery::to_hook(2, &key, "another").send(service.address).await.status, 401);
        }
        assert_eq!(Delivery::new(1).body("{}").send(service.address).await.line(), "200 conflict");
        let (status, log) = service.end();
        assert_eq!(status.code(), Some(0));
        let warned: Vec<String> = log
            .iter()
            .filter(|line| line["level"] == "WARN")
            .map(|line| {
                let hook = line["hook"].as_str().unwrap().replace(&key[..8], "KEY");
                format!("{hook} {} {}: {}", line["code"], line["count"], line["message"].as_str().unwrap())
            })
            .collect();
        insta::allow_duplicates! {
            insta::assert_snapshot!(warned.join("\n"), @r#"
            app null null: another body was signed under the id of a delivery that is recorded: the first is kept
            KEY "signature_refused" 3: deliveries of a hook were refused; muster doctor says why, and what mends it
            "#);
        }
        assert_eq!(log.last().unwrap()["message"], "stopped");
        let text = format!("{log:?}");
        for secret in [&key[8..], HOOK_SECRET, APP_SECRET, "sha256=", "refs/heads"] {
            assert!(!text.contains(secret), "{secret}");
        }
    }
    database.remove().await;
}

/// Killed while many send: whatever was answered 2xx is there, and whatever is there is whole.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_outlives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let (addresses, database) = databases(&folder).await;
    for (address, url) in &addresses {
        open(url, keys()).await.close().await;
        let (mut answered, mut next) = (0, 0);
        for round in 0..4_usize {
            let service = Service::start(address, &[]);
            let mut sending = JoinSet::new();
            for n in next..next + 200 {
                let to = service.address;
                sending.spawn(async move { Delivery::new(n).try_send(to).await.map(|answer| answer.status) });
            }
            next += 200;
            // When so many have been answered, whatever the others are doing.
            let mut of_this_round = 0;
            while of_this_round < 40 * round + 1 {
                assert_eq!(sending.join_next().await.unwrap().unwrap(), Some(202));
                of_this_round += 1;
            }
            service.kill();
            let rest = sending.join_all().await;
            answered += of_this_round + rest.iter().filter(|status| **status == Some(202)).count();
        }
        let store = open(url, keys()).await;
        let tenant = store.tenant(muster_store::TenantId::new(NOW));
        let scene = Scene::over(store, tenant, patient(), settings()).await;
        let (deliveries, jobs) = scene.rows().await;
        println!("{answered} answered, {deliveries} there");
        assert!(deliveries >= answered && jobs == deliveries, "{answered} {deliveries} {jobs}");
        scene.end().await;
    }
    database.remove().await;
}
