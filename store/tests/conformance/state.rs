//! Laws of current state.

use muster_store::{ProjectChange, RepositoryId, StateChange, Store, StoreError, TaskChange};

use crate::examples::{
    LATER, NOW, extract, facts, first_change, found, id, named, no_change, project, tenant,
};
use crate::laws::{Law, law};

pub(crate) fn laws() -> Vec<Law> {
    vec![
        law(
            "find_repository_by_source_key",
            "a repository is found by its own tenant alone",
            found_by_its_own,
        ),
        law("find_repository", "a repository is found by its id by its own tenant alone", found_by_its_id),
        law("apply_state", "what was applied is loaded, letter for letter", applied_is_loaded),
        law("apply_state", "a change of nothing leaves a scan record and no more", nothing_is_nothing),
        law(
            "apply_state",
            "a change that is based on an older state is refused whole",
            older_base_is_refused,
        ),
        law("apply_state", "what is gone is closed and what is back is open under its old id", gone_and_back),
        law("apply_state", "two projects can change places", projects_swap),
        law("load_state", "a repository that is not there is said to be missing", missing_is_said),
        law("load_extracts", "extracts of other rules are not given", other_rules),
    ]
}

async fn found_by_its_own(store: Store) {
    let (acme, other) = (tenant(&store).await, named(&store, "other").await);
    let mine = acme.apply_state(&first_change("k"), NOW).await.unwrap();
    assert_eq!(other.find_repository_by_source_key("k").await.unwrap(), None);
    let theirs = other.apply_state(&first_change("k"), NOW).await.unwrap();
    assert_eq!(mine, theirs, "each tenant counts for itself");
    let repository = acme.find_repository_by_source_key("k").await.unwrap().unwrap();
    assert_eq!((repository.id, repository.facts), (mine.repository, facts("k")));
    assert_eq!(acme.find_repository_by_source_key("K").await.unwrap(), None);
}

async fn found_by_its_id(store: Store) {
    let (acme, other) = (tenant(&store).await, named(&store, "other").await);
    let id = acme.apply_state(&first_change("k"), NOW).await.unwrap().repository;
    let repository = acme.find_repository(id).await.unwrap().unwrap();
    assert_eq!((repository.id, repository.facts), (id, facts("k")));
    assert_eq!(other.find_repository(id).await.unwrap(), None);
    assert_eq!(acme.find_repository(RepositoryId(id.0 + 1)).await.unwrap(), None);
}

async fn applied_is_loaded(store: Store) {
    let tenant = tenant(&store).await;
    let change = first_change("k");
    let applied = tenant.apply_state(&change, NOW).await.unwrap();
    assert!(applied.changed && !applied.commit_projects_stale);
    let state = tenant.load_state(applied.repository).await.unwrap();
    assert_eq!(state.repository.facts, change.facts);
    assert_eq!(state.projects.len(), 1);
    assert_eq!(
        (&state.projects[0].project, state.projects[0].closed_at),
        (&change.projects[0].project, None)
    );
    assert_eq!(state.tasks.len(), 2);
    for (task, change) in state.tasks.iter().zip(&change.tasks) {
        assert_eq!((&task.found, &task.path, task.place), (&change.found, &change.path, change.place));
        assert_eq!((task.project, task.closed_at), (Some(state.projects[0].id), None));
    }
    assert_eq!((state.tasks[0].parent, state.tasks[1].parent), (None, Some(state.tasks[0].id)));
    assert_eq!(Some(state.submodules), change.submodules);
    assert_eq!(state.extracts.get("a/TASKLIST.md"), Some(&change.extracts[0].key));
    assert_eq!(tenant.load_extracts(applied.repository, 3).await.unwrap(), change.extracts);
}

async fn nothing_is_nothing(store: Store) {
    let tenant = tenant(&store).await;
    let first = tenant.apply_state(&first_change("k"), NOW).await.unwrap();
    let before = tenant.load_state(first.repository).await.unwrap();
    let second = tenant.apply_state(&no_change("k", &first), LATER).await.unwrap();
    assert!(!second.changed && second.scan != first.scan && second.revision == first.revision);
    assert_eq!(tenant.load_state(first.repository).await.unwrap(), before);
    let mut moved = no_change("k", &second);
    moved.facts.head = Some(id(2));
    let third = tenant.apply_state(&moved, LATER).await.unwrap();
    assert!(third.changed && third.revision == first.revision + 1);
}

