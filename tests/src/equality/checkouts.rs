//! Ways to have a repository on a disk: sparse, linked, shared, packed, with every kind of index.

use std::fs;
use std::process::Command;

use muster_model::Document;

use crate::made::{Made, assert_same, of_path};

/// A few projects in three directories.
fn three_directories() -> Made {
    three_directories_in(Made::new())
}

fn three_directories_in(made: Made) -> Made {
    made.write("package.json", "{\"name\": \"root\", \"workspaces\": [\"packages/*\"]}");
    made.write("README.md", "# Readme\n");
    for name in ["one", "two", "three"] {
        made.write(format!("packages/{name}/package.json"), format!("{{\"name\": \"{name}\"}}"));
        made.write(format!("packages/{name}/src/index.js"), "// TODO: write it\n");
        made.write(format!("packages/{name}/TASKLIST.md"), "- [x] T1 one\n- [ ] T2 two\n");
    }
    made.write("docs/guide/TASKLIST.md", "- [ ] T1 guide\n");
    made.commit("three directories");
    made
}

#[track_caller]
fn assert_whole(document: &Document) {
    assert_eq!(document.projects.len(), 5);
    assert_eq!(document.tasks.len(), 10);
}

#[test]
fn sparse_by_directories() {
    let made = three_directories();
    made.git(&["sparse-checkout", "set", "--cone", "packages/one"]);
    assert!(!made.root.join("packages/two").exists());
    assert_whole(&made.assert_folder_is_commit());
}

#[test]
fn sparse_by_patterns() {
    let made = three_directories();
    made.git(&["sparse-checkout", "set", "--no-cone", "/packages/", "!/packages/*/src/", "!TASKLIST.md"]);
    assert!(!made.root.join("package.json").exists());
    assert!(!made.root.join("packages/one/src").exists());
    assert_whole(&made.assert_folder_is_commit());
}

#[test]
fn sparse_with_directories_in_the_index() {
    let made = three_directories();
    made.git(&["sparse-checkout", "set", "--cone", "--sparse-index", "packages/one"]);
    assert!(made.git(&["ls-files", "--sparse", "-t"]).contains("S docs/"));
    assert_whole(&made.assert_folder_is_commit());
    made.git(&["sparse-checkout", "set", "--cone", "--sparse-index"]);
    assert_whole(&made.assert_folder_is_commit());
}

#[test]
fn sparse_with_its_attributes_and_declarations_left_out() {
    let made = Made::new();
    made.write(".gitattributes", "*.md text eol=crlf\n");
    made.write(".gitmodules", "[submodule \"a\"]\n\tpath = a\n\turl = https://example.org/a.git\n");
    made.write(".muster.toml", "tasklists = [\"plan/*.md\"]\n");
    made.write("plan/work.md", "- [ ] T1 one\n");
    made.git(&["add", "."]);
    made.git(&["update-index", "--add", "--cacheinfo", &format!("160000,{},a", "2".repeat(40))]);
    made.record("files that say something of others");
    made.git(&["sparse-checkout", "set", "--no-cone", "/plan/"]);
    assert!(!made.root.join(".muster.toml").exists());
    let document = made.assert_folder_is_commit();
    assert_eq!(document.tasks.len(), 1);
    assert_eq!(document.submodules[0].url.as_deref(), Some("https://example.org/a.git"));
}

#[test]
fn skipped_entries_that_stand_on_the_disk_all_the_same() {
    let made = three_directories();
    made.git(&["update-index", "--skip-worktree", "packages/one/TASKLIST.md"]);
    made.git(&["update-index", "--assume-unchanged", "packages/two/TASKLIST.md"]);
    assert_whole(&made.assert_folder_is_commit());
}

#[test]
fn every_version_of_the_index() {
    for version in ["2", "3", "4"] {
        let made = three_directories();
        made.git(&["update-index", "--index-version", version]);
        made.git(&["update-index", "--force-write-index"]);
        assert_whole(&made.assert_folder_is_commit());
    }
}

