//! A forge, as far as tests need one: repositories that are pushed to, issues, pull requests, installations, and what it sends
//! of each.
//!
//! Commits and refs are Git's own, and payloads are made from them. Whatever a payload tells is kept as JSON and changed by
//! patches, so that a test says what changes and nothing else.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::made::Made;

/// The installation of the App that all repositories here are seen by, unless a test says otherwise.
pub(super) const INSTALLATION: i64 = 40_000_001;

const NOTHING: &str = "0000000000000000000000000000000000000000";

/// What is sent: an event and its payload, without the installation.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub(super) event: &'static str,
    /// The id of the repository that it is about; `None`: of an installation.
    pub(super) repository: Option<i64>,
    pub(super) body: Value,
}

/// A repository at the forge.
pub(super) struct Hosted {
    /// Where work is done before it is pushed.
    pub(super) made: Made,
    /// As payloads tell it.
    told: Value,
    /// Issues and pull requests, by number.
    things: BTreeMap<u64, Value>,
}

/// The refs of a repository, and the branch that its HEAD names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Snapshot {
    pub(super) head: String,
    pub(super) refs: BTreeMap<String, String>,
}

/// The forge.
pub(super) struct Forge {
    /// The folder that is served.
    root: PathBuf,
    /// A repository answers under its former names too, as it does at GitHub.
    pub(super) keeps_names: bool,
    /// Minutes since it began: each event is a minute younger than the one before.
    minute: u64,
    pub(super) repositories: BTreeMap<i64, Hosted>,
    /// What was sent and not taken yet.
    pub(super) sent: Vec<Sent>,
}

