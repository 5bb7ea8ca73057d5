//! A made CODITECT master: one root, six categories, thirty-eight submodules, one tree of forty-five projects.

use std::collections::BTreeSet;
use std::fs;

use muster_model::{Document, Role};

use super::{paths, project};
use crate::made::{Made, assert_same, of_path};

const CATEGORIES: [(&str, usize); 6] =
    [("core", 4), ("cloud", 4), ("dev", 10), ("docs", 5), ("market", 2), ("ops", 13)];
/// A child of each kind, in turn.
const KINDS: [(&str, &str, &str); 4] = [
    ("TASKLIST.md", "- [x] one\n- [ ] two\n", "coditect"),
    ("package.json", "{\"name\": \"child\", \"version\": \"1.0.0\"}", "npm"),
    ("pyproject.toml", "[project]\nname = \"child\"\nversion = \"1.0.0\"\n", "python"),
    ("README.md", "# Nothing declared\n", "generic"),
];

fn children() -> impl Iterator<Item = (String, usize)> {
    let every = CATEGORIES.iter().flat_map(|(category, count)| {
        (0..*count).map(move |number| format!("submodules/{category}/child-{number}"))
    });
    every.enumerate().map(|(number, path)| (path, number % KINDS.len()))
}

/// The master, with every child populated, as repositories in their own folders.
fn master() -> Made {
    let made = Made::new();
    made.write("TASKLIST.md", "---\nproject: MASTER\nstatus: complete\n---\n- [x] begin\n- [ ] end\n");
    made.write("PROJECT-PLAN.md", "# Plan\n");
    made.write("submodules/README.md", "# Submodules\n");
    made.write("submodules/plain/README.md", "a directory without a gitlink is no category\n");
    // Every child sees the root's files again through these.
    made.link(".coditect", "submodules/core/child-0");
    made.link(".claude", ".coditect");
    let mut declared = String::new();
    for (path, kind) in children() {
        let folder = made.root.join(&path);
        fs::create_dir_all(&folder).unwrap();
        made.git_in(&folder, &["init", "--quiet", "--template="]);
        fs::write(folder.join(KINDS[kind].0), KINDS[kind].1).unwrap();
        made.git_in(&folder, &["add", "."]);
        made.git_in(&folder, &["commit", "--quiet", "-m", "child"]);
        declared +=
            &format!("[submodule \"{path}\"]\n\tpath = {path}\n\turl = https://example.org/{path}.git\n");
    }
    declared +=
        "[submodule \"gone\"]\n\tpath = submodules/plain/gone\n\turl = https://example.org/gone.git\n";
    made.write(".gitmodules", declared);
    made.git(&["config", "advice.addEmbeddedRepo", "false"]);
    made.commit("master");
    made
}

#[track_caller]
fn assert_one_tree(document: &Document, populated: bool) {
    assert_eq!(document.projects.len(), 45, "{:?}", paths(document));
    assert_eq!(document.submodules.len(), 39, "one is declared and has no gitlink");
    let root = project(document, ".");
    assert_eq!(
        (root.project_type.as_str(), root.role, root.parent_path.as_deref()),
        ("coditect", Role::Primary, None)
    );
    assert_eq!((root.total_tasks, root.completed_tasks), (2, 1));
    for (category, _) in CATEGORIES {
        let group = project(document, &format!("submodules/{category}"));
        assert_eq!((group.role, group.project_type.as_str()), (Role::Group, "generic"));
        assert_eq!((group.parent_path.as_deref(), group.submodule.as_deref()), (Some("."), None));
    }
    for (path, kind) in children() {
        let child = project(document, &path);
        assert_eq!(child.role, Role::Primary, "{path}");
        assert_eq!(child.parent_path.as_deref(), path.rsplit_once('/').map(|(category, _)| category));
        assert_eq!(child.submodule.as_deref(), Some(path.as_str()));
        assert_eq!(child.populated, populated);
        assert_eq!(child.project_type, if populated { KINDS[kind].2 } else { "generic" });
        let line = document.submodules.iter().find(|line| line.path == path).unwrap();
        assert_eq!(line.url, Some(format!("https://example.org/{path}.git")));
        assert_eq!((line.populated, line.commit.as_deref().map(str::len)), (populated, Some(40)));
    }
    let distinct: BTreeSet<&str> = paths(document).into_iter().collect();
    assert_eq!(distinct.len(), 45);
    assert_eq!(document.problems, []);
}

#[test]
fn from_a_folder_and_from_a_mirror() {
    let made = master();
    let folder = of_path(&made.root, None, true, false);
    assert_one_tree(&folder, true);
    assert_eq!(folder.stats.by_role.get("group"), Some(&6));
    let with_tasks = children().filter(|(_, kind)| KINDS[*kind].2 == "coditect").count();
    assert_eq!(folder.tasks.len(), 2 + 2 * with_tasks);
    assert_one_tree(&of_path(&made.mirror(), Some("HEAD"), true, false), false);
    assert_one_tree(&made.assert_folder_is_commit(), false);
    for (path, _) in children() {
        fs::remove_dir_all(made.root.join(&path)).unwrap();
        fs::create_dir(made.root.join(&path)).unwrap();
    }
    assert_same(&of_path(&made.root, None, true, false), &made.assert_folder_is_commit());
}