async fn older_base_is_refused(store: Store) {
    let tenant = tenant(&store).await;
    let first = tenant.apply_state(&first_change("k"), NOW).await.unwrap();
    let again = tenant.apply_state(&first_change("k"), NOW).await;
    assert!(matches!(again, Err(StoreError::StateMoved)), "the repository is there already");
    let mut change = no_change("k", &first);
    change.closed_tasks =
        tenant.load_state(first.repository).await.unwrap().tasks.iter().map(|t| t.id).collect();
    let second = tenant.apply_state(&change, NOW).await.unwrap();
    let before = tenant.load_state(first.repository).await.unwrap();
    let stale = StateChange { base: Some((first.repository, first.revision)), ..change };
    assert!(matches!(tenant.apply_state(&stale, LATER).await, Err(StoreError::StateMoved)));
    assert_eq!(tenant.load_state(first.repository).await.unwrap(), before);
    assert_eq!(before.repository.revision, second.revision);
}

async fn gone_and_back(store: Store) {
    let tenant = tenant(&store).await;
    let first = tenant.apply_state(&first_change("k"), NOW).await.unwrap();
    let before = tenant.load_state(first.repository).await.unwrap();
    let gone = StateChange {
        closed_projects: before.projects.iter().map(|known| known.id).collect(),
        closed_tasks: before.tasks.iter().map(|known| known.id).collect(),
        dropped_extracts: vec!["a/TASKLIST.md".into()],
        submodules: Some(vec![]),
        ..no_change("k", &first)
    };
    let second = tenant.apply_state(&gone, LATER).await.unwrap();
    let closed = tenant.load_state(first.repository).await.unwrap();
    assert!(closed.projects.iter().all(|known| known.closed_at == Some(LATER)));
    assert!(closed.tasks.iter().all(|known| known.closed_at == Some(LATER) && known.found.line > 0));
    assert!(closed.extracts.is_empty() && closed.submodules.is_empty());
    let known = &before.projects[0];
    let mut back = no_change("k", &second);
    back.projects = vec![ProjectChange {
        id: Some(known.id),
        project: project("b"),
        left: Some("a".into()),
        reopened: true,
    }];
    back.tasks = vec![TaskChange {
        id: Some(before.tasks[0].id),
        found: found("other", 9),
        path: "b/TASKLIST.md".into(),
        place: 4,
        project: None,
        parent: None,
    }];
    tenant.apply_state(&back, LATER).await.unwrap();
    let after = tenant.load_state(first.repository).await.unwrap();
    let (project, task) =
        (&after.projects[0], after.tasks.iter().find(|t| t.id == before.tasks[0].id).unwrap());
    assert_eq!((project.id, project.project.path.as_str(), project.closed_at), (known.id, "b", None));
    assert_eq!(project.project.manifests[0].path, "b/Cargo.toml");
    assert_eq!((task.found.title.as_str(), task.project, task.closed_at), ("other", None, None));
}

async fn projects_swap(store: Store) {
    let tenant = tenant(&store).await;
    let mut change = first_change("k");
    change.projects.push(ProjectChange { id: None, project: project("b"), left: None, reopened: false });
    let first = tenant.apply_state(&change, NOW).await.unwrap();
    let before = tenant.load_state(first.repository).await.unwrap();
    let moved = |n: usize, path: &str, left: &str| ProjectChange {
        id: Some(before.projects[n].id),
        project: project(path),
        left: Some(left.into()),
        reopened: false,
    };
    let mut swap = no_change("k", &first);
    swap.projects = vec![moved(0, "b", "a"), moved(1, "a", "b")];
    tenant.apply_state(&swap, LATER).await.unwrap();
    let after = tenant.load_state(first.repository).await.unwrap();
    let paths: Vec<_> = after.projects.iter().map(|p| (p.id, p.project.path.as_str(), p.closed_at)).collect();
    assert_eq!(paths, [(before.projects[0].id, "b", None), (before.projects[1].id, "a", None)]);
}

async fn missing_is_said(store: Store) {
    let (acme, other) = (tenant(&store).await, named(&store, "other").await);
    let applied = acme.apply_state(&first_change("k"), NOW).await.unwrap();
    let missing = other.load_state(applied.repository).await;
    assert!(matches!(missing, Err(StoreError::NoSuchRepository)));
    let change = no_change("k", &applied);
    assert!(matches!(other.apply_state(&change, NOW).await, Err(StoreError::NoSuchRepository)));
}

async fn other_rules(store: Store) {
    let tenant = tenant(&store).await;
    let applied = tenant.apply_state(&first_change("k"), NOW).await.unwrap();
    assert_eq!(tenant.load_extracts(applied.repository, 4).await.unwrap(), []);
    let mut change = no_change("k", &applied);
    change.extracts = (0..1200).map(|n| extract(&format!("f{n:04}"), n)).collect();
    tenant.apply_state(&change, NOW).await.unwrap();
    assert_eq!(tenant.load_extracts(applied.repository, 3).await.unwrap().len(), 1201);
}
