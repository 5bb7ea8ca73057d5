//! Rows for a large database: one great tenant among many small ones, the same rows in every run.

use muster_model::{
    Commit, FoundTask, ManifestLine, Moment, ObjectId, Person, Project, Reference, Relation, Role, Status,
    TaskKind, TaskState,
};
use muster_store::{CommitRow, ProjectChange, ProjectRef, RepositoryFacts, StateChange, TaskChange};

/// How much one repository holds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    pub(crate) projects: usize,
    pub(crate) tasks: usize,
    pub(crate) commits: usize,
}

fn directory(project: usize) -> String {
    format!("packages/group-{:02}/package-{project:05}", project % 17)
}

fn project(path: String, size: Size) -> ProjectChange {
    let name = path.rsplit('/').next().unwrap_or("root").to_owned();
    let tasks = size.tasks / size.projects.max(1);
    let project = Project {
        manifests: vec![ManifestLine {
            detector: "npm".into(),
            path: format!("{path}/package.json"),
            name: Some(name.clone()),
            version: Some("1.2.0".into()),
        }],
        name,
        description: Some(format!("What {path} is for, in a sentence of the usual length")),
        path,
        version: Some("1.2.0".into()),
        project_type: "npm".into(),
        role: Role::Primary,
        populated: true,
        submodule: None,
        parent_path: Some(".".into()),
        workspace_path: None,
        status: Status::Active,
        total_tasks: tasks as u64,
        completed_tasks: 0,
        todo_count: 0,
        declared: None,
        documents: vec!["README.md".into()],
        problems: vec![],
    };
    ProjectChange { id: None, project, left: None, reopened: false }
}

fn task(n: usize, size: Size) -> TaskChange {
    let owner = n % size.projects;
    let states =
        [TaskState::Open, TaskState::Open, TaskState::Done, TaskState::InProgress, TaskState::Blocked];
    // One in a thousand holds what PostgreSQL refuses.
    let odd = if n.is_multiple_of(1000) { "\0" } else { "" };
    let found = FoundTask {
        kind: if n.is_multiple_of(3) { TaskKind::Comment } else { TaskKind::Checkbox },
        key: Some(format!("P{owner}-T{n}")),
        title: format!("Task {n}{odd}: say what is to be done, and how it is known to be done"),
        state: states[n % states.len()],
        line: (n / size.projects) as u64 + 1,
        parent: None,
        section: Some("Soon".into()),
        tag: None,
        assignee: None,
        references: vec![format!("#{n}")],
        surroundings: format!("{n:016x}"),
    };
    TaskChange {
        id: None,
        found,
        path: format!("{}/TASKLIST.md", directory(owner)),
        place: 0,
        project: Some(ProjectRef::New(owner)),
        parent: None,
    }
}

/// The state of the n-th repository.
pub(crate) fn state(repository: usize, size: Size) -> StateChange {
    StateChange {
        facts: RepositoryFacts {
            source_key: format!("https://example.com/made/up-{repository}"),
            name: format!("up-{repository}"),
            clone_url: Some(format!("https://example.com/made/up-{repository}")),
            branch: Some("main".into()),
            head: None,
            dirty: false,
            shallow: false,
            extractor_version: 3,
        },
        base: None,
        projects: (0..size.projects).map(|n| project(directory(n), size)).collect(),
        closed_projects: vec![],
        tasks: (0..size.tasks).map(|n| task(n, size)).collect(),
        closed_tasks: vec![],
        submodules: None,
        extracts: vec![],
        dropped_extracts: vec![],
        problems: vec![],
        project_count: size.projects,
        task_count: size.tasks,
    }
}

fn object_id(repository: usize, n: usize) -> ObjectId {
    let mut bytes = [0; 20];
    // Spread as hashes are: a multiplier of Fibonacci hashing (Knuth, volume 3, section 6.4).
    let spread = ((repository as u64) << 32 | n as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bytes[..8].copy_from_slice(&spread.to_be_bytes());
    bytes[8..16].copy_from_slice(&(n as u64).to_be_bytes());
    ObjectId::from_bytes(&bytes).unwrap()
}

/// Commits of the n-th repository, eight paths each on the average.
pub(crate) fn commits(repository: usize, from: usize, to: usize, size: Size) -> Vec<CommitRow> {
    (from..to).map(|n| commit(repository, n, size)).collect()
}

fn commit(repository: usize, n: usize, size: Size) -> CommitRow {
    let owner = n * 7 % size.projects.max(1);
    let mut paths: Vec<String> = (0..1 + n % 15)
        .map(|file| format!("{}/src/component-{:03}.ts", directory(owner), (n / 3 + file) % 40))
        .collect();
    paths.sort();
    paths.dedup();
    let person = |who: usize| Person {
        name: format!("Contributor {}", who % 120),
        email: format!("contributor-{}@example.com", who % 120),
        time: Moment { seconds: 1_400_000_000 + n as i64 * 900, offset_minutes: 60 },
    };
    let message = format!(
        "fix(package-{owner}): handle case {n} of the parser (#{n})\n\nIt gave up at an empty line.\n"
    );
    let start = message.find("(#").unwrap_or_default() + 1;
    let reference = Reference {
        start,
        end: start + format!("#{n}").len(),
        target: format!("#{n}"),
        relation: Relation::Pr,
        rule: "number.pr".into(),
    };
    let commit = Commit {
        id: object_id(repository, n),
        parents: if n == 0 { vec![] } else { vec![object_id(repository, n - 1)] },
        author: person(n),
        committer: person(n / 3),
        message,
        paths,
        paths_complete: true,
    };
    CommitRow { commit, references: vec![reference] }
}
