//! Merges of every kind, and every kind of change that a commit can hold.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::{assert_as_git_says, log, read};
use crate::made::Made;

fn merge(made: &Made, message: &str, others: &[&str]) {
    made.wait();
    made.git(&[&["merge", "--quiet", "--no-ff", "-s", "ours", "-m", message], others].concat());
}

#[test]
fn every_kind_of_change() {
    let made = Made::new();
    made.record("empty root");
    made.write("a/file", "one\n");
    made.write("b/c/d", "two\n");
    made.link("link", "a/file");
    made.commit("added");
    made.git(&["mv", "a", "moved"]);
    made.commit("renamed");
    fs::set_permissions(made.root.join("moved/file"), fs::Permissions::from_mode(0o755)).unwrap();
    made.commit("mode");
    made.remove("moved/file");
    made.link("moved/file", "../b/c/d");
    made.commit("file to link");
    made.remove("moved/file");
    made.write("moved/file/now/deep", "three\n");
    made.commit("link to directory");
    fs::remove_dir_all(made.root.join("moved")).unwrap();
    made.write("moved", "a file again\n");
    made.write("moved.txt", "sorts before a directory of that name\n");
    made.commit("directory to file");
    made.record("nothing");
    for commit in ["5", "6"] {
        made.git(&["update-index", "--add", "--cacheinfo", &format!("160000,{},sub", commit.repeat(40))]);
        made.record("gitlink");
    }
    made.git(&["rm", "--quiet", "--cached", "sub"]);
    made.write("sub/file", "");
    made.commit("gitlink to directory");
    fs::remove_dir_all(made.root.join("sub")).unwrap();
    fs::remove_dir_all(made.root.join("b")).unwrap();
    made.commit("removed");
    made.write("tab\tquote\"\u{fc}/new\nline", "");
    made.commit("strange names");
    made.git(&["rm", "--quiet", "-r", "."]);
    made.record("an empty tree");
    assert_eq!(assert_as_git_says(&made).len(), 14);
}

#[test]
fn merges_of_every_kind() {
    let made = Made::new();
    made.write("base", "");
    made.commit("base");
    for branch in ["one", "two", "three"] {
        made.git(&["checkout", "--quiet", "-b", branch, "trunk"]);
        made.write(format!("{branch}/file"), branch);
        made.commit(branch);
    }
    made.git(&["checkout", "--quiet", "trunk"]);
    made.write("trunk", "");
    made.commit("trunk");
    made.git(&["merge", "--quiet", "-m", "octopus", "one", "two", "three"]);
    // Criss-cross: each merges the other's parent.
    made.git(&["checkout", "--quiet", "-b", "left"]);
    made.write("left", "");
    let left = made.commit("left");
    made.git(&["checkout", "--quiet", "-b", "right", "trunk"]);
    made.write("right", "");
    let right = made.commit("right");
    made.wait();
    made.git(&["merge", "--quiet", "-m", "right takes left", &left]);
    made.git(&["checkout", "--quiet", "left"]);
    made.wait();
    made.git(&["merge", "--quiet", "-m", "left takes right", &right]);
    merge(&made, "criss-cross", &["right"]);
    // A second root, an evil merge, a merge that takes nothing of the other side.
    made.git(&["checkout", "--quiet", "--orphan", "root"]);
    made.git(&["rm", "--quiet", "-r", "--force", "."]);
    made.write("other/root", "");
    made.commit("another root");
    made.git(&["checkout", "--quiet", "left"]);
    made.wait();
    made.git(&["merge", "--quiet", "--allow-unrelated-histories", "--no-commit", "root"]);
    made.write("evil", "in neither parent");
    made.commit("evil merge");
    made.git(&["checkout", "--quiet", "-b", "ignored", "trunk"]);
    made.write("ignored", "");
    made.commit("ignored");
    made.git(&["checkout", "--quiet", "left"]);
    merge(&made, "ours", &["ignored"]);
    let commits = assert_as_git_says(&made);
    assert!(commits.iter().any(|commit| commit.parents.len() == 4));
    let octopus = commits.iter().find(|commit| commit.message == "octopus\n").unwrap();
    assert_eq!(octopus.paths, ["one/file", "three/file", "two/file"]);
}

