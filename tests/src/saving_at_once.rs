//! Several tasks of one process save scans of one repository at once: each succeeds, and what is left is what one of
//! them would leave.

use std::sync::Arc;

use muster_engine::{HistoryWriter, Snapshot, WalkEnd, save};
use muster_model::{Commit, Moment, ObjectId, Person};
use muster_store::{
    CommitFilter, DatabaseUrl, HistoryProgress, ProjectFilter, Store, TaskFilter, Tenant, Timestamp,
};
use tokio::task::JoinSet;

use crate::made::{Made, scanned};
use crate::scratch::ScratchDatabase;

const TASKS: usize = 12;
const NOW: Timestamp = Timestamp(1_700_000_000_000);

/// Three states of a repository, each with a project and tasks of its own.
fn snapshots() -> Vec<Arc<Snapshot>> {
    let made = Made::new();
    let states = ["a", "b", "c"].map(|name| {
        made.write("package.json", format!(r#"{{"name": "{name}"}}"#));
        made.write("TASKLIST.md", format!("# {name}\n\n- [ ] T1: {name}\n- [x] T2: always\n"));
        made.write(format!("{name}/Cargo.toml"), format!("[package]\nname = \"{name}\"\n"));
        made.commit(name);
        Arc::new(scanned(&made.root, None, false, false).snapshot)
    });
    states.into()
}

fn commit(n: u32) -> Commit {
    let id = |n: u32| {
        let mut bytes = [0xcd; 20];
        bytes[..4].copy_from_slice(&n.to_be_bytes());
        ObjectId::from_bytes(&bytes).unwrap()
    };
    let person = Person {
        name: format!("person {}", n % 7),
        email: "p@example.com".into(),
        time: Moment { seconds: i64::from(n), offset_minutes: 0 },
    };
    Commit {
        id: id(n),
        parents: n.checked_sub(1).map(id).into_iter().collect(),
        author: person.clone(),
        committer: person,
        message: format!("commit {n}"),
        paths: vec![format!("a/{}", n % 11), "TASKLIST.md".into()],
        paths_complete: true,
    }
}

/// What a task saves: the state, then the history, as a scan does.
async fn save_all(tenant: Tenant, snapshot: Arc<Snapshot>) {
    let saved = save(&tenant, &snapshot, NOW).await.unwrap();
    let mut writer = HistoryWriter::begin(tenant, saved.repository, NOW).await.unwrap();
    for n in (0..1500).rev() {
        writer.push(commit(n), vec![]).await.unwrap();
    }
    let end = WalkEnd { reference: "refs/heads/trunk".into(), tip: Some(commit(1499).id), whole: true };
    writer.finish(&end, NOW).await.unwrap();
}

async fn at_once(store: &Store) {
    let tenant = store.tenant_by_name_or_create_default("default", NOW).await.unwrap().unwrap();
    let snapshots = snapshots();
    let mut tasks = JoinSet::new();
    for n in 0..TASKS {
        tasks.spawn(save_all(tenant.clone(), Arc::clone(&snapshots[n % snapshots.len()])));
    }
    while let Some(task) = tasks.join_next().await {
        task.unwrap();
    }
    let repositories = tenant.list_repositories(&Default::default()).await.unwrap().items;
    let [listing] = &repositories[..] else { panic!("{repositories:?}") };
    assert_eq!((listing.commits, listing.repository.history), (1500, HistoryProgress::Complete));
    let commits = tenant.list_commits(&CommitFilter { limit: 500, ..CommitFilter::default() }).await.unwrap();
    assert!(commits.items.iter().all(|record| record.commit.paths.len() == 2));

    // The state is that of whoever saved last, whole: project, tasks and totals belong together.
    let projects = tenant.list_projects(&ProjectFilter::default()).await.unwrap().items;
    let root = projects.iter().find(|record| record.project.path == ".").unwrap();
    let name = root.project.name.as_str();
    let before: &[&str] = match name {
        "a" => &[".", "a"],
        "b" => &[".", "a", "b"],
        "c" => &[".", "a", "b", "c"],
        other => panic!("{other}"),
    };
    let paths: Vec<_> = projects.iter().map(|record| record.project.path.as_str()).collect();
    assert_eq!(paths, before);
    let tasks = tenant.list_tasks(&TaskFilter::default()).await.unwrap().items;
    let titles: Vec<_> = tasks.iter().map(|record| record.found.title.as_str()).collect();
    assert_eq!(titles, [name, "always"]);
    assert_eq!((root.project.total_tasks, root.project.completed_tasks), (2, 1));
    let saved = save(&tenant, &snapshots[snapshots.len() - 1], NOW).await.unwrap();
    assert_eq!(
        (saved.projects.new, saved.projects.kept + saved.projects.back),
        (0, 4),
        "no project is there twice"
    );
}

#[tokio::test]
async fn tasks_at_once_leave_what_one_leaves_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&DatabaseUrl::Sqlite(folder.path().join("store.db"))).await.unwrap();
    at_once(&store).await;
}

#[tokio::test]
async fn tasks_at_once_leave_what_one_leaves_on_postgresql() {
    let database = ScratchDatabase::new().await;
    let store = Store::open(&database.url()).await.unwrap();
    at_once(&store).await;
    store.close().await;
    database.remove().await;
}
