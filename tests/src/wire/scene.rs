//! A repository at the remote, a server before it, a cache on this side.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use muster_scanner::wire::{
    FetchError, FetchOptions, FetchProgress, Limits, Mirror, MirrorCache, Policy, RemoteAddress, fetch,
};
use tempfile::TempDir;

use super::server::Server;
use crate::program::built;

/// Everything that one test needs.
pub(crate) struct Scene {
    pub(crate) directory: TempDir,
    pub(crate) server: Server,
    pub(crate) options: FetchOptions,
}

impl Scene {
    /// A remote with one commit on `trunk`, its default branch, at `owner/name.git`.
    pub(crate) fn new() -> Self {
        let scene = Self::empty(&["localhost", "127.0.0.1"]);
        scene.git(&scene.remote(), &["init", "--quiet", "--bare", "--initial-branch=trunk", "."]);
        scene.git(&scene.work(), &["init", "--quiet", "--initial-branch=trunk", "."]);
        scene.commit("one");
        scene.push("+trunk");
        scene
    }

    /// No repository yet, and a certificate for these names.
    pub(crate) fn empty(names: &[&str]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let server = Server::start(&directory.path().join("served"), names);
        let certificate = directory.path().join("certificate.pem");
        fs::write(&certificate, &server.certificate).unwrap();
        let options = FetchOptions {
            policy: Policy { allow_hosts: vec![format!("localhost:{}", server.port)], allow_local: false },
            limits: Limits { silence: Duration::from_secs(120), ..Limits::default() },
            environment: vec![("SSL_CERT_FILE".into(), certificate.into())],
            ..FetchOptions::default()
        };
        let scene = Self { directory, server, options };
        fs::create_dir_all(scene.remote()).unwrap();
        fs::create_dir_all(scene.work()).unwrap();
        scene
    }

    /// The bare repository that is served.
    pub(crate) fn remote(&self) -> PathBuf {
        self.directory.path().join("served/owner/name.git")
    }

    /// A folder to commit in.
    pub(crate) fn work(&self) -> PathBuf {
        self.directory.path().join("work")
    }

    /// Where mirrors go.
    pub(crate) fn cache(&self) -> PathBuf {
        self.directory.path().join("cache")
    }

    /// The address of the repository.
    pub(crate) fn url(&self) -> String {
        format!("https://localhost:{}/owner/name.git", self.server.port)
    }

    /// Runs git, free of this machine's configuration; returns what it prints.
    pub(crate) fn git(&self, directory: &Path, arguments: &[&str]) -> String {
        let mut command = Command::new("git");
        command.arg("-C").arg(directory).args(arguments);
        for name in ["GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"] {
            command.env(name, "/dev/null");
        }
        for who in ["AUTHOR", "COMMITTER"] {
            command
                .env(format!("GIT_{who}_NAME"), "A Person")
                .env(format!("GIT_{who}_EMAIL"), "a@example.com");
            command.env(format!("GIT_{who}_DATE"), "2024-01-01T00:00:00Z");
        }
        let output = command.output().expect("git is installed");
        let (said, complaint) = (output.stdout, String::from_utf8_lossy(&output.stderr).into_owned());
        assert!(output.status.success(), "git {arguments:?}: {complaint}");
        String::from_utf8(said).unwrap().trim_end().to_owned()
    }

    /// Commits a new file in the work folder.
    pub(crate) fn commit(&self, name: &str) {
        fs::write(self.work().join(name), name).unwrap();
        self.git(&self.work(), &["add", name]);
        self.git(&self.work(), &["commit", "--quiet", "-m", name]);
    }

    /// Pushes a refspec to the remote.
    pub(crate) fn push(&self, refspec: &str) {
        self.git(&self.work(), &["push", "--quiet", &self.remote().to_string_lossy(), refspec]);
    }

    /// Fetches as `muster scan` does.
    pub(crate) fn fetch(&self) -> Result<Mirror, FetchError> {
        self.fetch_from(&self.url(), &mut |_| {}, &AtomicBool::new(false))
    }

    /// Fetches an address, with someone who listens and may cancel.
    pub(crate) fn fetch_from(
        &self,
        url: &str,
        progress: &mut dyn FnMut(FetchProgress),
        cancelled: &AtomicBool,
    ) -> Result<Mirror, FetchError> {
        fetch_heard(&self.options, url, &self.cache(), progress, cancelled)
    }

    /// What a failed fetch says; it must leave nothing behind but locks.
    pub(crate) fn refusal(&self) -> String {
        let error = self.fetch().expect_err("this remote cannot be fetched");
        assert_eq!(self.left_behind(), Vec::<String>::new());
        error.to_string()
    }

    /// What stands in the cache beside locks and the child's empty home.
    pub(crate) fn left_behind(&self) -> Vec<String> {
        let mut found = Vec::new();
        let hosts = fs::read_dir(self.cache().join("mirrors")).into_iter().flatten().flatten();
        for entry in hosts.flat_map(|host| fs::read_dir(host.path()).unwrap().flatten()) {
            let name = entry.file_name().into_string().unwrap();
            if !name.ends_with(".lock") && !name.ends_with(".use") {
                found.push(name);
            }
        }
        found.sort();
        found
    }

    /// All refs of a bare repository, a line each.
    pub(crate) fn refs(&self, git_dir: &Path) -> String {
        self.git(git_dir, &["for-each-ref", "--format=%(refname) %(objectname)"])
    }
}

/// Fetches from another thread, which cannot share a scene.
pub(crate) fn fetch_with(
    options: &FetchOptions,
    url: &str,
    cache: &Path,
    cancelled: &AtomicBool,
) -> Result<Mirror, FetchError> {
    fetch_heard(options, url, cache, &mut |_| {}, cancelled)
}

/// The same, with someone who listens.
pub(crate) fn fetch_heard(
    options: &FetchOptions,
    url: &str,
    cache: &Path,
    progress: &mut dyn FnMut(FetchProgress),
    cancelled: &AtomicBool,
) -> Result<Mirror, FetchError> {
    let address = RemoteAddress::parse(url, &options.policy)?;
    fetch(&address, &MirrorCache::new(cache), options, &built("muster-fetch"), progress, cancelled)
}
