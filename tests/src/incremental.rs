//! What is saved: a scan after every change leaves what one scan of the last state leaves.
//!
//! The program scans into one database after each step, and into a fresh one at the end. Ids and what is closed
//! aside, nobody can tell the two apart.

mod random;
mod submodules;

use std::collections::HashMap;
use std::path::Path;
use std::process::Command;

use muster_store::{
    CommitFilter, Freshness, KnownState, RepositoryFilter, RepositoryListing, Store, StoredExtract, Tenant,
    Timestamp,
};
use serde_json::Value;
use tempfile::TempDir;

use crate::made::Made;
use crate::scratch::ScratchDatabase;

/// A database of its own.
struct Database {
    address: String,
    kept: Kept,
}

/// What a database needs to stay there.
enum Kept {
    File(#[expect(dead_code, reason = "the folder goes with it")] TempDir),
    Server(Option<ScratchDatabase>),
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Kept::Server(database) = &mut self.kept
            && let Some(database) = database.take()
        {
            runtime().block_on(database.remove());
        }
    }
}

impl Database {
    /// A file.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let address = folder.path().join("muster.db").to_str().unwrap().to_owned();
        Self { address, kept: Kept::File(folder) }
    }

    /// One on the server.
    fn on_postgres() -> Self {
        let database = runtime().block_on(ScratchDatabase::new());
        Self { address: database.service_address().into(), kept: Kept::Server(Some(database)) }
    }

    /// Scans and saves with the program; gives its document, `elapsed_ms` aside.
    fn scan(&self, path: &Path, arguments: &[&str]) -> Value {
        scan(path, &[&["--database", &self.address], arguments].concat())
    }

    fn read<T>(&self, look: impl AsyncFnOnce(Tenant) -> T) -> T {
        runtime().block_on(async {
            let store = Store::open(&self.address.parse().unwrap()).await.unwrap();
            let tenant = store.tenant_by_name_or_create_default("default", Timestamp(0)).await.unwrap();
            let found = look(tenant.unwrap()).await;
            store.close().await;
            found
        })
    }

    /// Every repository with its state and extracts, by source key.
    fn repositories(&self) -> Vec<(RepositoryListing, KnownState, Vec<StoredExtract>)> {
        self.read(async |tenant| {
            let mut found = Vec::new();
            for listing in tenant.list_repositories(&RepositoryFilter::default()).await.unwrap().items {
                let repository = &listing.repository;
                let state = tenant.load_state(repository.id).await.unwrap();
                let version = repository.facts.extractor_version;
                let extracts = tenant.load_extracts(repository.id, version).await.unwrap();
                found.push((listing, state, extracts));
            }
            found
        })
    }

    /// Everything with its ids, the times of scans aside.
    fn everything(&self) -> String {
        let mut repositories = self.repositories();
        repositories.iter_mut().for_each(|(listing, ..)| {
            (listing.scanned_at, listing.freshness) = (None, Freshness::default());
        });
        let mut commits =
            self.read(async |tenant| tenant.list_commits(&CommitFilter::default()).await.unwrap().items);
        commits.iter_mut().for_each(|row| row.on_default_since = row.on_default_since.map(|_| Timestamp(0)));
        format!("{repositories:#?}\n{commits:#?}")
    }

    /// What is open, without ids: lines that two databases of the same state share.
    fn open_rows(&self) -> String {
        let mut text = String::new();
        for (listing, state, extracts) in self.repositories() {
            let counts = (listing.projects, listing.tasks, listing.commits, listing.repository.history);
            text += &format!("{:?} {counts:?}\n{:?}\n", listing.repository.facts, state.submodules);
            let paths: HashMap<_, _> =
                state.projects.iter().map(|row| (row.id, row.project.path.as_str())).collect();
            let mut projects: Vec<_> = state.projects.iter().filter(|row| row.closed_at.is_none()).collect();
            projects.sort_by_key(|row| &row.project.path);
            projects.iter().for_each(|row| text += &format!("{:?}\n", row.project));
            let tasks: Vec<_> = state.tasks.iter().filter(|row| row.closed_at.is_none()).collect();
            let place: HashMap<_, _> = tasks.iter().enumerate().map(|(place, row)| (row.id, place)).collect();
            for row in &tasks {
                let project = row.project.map(|id| paths[&id]);
                let parent = row.parent.map(|id| place[&id]);
                text += &format!("{} {} {project:?} {parent:?} {:?}\n", row.path, row.place, row.found);
            }
            text += &format!("{:?}\n{extracts:?}\n", state.extracts);
        }
        let commits =
            self.read(async |tenant| tenant.list_commits(&CommitFilter::default()).await.unwrap().items);
        let mut commits: Vec<_> = commits
            .iter()
            .map(|row| format!("{:?} {} {:?}\n", row.commit, row.path_count, row.references))
            .collect();
        commits.sort();
        text + &commits.concat()
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

fn scan(path: &Path, arguments: &[&str]) -> Value {
    let mut command = Command::new(crate::program::muster());
    command.arg("scan").arg(path).args(["--format", "json"]).args(arguments);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut document: Value = serde_json::from_slice(&output.stdout).unwrap();
    document["stats"]["elapsed_ms"] = 0.into();
    document
}

/// Fails with the first lines that differ.
#[track_caller]
pub(crate) fn assert_same_text(expected: &str, found: &str, what: &str) {
    if expected != found {
        let (one, other): (Vec<_>, Vec<_>) = (expected.lines().collect(), found.lines().collect());
        let only = |these: &[&str], those: &[&str]| {
            let lines = these.iter().filter(|line| !those.contains(line)).take(6);
            lines.map(|line| format!("    {}\n", &line[..line.floor_char_boundary(600)])).collect::<String>()
        };
        panic!("{what}\n  expected alone:\n{}  found alone:\n{}", only(&one, &other), only(&other, &one));
    }
}

/// Scans into the database: the document must be that of a full scan.
#[track_caller]
fn assert_step(database: &Database, made: &Made, arguments: &[&str]) {
    let full = scan(&made.root, &[&["--no-save", "--commits", "all"], arguments].concat());
    let found = database.scan(&made.root, &[&["--commits", "all"], arguments].concat());
    let [full, found] = [full, found].map(|document| serde_json::to_string_pretty(&document).unwrap());
    assert_same_text(&full, &found, "the incremental scan prints something else");
}

/// The rows must be those of a database that has seen the last state only.
#[track_caller]
fn assert_rows(database: &Database, made: &Made) {
    let fresh = Database::new();
    fresh.scan(&made.root, &[]);
    assert_same_text(&fresh.open_rows(), &database.open_rows(), "the rows are not those of a fresh database");
    let before = database.everything();
    database.scan(&made.root, &[]);
    assert_same_text(&before, &database.everything(), "a second scan of the same commit changes something");
}

fn first() -> (Database, Made) {
    let made = Made::new();
    made.write("package.json", "{\"name\": \"root\", \"workspaces\": [\"packages/*\"]}");
    made.write("packages/a/package.json", "{\"name\": \"a\"}");
    made.write("packages/a/index.js", "// TODO: one\n// TODO: two\n");
    made.write("TASKLIST.md", "# Work\n- [ ] A-1 one\n  - [ ] inner\n- [x] A-2 two\n");
    made.write("node_modules/x/package.json", "{\"name\": \"x\"}");
    made.write("node_modules/x/index.js", "// TODO: theirs\n");
    made.commit("Begin A-1");
    (Database::new(), made)
}

#[test]
fn the_same_commit_twice() {
    let (database, made) = first();
    assert_step(&database, &made, &[]);
    let before = database.everything();
    assert_step(&database, &made, &[]);
    assert_same_text(&before, &database.everything(), "nothing has changed");
    assert_rows(&database, &made);
}

#[test]
fn what_is_saved_does_not_depend_on_what_is_printed() {
    let (database, made) = first();
    assert_step(&database, &made, &[]);
    let before = database.everything();
    assert_step(&database, &made, &["--all"]);
    assert_same_text(&before, &database.everything(), "--all");
    database.scan(&made.root.join("packages/a"), &[]);
    assert_same_text(&before, &database.everything(), "a part of the folder");
    database.scan(&made.root, &["--no-history"]);
    assert_same_text(&before, &database.everything(), "--no-history");
    let later = made.commit("later, not checked out");
    made.git(&["reset", "--quiet", "--hard", "HEAD~1"]);
    database.scan(&made.root, &["--rev", &later]);
    assert_same_text(&before, &database.everything(), "another revision");
    made.write("packages/a/index.js", "// TODO: one\n");
    made.commit("fewer");
    assert_step(&database, &made, &["--all"]);
    assert_rows(&database, &made);
}

#[test]
fn dirty_and_clean_in_turn() {
    let (database, made) = first();
    assert_step(&database, &made, &[]);
    let clean = database.open_rows();
    made.write("packages/a/index.js", "// TODO: changed\n");
    made.write("packages/b/package.json", "{\"name\": \"b\"}");
    assert_step(&database, &made, &[]);
    assert_rows(&database, &made);
    made.git(&["stash", "--quiet", "--include-untracked"]);
    assert_step(&database, &made, &[]);
    assert_same_text(&clean, &database.open_rows(), "clean again");
    assert_rows(&database, &made);
    made.git(&["stash", "pop", "--quiet"]);
    assert_step(&database, &made, &[]);
    made.commit("what was dirty");
    assert_step(&database, &made, &[]);
    assert_rows(&database, &made);
}

#[test]
fn rules_that_change() {
    let (database, made) = first();
    made.write("deno.json", "{\"name\": \"deno\"}");
    made.write("plans/year.md", "- [ ] plan\n");
    made.commit("not known yet");
    assert_step(&database, &made, &[]);
    for rules in [
        "tasklists = [\"plans/*.md\"]\n",
        "[[detector]]\nname = \"deno\"\nproject_type = \"deno\"\nfiles = [\"deno.json\"]\nformat = \"json\"\n",
        "[roles]\n\"packages/*\" = \"example\"\n",
        "broken = [\n",
        "",
    ] {
        made.write(".muster.toml", rules);
        made.commit("rules");
        assert_step(&database, &made, &[]);
        assert_rows(&database, &made);
    }
}

#[test]
fn files_that_manifests_point_at() {
    let (database, made) = first();
    made.write("setup.cfg", "[metadata]\nname = pointed\nversion = attr: pkg.about.__version__\n");
    made.write("pkg/about.py", "__version__ = '1'\n");
    made.write("Cargo.toml", "[workspace]\nmembers = [\"vendor/m\"]\n");
    made.write("vendor/m/Cargo.toml", "[package]\nname = \"m\"\n");
    made.write("vendor/m/lib.rs", "// TODO: in a member\n");
    made.write("vendor/n/Cargo.toml", "[package]\nname = \"n\"\n");
    made.write("vendor/n/lib.rs", "// TODO: in a stranger\n");
    made.commit("pointers");
    assert_step(&database, &made, &[]);
    for (path, content) in [
        ("pkg/about.py", "__version__ = '2'\n"),
        ("README.md", "nothing of that changed\n"),
        ("Cargo.toml", "[workspace]\nmembers = [\"vendor/*\"]\n"),
        ("vendor/n/lib.rs", "// TODO: a\n// TODO: b\n"),
        ("Cargo.toml", "[workspace]\n"),
        ("setup.cfg", "[metadata]\nname = pointed\n"),
    ] {
        made.write(path, content);
        made.commit(path);
        assert_step(&database, &made, &[]);
        assert_step(&database, &made, &["--all"]);
        assert_rows(&database, &made);
    }
}

#[test]
fn attributes_that_change() {
    let (database, made) = first();
    made.write("pointer.py", "version https://git-lfs.github.com/spec/v1\n# TODO: x\n");
    made.commit("no attributes");
    assert_step(&database, &made, &[]);
    made.write(".gitattributes", "*.py filter=lfs\n*.md eol=crlf\n");
    made.commit("attributes");
    made.remove("TASKLIST.md");
    made.git(&["reset", "--quiet", "--hard"]);
    assert_step(&database, &made, &[]);
    assert_rows(&database, &made);
}

#[test]
fn line_ends_that_the_repository_says_nothing_of() {
    let (database, made) = first();
    for entry in made.git(&["ls-files"]).lines() {
        made.remove(entry);
    }
    // As a user has them whose own configuration asks for them.
    made.git(&["-c", "core.autocrlf=true", "reset", "--quiet", "--hard"]);
    assert_step(&database, &made, &[]);
    made.write("new.rs", "// TODO: with LF\n");
    made.git(&["add", "new.rs"]);
    made.record("LF");
    assert_step(&database, &made, &[]);
    made.assert_folder_is_commit();
}

#[test]
fn history_that_is_rewritten() {
    let (database, made) = first();
    made.write("more", "");
    made.commit("more");
    assert_step(&database, &made, &[]);
    made.git(&["commit", "--quiet", "--amend", "-m", "amended"]);
    assert_step(&database, &made, &[]);
    made.git(&["checkout", "--quiet", "--orphan", "new"]);
    made.commit("another root");
    assert_step(&database, &made, &[]);
}

#[test]
fn the_old_tree_is_no_longer_here() {
    let (database, made) = first();
    assert_step(&database, &made, &[]);
    made.write("packages/a/index.js", "// TODO: other\n");
    made.git(&["add", "--all"]);
    made.wait();
    made.git(&["commit", "--quiet", "--amend", "-m", "rewritten"]);
    made.git(&["reflog", "expire", "--expire=now", "--all"]);
    made.git(&["gc", "--quiet", "--prune=now"]);
    assert_step(&database, &made, &[]);
}
