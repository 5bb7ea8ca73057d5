//! A hundred tenants: one with 10,000 projects and 100,000 tasks in 100 repositories, and 99 with some 400,000 rows
//! together. Written through the store.

use muster_model::{FoundTask, ManifestLine, Project, Role, Status, TaskKind, TaskState};
use muster_store::{
    NewTenant, ProjectChange, ProjectRef, RepositoryFacts, StateChange, Store, TaskChange, Tenant, Timestamp,
};

const NOW: Timestamp = Timestamp(1_700_000_000_000);

/// Fills an empty store; gives the large tenant, which comes in the middle.
pub(crate) async fn fill(store: &Store) -> Tenant {
    let mut large = None;
    for n in 0..100 {
        let subdomain = format!("tenant-{n:02}");
        let new = NewTenant { subdomain, ..NewTenant::default() };
        let tenant = store.create_tenant(&new, NOW).await.unwrap();
        let (repositories, projects, tasks) = if n == 50 { (100, 100, 1000) } else { (4, 50, 900) };
        for repository in 0..repositories {
            tenant.apply_state(&state(repository, projects, tasks), NOW).await.unwrap();
        }
        if n == 50 {
            large = Some(tenant);
        }
    }
    large.unwrap()
}

fn state(repository: usize, projects: usize, tasks: usize) -> StateChange {
    StateChange {
        facts: RepositoryFacts {
            source_key: format!("https://example.com/made/up-{repository}"),
            name: format!("up-{repository}"),
            clone_url: None,
            branch: Some("main".into()),
            head: None,
            dirty: false,
            shallow: false,
            extractor_version: 3,
        },
        base: None,
        projects: (0..projects).map(project).collect(),
        closed_projects: vec![],
        tasks: (0..tasks).map(|n| task(n, projects)).collect(),
        closed_tasks: vec![],
        submodules: None,
        extracts: vec![],
        dropped_extracts: vec![],
        problems: vec![],
        project_count: projects,
        task_count: tasks,
    }
}

fn directory(n: usize) -> String {
    format!("packages/package-{n:03}")
}

fn project(n: usize) -> ProjectChange {
    let path = directory(n);
    let project = Project {
        name: format!("@made-up/package-{n:03}"),
        description: Some("Reads what it is given and writes what it has read.".into()),
        version: Some("1.4.2".into()),
        project_type: if n.is_multiple_of(3) { "rust" } else { "npm" }.into(),
        role: Role::Primary,
        populated: true,
        submodule: None,
        parent_path: None,
        workspace_path: None,
        status: Status::Active,
        total_tasks: 10,
        completed_tasks: 4,
        todo_count: 2,
        manifests: vec![ManifestLine {
            detector: "npm".into(),
            path: format!("{path}/package.json"),
            name: Some(format!("@made-up/package-{n:03}")),
            version: Some("1.4.2".into()),
        }],
        declared: None,
        documents: vec![format!("{path}/README.md")],
        problems: vec![],
        path,
    };
    ProjectChange { id: None, project, left: None, reopened: false }
}

/// Ten of a project on the average; one in five is a comment, one in three is open.
fn task(n: usize, projects: usize) -> TaskChange {
    let comment = n.is_multiple_of(5);
    let states = [TaskState::Open, TaskState::Done, TaskState::Done, TaskState::InProgress];
    let state = if comment { TaskState::Open } else { states[n % 4] };
    let project = n * 7919 % projects;
    let found = FoundTask {
        kind: if comment { TaskKind::Comment } else { TaskKind::Checkbox },
        key: (!comment).then(|| format!("P{}-T{n:04}", n % 7)),
        title: format!("Handle case {n} of the parser where the first line is empty"),
        state,
        line: 1 + n as u64,
        parent: None,
        section: (!comment).then(|| format!("Phase {}", n % 7)),
        tag: comment.then(|| "TODO".into()),
        assignee: None,
        references: vec![],
        surroundings: format!("{n:016x}"),
    };
    let file = if comment { format!("src/module-{:02}.ts", n % 20) } else { "TASKLIST.md".into() };
    TaskChange {
        id: None,
        found,
        path: format!("{}/{file}", directory(project)),
        place: 0,
        project: Some(ProjectRef::New(project)),
        parent: None,
    }
}
