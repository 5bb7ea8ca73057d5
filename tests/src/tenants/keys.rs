//! The key file, from its making to its rotation.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::read_back::session::{Said, Session};

/// A session whose key file is the user's own.
struct Keys {
    session: Session,
    file: PathBuf,
}

impl Keys {
    fn new() -> Self {
        let session = Session::empty();
        let file = session.made.beside("home/.local/share/muster/muster.key");
        let keys = Self { session, file };
        let said = keys.run(&["init"]);
        assert!(said.success && said.out.is_empty(), "{said:?}");
        keys
    }

    fn run(&self, arguments: &[&str]) -> Said {
        let arguments = [&["key"], arguments].concat();
        // Making a key needs no database.
        let mut command = if arguments[1] == "init" {
            self.session.bare(&arguments)
        } else {
            self.session.command(&arguments)
        };
        self.session.said(command.output().unwrap())
    }

    /// The keys of the file, current first: lines of hex digits.
    fn text(&self) -> Vec<String> {
        let text = fs::read_to_string(&self.file).unwrap();
        text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
    }

    /// State and tenants of each key.
    fn status(&self) -> Vec<(String, Vec<String>)> {
        let lines: Vec<Value> = serde_json::from_str(&self.run(&["status", "--format", "json"]).out).unwrap();
        let tenants = |line: &Value| line["tenants"].as_array().unwrap().iter().map(text).collect();
        lines.iter().map(|line| (text(&line["state"]), tenants(line))).collect()
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn line(state: &str, tenants: &[&str]) -> (String, Vec<String>) {
    (state.to_owned(), tenants.iter().map(|name| (*name).to_owned()).collect())
}

#[test]
fn a_key_file_is_made_once_for_its_owner_alone() {
    let keys = Keys::new();
    let before = keys.text();
    let again = keys.run(&["init"]);
    assert!(!again.success && again.words.contains("there is a file already"), "{again:?}");
    assert_eq!(keys.text(), before);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(keys.file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
    let elsewhere = keys.session.made.beside("home/other.key");
    let said = keys.run(&["init", "--file", elsewhere.to_str().unwrap()]);
    assert!(said.success && said.words.contains("keep a copy of the file elsewhere"), "{said:?}");
    assert!(said.words.contains("set MUSTER_KEY_FILE=/tmp/home/other.key"), "{said:?}");
}

#[test]
fn a_rotation_leaves_every_tenant_on_the_new_key_and_the_old_one_until_it_is_dropped() {
    let keys = Keys::new();
    for name in ["a", "b"] {
        keys.session.results(&["tenant", "create", name]);
    }
    let old = keys.text();
    assert_eq!(keys.status(), [line("current", &["a", "b"])]);
    assert!(keys.run(&["rotate"]).success);
    assert_eq!(keys.status(), [line("current", &["a", "b"]), line("former", &[])]);
    assert_eq!(keys.text()[1..], old, "the new one stands before it");
    let dropped = keys.run(&["rotate", "--drop-old"]);
    assert!(dropped.success, "{dropped:?}");
    assert_eq!(keys.status(), [line("current", &["a", "b"])]);
    assert!(!keys.text().contains(&old[0]));
    let nothing = keys.run(&["rotate", "--drop-old"]);
    assert!(nothing.success && nothing.words.contains("there is no former key"), "{nothing:?}");
}

#[test]
fn a_rotation_that_was_cut_off_is_finished_without_another_key() {
    let keys = Keys::new();
    keys.session.results(&["tenant", "create", "a"]);
    // As it is left when the program is killed after the file was written.
    let file = fs::read_to_string(&keys.file).unwrap();
    fs::write(&keys.file, format!("{}\n{file}", "5a".repeat(32))).unwrap();
    keys.session.results(&["tenant", "create", "b"]);
    assert_eq!(keys.status(), [line("current", &["b"]), line("former", &["a"])]);
    let two = keys.text();
    let said = keys.run(&["rotate"]);
    assert!(said.success && said.words.contains("finishing that, without another new one"), "{said:?}");
    assert!(said.words.contains("wraps the keys of 2 tenants, 1 of them wrapped anew"), "{said:?}");
    assert_eq!(keys.status(), [line("current", &["a", "b"]), line("former", &[])]);
    assert_eq!(keys.text(), two);
}

#[test]
fn with_a_wrong_key_nothing_starts_but_what_says_so_and_deletes() {
    let keys = Keys::new();
    keys.session.results(&["tenant", "create", "a"]);
    let right = fs::read_to_string(&keys.file).unwrap();
    fs::write(&keys.file, "5a".repeat(32)).unwrap();
    for command in [&["projects", "--tenant", "a"][..], &["tenant", "list"], &["key", "rotate"]] {
        let refused = keys.session.failure(command);
        assert!(refused.contains("the data keys of 1 of its tenants are wrapped with key"), "{refused}");
    }
    assert_eq!(keys.text().len(), 1, "nothing was added to the wrong file");
    assert_eq!(keys.status(), [line("current", &[]), line("missing", &["a"])]);
    let words = keys.run(&["status"]).words;
    assert!(words.contains("missing: ") && words.contains("add what is missing to the key file"), "{words}");

    let mut with_variable = keys.session.command(&["tenant", "list"]);
    let answer = with_variable.env("MUSTER_KEY", right.lines().last().unwrap()).output().unwrap();
    assert!(keys.session.said(answer).success, "the right key from the environment");
    fs::remove_file(&keys.file).unwrap();
    assert_eq!(
        keys.session.items(&["tenant", "list"]).len(),
        1,
        "without a key what is not sealed can be read"
    );
    assert!(keys.session.run(&["tenant", "delete", "a", "--yes"]).success);
}