#[test]
fn an_index_in_two_files() {
    let made = three_directories();
    made.git(&["update-index", "--split-index"]);
    made.write("packages/four/TASKLIST.md", "- [ ] T1\n");
    made.remove("packages/one/TASKLIST.md");
    made.commit("after the split");
    assert!(
        fs::read_dir(made.root.join(".git"))
            .unwrap()
            .any(|entry| { entry.unwrap().file_name().to_string_lossy().starts_with("sharedindex.") })
    );
    assert_eq!(made.assert_folder_is_commit().tasks.len(), 9);
}

#[test]
fn an_index_with_extensions() {
    let made = three_directories();
    made.git(&["config", "core.untrackedCache", "true"]);
    made.git(&["config", "index.threads", "2"]);
    made.git(&["config", "index.recordEndOfIndexEntries", "true"]);
    made.git(&["config", "index.skipHash", "true"]);
    made.git(&["update-index", "--untracked-cache", "--force-write-index"]);
    made.git(&["status"]);
    assert_whole(&made.assert_folder_is_commit());
}

#[test]
fn no_index_but_a_commit() {
    let made = three_directories();
    fs::remove_file(made.root.join(".git/index")).unwrap();
    assert!(made.folder().repository.dirty, "git status calls everything deleted and untracked");
}

#[test]
fn time_stamps_that_tell_nothing() {
    let made = three_directories();
    // Every file touched: the recorded time stamps are of no use, the content is.
    for entry in made.git(&["ls-files"]).lines() {
        let file = fs::File::options().append(true).open(made.root.join(entry)).unwrap();
        file.set_modified(std::time::UNIX_EPOCH + std::time::Duration::from_secs(86_400)).unwrap();
    }
    assert_whole(&made.assert_folder_is_commit());
}

#[test]
fn a_change_in_the_instant_of_the_index() {
    let made = three_directories();
    let instant = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_600_000_000);
    let stamp = |path: &str| {
        let file = fs::File::options().append(true).open(made.root.join(path)).unwrap();
        file.set_modified(instant).unwrap();
    };
    stamp("packages/one/TASKLIST.md");
    made.git(&["update-index", "--refresh"]);
    stamp(".git/index");
    assert_whole(&made.assert_folder_is_commit());
    made.write("packages/one/TASKLIST.md", "- [ ] T1 one\n- [ ] T2 two\n");
    stamp("packages/one/TASKLIST.md");
    stamp(".git/index");
    let document = made.folder();
    assert!(document.repository.dirty, "same size, same time, other content");
    assert_eq!(document.projects.iter().find(|project| project.name == "one").unwrap().completed_tasks, 0);
}

#[test]
fn refs_and_objects_in_packs() {
    let made = three_directories();
    made.git(&["tag", "-a", "v1", "-m", "annotated"]);
    made.git(&["pack-refs", "--all"]);
    made.git(&["gc", "--quiet", "--prune=now"]);
    assert_whole(&made.assert_folder_is_commit());
    assert_whole(&made.assert_folder_is("v1"));
    assert_whole(&made.assert_folder_is(&made.head()[..8]));
}

#[test]
fn a_linked_work_tree() {
    let made = three_directories();
    made.git(&["branch", "other"]);
    let linked = made.beside("linked/work");
    made.git(&["worktree", "add", "--quiet", linked.to_str().unwrap(), "other"]);
    let main = made.assert_folder_is_commit();
    assert_same(&main, &of_path(&linked, None, false, false));
    fs::write(linked.join("TASKLIST.md"), "- [ ] T1 on the other branch\n").unwrap();
    made.git_in(&linked, &["add", "--all"]);
    made.git_in(&linked, &["commit", "--quiet", "-m", "other"]);
    let mirror = made.mirror();
    assert_same(&of_path(&mirror, Some("other"), false, false), &of_path(&linked, None, false, false));
    assert_same(&main, &made.folder());
}

#[test]
fn a_linked_work_tree_is_named_as_its_repository() {
    let made = Made::new();
    made.write("TASKLIST.md", "- [ ] T1\n");
    made.commit("no name is declared");
    let linked = made.beside("somewhere-else");
    made.git(&["worktree", "add", "--quiet", "--detach", linked.to_str().unwrap()]);
    assert_eq!(made.folder().projects[0].name, "work");
    assert_same(&made.folder(), &of_path(&linked, None, false, false));
}

