//! What a scan says and does at a quota.

use crate::made::Made;
use crate::read_back::session::Session;

#[test]
fn a_scan_does_not_fail_on_projects_and_says_which_are_left_out() {
    let session = Session::new();
    session.results(&["tenant", "create", "default", "--max-projects", "1"]);
    let said = session.run(&["scan", session.root()]);
    assert!(said.success);
    insta::assert_snapshot!(said.words, @"muster: 1 project is beyond the quota of 1: saved and counted, but left out of lists (muster projects --over-quota shows all; muster tenant change default --max-projects N makes room)");
    let listed = session.run(&["projects"]);
    assert_eq!((listed.words, listed.out.lines().count()), (said.words, 2));
    assert_eq!(session.items(&["projects", "--over-quota"]).len(), 2);
    assert_eq!(session.items(&["projects", "--over-quota", "--all"]).len(), 3, "a fixture takes up no room");
    assert_eq!(session.items(&["tasks"]).len(), 4, "tasks are not left out");
    let tasks = ["tasks", "--repo", "work", "--project", "packages/ui"];
    assert_eq!(session.items(&tasks).len(), 1, "a project can be asked for by its path");
    session.results(&["tenant", "change", "default", "--max-projects", "unlimited"]);
    assert_eq!(session.items(&["projects"]).len(), 2);
    session.scan();
}

#[test]
fn a_scan_of_one_repository_too_many_fails_and_saves_nothing() {
    let session = Session::new();
    session.results(&["tenant", "create", "default", "--max-repositories", "1"]);
    session.scan();
    let other = Made::new();
    other.write("go.mod", "module example.com/other\n");
    let refused = session.failure(&["scan", other.root.to_str().unwrap()]);
    insta::assert_snapshot!(refused, @"muster: failed to save the scan: add to the 1 repository that this tenant may have; raise the limit (muster tenant change NAME --max-repositories N), or remove one that is no longer needed");
    assert_eq!(session.items(&["repos"]).len(), 1);
    session.scan();
    session.results(&["tenant", "change", "default", "--max-repositories", "2"]);
    session.results(&["scan", other.root.to_str().unwrap()]);
}
