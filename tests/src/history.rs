//! History: the same commits, in the same order, with the same paths as `git log` tells.

mod heads;
mod shapes;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use muster_model::{Commit, CommitLine};
use serde_json::Value;

use crate::made::{Made, scanned};

/// What `git log` says: each commit with its paths, sorted, in the order of the list.
pub(crate) fn log(made: &Made, folder: &Path) -> Vec<(String, Vec<Vec<u8>>)> {
    let arguments =
        ["log", "--no-renames", "--diff-merges=first-parent", "--name-only", "-z", "--format=%x01%H"];
    let output = made.git_bytes(folder, &[&arguments[..], &["HEAD"]].concat(), b"");
    let mut commits = Vec::new();
    for record in output.split(|byte| *byte == 1).skip(1) {
        let mut parts = record.split(|byte| *byte == 0);
        let name = String::from_utf8(parts.next().unwrap().trim_ascii().to_vec()).unwrap();
        let mut paths: Vec<Vec<u8>> = parts
            .map(|path| path.strip_prefix(b"\n").unwrap_or(path).to_vec())
            .filter(|path| !path.is_empty())
            .collect();
        paths.sort();
        commits.push((name, paths));
    }
    commits
}

/// What the scanner says.
pub(crate) fn read(path: &Path, revision: Option<&str>) -> (Vec<Commit>, Vec<muster_model::Problem>) {
    use muster_scanner::Silent;
    use std::ops::ControlFlow;
    use std::sync::atomic::AtomicBool;
    let scan = scanned(path, revision, false, false);
    let never = AtomicBool::new(false);
    let Some(history) = scan.source.history(&Silent, &never) else { return Default::default() };
    let history = history.unwrap();
    let mut commits = Vec::new();
    let mut receive = |batch: Vec<Commit>| {
        commits.extend(batch);
        ControlFlow::Continue(())
    };
    let end = history.read(&history.ids, 2, &Silent, &never, &|commit| commit, &mut receive).unwrap();
    (commits, [&history.problems[..], &end.problems].concat())
}

/// Fails unless both say the same of the commits that HEAD reaches.
#[track_caller]
pub(crate) fn assert_as_git_says(made: &Made) -> Vec<Commit> {
    let (commits, problems) = read(&made.root, None);
    assert_eq!(problems, []);
    let said = |path: &Vec<u8>| String::from_utf8(path.clone()).unwrap();
    let expected: Vec<(String, Vec<String>)> = log(made, &made.root)
        .into_iter()
        .map(|(name, paths)| (name, paths.iter().map(said).collect()))
        .collect();
    let found: Vec<(String, Vec<String>)> =
        commits.iter().map(|commit| (commit.id.to_string(), commit.paths.clone())).collect();
    let names =
        |list: &[(String, Vec<String>)]| list.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    assert_eq!(
        names(&found),
        names(&expected),
        "the order of {}",
        made.git(&["log", "--graph", "--oneline"])
    );
    assert_eq!(found, expected);
    commits
}

/// Runs the program; gives its document.
pub(crate) fn program(path: &Path, arguments: &[&str]) -> Value {
    let mut command = Command::new(crate::program::muster());
    command.arg("scan").arg(path).args(["--no-save", "--format", "json"]).args(arguments);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let document = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(crate::scan_document::offences(&document), [""; 0]);
    document
}

fn commits(document: &Value) -> Vec<CommitLine> {
    serde_json::from_value(document["commits"].clone()).unwrap()
}

/// Twelve commits that go round three directories.
fn twelve() -> Made {
    let made = Made::new();
    for number in 0..12 {
        let directory = ["a", "a/b", "c"][number % 3];
        made.write(format!("{directory}/package.json"), format!("{{\"name\": \"n{number}\"}}"));
        made.write(format!("{directory}/file-{number}"), "");
        made.commit(&format!("number {number}"));
    }
    made
}

