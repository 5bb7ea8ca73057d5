//! `dirty`: whether the folder differs from its commit, and that the document shows the folder.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use muster_model::Document;

use crate::made::{Made, assert_same};

/// One commit with a task list, a source, a text that is not read, a script and a link.
fn made() -> Made {
    let made = Made::new();
    made.write("TASKLIST.md", "- [ ] one\n- [ ] two\n");
    made.write("lib.rs", "// TODO: a\n");
    made.write("notes.txt", "notes\n");
    made.write("vendor/x/package.json", "{\"name\": \"theirs\"}");
    made.write("run.sh", "# TODO: b\n");
    made.link("link", "notes.txt");
    made.write(".gitignore", "/target\n*.log\n");
    made.commit("clean");
    made
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Changes the folder; it must be clean before, and dirty afterwards as git says.
#[track_caller]
fn changed(change: impl FnOnce(&Made)) -> Document {
    let made = made();
    assert!(!made.folder().repository.dirty);
    change(&made);
    assert_ne!(made.git(&["status", "--porcelain"]), "", "git calls it clean");
    let document = made.folder();
    assert!(document.repository.dirty, "{}", made.git(&["status", "--short"]));
    document
}

fn done(document: &Document) -> u64 {
    document.projects[0].completed_tasks
}

#[test]
fn edited() {
    assert_eq!(done(&changed(|made| made.write("TASKLIST.md", "- [x] one\n- [ ] two\n"))), 1);
    let notes = changed(|made| made.write("notes.txt", "other\n"));
    assert_same(&notes, &changed(|made| made.write("notes.txt", "again\n")));
    changed(|made| made.write("notes.txt", "longer than before\n"));
    changed(|made| made.write("lib.rs", ""));
    changed(|made| made.write("vendor/x/package.json", "{}"));
}

#[test]
fn staged() {
    let stage = |made: &Made| {
        made.write("TASKLIST.md", "- [x] one\n- [x] two\n");
        made.git(&["add", "."]);
    };
    assert_eq!(done(&changed(stage)), 2);
    // Staged and then taken back on the disk: the folder is shown, and it differs from the index.
    let taken_back = changed(|made| {
        stage(made);
        made.write("TASKLIST.md", "- [ ] one\n- [ ] two\n");
    });
    assert_eq!(done(&taken_back), 0);
    changed(|made| _ = made.git(&["rm", "--quiet", "--cached", "notes.txt"]));
    changed(|made| _ = made.git(&["mv", "notes.txt", "moved.txt"]));
}

#[test]
fn added_but_for_its_content() {
    let document = changed(|made| {
        made.write("more/TASKLIST.md", "- [x] three\n");
        made.git(&["add", "--intent-to-add", "more/TASKLIST.md"]);
    });
    assert_eq!(document.tasks.len(), 5);
}

#[test]
fn untracked() {
    let document = changed(|made| made.write("new/package.json", "{\"name\": \"new\"}"));
    assert_eq!(document.projects.len(), 2);
    changed(|made| made.link("another", "nowhere"));
    changed(|made| made.write("vendor/y.txt", ""));
}

#[test]
fn deleted() {
    let document = changed(|made| made.remove("lib.rs"));
    assert!(document.tasks.iter().all(|task| task.path != "lib.rs"));
    changed(|made| made.remove("link"));
    changed(|made| made.remove("vendor/x/package.json"));
    changed(|made| fs::remove_dir_all(made.root.join("vendor")).unwrap());
}

#[test]
fn by_a_repository_that_is_no_submodule() {
    let document = changed(|made| {
        made.git(&["init", "--quiet", "inner"]);
        made.write("inner/package.json", "{\"name\": \"inner\"}");
        made.git_in(&made.root.join("inner"), &["add", "."]);
        made.git_in(&made.root.join("inner"), &["commit", "--quiet", "-m", "inner"]);
    });
    assert_eq!(document.projects.len(), 1);
    assert_eq!(document.problems.len(), 1);
    let made = made();
    made.git(&["init", "--quiet", "target/inner"]);
    assert!(!made.folder().repository.dirty, "an ignored one is nothing");
}

#[test]
fn not_by_a_git_directory_among_tracked_files() {
    let made = made();
    made.write("part/TASKLIST.md", "- [ ] tracked by the repository around it\n");
    made.commit("part");
    let before = made.folder();
    made.git(&["init", "--quiet", "part"]);
    assert_eq!(made.git(&["status", "--porcelain"]), "");
    assert_same(&before, &made.folder());
}

#[test]
fn of_another_mode() {
    let document = changed(|made| set_mode(&made.root.join("run.sh"), 0o755));
    assert_eq!(document.tasks.len(), 4);
    changed(|made| set_mode(&made.root.join("notes.txt"), 0o755));
    let made = made();
    made.git(&["config", "core.fileMode", "false"]);
    set_mode(&made.root.join("run.sh"), 0o755);
    assert_eq!(made.git(&["status", "--porcelain"]), "");
    assert!(!made.folder().repository.dirty, "this repository was told that modes mean nothing");
    made.git(&["config", "core.fileMode", "true"]);
    set_mode(&made.root.join("run.sh"), 0o664);
    assert!(!made.folder().repository.dirty, "only the owner's executable bit is recorded");
}

#[test]
fn of_another_type() {
    let document = changed(|made| {
        made.remove("lib.rs");
        made.link("lib.rs", "run.sh");
    });
    assert_eq!(document.tasks.len(), 3);
    changed(|made| {
        made.remove("link");
        made.write("link", "notes.txt");
    });
    changed(|made| {
        made.remove("link");
        made.link("link", "lib.rs");
    });
    let document = changed(|made| {
        made.remove("lib.rs");
        made.write("lib.rs/inside.rs", "// TODO: a\n// TODO: b\n");
    });
    assert_eq!(document.tasks.len(), 5);
    changed(|made| {
        fs::remove_dir_all(made.root.join("vendor/x")).unwrap();
        made.write("vendor/x", "a file now");
    });
    changed(|made| {
        fs::rename(made.root.join("vendor"), made.beside("vendor")).unwrap();
        made.link("vendor", made.beside("vendor").to_str().unwrap());
    });
}

#[test]
fn in_conflict() {
    changed(|made| {
        made.git(&["checkout", "--quiet", "-b", "other"]);
        made.write("TASKLIST.md", "- [x] theirs\n");
        made.commit("theirs");
        made.git(&["checkout", "--quiet", "trunk"]);
        made.write("TASKLIST.md", "- [x] ours\n");
        made.commit("ours");
        assert!(!made.tries(&["merge", "--quiet", "other"]));
    });
}

#[test]
fn not_by_what_is_ignored() {
    let made = made();
    let before = made.folder();
    made.write("target/TASKLIST.md", "- [ ] ignored\n");
    made.write("deep/er/x.log", "ignored");
    fs::create_dir_all(made.root.join("empty/directory")).unwrap();
    fs::create_dir_all(made.root.join(".git/info")).unwrap();
    fs::write(made.root.join(".git/info/exclude"), "secret*\n").unwrap();
    made.write("secret/package.json", "{\"name\": \"secret\"}");
    assert_eq!(made.git(&["status", "--porcelain"]), "");
    assert_same(&before, &made.folder());
}

#[test]
fn not_by_the_configuration_of_a_user() {
    let made = made();
    let excludes = made.beside("excludes");
    fs::write(&excludes, "*.rs\n").unwrap();
    made.git(&["config", "core.excludesFile", excludes.to_str().unwrap()]);
    made.write("new.rs", "// TODO: seen\n");
    assert!(made.folder().repository.dirty, "files outside of the repository decide nothing");
}

#[test]
fn every_file_before_the_first_commit() {
    let made = Made::new();
    assert!(!made.folder().repository.dirty);
    made.write("TASKLIST.md", "- [ ] one\n");
    let document = made.folder();
    assert!(document.repository.dirty);
    assert_eq!((document.tasks.len(), document.repository.head), (1, None));
    made.git(&["add", "."]);
    assert!(made.folder().repository.dirty);
}

#[test]
fn clean_again() {
    let made = made();
    let before = made.folder();
    made.write("TASKLIST.md", "- [x] one\n");
    made.write("new.rs", "// TODO: c\n");
    made.git(&["add", "."]);
    assert!(made.folder().repository.dirty);
    made.git(&["reset", "--quiet", "--hard"]);
    assert_same(&before, &made.folder());
}
