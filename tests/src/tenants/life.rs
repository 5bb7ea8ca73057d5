//! From making a tenant to deleting it.

use serde_json::Value;

use crate::read_back::session::{Said, Session};

/// What was said, with ids and keys that differ from run to run left out.
fn without_ids(text: &str) -> String {
    let is_id = |word: &str| word.len() == 36 && word.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    let line = |line: &str| match line.rsplit_once(' ') {
        Some((before, word)) if is_id(word) => format!("{before} (id)"),
        _ => line.to_owned(),
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_tenant_is_made_shown_and_listed() {
    let session = Session::empty();
    let made = session.results(&["tenant", "create", "acme", "--plan", "free", "--max-users", "unlimited"]);
    insta::assert_snapshot!(without_ids(&made), @"
    tenant        acme
    plan          free
    users         0
    repositories  0 of 10
    projects      0 of 100
    tasks         0
    commits       0
    data key      none yet: made with the first secret, which needs a wrapping key (muster key init, where none is configured)
    made          ....-..-..T..:..:..Z
    id            (id)
    ");
    session.results(&["tenant", "create", "other", "--organization", "Other\u{1b}[2J People"]);
    insta::assert_snapshot!(session.results(&["tenant", "list"]), @r"
    TENANT  ORGANIZATION           PLAN            USERS  REPOSITORIES   PROJECTS  MADE
    acme                           free        unlimited            10        100  ....-..-..T..:..:..Z
    other   Other\u{1b}[2J People  enterprise  unlimited     unlimited  unlimited  ....-..-..T..:..:..Z
    ");
    let listed = session.items(&["tenant", "list"]);
    let shown: Value = session.results(&["tenant", "show", "acme", "--format", "json"]).parse().unwrap();
    for (name, value) in listed[0].as_object().unwrap() {
        assert_eq!(&shown[name], value, "{name}");
    }
    assert_eq!((&shown["max_users"], &shown["max_projects"]), (&Value::Null, &100.into()));
    let again = session.failure(&["tenant", "create", "acme"]);
    insta::assert_snapshot!(again, @"muster: failed to make a tenant: there is a tenant acme already; muster tenant show acme says more");
    insta::assert_snapshot!(session.failure(&["tenant", "create", "Acme!"]), @"muster: failed to make a tenant: take this short name for a tenant: use lower-case letters, digits and hyphens, 63 at most, no hyphen at an end");
    insta::assert_snapshot!(session.failure(&["tenant", "show", "nobody"]), @"muster: failed to show a tenant: find nobody: there is no such tenant; muster tenant list names those that are there");
}

#[test]
fn a_suspended_tenant_refuses_scans_and_lists_until_it_is_taken_up_again() {
    let session = Session::new();
    session.scan();
    let words = |arguments: &[&str]| {
        let Said { out, words, success } = session.run(arguments);
        assert!(success && out.is_empty(), "{out} {words}");
        words
    };
    insta::assert_snapshot!(words(&["tenant", "suspend", "default"]), @"muster: default is suspended; muster tenant suspend --undo default takes it up again");
    insta::assert_snapshot!(words(&["tenant", "suspend", "default"]), @"muster: default was suspended before");
    for list in ["projects", "tasks", "commits", "repos"] {
        let refused = session.failure(&[list]);
        assert!(refused.contains("work with tenant default: it is suspended"), "{refused}");
    }
    insta::assert_snapshot!(session.failure(&["scan", session.root()]), @"muster: failed to work with tenant default: it is suspended; muster tenant suspend --undo default takes it up again");
    session.results(&["scan", session.root(), "--no-save"]);
    assert_eq!(session.items(&["audit", "list"]).len(), 1, "an operator sees who suspended it");
    assert!(session.run(&["audit", "verify"]).success);
    session.results(&["tenant", "show", "default"]);
    session.results(&["tenant", "change", "default", "--organization", "Default"]);
    insta::assert_snapshot!(words(&["tenant", "suspend", "default", "--undo"]), @"muster: default is taken up again");
    session.scan();
}

#[test]
fn deleting_wants_a_yes_and_takes_everything() {
    let session = Session::new();
    session.scan();
    session.results(&["tenant", "create", "other"]);
    insta::assert_snapshot!(session.failure(&["tenant", "delete", "default"]), @"muster: failed to delete a tenant: delete default without asking: there is no terminal to ask on; say --yes to delete every row of it");
    assert_eq!(session.items(&["repos"]).len(), 1);
    let said = session.run(&["tenant", "delete", "default", "--yes"]);
    assert!(said.success && said.words.starts_with("muster: default is deleted: "), "{said:?}");
    let names: Vec<_> =
        session.items(&["tenant", "list"]).iter().map(|item| item["subdomain"].clone()).collect();
    assert_eq!(names, ["other"]);
    // The next scan begins anew.
    session.scan();
    assert_eq!(session.items(&["commits"]).len(), 2);
}

#[test]
fn the_demo_is_there_once_however_often_it_is_made() {
    let session = Session::empty();
    let first = session.run(&["tenant", "create", "--demo"]);
    insta::assert_snapshot!(first.words, @"
    muster: coditect-ai has 2 new repositories
    muster: find-me-a-mechanic has 2 new repositories
    muster: hookup-app has 2 new repositories
    muster: 3 tenants to try things with: muster projects --tenant hookup-app and muster tasks --tenant coditect-ai show what is in them
    ");
    let projects = || session.results(&["projects", "--tenant", "hookup-app"]);
    insta::assert_snapshot!(projects(), @"
    REPOSITORY  PATH            NAME        TYPE      VERSION  ROLE     STATUS  TASKS  TODO
    app         .               hookup-app  coditect  3.1.0    primary  active    2/4     2
    server      .               server      coditect           primary  active    1/2     0
    server      crates/chat     chat        rust      0.3.0    primary  active            1
    server      crates/matcher  matcher     rust      0.5.0    primary  active            1
    ");
    let before = projects();
    let second = session.run(&["tenant", "create", "--demo"]);
    assert!(second.success && second.words.contains("hookup-app is there already"), "{second:?}");
    assert_eq!((second.out, projects()), (first.out, before));
    for tenant in ["coditect-ai", "find-me-a-mechanic", "hookup-app"] {
        let tasks = session.items(&["tasks", "--tenant", tenant]);
        let has = |field: &str, value: &str| tasks.iter().any(|task| task[field] == value);
        assert!(has("state", "done") && has("state", "open") && has("kind", "comment"), "{tasks:?}");
        let types: std::collections::BTreeSet<_> = (session.items(&["projects", "--tenant", tenant]).iter())
            .map(|project| project["project_type"].to_string())
            .collect();
        assert!(types.len() > 1, "{types:?}");
    }
}

#[test]
fn the_demo_leaves_a_tenant_of_that_name_alone() {
    let session = Session::empty();
    session.results(&["tenant", "create", "hookup-app", "--organization", "Ours"]);
    let said = session.run(&["tenant", "create", "--demo"]);
    assert!(said.words.contains("hookup-app is a tenant of yours, not of the demo"), "{said:?}");
    assert!(session.run(&["repos", "--tenant", "hookup-app"]).out.is_empty());
}
