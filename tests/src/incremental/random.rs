//! Random histories: files written, removed and moved, committed or left as they are, rules changed in between.

use std::fs;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::{Database, assert_rows, assert_step};
use crate::made::Made;

const PATHS: [&str; 14] = [
    "package.json",
    "a/package.json",
    "a/TASKLIST.md",
    "a/b/TASKLIST.md",
    "a/b/Cargo.toml",
    "TASKLIST.md",
    "lib.rs",
    "a/main.py",
    "vendor/m/Cargo.toml",
    "vendor/m/lib.rs",
    "Cargo.toml",
    "tests/fixtures/f/package.json",
    ".muster.toml",
    ".gitattributes",
];
const CONTENTS: [&str; 12] = [
    "{\"name\": \"n\"}",
    "{\"name\": \"w\", \"workspaces\": [\"a\", \"vendor/*\"]}",
    "- [ ] A-1 one\n- [ ] A-2 two\n  - [x] inner\n",
    "- [ ] A-2 two\n- [x] A-1 one\n- [ ] A-1 one\n",
    "# Head\n\n- [~] free text\n- [ ] free text\n",
    "// TODO: one\n// FIXME(me): two\n",
    "# TODO: three\n// TODO: one\n",
    "[package]\nname = \"p\"\n",
    "[workspace]\nmembers = [\"a/*\", \"vendor/m\"]\n",
    "tasklists = [\"**/*.py\"]\n[roles]\n\"a/**\" = \"example\"\n",
    "*.md eol=crlf\n*.py filter=lfs\n",
    "",
];

#[derive(Clone, Debug)]
enum Step {
    Write(usize, usize),
    Remove(usize),
    Move(usize, usize),
    Commit,
    CheckOut(usize),
    Scan { all: bool },
}

fn step() -> impl Strategy<Value = Step> {
    let path = || 0..PATHS.len();
    prop_oneof![
        8 => (path(), 0..CONTENTS.len()).prop_map(|(path, content)| Step::Write(path, content)),
        1 => path().prop_map(Step::Remove),
        1 => (path(), path()).prop_map(|(from, to)| Step::Move(from, to)),
        3 => Just(Step::Commit),
        1 => (0..4_usize).prop_map(Step::CheckOut),
        4 => any::<bool>().prop_map(|all| Step::Scan { all }),
    ]
}

fn play(database: &Database, made: &Made, step: &Step) {
    match step {
        Step::Write(path, content) => made.write(PATHS[*path], CONTENTS[*content]),
        Step::Remove(path) => _ = fs::remove_file(made.root.join(PATHS[*path])),
        Step::Move(from, to) => {
            if made.root.join(PATHS[*to]).parent().is_some_and(std::path::Path::is_dir) {
                let _missing = fs::rename(made.root.join(PATHS[*from]), made.root.join(PATHS[*to]));
            }
        }
        Step::Commit => _ = made.commit("A-1: a step"),
        Step::CheckOut(back) => {
            made.commit("before going back");
            made.tries(&["checkout", "--quiet", "-B", "trunk", &format!("HEAD~{back}")]);
        }
        Step::Scan { all } => assert_step(database, made, if *all { &["--all"] } else { &[] }),
    }
}

#[test]
fn any_sequence_of_changes_and_scans() {
    let random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let config = Config { cases: 10, failure_persistence: None, max_shrink_iters: 40, ..Config::default() };
    let steps = prop::collection::vec(step(), 1..24);
    let checked = TestRunner::new_with_rng(config, random).run(&steps, |steps| {
        let (database, made) = (Database::new(), Made::new());
        made.record("root");
        steps.iter().for_each(|step| play(&database, &made, step));
        made.commit("the last");
        assert_step(&database, &made, &[]);
        // Going back leaves commits that the fresh database has never seen; they are read by other tests.
        if !steps.iter().any(|step| matches!(step, Step::CheckOut(_))) {
            assert_rows(&database, &made);
        }
        Ok(())
    });
    checked.unwrap();
}
