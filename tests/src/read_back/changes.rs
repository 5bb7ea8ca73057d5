//! What later scans make of the rows of earlier ones.

use serde_json::Value;

use super::session::Session;

const LISTS: [&[&str]; 4] = [&["projects", "--all"], &["tasks"], &["commits"], &["repos"]];

#[test]
fn scanning_twice_changes_nothing() {
    let session = Session::new();
    session.scan();
    let before = LISTS.map(|list| session.items(list));
    assert!(before.iter().all(|items| !items.is_empty()));
    session.scan();
    assert_eq!(LISTS.map(|list| session.items(list)), before);
}

#[test]
fn what_is_ticked_is_done_and_what_is_gone_is_closed() {
    let session = Session::new();
    session.scan();
    let before = session.items(&["tasks"]);
    let made = &session.made;
    made.write("TASKLIST.md", "# Shop\n\n## Soon\n\n- [x] T1: Open\n- [x] T2: Sell\n  - [ ] T2.1: Weigh\n");
    made.remove("packages/ui/src/button.js");
    made.remove("packages/ui/fixtures/empty/package.json");
    made.commit("Sell without a button");
    session.scan();
    insta::assert_snapshot!(session.results(&["tasks"]), @r"
    ID  STATE  KEY   TITLE  WHERE
    1   done   T1    Open   TASKLIST.md:5
    2   done   T2    Sell   TASKLIST.md:6
    3   open   T2.1  Weigh  TASKLIST.md:7
    ");
    insta::assert_snapshot!(session.results(&["tasks", "--closed"]), @r"
    ID  STATE  KEY   TITLE                   WHERE                        ASSIGNEE  GONE
    1   done   T1    Open                    TASKLIST.md:5
    2   done   T2    Sell                    TASKLIST.md:6
    3   open   T2.1  Weigh                   TASKLIST.md:7
    4   open         TODO: draw it, see #12  packages/ui/src/button.js:1  design    ....-..-..T..:..:..Z
    ");
    insta::assert_snapshot!(session.results(&["projects", "--all", "--closed"]), @r"
    PATH                        NAME      TYPE      VERSION  ROLE     STATUS  TASKS  TODO  GONE
    .                           shop      coditect  1.2.0    primary  active    2/3     0
    packages/ui                 @shop/ui  npm                primary  active            0
    packages/ui/fixtures/empty  empty     npm                fixture  active            0  ....-..-..T..:..:..Z
    ");

    made.git(&["revert", "--no-edit", "HEAD"]);
    session.scan();
    assert_eq!(session.items(&["tasks"]), before, "what comes back is the same task again");
}

#[test]
fn a_task_that_moves_keeps_its_id() {
    let session = Session::new();
    session.scan();
    let id = |title: &str| -> Value {
        let tasks = session.items(&["tasks"]);
        tasks.iter().find(|task| task["title"] == title).unwrap()["id"].clone()
    };
    let before = id("Weigh");
    session
        .made
        .write("TASKLIST.md", "# Shop\n\nNew words.\n\n## Later\n\n- [ ] T2.1: Weigh\n- [x] T1: Open\n");
    session.scan();
    assert_eq!(id("Weigh"), before);
    assert_eq!(session.items(&["repos"])[0]["dirty"], true);
}

#[test]
fn scans_at_the_same_time_wait_for_each_other() {
    let session = Session::new();
    let other = Session::new();
    let processes: Vec<_> = [session.root(), other.root(), session.root(), other.root()]
        .into_iter()
        .map(|root| session.command(&["scan", root]).spawn().unwrap())
        .collect();
    for process in processes {
        let said = session.said(process.wait_with_output().unwrap());
        assert!(said.success && said.words.is_empty(), "{said:?}");
    }
    let repositories = session.items(&["repos"]);
    assert_eq!(repositories.len(), 2);
    for repository in repositories {
        let counts = ["projects", "tasks", "commits"].map(|name| repository[name].as_u64().unwrap());
        assert_eq!((counts, repository["history"].as_str()), ([3, 4, 2], Some("complete")));
    }
}
