//! Laws of lists.

use muster_model::{Role, TaskKind, TaskState};
use muster_store::{
    CommitFilter, MAX_PAGE, ProjectChange, ProjectFilter, RepositoryFilter, Standing, Store, TaskFilter,
    Tenant,
};

use crate::examples::{LATER, NOW, commit, first_change, named, no_change, project, tenant};
use crate::laws::{Law, law};

pub(crate) fn laws() -> Vec<Law> {
    vec![
        law("list_repositories", "pages put together are the list, by source key", repositories_by_key),
        law("list_projects", "pages put together are the list, by repository and path", projects_by_path),
        law("list_projects", "hidden and closed ones come when asked for", projects_when_asked),
        law("list_tasks", "pages put together are the list, and each filter holds", tasks_by_line),
        law(
            "list_commits",
            "pages put together are the list, newest first, over all repositories",
            newest_first,
        ),
        law("list_commits", "another tenant's commits are not listed", own_commits),
    ]
}

/// Three repositories, `c`, `a`, `b`, of two projects and two tasks each.
async fn three(store: &Store) -> Tenant {
    let tenant = tenant(store).await;
    for key in ["c", "a", "b"] {
        let mut change = first_change(key);
        let mut hidden = project("a/fixture");
        hidden.role = Role::Fixture;
        change.projects.push(ProjectChange { id: None, project: hidden, left: None, reopened: false });
        tenant.apply_state(&change, NOW).await.unwrap();
    }
    tenant
}

macro_rules! paged {
    ($tenant:expr, $method:ident, $filter:expr, $limit:expr) => {{
        let (mut filter, mut items) = ($filter, Vec::new());
        filter.limit = $limit;
        loop {
            let page = $tenant.$method(&filter).await.unwrap();
            assert!(page.items.len() <= $limit);
            items.extend(page.items);
            filter.after = page.next;
            if filter.after.is_none() {
                break items;
            }
        }
    }};
}

async fn repositories_by_key(store: Store) {
    let tenant = three(&store).await;
    let whole = tenant.list_repositories(&RepositoryFilter::default()).await.unwrap().items;
    let keys: Vec<_> = whole.iter().map(|l| l.repository.facts.source_key.as_str()).collect();
    assert_eq!(keys, ["a", "b", "c"]);
    assert!(whole.iter().all(|l| (l.projects, l.tasks, l.commits, l.scanned_at) == (2, 2, 0, Some(NOW))));
    for limit in 1..4 {
        assert_eq!(paged!(tenant, list_repositories, RepositoryFilter::default(), limit), whole);
    }
}

async fn projects_by_path(store: Store) {
    let tenant = three(&store).await;
    let filter = ProjectFilter { hidden: true, ..ProjectFilter::default() };
    let whole = tenant.list_projects(&filter).await.unwrap().items;
    assert_eq!(whole.len(), 6);
    assert!(whole.is_sorted_by_key(|r| (r.repository, r.project.path.clone())));
    assert_eq!(whole[0].project, project("a"));
    for limit in 1..7 {
        assert_eq!(paged!(tenant, list_projects, filter.clone(), limit), whole);
    }
    let other = ProjectFilter { project_type: Some("npm".into()), ..filter.clone() };
    assert_eq!(tenant.list_projects(&other).await.unwrap().items, []);
    let one = ProjectFilter { repository: Some(whole[0].repository), ..filter };
    assert_eq!(tenant.list_projects(&one).await.unwrap().items, whole[..2]);
}

