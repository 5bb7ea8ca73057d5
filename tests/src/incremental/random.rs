//! Random histories: files written, removed and moved, committed or left as they are, rules changed in between.

use std::fs;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::{Database, assert_rows, assert_same_text, assert_step};
use crate::made::Made;
use crate::samples::{DIRECTORIES, FILES, content};

/// A directory and a file in it, by their numbers.
type Path = (usize, usize);

#[derive(Clone, Debug)]
enum Step {
    Write(Path, usize),
    Remove(Path),
    Move(Path, Path),
    Commit,
    CheckOut(usize),
    Scan { all: bool },
}

fn step() -> impl Strategy<Value = Step> {
    let path = || (0..DIRECTORIES.len(), 0..FILES.len());
    prop_oneof![
        8 => (path(), any::<usize>()).prop_map(|(path, content)| Step::Write(path, content)),
        1 => path().prop_map(Step::Remove),
        1 => (path(), path()).prop_map(|(from, to)| Step::Move(from, to)),
        3 => Just(Step::Commit),
        1 => (0..4_usize).prop_map(Step::CheckOut),
        4 => any::<bool>().prop_map(|all| Step::Scan { all }),
    ]
}

fn named((directory, file): Path) -> String {
    format!("{}{}", DIRECTORIES[directory], FILES[file].0)
}

fn play(databases: &[&Database], made: &Made, step: &Step) {
    match step {
        Step::Write(path, number) => made.write(named(*path), content(path.1, *number)),
        Step::Remove(path) => _ = fs::remove_file(made.root.join(named(*path))),
        Step::Move(from, to) => {
            let [from, to] = [from, to].map(|path| made.root.join(named(*path)));
            if to.parent().is_some_and(std::path::Path::is_dir) {
                let _missing = fs::rename(from, to);
            }
        }
        Step::Commit => _ = made.commit("A-1: a step"),
        Step::CheckOut(back) => {
            made.commit("before going back");
            made.tries(&["checkout", "--quiet", "-B", "trunk", &format!("HEAD~{back}")]);
        }
        Step::Scan { all } => {
            let arguments: &[&str] = if *all { &["--all"] } else { &[] };
            databases.iter().for_each(|database| assert_step(database, made, arguments));
        }
    }
}

/// Plays sequences of steps, the same ones whenever it runs.
fn sequences(cases: u32, check: impl Fn(&[Step])) {
    let random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 40, ..Config::default() };
    let steps = prop::collection::vec(step(), 1..24);
    let checked = TestRunner::new_with_rng(config, random).run(&steps, |steps| {
        check(&steps);
        Ok(())
    });
    checked.unwrap();
}

#[test]
fn any_sequence_of_changes_and_scans() {
    sequences(10, |steps| {
        let (database, made) = (Database::new(), Made::new());
        made.record("root");
        steps.iter().for_each(|step| play(&[&database], &made, step));
        made.commit("the last");
        assert_step(&database, &made, &[]);
        // Going back leaves commits that the fresh database has never seen; they are read by other tests.
        if !steps.iter().any(|step| matches!(step, Step::CheckOut(_))) {
            assert_rows(&database, &made);
        }
    });
}

#[test]
fn the_rows_are_the_same_on_either_engine() {
    sequences(6, |steps| {
        let (databases, made) = ([Database::new(), Database::on_postgres()], Made::new());
        made.record("root");
        let [sqlite, postgres] = databases.each_ref();
        steps.iter().for_each(|step| play(&[sqlite, postgres], &made, step));
        made.commit("the last");
        [sqlite, postgres].into_iter().for_each(|database| assert_step(database, &made, &[]));
        assert_same_text(&sqlite.everything(), &postgres.everything(), "the rows differ");
    });
}