impl Forge {
    pub(super) fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            keeps_names: false,
            minute: 0,
            repositories: BTreeMap::new(),
            sent: Vec::new(),
        }
    }

    /// A new, empty repository, which nobody is told of.
    pub(super) fn create(&mut self, id: i64, full_name: &str) {
        let made = Made::new();
        let told = json!({
            "id": id, "private": false, "archived": false, "default_branch": "trunk",
            "owner": {"login": owner(full_name), "id": 3_900_001},
            "created_at": self.now(), "updated_at": self.now(),
        });
        let git_dir = self.served(full_name);
        std::fs::create_dir_all(&git_dir).unwrap();
        made.git_in(&git_dir, &["init", "--quiet", "--bare", "--initial-branch=trunk", "."]);
        made.git_in(&git_dir, &["config", "receive.denyDeleteCurrent", "ignore"]);
        let hosted = Hosted { made, told, things: BTreeMap::new() };
        self.repositories.insert(id, hosted);
        self.call(id, full_name);
    }

    fn served(&self, full_name: &str) -> PathBuf {
        self.root.join(format!("{full_name}.git"))
    }

    /// The bare repository that is served.
    pub(super) fn git_dir(&self, id: i64) -> PathBuf {
        self.served(self.full_name(id))
    }

    pub(super) fn full_name(&self, id: i64) -> &str {
        self.repositories[&id].told["full_name"].as_str().unwrap()
    }

    pub(super) fn made(&self, id: i64) -> &Made {
        &self.repositories[&id].made
    }

    fn call(&mut self, id: i64, full_name: &str) {
        let told = &mut self.hosted(id).told;
        let page = format!("https://forge.example/{full_name}");
        told["full_name"] = full_name.into();
        told["name"] = full_name.split_once('/').unwrap().1.into();
        told["html_url"] = page.as_str().into();
        told["clone_url"] = format!("{page}.git").into();
    }

    fn hosted(&mut self, id: i64) -> &mut Hosted {
        self.repositories.get_mut(&id).unwrap()
    }

    /// The time, as GitHub writes it.
    fn now(&self) -> String {
        let (day, minute) = (1 + self.minute / 1440, self.minute % 1440);
        format!("2024-03-{day:02}T{:02}:{:02}:00Z", minute / 60, minute % 60)
    }

    fn emit(&mut self, event: &'static str, id: i64, mut body: Value) {
        body["repository"] = self.repositories[&id].told.clone();
        body["sender"] = json!({"login": "ada", "id": 3_900_002});
        self.sent.push(Sent { event, repository: Some(id), body });
    }

    /// Pushes every branch and tag of the work, and removes those that are not there any more; one push for each that moved.
    pub(super) fn push(&mut self, id: i64) {
        self.minute += 1;
        let before = self.snapshot(id).refs;
        let git_dir = self.git_dir(id);
        let refspecs = ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"];
        let made = self.made(id);
        made.git(&[&["push", "--quiet", "--prune", git_dir.to_str().unwrap()], &refspecs[..]].concat());
        let after = self.snapshot(id).refs;
        let names: std::collections::BTreeSet<_> = before.keys().chain(after.keys()).collect();
        for name in names.into_iter().filter(|name| before.get(*name) != after.get(*name)) {
            let (from, to) = (before.get(name), after.get(name));
            let body = push_of(self.made(id), name, from.map(String::as_str), to.map(String::as_str));
            self.emit("push", id, body);
        }
    }

    /// Something happened to an issue; `patch` is what of it is now different.
    pub(super) fn issue(&mut self, id: i64, number: u64, action: &str, patch: &Value) {
        self.minute += 1;
        let issue = self.thing(id, number, "issues", patch);
        self.emit("issues", id, json!({"action": action, "issue": issue}));
    }

    /// An issue is somewhere else now.
    pub(super) fn transfer(&mut self, id: i64, number: u64, to: i64) {
        self.minute += 1;
        let issue = self.thing(id, number, "issues", &json!({}));
        let new = json!({"number": 1, "id": 1});
        let new_repository = self.repositories[&to].told.clone();
        let changes = json!({"new_issue": new, "new_repository": new_repository});
        self.emit("issues", id, json!({"action": "transferred", "issue": issue, "changes": changes}));
    }

    /// Something happened to a pull request of `branch`, a local one or, where `fork` says so, one of another repository.
    pub(super) fn pull(&mut self, id: i64, number: u64, action: &str, patch: &Value) {
        self.minute += 1;
        let pull = self.thing(id, number, "pull", patch);
        self.emit("pull_request", id, json!({"action": action, "number": number, "pull_request": pull}));
    }

    /// What a pull request of this branch of the work says of its ends. Its head is at the forge, whoever has the branch.
    pub(super) fn ends(&self, id: i64, number: u64, branch: &str, is_fork: bool) -> Value {
        let made = self.made(id);
        let git_dir = self.git_dir(id);
        let refspec = format!("+{branch}:refs/pull/{number}/head");
        made.git(&["push", "--quiet", git_dir.to_str().unwrap(), &refspec]);
        let sha = |revision: &str| made.git(&["rev-parse", revision]).trim().to_owned();
        let head_repository = if is_fork { 900_000 + id } else { id };
        json!({
            "head": {"ref": branch, "sha": sha(branch), "repo": {"id": head_repository, "fork": is_fork}},
            "base": {"ref": "trunk", "sha": sha("refs/heads/trunk"), "repo": {"id": id}},
        })
    }

    /// Changes what is told of an issue or a pull request, or begins it; gives the whole.
    fn thing(&mut self, id: i64, number: u64, kind: &str, patch: &Value) -> Value {
        let now = self.now();
        let hosted = self.hosted(id);
        let page = format!("{}/{kind}/{number}", hosted.told["html_url"].as_str().unwrap());
        let thing = hosted.things.entry(number).or_insert_with(|| {
            json!({
                "id": 1000 * id + number as i64, "number": number, "title": "", "body": null, "state": "open",
                "user": {"login": "grace", "id": 3_900_003}, "assignee": null, "assignees": [], "labels": [],
                "created_at": now, "closed_at": null,
            })
        });
        thing["html_url"] = page.into();
        merge(thing, patch);
        thing["updated_at"] = now.as_str().into();
        if thing["state"] == "closed" && thing["closed_at"].is_null() {
            thing["closed_at"] = now.into();
        } else if thing["state"] == "open" {
            thing["closed_at"] = Value::Null;
        }
        thing.clone()
    }

    /// Something happened to a repository itself. Another name moves it; another default branch changes its HEAD.
    pub(super) fn repository(&mut self, id: i64, action: &str, patch: &Value) {
        self.minute += 1;
        let now = self.now();
        if let Some(name) = patch["full_name"].as_str() {
            let (from, to) = (self.git_dir(id), self.served(name));
            std::fs::create_dir_all(to.parent().unwrap()).unwrap();
            std::fs::rename(&from, &to).unwrap();
            if self.keeps_names {
                std::os::unix::fs::symlink(&to, &from).unwrap();
            }
            self.call(id, name);
        }
        if let Some(branch) = patch["default_branch"].as_str() {
            let git_dir = self.git_dir(id);
            self.made(id).git_in(&git_dir, &["symbolic-ref", "HEAD", &format!("refs/heads/{branch}")]);
        }
        let told = &mut self.hosted(id).told;
        merge(told, patch);
        told["updated_at"] = now.into();
        self.emit("repository", id, json!({"action": action}));
    }

    /// Something happened to the installation, or to what it may see (`key` names the list of `ids`).
    pub(super) fn installation(&mut self, event: &'static str, action: &str, key: &str, ids: &[i64]) {
        self.minute += 1;
        let now = self.now();
        let named = |id: &i64| {
            let told = &self.repositories[id].told;
            json!({"id": id, "name": told["name"], "full_name": told["full_name"], "private": false})
        };
        let mut body = json!({
            "action": action,
            "installation": {
                "id": INSTALLATION, "account": {"login": "acme", "id": 3_900_001}, "created_at": 1_709_000_000,
                "updated_at": now, "suspended_at": if action == "suspend" { json!(now) } else { Value::Null },
            },
        });
        body[key] = ids.iter().map(named).collect();
        self.sent.push(Sent { event, repository: None, body });
    }

    /// An event of any name.
    pub(super) fn other(&mut self, id: i64, event: &'static str, body: Value) {
        self.emit(event, id, body);
    }

    /// The refs that a repository has now.
    pub(super) fn snapshot(&self, id: i64) -> Snapshot {
        let git_dir = self.git_dir(id);
        let git = |arguments: &[&str]| self.made(id).git_in(&git_dir, arguments);
        let refs = git(&["for-each-ref", "--format=%(refname) %(objectname)"]);
        let refs = refs.lines().map(|line| line.split_once(' ').unwrap());
        Snapshot {
            head: git(&["symbolic-ref", "HEAD"]).trim().to_owned(),
            refs: refs.map(|(name, tip)| (name.to_owned(), tip.to_owned())).collect(),
        }
    }
}