async fn projects_when_asked(store: Store) {
    let tenant = tenant(&store).await;
    let mut change = first_change("k");
    change.projects[0].project.role = Role::Template;
    let first = tenant.apply_state(&change, NOW).await.unwrap();
    let count = async |hidden, closed| {
        let filter = ProjectFilter { hidden, closed, ..ProjectFilter::default() };
        tenant.list_projects(&filter).await.unwrap().items.len()
    };
    assert_eq!((count(false, false).await, count(true, false).await), (0, 1));
    let mut gone = no_change("k", &first);
    gone.closed_projects =
        tenant.load_state(first.repository).await.unwrap().projects.iter().map(|p| p.id).collect();
    tenant.apply_state(&gone, LATER).await.unwrap();
    assert_eq!((count(true, false).await, count(true, true).await), (0, 1));
}

async fn tasks_by_line(store: Store) {
    let tenant = three(&store).await;
    let whole = tenant.list_tasks(&TaskFilter::default()).await.unwrap().items;
    assert_eq!(whole.len(), 6);
    assert!(whole.is_sorted_by_key(|r| (r.repository, r.path.clone(), r.found.line)));
    assert_eq!((whole[0].project_path.as_deref(), whole[1].parent), (Some("a"), Some(whole[0].id)));
    for limit in 1..7 {
        assert_eq!(paged!(tenant, list_tasks, TaskFilter::default(), limit), whole);
    }
    let count = async |filter: TaskFilter| tenant.list_tasks(&filter).await.unwrap().items.len();
    let filter = TaskFilter::default();
    assert_eq!(count(TaskFilter { kind: Some(TaskKind::Comment), ..filter }).await, 0);
    assert_eq!(count(TaskFilter { kind: Some(TaskKind::Checkbox), ..filter }).await, 6);
    assert_eq!(count(TaskFilter { state: Some(TaskState::InProgress), ..filter }).await, 6);
    assert_eq!(count(TaskFilter { state: Some(TaskState::Done), ..filter }).await, 0);
    assert_eq!(count(TaskFilter { project: whole[0].project, ..filter }).await, 2);
    assert_eq!(count(TaskFilter { repository: Some(whole[0].repository), ..filter }).await, 2);
}

async fn newest_first(store: Store) {
    let tenant = three(&store).await;
    let repositories = tenant.list_repositories(&RepositoryFilter::default()).await.unwrap().items;
    for n in 0..9 {
        let repository = repositories[n as usize % 3].repository.id;
        tenant.append_commits(repository, &[commit(n / 2, &["a/x"])], Standing::default()).await.unwrap();
    }
    let whole = tenant.list_commits(&CommitFilter::default()).await.unwrap().items;
    assert_eq!(whole.len(), 9);
    assert!(whole.is_sorted_by_key(|r| std::cmp::Reverse((r.commit.committer.time.seconds, r.id))));
    for limit in 1..10 {
        assert_eq!(paged!(tenant, list_commits, CommitFilter::default(), limit), whole);
    }
    let filter = CommitFilter { repository: Some(repositories[1].repository.id), ..CommitFilter::default() };
    let one = paged!(tenant, list_commits, filter, 2);
    assert!(one.len() == 3 && one.iter().all(|r| Some(r.repository) == filter.repository));
    let filter = CommitFilter { project: Some(one[0].projects[0].0), ..CommitFilter::default() };
    assert_eq!(paged!(tenant, list_commits, filter, 2), one);
    assert_eq!(
        tenant.list_commits(&CommitFilter { limit: MAX_PAGE + 1, ..filter }).await.unwrap().items,
        one
    );
}

async fn own_commits(store: Store) {
    let tenant = three(&store).await;
    let other = named(&store, "other").await;
    let theirs = other.apply_state(&first_change("k"), NOW).await.unwrap();
    other.append_commits(theirs.repository, &[commit(1, &["a/x"])], Standing::default()).await.unwrap();
    assert_eq!(tenant.list_commits(&CommitFilter::default()).await.unwrap().items, []);
    let filter = CommitFilter { repository: Some(theirs.repository), ..CommitFilter::default() };
    assert_eq!(tenant.list_commits(&filter).await.unwrap().items, []);
    assert_eq!(other.list_commits(&filter).await.unwrap().items.len(), 1);
}
