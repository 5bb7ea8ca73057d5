//! Places where results go: a reader that leaves, a full disk, a database that cannot be one, two scans at once.

use std::fs::{self, OpenOptions};
use std::io::Read;
use std::process::Stdio;

use super::trial::{Trial, finish, make_pipe};

#[test]
fn a_reader_that_leaves_is_no_failure() {
    let trial = Trial::new();
    let many: String = (0..50_000).map(|line| format!("// TODO: number {line}\n")).collect();
    trial.made.write("a.rs", many);
    for format in ["json", "ndjson"] {
        let mut child = trial.program(&["scan", ".", "--no-save", "--format", format]);
        let mut child = child.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut out = child.stdout.take().unwrap();
        out.read_exact(&mut [0; 10]).unwrap();
        drop(out);
        let ended = child.wait_with_output().unwrap();
        assert_eq!((ended.status.code(), ended.stderr), (Some(0), Vec::new()));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_output_is_told() {
    let trial = Trial::with_a_commit();
    for format in ["table", "json", "ndjson"] {
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let mut child = trial.program(&["scan", ".", "--no-save", "--format", format]);
        let child = child.stdout(full).stderr(Stdio::piped()).spawn().unwrap().wait_with_output().unwrap();
        assert_eq!(child.status.code(), Some(1));
        let words = String::from_utf8(child.stderr).unwrap();
        assert_eq!(words, "muster: failed to write the results: No space left on device (os error 28)\n");
    }
}

#[test]
fn a_database_that_cannot_be_one_is_told() {
    let trial = Trial::with_a_commit();
    let place = trial.made.beside("database");
    let refused = || {
        let ended = trial.run(&["scan", ".", "--database", place.to_str().unwrap()]);
        assert_eq!((ended.code, ended.out.as_str()), (Some(1), ""));
        ended.words.trim_end().replace(trial.made.beside("").to_str().unwrap().trim_end_matches('/'), "/tmp")
    };
    fs::create_dir(&place).unwrap();
    insta::assert_snapshot!(refused(), @"muster: failed to open the database (--no-save scans without one): open the database /tmp/database: is a directory");
    fs::remove_dir(&place).unwrap();
    make_pipe(&place);
    insta::assert_snapshot!(refused(), @"muster: failed to open the database (--no-save scans without one): open the database /tmp/database: it is a pipe or a device, not a file");
    fs::remove_file(&place).unwrap();
    fs::write(&place, "a text, not a database\n".repeat(100)).unwrap();
    insta::assert_snapshot!(refused(), @"muster: failed to open the database (--no-save scans without one): open the database: the file belongs to another program; give another path");
    let below = trial.run(&["scan", ".", "--database", place.join("rows.db").to_str().unwrap()]);
    assert_eq!(below.code, Some(1), "{below:?}");
    let password = trial.run(&["scan", ".", "--database", "mysql://me:CANARY@host/rows"]);
    assert!(password.code == Some(1) && !password.words.contains("CANARY"), "{password:?}");
}

#[test]
fn two_scans_at_once_both_save() {
    let trial = Trial::with_a_commit();
    let both = [trial.program(&["scan", "."]), trial.program(&["scan", "."])];
    for run in both.map(|program| std::thread::spawn(|| finish(program))) {
        let ended = run.join().unwrap();
        assert_eq!(ended.code, Some(0), "{}", ended.words);
    }
    let listed = trial.run(&["tasks", "--format", "json"]);
    assert_eq!(listed.out.matches("\"seen\"").count(), 1, "{}", listed.out);
}