#[test]
fn head_on_a_commit_and_not_on_a_branch() {
    let made = three_directories();
    let before = made.head();
    made.remove("docs/guide/TASKLIST.md");
    made.commit("later");
    made.git(&["checkout", "--quiet", "--detach", &before]);
    assert_whole(&made.assert_folder_is(&before));
}

#[test]
fn objects_of_another_repository() {
    let made = three_directories();
    let shared = made.beside("shared/work");
    made.git(&["clone", "--quiet", "--shared", ".", shared.to_str().unwrap()]);
    assert_same(&made.folder(), &of_path(&shared, None, false, false));
    assert_same(&made.folder(), &of_path(&shared, Some("HEAD"), false, false));
}

#[test]
fn a_git_directory_elsewhere() {
    let made = three_directories();
    let elsewhere = made.beside("elsewhere.git");
    made.git(&["init", "--quiet", "--separate-git-dir", elsewhere.to_str().unwrap()]);
    assert!(made.root.join(".git").is_file());
    assert_whole(&made.assert_folder_is_commit());
}

#[test]
fn what_is_hidden_elsewhere_is_no_part() {
    let made = Made::new();
    for path in ["a/package.json", "a/fixtures/one/package.json", "b/fixtures/two/package.json", "b/c/x.js"] {
        made.write(path, "{\"name\": \"n\"}");
    }
    made.commit("hidden");
    for (part, roles, hidden) in [("", 4, 2), ("a", 2, 1), ("b", 1, 1), ("b/c", 0, 0)] {
        let stats = of_path(&made.root.join(part), None, false, false).stats;
        assert_eq!((stats.by_role.values().sum::<u64>(), stats.hidden_projects), (roles, hidden), "{part}");
    }
}

#[test]
fn a_part_of_the_folder() {
    let made = three_directories();
    let narrowed = of_path(&made.root.join("packages/one"), None, false, false);
    let paths: Vec<&str> = narrowed.projects.iter().map(|project| project.path.as_str()).collect();
    assert_eq!(paths, ["packages/one"]);
    assert_eq!(narrowed.tasks.len(), 3);
    let ids: Vec<&str> = narrowed.tasks.iter().map(|task| task.id.as_str()).collect();
    let whole = made.folder();
    let expected = whole.tasks.iter().filter(|task| task.path.starts_with("packages/one/"));
    assert_eq!(ids, expected.map(|task| task.id.as_str()).collect::<Vec<_>>());
    assert_same(&narrowed, &of_path(&made.root.join("packages/one"), Some("HEAD"), false, false));
}

#[test]
fn names_of_objects_by_sha256() {
    let made = three_directories_in(Made::with(&["--object-format=sha256"]));
    let document = made.assert_folder_is_commit();
    assert_whole(&document);
    assert_eq!(document.repository.object_format.as_deref(), Some("sha256"));
    assert_eq!(document.repository.head.map(|head| head.len()), Some(64));
}

#[test]
fn through_the_program() {
    let made = three_directories();
    let mirror = made.mirror();
    let run = |arguments: &[&str]| {
        let mut command = Command::new(crate::program::muster());
        command.args(["scan", "--no-save", "--no-submodules", "--format", "json", "--commits", "all"]);
        let output = command.args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let mut value: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(crate::scan_document::offences(&value), [""; 0]);
        for field in ["source", "revision", "branch", "remote_url"] {
            value["repository"][field] = serde_json::Value::Null;
        }
        value["stats"]["elapsed_ms"] = 0.into();
        serde_json::to_string_pretty(&value).unwrap()
    };
    let folder = run(&[made.root.to_str().unwrap()]);
    assert_eq!(folder, run(&[mirror.to_str().unwrap(), "--rev", "HEAD"]));
    assert_eq!(folder, run(&[mirror.to_str().unwrap()]), "a bare repository shows its default branch");
}
