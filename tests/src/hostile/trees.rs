//! Trees that no Git would write: forbidden names, names twice, other objects in place of trees, bombs.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;

use muster_engine::scan;
use muster_scanner::{Limits, Silent, Source};

use super::trial::{Trial, problems, tasks};
use crate::made::{document, options};

impl Trial {
    /// Writes an object as it is; gives its name.
    pub(super) fn object(&self, kind: &str, content: &[u8]) -> String {
        let arguments = ["hash-object", "-w", "--stdin", "-t", kind, "--literally"];
        String::from_utf8(self.made.git_bytes(&self.made.root, &arguments, content))
            .unwrap()
            .trim()
            .to_owned()
    }

    /// Writes a tree of (mode, name, object).
    fn tree(&self, entries: &[(&str, &[u8], &str)]) -> String {
        let mut content = Vec::new();
        for (mode, name, id) in entries {
            let bytes = (0..id.len()).step_by(2).map(|at| u8::from_str_radix(&id[at..at + 2], 16).unwrap());
            content.extend([mode.as_bytes(), b" ", name, b"\0"].concat());
            content.extend(bytes);
        }
        self.object("tree", &content)
    }

    /// A commit of a tree.
    pub(super) fn commit_of(&self, tree: &str) -> String {
        self.object(
            "commit",
            format!("tree {tree}\nauthor A <a> 1 +0000\ncommitter A <a> 1 +0000\n\nx\n").as_bytes(),
        )
    }
}

#[test]
fn names_that_no_file_can_have_are_left_out() {
    let trial = Trial::new();
    let blob = trial.object("blob", b"// TODO: seen\n");
    let below = trial.tree(&[("100644", b"b.rs", &blob)]);
    let tree = trial.tree(&[
        ("100644", b"", &blob),
        ("100644", b".", &blob),
        ("40000", b"..", &below),
        ("100644", b"../up.rs", &blob),
        ("100644", b"/etc/abs.rs", &blob),
        ("40000", b".git", &below),
        ("100644", b"a.rs", &blob),
        ("100644", b"a.rs", &blob),
        ("100644", b"a/b.rs", &blob),
        ("40000", b"sub", &below),
        ("40000", b"sub", &below),
    ]);
    let commit = trial.commit_of(&tree);
    let document = trial.document_with(&["--rev", &commit, "--commits", "all"]);
    assert_eq!(tasks(&document), ["a.rs: seen", "sub/b.rs: seen"]);
    insta::assert_snapshot!(problems(&document).join("\n"), @r"
unreadable |  | a name that no file can have; left out
unreadable | . | a name that no file can have; left out
unreadable | .. | a name that no file can have; left out
unreadable | ../up.rs | a name that no file can have; left out
unreadable | .git | a name that no file can have; left out
unreadable | /etc/abs.rs | a name that no file can have; left out
unreadable | a/b.rs | a name that no file can have; left out
");
}

#[test]
fn what_is_no_tree_is_told() {
    let trial = Trial::new();
    let blob = trial.object("blob", b"// TODO: seen\n");
    let other = trial.object("tree", b"100644 a.rs\0too short");
    let inner =
        trial.tree(&[("100644", b"ok.rs", &blob), ("40000", b"blob", &blob), ("40000", b"cut", &other)]);
    let kept = trial.tree(&[("100644", b"tree.rs", &inner), ("40000", b"in", &inner)]);
    let document = trial.document_with(&["--rev", &trial.commit_of(&kept), "--commits", "all"]);
    assert_eq!(tasks(&document), ["in/ok.rs: seen"]);
    let told = problems(&document);
    for path in ["tree.rs", "in/blob", "in/cut"] {
        assert!(
            told.iter().any(|problem| problem.starts_with(&format!("missing_object | {path} |"))),
            "{told:?}"
        );
    }
    for tree in [blob.as_str(), &"1".repeat(40)] {
        let document = trial.document_with(&["--rev", &trial.commit_of(tree), "--commits", "all"]);
        assert_eq!(tasks(&document), [""; 0]);
        assert!(!problems(&document).is_empty());
    }
}

/// Ten levels of ten equal subtrees are 10^10 files, forty of two are 2^40, in a few hundred bytes each.
#[test]
fn bombs_stop_at_the_limit() {
    let trial = Trial::new();
    let blob = trial.object("blob", b"// TODO: seen\n");
    let file = trial.tree(&[("100644", b"a.rs", &blob)]);
    let nothing = trial.tree(&[]);
    for (width, levels, innermost) in [(10, 10, &file), (2, 40, &file), (10, 10, &nothing), (2, 40, &nothing)]
    {
        let names: Vec<String> = (0..width).map(|place| format!("d{place}")).collect();
        let mut tree = innermost.clone();
        for _ in 0..levels {
            let entries: Vec<_> =
                names.iter().map(|name| ("40000", name.as_bytes(), tree.as_str())).collect();
            tree = trial.tree(&entries);
        }
        let commit = trial.commit_of(&tree);
        let limits = Limits { entries: 2_000, paths_per_commit: 2_000, ..Limits::default() };
        let source = Source::open(&trial.made.root, Some(&commit), limits).unwrap();
        let scanned = scan(source, options(false, false), None).unwrap();
        let history = scanned.source.history(&Silent, &AtomicBool::new(false)).unwrap().unwrap();
        let mut paths = Vec::new();
        let end =
            history.read(&history.ids, 1, &Silent, &AtomicBool::new(false), &|commit| commit, &mut |batch| {
                paths.extend(batch.into_iter().map(|commit| (commit.paths_complete, commit.paths.len())));
                ControlFlow::Continue(())
            });
        assert!(matches!(paths[..], [(false, count)] if count <= 2_000 + width), "{paths:?}");
        assert_eq!(end.unwrap().problems.len(), 1);
        let document = document(&scanned, false);
        assert!(document.tasks.len() <= 2_000);
        let kinds: BTreeSet<String> =
            document.problems.iter().map(|problem| problem.message.clone()).collect();
        assert!(kinds.contains("more than 2000 entries; the rest is left out"), "{kinds:?}");
    }
}
