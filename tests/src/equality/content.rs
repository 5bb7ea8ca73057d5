//! Links, gitlinks, modes, sizes: entries that a disk and a commit write down in different ways.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::made::{Made, document, scanned};

#[test]
fn symbolic_links_are_never_followed() {
    let made = Made::new();
    let outside = made.beside("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("TASKLIST.md"), "- [ ] T1 outside\n").unwrap();
    made.write("real/TASKLIST.md", "- [ ] T1 inside\n");
    made.write("real/package.json", "{\"name\": \"real\"}");
    made.link("dangling/TASKLIST.md", "nowhere");
    made.link("loop/package.json", "package.json");
    made.link("escape", outside.to_str().unwrap());
    made.link("escape-file/TASKLIST.md", outside.join("TASKLIST.md").to_str().unwrap());
    made.link("duplicate", "real");
    made.link("twice/TASKLIST.md", "../real/TASKLIST.md");
    made.link("up", "..");
    made.link(".coditect", "real");
    made.link(".muster.toml", "real/package.json");
    made.commit("links");
    let document = made.assert_folder_is_commit();
    let paths: Vec<&str> = document.projects.iter().map(|project| project.path.as_str()).collect();
    assert_eq!(paths, [".", "real"]);
    assert_eq!(document.tasks.len(), 1);
    assert_eq!(document.stats.files, 11);
}

#[test]
fn links_that_a_disk_without_links_has_as_files() {
    let made = Made::new();
    made.write("real/TASKLIST.md", "- [ ] T1\n");
    made.link("other/TASKLIST.md", "../real/TASKLIST.md");
    made.commit("link");
    made.git(&["config", "core.symlinks", "false"]);
    made.remove("other/TASKLIST.md");
    made.git(&["reset", "--quiet", "--hard"]);
    assert!(fs::symlink_metadata(made.root.join("other/TASKLIST.md")).unwrap().is_file());
    assert_eq!(made.git(&["status", "--short"]), "");
    made.assert_folder_is_commit();
}

#[test]
fn gitlinks_of_any_kind() {
    let made = Made::new();
    made.write("package.json", "{\"name\": \"above\"}");
    made.write(
        ".gitmodules",
        "[submodule \"a\"]\n\tpath = libs/a\n\turl = https://me:secret@example.org/a.git\n\
         [submodule \"gone\"]\n\tpath = libs/gone\n\turl = ../gone.git\n",
    );
    made.git(&["add", "."]);
    let commit = "1".repeat(40);
    for path in ["libs/a", "undeclared", "node_modules/x"] {
        made.git(&["update-index", "--add", "--cacheinfo", &format!("160000,{commit},{path}")]);
    }
    made.record("gitlinks without content");
    // As git leaves them after a clone: empty directories.
    for path in ["libs/a", "undeclared", "node_modules/x"] {
        fs::create_dir_all(made.root.join(path)).unwrap();
    }
    let document = made.assert_folder_is_commit();
    assert_eq!(document.submodules.len(), 4, "{:?}", document.submodules);
    assert_eq!(document.submodules[0].url.as_deref(), Some("https://example.org/a.git"));
    fs::remove_dir(made.root.join("undeclared")).unwrap();
    made.assert_folder_is_commit();
}

#[test]
fn populated_submodules_are_shown_as_a_commit_shows_them() {
    let child = Made::new();
    child.write("Cargo.toml", "[package]\nname = \"child\"\nversion = \"1.0.0\"\n");
    child.write("TASKLIST.md", "- [ ] T1\n");
    child.commit("child");
    let made = Made::new();
    made.write("package.json", "{\"name\": \"above\"}");
    made.git(&["submodule", "--quiet", "add", child.root.to_str().unwrap(), "libs/child"]);
    made.commit("submodule");
    assert!(made.root.join("libs/child/Cargo.toml").is_file());
    let document = made.assert_folder_is_commit();
    assert_eq!(document.projects.len(), 2);
    assert!(!document.projects[1].populated);
}

#[test]
fn executable_bits_and_empty_files() {
    let made = Made::new();
    made.write(
        "setup.py",
        "#!/usr/bin/env python3\n# TODO: run\nfrom setuptools import setup\nsetup(name='run')\n",
    );
    fs::set_permissions(made.root.join("setup.py"), fs::Permissions::from_mode(0o755)).unwrap();
    for path in ["empty/package.json", "empty/Cargo.toml", "empty/TASKLIST.md", "empty/lib.rs", "empty/.keep"]
    {
        made.write(path, "");
    }
    made.commit("modes");
    assert!(made.git(&["ls-files", "--stage", "setup.py"]).starts_with("100755"));
    made.assert_folder_is_commit();
}

#[test]
fn large_files_are_left_out_by_their_size() {
    let made = Made::new();
    let large = "- [ ] T1 one of many lines of a task list\n".repeat(40_000);
    made.write("TASKLIST.md", &large);
    made.write("big/package.json", format!("{{\"name\": \"big\", \"x\": \"{}\"}}", "x".repeat(1 << 20)));
    made.write("big/lib.rs", "// TODO: one\n".repeat(100_000));
    made.write("data.bin", vec![0; 3 << 20]);
    made.commit("large");
    let document = made.assert_folder_is_commit();
    assert!(document.tasks.is_empty());
    assert!(document.stats.bytes > 6 << 20);
}

#[test]
fn tracked_files_that_are_ignored() {
    let made = Made::new();
    made.write("ignored/TASKLIST.md", "- [ ] T1\n");
    made.write("ignored/package.json", "{\"name\": \"kept\"}");
    made.commit("first");
    made.write(".gitignore", "ignored/\n*.rs\n");
    made.write("lib.rs", "// TODO: forced\n");
    made.git(&["add", "--force", "lib.rs", ".gitignore"]);
    made.record("then ignored");
    made.write("ignored/Cargo.toml", "[package]\nname = \"not there\"\n");
    made.write("other.rs", "// TODO: not there\n");
    let document = made.assert_folder_is_commit();
    assert_eq!(document.tasks.len(), 2);
}

#[test]
fn what_info_exclude_leaves_out() {
    let made = Made::new();
    made.write("TASKLIST.md", "- [ ] T1\n");
    made.commit("first");
    fs::create_dir_all(made.root.join(".git/info")).unwrap();
    fs::write(made.root.join(".git/info/exclude"), "/scratch\n").unwrap();
    made.write("scratch/TASKLIST.md", "- [ ] T2\n");
    assert_eq!(made.assert_folder_is_commit().tasks.len(), 1);
}

#[test]
fn nothing_but_a_root_and_nothing_at_all() {
    let made = Made::new();
    made.record("an empty tree");
    made.assert_folder_is_commit();
    made.write("readme.md", "- [ ] no task list\n");
    made.commit("one file");
    made.assert_folder_is_commit();
}

#[test]
fn lock_files_count_as_skipped_and_are_not_read() {
    let made = Made::new();
    for path in ["package-lock.json", "a/Cargo.lock", "a/go.sum", "pnpm-lock.yaml", "large/pnpm-lock.yaml"] {
        made.write(path, "# TODO: nobody wrote this\n");
    }
    made.write("large/yarn.lock", "x\n".repeat(1 << 20));
    made.write("a/lock.yaml", "# TODO: somebody did\n");
    made.commit("locks");
    let document = made.assert_folder_is_commit();
    assert_eq!(document.tasks.len(), 1, "{:?}", document.tasks);
    assert_eq!(document.stats.skipped_files, 6);
}

#[test]
fn what_is_saved_of_vendored_directories_does_not_depend_on_what_is_shown() {
    let made = Made::new();
    made.write("package.json", "{\"name\": \"r\", \"workspaces\": [\"vendor/member\"]}");
    made.write("vendor/member/package.json", "{\"name\": \"member\"}");
    made.write("vendor/other/package.json", "{broken");
    made.write("node_modules/x/package.json", "{\"name\": \"x\"}");
    made.commit("vendored");
    let [some, all] = [false, true].map(|all| scanned(&made.root, None, false, all));
    assert_eq!(some.snapshot, all.snapshot);
    assert_eq!(document(&some, false).problems, []);
    assert_eq!(document(&all, true).problems.len(), 1);
}
