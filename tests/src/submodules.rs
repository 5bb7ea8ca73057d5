//! Submodules: entered where they are populated, listed where they are not, never contacted, never believed.

mod hostile;
mod master;

use std::fs;

use muster_model::{Document, Project};

use crate::made::{Made, of_path};

/// A child with two projects and two tasks, and a submodule of its own where one is given.
fn child(name: &str, inner: Option<&Made>) -> Made {
    let made = Made::new();
    made.write("Cargo.toml", format!("[package]\nname = \"{name}\"\nversion = \"1.0.0\"\n"));
    made.write("src/lib.rs", "// TODO: finish\n");
    made.write("tool/package.json", format!("{{\"name\": \"{name}-tool\"}}"));
    made.write("tool/TASKLIST.md", "- [x] done\n");
    if let Some(inner) = inner {
        add(&made, inner, "deps/inner");
    }
    made.commit("child");
    made
}

fn add(parent: &Made, child: &Made, path: &str) {
    parent.git(&["submodule", "--quiet", "add", child.root.to_str().unwrap(), path]);
}

/// A parent of one child that has a child, everything populated.
fn nested() -> Made {
    let made = Made::new();
    made.write("package.json", "{\"name\": \"above\"}");
    made.write("libs/TASKLIST.md", "- [ ] above the submodule\n");
    let inner = child("inner", None);
    add(&made, &child("middle", Some(&inner)), "libs/middle");
    made.commit("parent");
    made.git(&["submodule", "--quiet", "update", "--init", "--recursive"]);
    made
}

fn project<'a>(document: &'a Document, path: &str) -> &'a Project {
    document.projects.iter().find(|project| project.path == path).unwrap_or_else(|| panic!("no {path}"))
}

fn paths(document: &Document) -> Vec<&str> {
    document.projects.iter().map(|project| project.path.as_str()).collect()
}

#[test]
fn populated_ones_are_entered_however_deep() {
    let made = nested();
    let document = of_path(&made.root, None, true, false);
    let tool = ["libs/middle/deps/inner/tool", "libs/middle/tool"];
    assert_eq!(paths(&document), [".", "libs", "libs/middle", "libs/middle/deps/inner", tool[0], tool[1]]);
    let submodule = |path: &str| project(&document, path).submodule.clone();
    let parent = |path: &str| project(&document, path).parent_path.clone();
    assert_eq!(submodule("libs"), None);
    assert_eq!(submodule("libs/middle").as_deref(), Some("libs/middle"));
    assert_eq!(submodule("libs/middle/tool").as_deref(), Some("libs/middle"));
    assert_eq!(submodule(tool[0]).as_deref(), Some("libs/middle/deps/inner"));
    assert_eq!(parent("libs/middle").as_deref(), Some("libs"));
    assert_eq!(parent("libs/middle/deps/inner").as_deref(), Some("libs/middle"));
    assert_eq!(parent(tool[0]).as_deref(), Some("libs/middle/deps/inner"));
    assert_eq!(project(&document, "libs/middle").name, "middle");
    assert_eq!(project(&document, "libs/middle").project_type, "rust");
    assert!(document.projects.iter().all(|project| project.populated));
    assert!(document.submodules.iter().all(|line| line.populated));
    assert_eq!(document.tasks.len(), 5);
    let ids: Vec<&str> = document.tasks.iter().map(|task| task.id.as_str()).collect();
    assert_eq!(ids, ["t1", "t2", "t3", "t4", "t5"]);
    assert!(document.tasks.is_sorted_by_key(|task| (&task.path, task.line)));
    assert!(!document.repository.dirty);
}

#[test]
fn missing_ones_are_listed() {
    let made = nested();
    let middle = made.root.join("libs/middle");
    made.git_in(&middle, &["submodule", "--quiet", "deinit", "--force", "--all"]);
    let document = of_path(&made.root, None, true, false);
    let inner = project(&document, "libs/middle/deps/inner");
    assert_eq!((inner.populated, inner.project_type.as_str()), (false, "generic"));
    assert_eq!(inner.parent_path.as_deref(), Some("libs/middle"));
    let line = document.submodules.iter().find(|line| line.path == "libs/middle/deps/inner").unwrap();
    assert!(!line.populated && line.url.is_some());
    assert_eq!(line.commit.as_deref().map(str::len), Some(40));
    made.git(&["submodule", "--quiet", "deinit", "--force", "--all"]);
    let document = of_path(&made.root, None, true, false);
    assert_eq!(paths(&document), [".", "libs", "libs/middle"]);
    assert!(!document.submodules[0].populated);
    assert_eq!(document.problems, []);
    assert!(!document.repository.dirty);
}

#[test]
fn not_entered_where_nobody_wants_it() {
    let made = nested();
    let document = of_path(&made.root, None, false, false);
    assert_eq!(paths(&document), [".", "libs", "libs/middle"]);
    assert!(!project(&document, "libs/middle").populated);
    assert_eq!(project(&document, "libs/middle").name, "middle");
}

#[test]
fn a_repository_in_its_own_folder() {
    let made = Made::new();
    let path = made.root.join("libs/old");
    fs::create_dir_all(&path).unwrap();
    made.git_in(&path, &["init", "--quiet"]);
    fs::write(path.join("package.json"), "{\"name\": \"old\"}").unwrap();
    made.git_in(&path, &["add", "."]);
    made.git_in(&path, &["commit", "--quiet", "-m", "old"]);
    made.git(&["-c", "advice.addEmbeddedRepo=false", "add", "libs/old"]);
    made.record("with its .git inside and no declaration");
    let document = of_path(&made.root, None, true, false);
    assert_eq!(project(&document, "libs/old").project_type, "npm");
    assert_eq!(document.submodules[0].url, None);
}

#[test]
fn another_commit_than_the_recorded_one() {
    let made = nested();
    let sub = made.root.join("libs/middle");
    fs::write(sub.join("TASKLIST.md"), "- [ ] new\n").unwrap();
    made.git_in(&sub, &["add", "."]);
    made.git_in(&sub, &["commit", "--quiet", "-m", "ahead"]);
    let document = of_path(&made.root, None, true, false);
    assert!(document.tasks.iter().any(|task| task.path == "libs/middle/TASKLIST.md"));
    let recorded = made.git(&["rev-parse", "HEAD:libs/middle"]);
    assert_eq!(document.submodules[0].commit.as_deref(), Some(recorded.trim()));
}

#[test]
fn vendored_ones_hang_among_vendored_things() {
    let made = Made::new();
    made.write("package.json", "{\"name\": \"above\"}");
    add(&made, &child("theirs", None), "vendor/theirs");
    made.commit("parent");
    let hidden = of_path(&made.root, None, true, false);
    assert_eq!(project(&of_path(&made.root, None, true, true), "vendor/theirs").role.as_str(), "vendored");
    assert!(!paths(&hidden).contains(&"vendor/theirs"), "{:?}", paths(&hidden));
}