#[test]
fn as_many_as_are_asked_for() {
    let made = twelve();
    let all = program(&made.root, &["--commits", "all"]);
    assert_eq!((commits(&all).len(), &all["truncated"]), (12, &Value::Null));
    assert_eq!(all["repository"]["commit_count"], 12);
    let some = program(&made.root, &["--commits", "5"]);
    assert_eq!(commits(&some), commits(&all)[..5]);
    assert_eq!((&some["truncated"], &some["repository"]["commit_count"]), (&Value::Bool(true), &12.into()));
    for enough in ["12", "13"] {
        let document = program(&made.root, &["--commits", enough]);
        assert_eq!((commits(&document), &document["truncated"]), (commits(&all), &Value::Null));
    }
    let none = program(&made.root, &[]);
    assert_eq!((&none["commits"], &none["repository"]["commit_count"]), (&Value::Null, &Value::Null));
}

#[test]
fn of_a_part_of_the_folder() {
    let made = twelve();
    let every = commits(&program(&made.root, &["--commits", "all"]));
    for (part, expected) in [("a", 8), ("a/b", 4), ("c", 4)] {
        let document = program(&made.root.join(part), &["--commits", "all"]);
        let found = commits(&document);
        let below = format!("{part}/");
        let touch = every.iter().filter(|line| line.paths.iter().any(|path| path.starts_with(&below)));
        assert_eq!(
            found.iter().map(|line| &line.sha).collect::<Vec<_>>(),
            touch.map(|line| &line.sha).collect::<Vec<_>>()
        );
        assert_eq!((found.len(), &document["truncated"]), (expected, &Value::Null));
        assert_eq!(document["repository"]["commit_count"], 12);
        let cut = program(&made.root.join(part), &["--commits", "3"]);
        assert_eq!((commits(&cut), &cut["truncated"]), (found[..3].to_vec(), &Value::Bool(true)));
        let exact = program(&made.root.join(part), &["--commits", &expected.to_string()]);
        assert_eq!((commits(&exact).len(), &exact["truncated"]), (expected, &Value::Null));
    }
}

#[test]
fn with_the_projects_that_they_touch_and_what_they_refer_to() {
    let made = Made::new();
    made.write("package.json", "{\"name\": \"root\"}");
    made.write("a/package.json", "{\"name\": \"a\"}");
    made.write("a/b/Cargo.toml", "[package]\nname = \"b\"\n");
    made.write("a/b/TASKLIST.md", "- [ ] P1-T01 begin\n");
    made.write("tests/fixtures/x/package.json", "{\"name\": \"fixture\"}");
    made.write("ab/notes", "");
    made.commit("Everything");
    made.write("a/b/src/lib.rs", "");
    made.write("a/other", "");
    made.commit("Fix both\n\nCloses #12, see acme/web#7 and P1-T01\n");
    made.write("ab/notes", "more");
    made.write("tests/fixtures/x/file", "");
    made.commit("Neither a nor b");
    let document = program(&made.root, &["--commits", "all"]);
    let lines = commits(&document);
    let touched: BTreeMap<&str, Vec<&str>> = lines
        .iter()
        .map(|line| {
            (line.message.lines().next().unwrap(), line.projects.iter().map(String::as_str).collect())
        })
        .collect();
    assert_eq!(touched["Everything"], [".", "a", "a/b"]);
    assert_eq!(touched["Fix both"], ["a", "a/b"]);
    assert_eq!(touched["Neither a nor b"], ["."]);
    let references: Vec<(&str, String)> = lines[1]
        .references
        .iter()
        .map(|line| {
            (line.target.as_str(), serde_json::to_value(line.relation).unwrap().as_str().unwrap().to_owned())
        })
        .collect();
    let mut references = references;
    references.sort();
    let expected = [("#12", "closes"), ("P1-T01", "mentions"), ("acme/web#7", "mentions")];
    assert_eq!(references, expected.map(|(target, relation)| (target, relation.to_owned())));
    let all = program(&made.root, &["--commits", "all", "--all"]);
    assert_eq!(commits(&all)[0].projects, [".", "tests/fixtures/x"]);
    assert_eq!((lines[0].path_count, lines[0].author.name.as_str()), (2, "Somebody"));
    assert_eq!(lines[2].author.time, "2023-11-14T23:14:20+01:00");
}
