//! Submodules are saved as repositories of their own; the parent's rows hold a gitlink, whatever the folder holds.

use muster_store::{HistoryProgress, KnownState};

use super::{Database, assert_same_text, assert_step};
use crate::made::Made;

fn parent_of(child: &Made) -> Made {
    let made = Made::new();
    made.write("package.json", "{\"name\": \"above\"}");
    made.git(&["submodule", "--quiet", "add", child.root.to_str().unwrap(), "libs/child"]);
    made.commit("parent");
    made
}

fn child() -> Made {
    let made = Made::new();
    made.write("Cargo.toml", "[package]\nname = \"child\"\n");
    made.write("TASKLIST.md", "- [ ] A-1 one\n");
    made.commit("child");
    made
}

fn state_of(database: &Database, key: &std::path::Path) -> (i64, KnownState) {
    let found = database.repositories().into_iter();
    let mut found = found.filter(|(_, state, _)| state.repository.facts.source_key == key.to_str().unwrap());
    let state = found.next().expect("a row").1;
    (state.repository.revision, state)
}

#[test]
fn each_is_a_repository_of_its_own() {
    let child = child();
    let made = parent_of(&child);
    let database = Database::new();
    assert_step(&database, &made, &[]);
    assert_eq!(database.repositories().len(), 2);
    let (_, above) = state_of(&database, &made.root.join(".git"));
    let gitlink = above.projects.iter().find(|row| row.project.path == "libs/child").unwrap();
    assert_eq!((gitlink.project.populated, gitlink.project.project_type.as_str()), (false, "generic"));
    assert!(!above.submodules[0].populated);
    assert_eq!((above.projects.len(), above.tasks.len()), (2, 0));
    let (_, below) = state_of(&database, &made.root.join(".git/modules/libs/child"));
    assert_eq!((below.projects.len(), below.tasks.len()), (1, 1));
    assert_eq!(below.projects[0].project.path, ".");
    assert_eq!(below.repository.history, HistoryProgress::Complete);
    let before = database.everything();
    assert_step(&database, &made, &["--no-submodules"]);
    assert_same_text(&before, &database.everything(), "without its submodules");
    made.git(&["submodule", "--quiet", "deinit", "--force", "--all"]);
    assert_step(&database, &made, &[]);
    assert_same_text(&before, &database.everything(), "its folder is empty now");
}

#[test]
fn a_submodule_that_is_scanned_by_itself_has_the_same_row() {
    let child = child();
    let made = parent_of(&child);
    let database = Database::new();
    database.scan(&made.root, &[]);
    let before = database.repositories().len();
    let document = database.scan(&made.root.join("libs/child"), &[]);
    assert_eq!(document["projects"][0]["path"], ".");
    assert_eq!(database.repositories().len(), before);
}

#[test]
fn one_child_below_two_parents_is_not_summed_twice() {
    let child = child();
    let (one, other) = (parent_of(&child), parent_of(&child));
    let database = Database::new();
    database.scan(&one.root, &[]);
    database.scan(&other.root, &[]);
    // Two clones are two repositories: a folder is never merged by its remote.
    assert_eq!(database.repositories().len(), 4);
}