fn owner(full_name: &str) -> &str {
    full_name.split_once('/').unwrap().0
}

/// Puts the fields of a patch in place of those that are there.
fn merge(value: &mut Value, patch: &Value) {
    for (name, field) in patch.as_object().unwrap() {
        value[name] = field.clone();
    }
}

fn push_of(made: &Made, name: &str, before: Option<&str>, after: Option<&str>) -> Value {
    let (from, to) = (before.unwrap_or(NOTHING), after.unwrap_or(NOTHING));
    let range = match (before, after) {
        (Some(from), Some(to)) => vec![format!("{from}..{to}")],
        (None, Some(to)) => vec![to.to_owned(), "--max-count=3".to_owned()],
        _ => vec!["--max-count=0".to_owned(), "HEAD".to_owned()],
    };
    let mut arguments = vec!["log", "--reverse", "--format=%H%x00%s%x00%cI"];
    arguments.extend(range.iter().map(String::as_str));
    let commits: Vec<Value> = made
        .git(&arguments)
        .lines()
        .map(|line| {
            let [id, message, at] = line.split('\0').collect::<Vec<_>>()[..] else { panic!("{line}") };
            let who = json!({"name": "Somebody", "email": null});
            json!({"id": id, "message": message, "timestamp": at, "author": who, "committer": who})
        })
        .collect();
    let forced = before.zip(after).is_some_and(|(from, to)| {
        name.starts_with("refs/heads/") && !made.tries(&["merge-base", "--is-ancestor", from, to])
    });
    json!({
        "ref": name, "before": from, "after": to, "created": before.is_none(), "deleted": after.is_none(),
        "forced": forced, "base_ref": null, "head_commit": commits.last(), "commits": commits,
        "pusher": {"name": "ada", "email": null},
    })
}
