//! Repositories at one remote, each with a folder to commit in, and what GitHub would say of what happens there.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::wire::scene::Scene as Wire;

/// What the provider counts its repositories from.
const FIRST_ID: i64 = 5_000_000_100;

/// A remote with some repositories.
pub(crate) struct Remotes {
    pub(crate) wire: Wire,
    pub(crate) count: usize,
}

/// A delivery that is to be sent to the hook of a repository.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    /// Of which repository, counted from 0.
    pub(crate) repository: usize,
    /// The delivery's own number.
    pub(crate) n: usize,
    pub(crate) event: &'static str,
    pub(crate) body: String,
}

impl Remotes {
    /// Each with one commit on `trunk`.
    pub(crate) fn new(count: usize) -> Self {
        let wire = Wire::empty(&["localhost", "127.0.0.1"]);
        let remotes = Self { wire, count };
        for repository in 0..count {
            let (bare, work) = (remotes.bare(repository), remotes.work(repository));
            fs::create_dir_all(&bare).unwrap();
            fs::create_dir_all(&work).unwrap();
            remotes.wire.git(&bare, &["init", "--quiet", "--bare", "--initial-branch=trunk", "."]);
            remotes.wire.git(&work, &["init", "--quiet", "--initial-branch=trunk", "."]);
            fs::write(work.join("Cargo.toml"), format!("[package]\nname = \"r{repository}\"\n")).unwrap();
            remotes.commit(repository, 0);
        }
        remotes
    }

    pub(crate) fn bare(&self, repository: usize) -> PathBuf {
        self.wire.directory.path().join(format!("served/owner/r{repository}.git"))
    }

    pub(crate) fn work(&self, repository: usize) -> PathBuf {
        self.wire.directory.path().join(format!("work-{repository}"))
    }

    pub(crate) fn url(&self, repository: usize) -> String {
        format!("https://localhost:{}/owner/r{repository}.git", self.wire.server.port)
    }

    /// The host, as `--allow-host` takes it.
    pub(crate) fn host(&self) -> String {
        format!("localhost:{}", self.wire.server.port)
    }

    /// The file of the certificate that a fetch has to trust.
    pub(crate) fn certificate(&self) -> PathBuf {
        self.wire.directory.path().join("certificate.pem")
    }

    pub(crate) fn provider_id(repository: usize) -> i64 {
        FIRST_ID + repository as i64
    }

    pub(crate) fn full_name(repository: usize) -> String {
        format!("owner/r{repository}")
    }

    /// Commits to `trunk` and pushes; gives what was there and what is.
    pub(crate) fn commit(&self, repository: usize, n: usize) -> (String, String) {
        let work = self.work(repository);
        let git = |arguments: &[&str]| self.wire.git(&work, arguments);
        let before = if n == 0 { "0".repeat(40) } else { git(&["rev-parse", "HEAD"]) };
        fs::write(work.join("TASKLIST.md"), format!("- [ ] KEY-{n} do it\n- [ ] KEY-1 the first\n")).unwrap();
        fs::write(work.join(format!("f{}", n % 7)), n.to_string()).unwrap();
        git(&["add", "--all"]);
        git(&["commit", "--quiet", "-m", &format!("KEY-{n}: change {n}, #{n}")]);
        git(&["push", "--quiet", "--force", &self.bare(repository).to_string_lossy(), "trunk"]);
        (before, git(&["rev-parse", "HEAD"]))
    }

    /// Commits and pushes, and says so. Now and then the last commit is replaced.
    pub(crate) fn push(&self, repository: usize, n: usize) -> Said {
        if n % 4 == 3 && n > 20 {
            self.wire.git(&self.work(repository), &["reset", "--quiet", "--soft", "HEAD~1"]);
        }
        let (before, after) = self.commit(repository, n);
        let body = json!({
            "ref": "refs/heads/trunk", "before": before, "after": after,
            "repository": Self::repository(repository, &json!(1_700_000_000 + n as i64)),
        });
        Said { repository, n, event: "push", body: body.to_string() }
    }

    /// An issue was opened.
    pub(crate) fn issue(repository: usize, n: usize) -> Said {
        let at = "2024-02-28T08:00:00Z";
        let body = json!({
            "action": "opened",
            "issue": {
                "id": 2_100_000_000 + n, "number": n, "title": format!("Issue {n}"), "body": format!("like KEY-{n}"),
                "state": "open", "user": { "login": "reporter", "id": 3_900_003, "type": "User" },
                "labels": [], "assignees": [], "created_at": at, "updated_at": at,
            },
            "repository": Self::repository(repository, &json!(at)),
        });
        Said { repository, n, event: "issues", body: body.to_string() }
    }

    fn repository(repository: usize, pushed_at: &Value) -> Value {
        let name = Self::full_name(repository);
        json!({ "id": Self::provider_id(repository), "full_name": name, "name": name[6..], "pushed_at": pushed_at })
    }
}
