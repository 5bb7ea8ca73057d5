//! Converging: random histories of a remote, looks at random moments, and one look at the end from nothing.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::{Home, Remote};
use crate::incremental::assert_same_text;

#[derive(Clone, Debug)]
enum Step {
    Commit { file: usize, content: usize, message: usize },
    Branch,
    CheckOut(usize),
    Merge(usize),
    Rewind(usize),
    Amend,
    Delete(usize),
    Tag { annotated: bool },
    DropTag(usize),
    Default(usize),
    RenameDefault,
    Look,
}

const FILES: [&str; 4] = ["TASKLIST.md", "a/Cargo.toml", "a/lib.rs", "b/package.json"];
const CONTENTS: [&str; 5] = [
    "- [ ] T1.1: ours\n- [ ] T1.2: too\n",
    "- [ ] KEY-1 one\n- [ ] KEY-2 two\n",
    "[package]\nname = \"x\"\n",
    "// TODO: one\n- [x] KEY-2 two\n",
    "{\"name\": \"y\"}",
];
const MESSAGES: [&str; 5] =
    ["Work", "Fixes #1", "Implements KEY-1", "See owner/other#7 and TASK-9", "Closes T1.1, see T1.2"];

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (0..4_usize, 0..5_usize, 0..5_usize)
            .prop_map(|(file, content, message)| Step::Commit { file, content, message }),
        3 => Just(Step::Branch),
        3 => any::<usize>().prop_map(Step::CheckOut),
        3 => any::<usize>().prop_map(Step::Merge),
        2 => (1..4_usize).prop_map(Step::Rewind),
        1 => Just(Step::Amend),
        2 => any::<usize>().prop_map(Step::Delete),
        1 => any::<bool>().prop_map(|annotated| Step::Tag { annotated }),
        1 => any::<usize>().prop_map(Step::DropTag),
        1 => any::<usize>().prop_map(Step::Default),
        1 => Just(Step::RenameDefault),
        6 => Just(Step::Look),
    ]
}

fn names(remote: &Remote, namespace: &str) -> Vec<String> {
    let names = remote.made.git(&["for-each-ref", "--format=%(refname:short)", namespace]);
    names.lines().map(str::to_owned).collect()
}

/// Plays what happens at the remote; true where it is time to look.
fn play(remote: &Remote, step: &Step, number: usize) -> bool {
    let made = &remote.made;
    let branches = names(remote, "refs/heads");
    let branch = |n: usize| branches[n % branches.len()].as_str();
    match step {
        Step::Commit { file, content, message } => {
            made.write(FILES[*file], CONTENTS[*content]);
            made.commit(&format!("{} ({number})", MESSAGES[*message]));
        }
        Step::Branch => _ = made.git(&["checkout", "--quiet", "-b", &format!("b{number}")]),
        Step::CheckOut(n) => _ = made.git(&["checkout", "--quiet", branch(*n)]),
        Step::Merge(n) => {
            made.wait();
            let merge =
                ["merge", "--quiet", "--no-edit", "-X", "ours", "--allow-unrelated-histories", branch(*n)];
            if !made.tries(&merge) {
                made.tries(&["merge", "--abort"]);
            }
        }
        Step::Rewind(n) => _ = made.tries(&["reset", "--quiet", "--hard", &format!("HEAD~{n}")]),
        Step::Amend => {
            made.wait();
            made.git(&["commit", "--quiet", "--amend", "--allow-empty", "-m", &format!("Amended {number}")]);
        }
        Step::Delete(n) => _ = made.tries(&["branch", "--quiet", "-D", branch(*n)]),
        Step::Tag { annotated: true } => {
            made.wait();
            made.git(&["tag", "-a", &format!("t{number}"), "-m", "a tag"]);
        }
        Step::Tag { annotated: false } => _ = made.git(&["tag", &format!("t{number}")]),
        Step::DropTag(n) => {
            let tags = names(remote, "refs/tags");
            if !tags.is_empty() {
                made.git(&["tag", "-d", &tags[n % tags.len()]]);
            }
        }
        Step::Default(n) => remote.default(branch(*n)),
        Step::RenameDefault => {
            if let Some(name) = remote.head_branch() {
                let new = format!("r{number}");
                if made.tries(&["branch", "--quiet", "-m", &name, &new]) {
                    remote.default(&new);
                }
            }
        }
        Step::Look => {
            remote.push();
            return true;
        }
    }
    false
}

/// Plays sequences of steps, the same ones whenever it runs.
fn converges(cases: u32, home: impl AsyncFn() -> Home) {
    let random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 60, ..Config::default() };
    let steps = prop::collection::vec(step(), 5..30);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let checked = TestRunner::new_with_rng(config, random).run(&steps, |steps| {
        runtime.block_on(async {
            let (home, remote) = (home().await, Remote::new());
            for (number, step) in steps.iter().enumerate() {
                if play(&remote, step, number) {
                    home.look(&remote).await;
                }
            }
            remote.push();
            home.look(&remote).await;
            let found = home.present().await;
            home.remove().await;
            let fresh = Home::sqlite().await;
            fresh.look(&remote).await;
            assert_same_text(&fresh.present().await, &found, "the rows are not those of one look");
            fresh.remove().await;
        });
        Ok(())
    });
    checked.unwrap();
}

#[test]
fn any_looks_at_any_history_leave_what_one_look_leaves() {
    converges(24, Home::sqlite);
}

#[test]
fn any_looks_at_any_history_leave_what_one_look_leaves_on_postgresql() {
    converges(8, Home::postgres);
}
