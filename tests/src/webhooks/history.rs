//! A recorded history: whatever can happen to three repositories, with what the forge sends of it and the refs as they were at
//! each moment.
//!
//! Keys of tasks have a prefix and a number here. Others are read in a message only where they are known when it is read, and
//! that does depend on the order.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::json;
use tempfile::TempDir;

use super::forge::{Forge, Sent, Snapshot};
use crate::made::Made;

/// Connected from the beginning, by its own hook and by the App.
pub(super) const ALPHA: i64 = 101;
/// Made by somebody while we listen.
pub(super) const BETA: i64 = 202;
/// Taken from the installation and given back.
pub(super) const GAMMA: i64 = 303;
/// Made, and then taken from the installation for good.
pub(super) const DELTA: i64 = 404;
/// Made, and then deleted.
pub(super) const EPSILON: i64 = 505;

/// The refs of all repositories at one moment.
type Moment = BTreeMap<i64, Snapshot>;

/// What happened.
pub(super) struct History {
    pub(super) forge: Forge,
    /// What was sent, and when: the place of a moment.
    pub(super) sent: Vec<(Sent, usize)>,
    moments: Vec<Moment>,
    /// Where the repositories are.
    #[expect(dead_code, reason = "the folder goes with it")]
    folder: Option<TempDir>,
}

impl History {
    /// Plays it.
    pub(super) fn play() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let forge = Forge::new(&folder.path().join("served"));
        Self { folder: Some(folder), ..Self::play_at(forge) }
    }

    /// Plays it at a forge where nothing is yet.
    pub(super) fn play_at(forge: Forge) -> Self {
        let mut history = Self { forge, sent: Vec::new(), moments: Vec::new(), folder: None };
        history.forge.create(ALPHA, "acme/alpha");
        history.forge.create(GAMMA, "acme/gamma");
        begin(&mut history);
        issues_and_branches(&mut history);
        pull_requests(&mut history);
        others_come(&mut history);
        history_is_rewritten(&mut history);
        history
    }

    /// Does something at the forge.
    fn then(&mut self, act: impl FnOnce(&mut Forge)) {
        act(&mut self.forge);
        let moment = self.forge.repositories.keys().map(|id| (*id, self.forge.snapshot(*id))).collect();
        self.moments.push(moment);
        let at = self.moments.len() - 1;
        self.sent.extend(std::mem::take(&mut self.forge.sent).into_iter().map(|sent| (sent, at)));
    }

    /// The last moment.
    pub(super) fn end(&self) -> usize {
        self.moments.len() - 1
    }
}

