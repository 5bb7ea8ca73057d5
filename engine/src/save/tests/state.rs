//! Single saves, one after another.

use muster_model::{Role, TaskState};
use muster_store::{ProjectFilter, TaskFilter};

use super::world::{KEY, at, dump, fresh, object_id, project, snapshot, task};
use crate::save::{SaveCounts, kept_extracts, save};

fn first() -> crate::Snapshot {
    let projects = vec![project(".", Some("root")), project("a", Some("one")), project("b", Some("two"))];
    let tasks = vec![
        task("a/TASKLIST.md", 1, "Write it", Some("T1"), None),
        task("a/TASKLIST.md", 2, "Read it", None, Some(0)),
        task("b/TASKLIST.md", 5, "Write it", None, None),
        task("b/TASKLIST.md", 5, "Write it", None, None),
    ];
    snapshot(projects, tasks)
}

#[tokio::test]
async fn a_second_save_changes_nothing_but_the_scan_record() {
    let (tenant, _store, _folder) = fresh().await;
    let one = save(&tenant, &first(), at(1)).await.unwrap();
    assert!(one.changed);
    assert_eq!((one.projects.new, one.tasks.new), (3, 4));
    let before = dump(&tenant).await;
    let two = save(&tenant, &first(), at(2)).await.unwrap();
    assert_eq!(dump(&tenant).await, before);
    assert!(!two.changed && two.scan != one.scan && two.repository == one.repository);
    let kept = |kept| SaveCounts { kept, ..SaveCounts::default() };
    assert_eq!((two.projects, two.tasks), (kept(3), kept(4)));
}

#[tokio::test]
async fn what_is_gone_is_closed_and_what_comes_back_gets_its_old_id() {
    let (tenant, _store, _folder) = fresh().await;
    save(&tenant, &first(), at(1)).await.unwrap();
    let before = dump(&tenant).await;
    let mut less = first();
    less.projects.truncate(2);
    less.tasks.truncate(1);
    less.tasks[0].found.state = TaskState::Done;
    let saved = save(&tenant, &less, at(2)).await.unwrap();
    assert_eq!((saved.projects.gone, saved.projects.kept, saved.tasks.gone, saved.tasks.kept), (1, 2, 3, 1));
    let tasks = tenant.list_tasks(&TaskFilter::default()).await.unwrap().items;
    assert_eq!(tasks.iter().map(|task| task.found.state).collect::<Vec<_>>(), [TaskState::Done]);
    let saved = save(&tenant, &first(), at(3)).await.unwrap();
    assert_eq!((saved.projects.back, saved.tasks.back), (1, 3));
    let after = dump(&tenant).await;
    assert_eq!(after.replace("revision: 3", "revision: 1"), before, "as if nothing had happened");
}

async fn paths(tenant: &muster_store::Tenant, closed: bool) -> Vec<(i64, String)> {
    let filter = ProjectFilter { hidden: true, closed, ..ProjectFilter::default() };
    let mut rows: Vec<_> = tenant.list_projects(&filter).await.unwrap().items;
    rows.sort_by_key(|row| row.id);
    rows.into_iter().map(|row| (row.id.0, row.project.path)).collect()
}

fn rows(expected: &[(i64, &str)]) -> Vec<(i64, String)> {
    expected.iter().map(|(id, path)| (*id, (*path).to_owned())).collect()
}

#[tokio::test]
async fn a_project_that_moves_keeps_its_id() {
    let (tenant, _store, _folder) = fresh().await;
    save(&tenant, &snapshot(vec![project("a", Some("x")), project("b", Some("y"))], vec![]), at(1))
        .await
        .unwrap();
    let moved = snapshot(vec![project("b", Some("y")), project("c/a", Some("x"))], vec![]);
    let saved = save(&tenant, &moved, at(2)).await.unwrap();
    assert_eq!((saved.projects.kept, saved.projects.new, saved.projects.gone), (2, 0, 0));
    assert_eq!(paths(&tenant, true).await, rows(&[(1, "c/a"), (2, "b")]));
    let back = snapshot(vec![project("a", Some("x")), project("b", Some("y"))], vec![]);
    save(&tenant, &back, at(3)).await.unwrap();
    assert_eq!(paths(&tenant, true).await, rows(&[(1, "a"), (2, "b")]));
}

