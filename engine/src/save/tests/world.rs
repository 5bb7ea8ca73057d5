//! A small made-up repository that snapshots are taken of, and everything that a store says about it.

use muster_model::{
    FileExtract, FoundTask, ManifestLine, ObjectId, Problem, ProblemKind, Project, Role, Status,
    SubmoduleLine, Task, TaskKind, TaskState,
};
use muster_store::{
    CommitFilter, DatabaseUrl, ProjectFilter, RepositoryFilter, Store, TaskFilter, TaskRecord, Tenant,
    Timestamp,
};
use tempfile::TempDir;

use crate::{ExtractRow, Snapshot};

pub(super) const KEY: &str = "https://example.com/some/where";

/// An empty store with one tenant.
pub(super) async fn fresh() -> (Tenant, Store, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&DatabaseUrl::Sqlite(folder.path().join("store.db"))).await.unwrap();
    let tenant = store.tenant_by_name_or_create_default("default", at(0)).await.unwrap().unwrap();
    (tenant, store, folder)
}

pub(super) fn at(minute: i64) -> Timestamp {
    Timestamp(1_700_000_000_000 + minute * 60_000)
}

pub(super) fn object_id(n: u8) -> ObjectId {
    ObjectId::from_bytes(&[n; 20]).unwrap()
}

pub(super) fn project(path: &str, name: Option<&str>) -> Project {
    let manifest = ManifestLine {
        detector: "rust".into(),
        path: muster_model::join(path, "Cargo.toml"),
        name: name.map(Into::into),
        version: None,
    };
    Project {
        path: path.into(),
        name: name.unwrap_or(path).into(),
        description: None,
        version: Some("1.0.0".into()),
        project_type: "rust".into(),
        role: Role::Primary,
        populated: true,
        submodule: None,
        parent_path: (path != ".").then(|| ".".into()),
        workspace_path: None,
        status: Status::Active,
        total_tasks: 0,
        completed_tasks: 0,
        todo_count: 0,
        manifests: vec![manifest],
        declared: None,
        documents: vec![],
        problems: vec![],
    }
}

pub(super) fn task(path: &str, line: u64, title: &str, key: Option<&str>, parent: Option<usize>) -> Task {
    let found = FoundTask {
        kind: TaskKind::Checkbox,
        key: key.map(Into::into),
        title: title.into(),
        state: TaskState::Open,
        line,
        parent,
        section: None,
        tag: None,
        assignee: None,
        references: vec![],
        surroundings: "0".repeat(16),
    };
    let project_path = muster_model::parent(path).unwrap_or(".").to_owned();
    Task { found, path: path.into(), project_path, parent }
}

pub(super) fn snapshot(projects: Vec<Project>, tasks: Vec<Task>) -> Snapshot {
    let extract =
        FileExtract { checkboxes: vec![task("", 1, "x", None, None).found], ..FileExtract::default() };
    Snapshot {
        source_key: KEY.into(),
        name: "where".into(),
        clone_url: Some(KEY.into()),
        branch: Some("main".into()),
        head: Some(object_id(1)),
        dirty: false,
        shallow: false,
        projects,
        tasks,
        submodules: vec![SubmoduleLine { path: "sub".into(), url: None, commit: None, populated: false }],
        problems: vec![Problem::whole(ProblemKind::History, "history is cut off")],
        extracts: vec![ExtractRow { path: "a/TASKLIST.md".into(), blob: object_id(2), extract }],
        extractor_version: 1,
    }
}

/// Everything that the store says, but scan records.
pub(super) async fn dump(tenant: &Tenant) -> String {
    let mut text = String::new();
    for mut listing in tenant.list_repositories(&RepositoryFilter::default()).await.unwrap().items {
        listing.scanned_at = None;
        let id = listing.repository.id;
        text += &format!("{listing:#?}\n{:#?}\n", tenant.load_state(id).await.unwrap());
        text += &format!("{:#?}\n", tenant.load_extracts(id, 1).await.unwrap());
        text += &format!("{:#?}\n", tenant.stored_history(id).await.unwrap());
    }
    text + &format!("{:#?}", tenant.list_commits(&CommitFilter::default()).await.unwrap())
}

/// The open rows without ids: projects, and tasks with their project's path and their parent's place.
pub(super) async fn open_rows(tenant: &Tenant) -> String {
    let filter = ProjectFilter { hidden: true, ..ProjectFilter::default() };
    let projects = tenant.list_projects(&filter).await.unwrap().items;
    let projects: Vec<_> = projects.into_iter().map(|record| record.project).collect();
    let tasks = tenant.list_tasks(&TaskFilter::default()).await.unwrap().items;
    let place = |id| tasks.iter().position(|record: &TaskRecord| Some(record.id) == id);
    let tasks: Vec<_> =
        tasks.iter().map(|task| (&task.path, &task.found, &task.project_path, place(task.parent))).collect();
    format!("{projects:#?}\n{tasks:#?}")
}