/// Both repositories get their first commits; the installation tells what it may see.
fn begin(history: &mut History) {
    history.then(|forge| {
        let made = forge.made(ALPHA);
        made.write("TASKLIST.md", "- [ ] AB-1: Sell\n- [ ] AB-2: Weigh\n- [ ] T1.1: Paint\n");
        made.write("package.json", r#"{"name": "alpha"}"#);
        made.commit("Begin");
        forge.push(ALPHA);
    });
    history.then(|forge| forge.installation("installation", "created", "repositories", &[ALPHA, GAMMA]));
    history.then(|forge| {
        let made = forge.made(GAMMA);
        made.write("Cargo.toml", "[package]\nname = \"gamma\"\n");
        made.write("src/lib.rs", "// TODO: see acme/alpha#1\n");
        made.commit("Begin gamma\n\nMentions acme/alpha#2 and acme/beta#1");
        forge.push(GAMMA);
    });
}

fn issues_and_branches(history: &mut History) {
    for (number, title) in [(1, "The door creaks"), (2, "The window is dirty"), (3, "Spam"), (4, "Elsewhere")]
    {
        history.then(|forge| forge.issue(ALPHA, number, "opened", &json!({"title": title})));
    }
    history.then(|forge| {
        let made = forge.made(ALPHA);
        made.git(&["checkout", "--quiet", "-b", "1-door"]);
        made.write("door/package.json", r#"{"name": "door"}"#);
        made.commit("Oil the door\n\nFixes #1, implements AB-2, closes T1.1, see T1.2");
        forge.push(ALPHA);
    });
    history.then(|forge| {
        forge.issue(ALPHA, 2, "edited", &json!({"title": "Wash", "body": "Before AB-1 and T1.2"}));
    });
    history.then(|forge| {
        let made = forge.made(ALPHA);
        made.git(&["checkout", "--quiet", "trunk"]);
        made.git(&["merge", "--quiet", "--ff-only", "1-door"]);
        made.git(&["tag", "-a", "v1", "-m", "the first"]);
        forge.push(ALPHA);
    });
    history.then(|forge| {
        forge.issue(ALPHA, 1, "closed", &json!({"state": "closed", "state_reason": "completed"}));
    });
    history.then(|forge| {
        forge.issue(ALPHA, 1, "reopened", &json!({"state": "open", "state_reason": "reopened"}));
    });
    history.then(|forge| forge.issue(ALPHA, 3, "deleted", &json!({})));
    history.then(|forge| {
        let made = forge.made(ALPHA);
        made.git(&["branch", "--quiet", "-d", "1-door"]);
        made.git(&["branch", "--quiet", "empty"]);
        made.write(
            "TASKLIST.md",
            "- [x] AB-1: Sell\n- [ ] AB-2: Weigh\n- [ ] AB-3: Count\n- [ ] T1.1: Paint\n- [ ] T1.3: Dry\n",
        );
        made.commit("Tick AB-1");
        forge.push(ALPHA);
    });
}

fn pull_requests(history: &mut History) {
    history.then(|forge| {
        let made = forge.made(ALPHA);
        made.git(&["checkout", "--quiet", "-b", "2-window", "trunk"]);
        made.write("window.js", "// FIXME: streaks\n");
        made.commit("Wash the window");
        forge.push(ALPHA);
        let mut patch = json!({"title": "Wash, T1.2 and T1.1", "body": "Fixes #2, closes T1.3", "draft": true, "merged": false});
        let ends = forge.ends(ALPHA, 5, "2-window", false);
        (patch["head"], patch["base"]) = (ends["head"].clone(), ends["base"].clone());
        forge.pull(ALPHA, 5, "opened", &patch);
    });
    history.then(|forge| forge.pull(ALPHA, 5, "ready_for_review", &json!({"draft": false})));
    history.then(|forge| {
        let made = forge.made(ALPHA);
        made.record("Dry it, see AB-3, closes T1.3");
        forge.push(ALPHA);
        let ends = forge.ends(ALPHA, 5, "2-window", false);
        forge.pull(ALPHA, 5, "synchronize", &ends);
    });
    // From a fork, whose branch is nobody's here; and one that nobody wants.
    history.then(|forge| {
        let made = forge.made(ALPHA);
        made.git(&["checkout", "--quiet", "--detach", "trunk"]);
        made.write("fork.js", "x\n");
        made.commit("From a fork, closes #4");
        made.git(&["update-ref", "refs/forks/main", "HEAD"]);
        let mut patch = forge.ends(ALPHA, 6, "refs/forks/main", true);
        patch["title"] = "A gift".into();
        forge.pull(ALPHA, 6, "opened", &patch);
    });
    history.then(|forge| {
        let made = forge.made(ALPHA);
        made.git(&["checkout", "--quiet", "trunk"]);
        made.wait();
        made.git(&["merge", "--quiet", "--no-ff", "-m", "Merge pull request #5 from acme/2-window", "2-window"]);
        let merge = made.head();
        forge.push(ALPHA);
        let patch = json!({"state": "closed", "merged": true, "merged_at": "2024-03-01T02:00:00Z", "merge_commit_sha": merge});
        forge.pull(ALPHA, 5, "closed", &patch);
    });
    history.then(|forge| forge.pull(ALPHA, 6, "closed", &json!({"state": "closed"})));
}

/// Beta is made, gamma goes and comes back, alpha gets another name.
fn others_come(history: &mut History) {
    history.then(|forge| {
        forge.create(BETA, "acme/beta");
        forge.repository(BETA, "created", &json!({}));
    });
    history.then(|forge| {
        let made = forge.made(BETA);
        made.write("pyproject.toml", "[project]\nname = \"beta\"\n");
        made.write("TASKLIST.md", "- [ ] BE-1: Ship\n");
        made.commit("Begin beta\n\nFixes acme/alpha#2");
        forge.push(BETA);
    });
    history
        .then(|forge| forge.issue(BETA, 1, "opened", &json!({"title": "Ship", "body": "after acme/gamma"})));
    history.then(|forge| forge.transfer(ALPHA, 4, BETA));
    history.then(|forge| forge.repository(ALPHA, "renamed", &json!({"full_name": "acme/aleph"})));
    history.then(|forge| {
        forge.made(ALPHA).record("Under the new name\n\nCloses acme/aleph#2, acme/beta#1");
        forge.push(ALPHA);
    });
    let (event, removed) = ("installation_repositories", "repositories_removed");
    history.then(|forge| forge.installation(event, "removed", removed, &[GAMMA]));
    history.then(|forge| {
        forge.made(GAMMA).record("Unseen, fixes acme/aleph#1");
        forge.push(GAMMA);
    });
    history.then(|forge| forge.installation(event, "added", "repositories_added", &[GAMMA]));
    for id in [DELTA, EPSILON] {
        history.then(|forge| {
            forge.create(id, &format!("acme/made-{id}"));
            forge.repository(id, "created", &json!({}));
            forge.made(id).record("Not for long\n\nFixes acme/alpha#1");
            forge.push(id);
            forge.issue(id, 1, "opened", &json!({"title": "Soon gone"}));
        });
    }
    history.then(|forge| forge.installation(event, "removed", removed, &[DELTA]));
    history.then(|forge| forge.repository(EPSILON, "deleted", &json!({})));
    history.then(|forge| forge.repository(BETA, "archived", &json!({"archived": true})));
}

/// Branches are forced, the default branch becomes another.
fn history_is_rewritten(history: &mut History) {
    history.then(|forge| {
        let made = forge.made(BETA);
        made.wait();
        made.git(&["commit", "--quiet", "--amend", "-m", "Begin beta anew"]);
        forge.push(BETA);
    });
    history.then(|forge| {
        let made = forge.made(ALPHA);
        made.git(&["reset", "--quiet", "--hard", "HEAD~1"]);
        made.write(
            "TASKLIST.md",
            "- [x] AB-1: Sell\n- [ ] AB-3: Count twice\n- [ ] T1.2: Mend\n- [ ] T1.3: Dry\n",
        );
        made.commit("Otherwise");
        forge.push(ALPHA);
    });
    history.then(|forge| {
        forge.issue(ALPHA, 2, "closed", &json!({"state": "closed", "state_reason": "not_planned"}));
    });
    history.then(|forge| {
        let made = forge.made(ALPHA);
        made.git(&["checkout", "--quiet", "-b", "next"]);
        made.write("next/package.json", r#"{"name": "next"}"#);
        made.commit("Next\n\nCloses #2 and AB-3");
        forge.push(ALPHA);
    });
    history.then(|forge| forge.repository(ALPHA, "edited", &json!({"default_branch": "next"})));
    history.then(|forge| {
        let made = forge.made(ALPHA);
        made.git(&["tag", "-d", "v1"]);
        made.git(&["branch", "--quiet", "-D", "2-window"]);
        forge.push(ALPHA);
    });
}

/// Copies of the repositories, whose refs can be set to what they were.
pub(super) struct Replica {
    folder: TempDir,
    made: Made,
    now: Moment,
}

impl Replica {
    /// As all of it is at the end.
    pub(super) fn new(history: &History) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let made = Made::new();
        let now = history.moments[history.end()].clone();
        for id in now.keys() {
            let to = folder.path().join(format!("{id}.git"));
            let copied =
                std::process::Command::new("cp").arg("-r").arg(history.forge.git_dir(*id)).arg(to).status();
            assert!(copied.unwrap().success());
        }
        Self { folder, made, now }
    }

    /// The bare repository of an id.
    pub(super) fn git_dir(&self, id: i64) -> PathBuf {
        self.folder.path().join(format!("{id}.git"))
    }

    /// Sets all refs to what they were at a moment.
    pub(super) fn set(&mut self, history: &History, at: usize) {
        let then = history.moments[at].clone();
        for (id, now) in &self.now {
            let nothing = Snapshot { head: "refs/heads/trunk".to_owned(), refs: BTreeMap::new() };
            let then = then.get(id).unwrap_or(&nothing);
            let mut input = String::new();
            for name in now.refs.keys().filter(|name| !then.refs.contains_key(*name)) {
                writeln!(input, "delete {name}").unwrap();
            }
            for (name, tip) in then.refs.iter().filter(|(name, tip)| now.refs.get(*name) != Some(tip)) {
                writeln!(input, "update {name} {tip}").unwrap();
            }
            let git_dir = self.git_dir(*id);
            if !input.is_empty() {
                self.made.git_bytes(&git_dir, &["update-ref", "--stdin"], input.as_bytes());
            }
            if then.head != now.head {
                self.made.git_in(&git_dir, &["symbolic-ref", "HEAD", &then.head]);
            }
        }
        let empty = self.now.keys().filter(|id| !then.contains_key(id)).copied().collect::<Vec<_>>();
        self.now = then;
        for id in empty {
            self.now.insert(id, Snapshot { head: "refs/heads/trunk".to_owned(), refs: BTreeMap::new() });
        }
    }
}

/// The branch that a repository's HEAD names, where it is there.
pub(super) fn head_branch(git_dir: &Path) -> Option<String> {
    let head = std::fs::read_to_string(git_dir.join("HEAD")).unwrap();
    let name = head.trim().strip_prefix("ref: ").unwrap();
    let packed = std::fs::read_to_string(git_dir.join("packed-refs")).unwrap_or_default();
    let is_there =
        git_dir.join(name).is_file() || packed.lines().any(|line| line.ends_with(&format!(" {name}")));
    is_there.then(|| name.strip_prefix("refs/heads/").unwrap().to_owned())
}
