//! Submodules that would lead out of the repository, or have something run.

use std::fs;

use muster_model::ProblemKind;

use super::{child, paths};
use crate::made::{Made, of_path};

/// A repository with a gitlink at `sub`, whose folder is there and empty.
fn with_gitlink(declared: &str) -> Made {
    let made = Made::new();
    made.write("package.json", "{\"name\": \"above\"}");
    made.write(".gitmodules", declared);
    made.git(&["add", "."]);
    made.git(&["update-index", "--add", "--cacheinfo", &format!("160000,{},sub", "4".repeat(40))]);
    made.record("gitlink");
    fs::create_dir(made.root.join("sub")).unwrap();
    made
}

fn assert_not_entered(made: &Made) {
    let document = of_path(&made.root, None, true, false);
    assert_eq!(paths(&document), [".", "sub"]);
    assert!(!document.projects[1].populated);
    let [problem] = &document.problems[..] else { panic!("{:?}", document.problems) };
    assert_eq!((problem.kind, problem.path.as_deref()), (ProblemKind::Submodule, Some("sub")));
    assert!(document.tasks.is_empty());
}

#[test]
fn a_git_file_that_leads_outside() {
    let outside = child("outside", None);
    let made = with_gitlink("");
    let leads = |to: &str| fs::write(made.root.join("sub/.git"), format!("gitdir: {to}\n")).unwrap();
    leads(outside.root.join(".git").to_str().unwrap());
    assert_not_entered(&made);
    leads("../../../../../../../../../nowhere");
    assert_not_entered(&made);
    leads("../.git");
    assert_not_entered(&made);
    fs::write(made.root.join("sub/.git"), "no gitdir at all").unwrap();
    assert_not_entered(&made);
}

#[test]
fn a_git_link_that_leads_outside() {
    let outside = child("outside", None);
    let made = with_gitlink("");
    made.link("sub/.git", outside.root.join(".git").to_str().unwrap());
    assert_not_entered(&made);
}

#[test]
fn objects_that_lie_outside() {
    let outside = child("outside", None);
    let made = with_gitlink("");
    fs::remove_dir(made.root.join("sub")).unwrap();
    made.git(&["clone", "--quiet", outside.root.to_str().unwrap(), "sub"]);
    fs::write(made.root.join("sub/.git/commondir"), outside.root.join(".git").to_str().unwrap()).unwrap();
    assert_not_entered(&made);
}

#[test]
fn a_folder_that_is_a_link() {
    let outside = child("outside", None);
    let made = with_gitlink("");
    fs::remove_dir(made.root.join("sub")).unwrap();
    made.link("sub", outside.root.to_str().unwrap());
    let document = of_path(&made.root, None, true, false);
    assert_eq!(paths(&document), [".", "sub"]);
    assert!(document.tasks.is_empty());
}

#[test]
fn a_work_tree_that_is_claimed_elsewhere() {
    let outside = made_secret();
    let made = Made::new();
    super::add(&made, &child("inside", None), "sub");
    made.commit("parent");
    made.git_in(&made.root.join("sub"), &["config", "core.worktree", outside.root.to_str().unwrap()]);
    let document = of_path(&made.root, None, true, false);
    assert!(document.tasks.iter().all(|task| !task.title.contains("secret")));
    made.git(&["config", "core.worktree", outside.root.to_str().unwrap()]);
    let document = of_path(&made.root, None, true, false);
    assert!(document.tasks.iter().all(|task| !task.title.contains("secret")), "{:?}", document.tasks);
}

fn made_secret() -> Made {
    let made = Made::new();
    made.write("TASKLIST.md", "- [ ] secret\n");
    made.commit("secret");
    made
}

#[test]
fn addresses_are_listed_and_nothing_is_run() {
    let mark = tempfile::tempdir().unwrap();
    let touched = mark.path().join("touched");
    let run = format!("ext::sh -c touch% {}", touched.display());
    let declared = format!(
        "[submodule \"a\"]\n\tpath = sub\n\turl = {run}\n\tupdate = !touch {touched}\n\
         [submodule \"b\"]\n\tpath = other\n\turl = --upload-pack=touch {touched}\n\
         [submodule \"../../c\"]\n\tpath = ../../c\n\turl = x\n[submodule \"d\"]\n\tpath = /etc\n\turl = y\n\
         [submodule \"e\"]\n\tpath = .git/hooks\n\turl = z\n",
        touched = touched.display()
    );
    let made = with_gitlink(&declared);
    for submodules in [true, false] {
        let document = of_path(&made.root, None, submodules, false);
        assert!(!touched.exists());
        let lines = document.submodules.iter();
        let found: Vec<_> = lines.map(|line| (line.path.as_str(), line.url.as_deref().unwrap())).collect();
        let upload = format!("--upload-pack=touch {}", touched.display());
        assert_eq!(found[found.len() - 2..], [("other", upload.as_str()), ("sub", run.as_str())]);
        assert!(
            document.submodules.iter().all(|line| !line.path.contains("..") && !line.path.starts_with('/'))
        );
    }
    made.assert_folder_is_commit();
}