#[test]
fn times_that_are_equal_and_times_that_go_backwards() {
    let made = Made::new();
    let commit = |path: &str| {
        made.write(path, "");
        made.git(&["add", "."]);
        made.git(&["commit", "--quiet", "-m", path]);
    };
    commit("one");
    for branch in ["x", "y", "z"] {
        made.git(&["checkout", "--quiet", "-b", branch, "trunk"]);
        commit(&format!("{branch}/1"));
        commit(&format!("{branch}/2"));
    }
    made.git(&["checkout", "--quiet", "trunk"]);
    made.git(&["merge", "--quiet", "-m", "at the same instant", "x", "y", "z"]);
    assert_as_git_says(&made);
    let late = made.beside("late");
    fs::create_dir(&late).unwrap();
    for date in ["1900000000 +0000", "1000000000 +0000", "1500000000 -0700", "100000000 +0000"] {
        made.write(date, "");
        made.git(&["add", "."]);
        let tree = made.git(&["write-tree"]);
        let message = format!(
            "tree {}\nparent {}\nauthor A <a@x> {date}\ncommitter A <a@x> {date}\n\nback\n",
            tree.trim(),
            made.head()
        );
        let name =
            made.git_bytes(&made.root, &["hash-object", "-t", "commit", "-w", "--stdin"], message.as_bytes());
        made.git(&["reset", "--quiet", "--hard", String::from_utf8(name).unwrap().trim()]);
    }
    assert_as_git_says(&made);
}

#[test]
fn names_by_sha256() {
    let made = Made::with(&["--object-format=sha256"]);
    for number in 0..4 {
        made.write(format!("{number}/file"), "");
        made.commit("wide");
    }
    assert_as_git_says(&made);
}

#[test]
fn names_that_are_not_utf8() {
    let made = Made::new();
    made.write(b"caf\xe9/one", "");
    made.write("100%", "");
    made.commit("bytes");
    let (commits, problems) = read(&made.root, None);
    assert_eq!(commits[0].paths, ["100%", "caf%E9/one"]);
    assert_eq!(problems.len(), 1);
    assert_eq!(log(&made, &made.root)[0].1.len(), 2);
}

#[test]
fn packed_with_a_commit_graph() {
    let made = Made::new();
    for number in 0..30 {
        made.write(format!("d{}/file", number % 4), number.to_string());
        made.commit("packed");
    }
    made.git(&["repack", "-a", "-d", "-q", "--depth=50"]);
    made.git(&["commit-graph", "write", "--reachable", "--changed-paths"]);
    made.git(&["multi-pack-index", "write"]);
    made.write("loose", "");
    made.commit("loose");
    assert_as_git_says(&made);
}

/// One step: what happens, on which branch, with which file.
type Step = (u8, u8, u8);

fn play(made: &Made, steps: &[Step]) {
    made.record("root");
    for (what, branch, file) in steps {
        let branch = format!("b{}", branch % 3);
        if !made.tries(&["checkout", "--quiet", &branch]) {
            made.git(&["checkout", "--quiet", "-b", &branch]);
        }
        let path = ["x", "x.y", "d/x", "d/e/x", "d-e", "z/d"][usize::from(file % 6)];
        match what % 8 {
            0..=3 => {
                made.write(path, format!("{what}{file}"));
                made.commit("write");
            }
            4 => {
                made.git(&["rm", "--quiet", "--ignore-unmatch", path]);
                made.record("remove");
            }
            5 => {
                let other = format!("b{}", file % 3);
                if made.tries(&["rev-parse", "--verify", "--quiet", &other]) {
                    made.wait();
                    if !made.tries(&["merge", "--quiet", "--no-edit", "-X", "ours", &other]) {
                        made.git(&["merge", "--abort"]);
                    }
                }
            }
            6 => {
                let entry = format!("160000,{}{},g", "7".repeat(39), file % 8);
                made.tries(&["update-index", "--add", "--cacheinfo", &entry]);
                made.record("gitlink");
            }
            _ => _ = made.record("nothing"),
        }
    }
}

#[test]
fn any_history() {
    let random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let config = Config { cases: 8, failure_persistence: None, max_shrink_iters: 30, ..Config::default() };
    let steps = prop::collection::vec(any::<Step>(), 1..24);
    let checked = TestRunner::new_with_rng(config, random).run(&steps, |steps| {
        let made = Made::new();
        play(&made, &steps);
        assert_as_git_says(&made);
        Ok(())
    });
    checked.unwrap();
}