#[tokio::test]
async fn a_project_moves_only_where_it_is_alone_with_its_name() {
    let (tenant, _store, _folder) = fresh().await;
    let twins = vec![project("a", Some("x")), project("b", Some("x")), project("c", None)];
    save(&tenant, &snapshot(twins, vec![]), at(1)).await.unwrap();
    let moved = vec![project("d", Some("x")), project("e", None)];
    let saved = save(&tenant, &snapshot(moved, vec![]), at(2)).await.unwrap();
    assert_eq!((saved.projects.new, saved.projects.gone, saved.projects.kept), (2, 3, 0));
    let mut other = project("f", Some("x"));
    other.project_type = "npm".into();
    let saved = save(&tenant, &snapshot(vec![other], vec![]), at(3)).await.unwrap();
    assert_eq!((saved.projects.new, saved.projects.gone), (1, 2));
}

#[tokio::test]
async fn names_that_change_places_change_no_identity() {
    let (tenant, _store, _folder) = fresh().await;
    save(&tenant, &snapshot(vec![project("a", Some("x")), project("b", Some("y"))], vec![]), at(1))
        .await
        .unwrap();
    save(&tenant, &snapshot(vec![project("a", Some("y")), project("b", Some("x"))], vec![]), at(2))
        .await
        .unwrap();
    assert_eq!(paths(&tenant, true).await, rows(&[(1, "a"), (2, "b")]));
}

#[tokio::test]
async fn fixtures_are_saved_and_vendored_projects_never() {
    let (tenant, _store, _folder) = fresh().await;
    let (mut fixture, mut vendored) = (project("a", Some("x")), project("v", Some("y")));
    (fixture.role, vendored.role) = (Role::Fixture, Role::Vendored);
    let tasks = vec![task("a/TODO.md", 1, "mine", None, None), task("v/TODO.md", 1, "theirs", None, None)];
    let saved = save(&tenant, &snapshot(vec![fixture, vendored], tasks), at(1)).await.unwrap();
    assert_eq!((saved.projects.new, saved.tasks.new), (1, 1));
    assert_eq!(paths(&tenant, true).await, rows(&[(1, "a")]));
}

#[tokio::test]
async fn an_extract_is_replaced_when_it_holds_something_else() {
    let (tenant, _store, _folder) = fresh().await;
    let mut state = first();
    let repository = save(&tenant, &state, at(1)).await.unwrap().repository;
    state.extracts[0].extract.checkboxes.clear();
    assert!(
        save(&tenant, &state, at(2)).await.unwrap().changed,
        "the same content, read by another configuration"
    );
    let stored = tenant.load_extracts(repository, 1).await.unwrap();
    assert_eq!(stored[0].extract, state.extracts[0].extract);
    state.extracts.clear();
    save(&tenant, &state, at(3)).await.unwrap();
    assert_eq!(tenant.load_extracts(repository, 1).await.unwrap(), []);
}

#[tokio::test]
async fn extracts_are_kept_for_the_same_rules_and_a_clean_folder_alone() {
    let (tenant, _store, _folder) = fresh().await;
    let kept = async |version| kept_extracts(&tenant, KEY, version).await.unwrap();
    assert_eq!(kept(1).await, None);
    let mut state = first();
    save(&tenant, &state, at(1)).await.unwrap();
    assert_eq!(kept(1).await, Some((object_id(1), state.extracts.clone())));
    assert_eq!(kept(2).await, None);
    state.dirty = true;
    save(&tenant, &state, at(2)).await.unwrap();
    assert_eq!(kept(1).await, None, "what the commit's own files yield was not seen");
    (state.dirty, state.extractor_version) = (false, 2);
    state.extracts.clear();
    save(&tenant, &state, at(3)).await.unwrap();
    assert_eq!((kept(1).await, kept(2).await), (None, Some((object_id(1), vec![]))));
}

#[tokio::test]
async fn saves_at_the_same_time_leave_what_one_of_them_leaves() {
    let (tenant, _store, _folder) = fresh().await;
    let (mut other, state) = (first(), first());
    other.head = Some(object_id(9));
    let (one, two, three) = tokio::join!(
        save(&tenant, &state, at(1)),
        save(&tenant, &state, at(1)),
        save(&tenant, &other, at(1))
    );
    let repository = one.unwrap().repository;
    assert_eq!((two.unwrap().repository, three.unwrap().repository), (repository, repository));
    assert_eq!(paths(&tenant, true).await, rows(&[(1, "."), (2, "a"), (3, "b")]));
    assert_eq!(
        tenant.list_tasks(&TaskFilter { closed: true, ..TaskFilter::default() }).await.unwrap().items.len(),
        4
    );
}
