//! Small values for the laws to work with.

use muster_model::{
    Commit, FileExtract, FoundTask, ManifestLine, Moment, ObjectId, Person, Problem, ProblemKind, Project,
    Reference, Relation, Role, Status, SubmoduleLine, TaskKind, TaskState,
};
use muster_store::{
    Actor, Applied, CommitRow, ExtractKey, HistoryProgress, LookChange, NewTenant, ProjectChange, ProjectRef,
    RefChange, RepositoryFacts, RepositoryId, StateChange, Store, StoreError, StoredExtract, TaskChange,
    TaskRef, Tenant, Timestamp,
};

pub(crate) const NOW: Timestamp = Timestamp(1_700_000_000_000);
pub(crate) const LATER: Timestamp = Timestamp(1_700_000_060_000);

/// Texts that databases and encodings have been known to trip over.
pub(crate) const ODD: &str =
    "a\0b \u{1}\u{7f} \"q\" \\ \u{2028}\u{feff}\u{ffff} 👩\u{200d}💻 \r\n \u{202e}x\0";

/// The tenant that most laws work with, made where it is missing.
pub(crate) async fn tenant(store: &Store) -> Tenant {
    match store.tenant_by_subdomain("acme").await.unwrap() {
        Some(record) => store.tenant(record.id),
        None => named(store, "acme").await,
    }
}

/// Who does it.
pub(crate) fn actor() -> Actor {
    Actor::command_line(Some("ada"))
}

/// A new tenant.
pub(crate) async fn named(store: &Store, subdomain: &str) -> Tenant {
    store.create_tenant(&new_tenant(subdomain), NOW).await.unwrap()
}

pub(crate) fn new_tenant(subdomain: &str) -> NewTenant {
    NewTenant { subdomain: subdomain.to_owned(), ..NewTenant::default() }
}

pub(crate) fn id(n: u32) -> ObjectId {
    let mut bytes = [0xab; 20];
    bytes[..4].copy_from_slice(&n.to_be_bytes());
    ObjectId::from_bytes(&bytes).unwrap()
}

pub(crate) fn facts(key: &str) -> RepositoryFacts {
    RepositoryFacts {
        source_key: key.into(),
        name: "one".into(),
        clone_url: Some(key.into()),
        branch: Some("main".into()),
        head: Some(id(1)),
        dirty: false,
        shallow: false,
        extractor_version: 3,
    }
}

pub(crate) fn project(path: &str) -> Project {
    Project {
        path: path.into(),
        name: format!("project {path}"),
        description: Some(ODD.into()),
        version: None,
        project_type: "rust".into(),
        role: Role::Primary,
        populated: true,
        submodule: None,
        parent_path: Some(".".into()),
        workspace_path: None,
        status: Status::Active,
        total_tasks: 2,
        completed_tasks: 1,
        todo_count: 3,
        manifests: vec![ManifestLine {
            detector: "rust".into(),
            path: format!("{path}/Cargo.toml"),
            name: Some(ODD.into()),
            version: Some("1.0.0".into()),
        }],
        declared: Some(serde_json::json!({ "status": [ODD, 1, null] })),
        documents: vec!["PLAN.md".into()],
        problems: vec![ODD.into()],
    }
}

pub(crate) fn found(title: &str, line: u64) -> FoundTask {
    FoundTask {
        kind: TaskKind::Checkbox,
        key: Some("P1-T01".into()),
        title: title.into(),
        state: TaskState::InProgress,
        line,
        parent: None,
        section: Some(ODD.into()),
        tag: None,
        assignee: Some("ada".into()),
        references: vec!["#1".into(), ODD.into()],
        surroundings: "0123456789abcdef".into(),
    }
}

/// A project at `a` with two tasks, the second below the first; a submodule; an extract.
pub(crate) fn first_change(key: &str) -> StateChange {
    let task = |n: usize, parent| TaskChange {
        id: None,
        found: found(ODD, n as u64 + 1),
        path: "a/TASKLIST.md".into(),
        place: n,
        project: Some(ProjectRef::New(0)),
        parent,
    };
    StateChange {
        facts: facts(key),
        base: None,
        projects: vec![ProjectChange { id: None, project: project("a"), left: None, reopened: false }],
        closed_projects: vec![],
        tasks: vec![task(0, None), task(1, Some(TaskRef::New(0)))],
        closed_tasks: vec![],
        submodules: Some(vec![SubmoduleLine {
            path: "sub".into(),
            url: None,
            commit: Some(id(7).to_string()),
            populated: false,
        }]),
        extracts: vec![extract("a/TASKLIST.md", 1)],
        dropped_extracts: vec![],
        problems: vec![Problem::at(ODD, ProblemKind::Unreadable, ODD)],
        project_count: 1,
        task_count: 2,
    }
}

/// A change of nothing on top of what was applied.
pub(crate) fn no_change(key: &str, applied: &Applied) -> StateChange {
    StateChange {
        base: Some((applied.repository, applied.revision)),
        projects: vec![],
        tasks: vec![],
        submodules: None,
        extracts: vec![],
        problems: vec![],
        ..first_change(key)
    }
}

pub(crate) fn extract(path: &str, n: u32) -> StoredExtract {
    let extract = FileExtract { checkboxes: vec![found(ODD, u64::from(n))], ..FileExtract::default() };
    StoredExtract { path: path.into(), key: ExtractKey { blob: id(n), extractor_version: 3 }, extract }
}

/// The n-th commit of a line, one second after the one before.
pub(crate) fn commit(n: u32, paths: &[&str]) -> CommitRow {
    let person = |name: &str, offset_minutes| Person {
        name: name.into(),
        email: format!("{name}@example.com"),
        time: Moment { seconds: i64::from(n), offset_minutes },
    };
    CommitRow {
        commit: Commit {
            id: id(n),
            parents: if n == 0 { vec![] } else { vec![id(n - 1), id(1000)] },
            author: person("ada", 90),
            committer: person("", -90),
            message: format!("{n} {ODD}"),
            paths: paths.iter().map(|path| (*path).to_owned()).collect(),
            paths_complete: n != 3,
        },
        references: vec![
            Reference {
                start: 3,
                end: 5,
                target: "#12".into(),
                relation: Relation::Closes,
                rule: "number.closes".into(),
            },
            Reference {
                start: 9,
                end: 12,
                target: ODD.into(),
                relation: Relation::Mentions,
                rule: "key".into(),
            },
        ],
    }
}

/// Settles a line as a scan does: the tip of a ref, where everything that it reaches is stored. Gives the revision afterwards.
pub(crate) async fn settle_line(
    tenant: &Tenant,
    repository: RepositoryId,
    name: &str,
    tip: Option<u32>,
    whole: bool,
) -> Result<i64, StoreError> {
    let revision = tenant.stored_refs(repository).await?.repository.revision;
    let put = tip.filter(|_| whole).map(|n| RefChange { name: name.to_owned(), tip: Some(id(n)) });
    let history = if whole { HistoryProgress::Complete } else { HistoryProgress::Partial };
    let change = LookChange {
        refs: put.into_iter().collect(),
        history: Some(history),
        ..LookChange::nothing(repository, revision)
    };
    let settled = tenant.settle_look(&change, None, NOW).await?;
    Ok(settled.map_or(revision, |settled| settled.revision))
}
