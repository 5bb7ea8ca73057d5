//! Three documents that the pictures are taken of.

use muster_model::{
    Document, ManifestLine, Problem, ProblemKind, Project, RepositoryLine, Role, SCHEMA_VERSION, Stats,
    Status, SubmoduleLine, TaskKind, TaskLine, TaskState, Tool,
};

fn project(path: &str, name: &str, project_type: &str) -> Project {
    Project {
        path: path.to_owned(),
        name: name.to_owned(),
        description: None,
        version: None,
        project_type: project_type.to_owned(),
        role: Role::Primary,
        populated: true,
        submodule: None,
        parent_path: (path != ".").then(|| ".".to_owned()),
        workspace_path: None,
        status: Status::Active,
        total_tasks: 0,
        completed_tasks: 0,
        todo_count: 0,
        manifests: Vec::new(),
        declared: None,
        documents: Vec::new(),
        problems: Vec::new(),
    }
}

fn with_tasks(project: Project, completed_tasks: u64, total_tasks: u64) -> Project {
    Project { completed_tasks, total_tasks, ..project }
}

fn document(source: &str, projects: Vec<Project>) -> Document {
    let mut stats = Stats { files: 120, directories: 14, bytes: 345_678, elapsed_ms: 12, ..Stats::default() };
    for project in &projects {
        *stats.by_role.entry(project.role.as_str().to_owned()).or_default() += 1;
    }
    Document {
        schema_version: SCHEMA_VERSION,
        tool: Tool { name: "muster".to_owned(), version: "0.1.0".to_owned() },
        repository: RepositoryLine {
            source: source.to_owned(),
            revision: None,
            head: Some("1a2b3c4d5e6f7a8b9c0d1a2b3c4d5e6f7a8b9c0d".to_owned()),
            branch: Some("main".to_owned()),
            remote_url: None,
            dirty: false,
            shallow: false,
            object_format: Some("sha1".to_owned()),
            commit_count: None,
        },
        projects,
        tasks: Vec::new(),
        submodules: Vec::new(),
        problems: Vec::new(),
        stats,
    }
}

/// A root with three packages, an example below one of them, and two hidden fixtures.
pub(crate) fn npm_monorepo() -> Document {
    let root = Project { version: Some("2.1.0".to_owned()), todo_count: 3, ..project(".", "acme", "npm") };
    let member = |path: &str, name: &str, version: &str| Project {
        version: Some(version.to_owned()),
        workspace_path: Some(".".to_owned()),
        manifests: vec![ManifestLine {
            detector: "npm".to_owned(),
            path: format!("{path}/package.json"),
            name: Some(name.to_owned()),
            version: Some(version.to_owned()),
        }],
        ..project(path, name, "npm")
    };
    let example = Project {
        parent_path: Some("packages/core".to_owned()),
        role: Role::Example,
        ..project("packages/core/examples/basic", "basic", "npm")
    };
    let mut document = document(
        "https://example.org/acme/acme",
        vec![
            root,
            Project { todo_count: 1204, ..member("packages/core", "@acme/core", "2.1.0") },
            example,
            with_tasks(member("packages/ui", "@acme/ui", "2.1.0-beta.1"), 3, 8),
            member("packages/日本語", "@acme/i18n", "0.3.0"),
        ],
    );
    document.tasks.push(TaskLine {
        id: "t1".to_owned(),
        kind: TaskKind::Checkbox,
        key: Some("P1-T01".to_owned()),
        title: "Draw the first button".to_owned(),
        state: TaskState::Done,
        path: "packages/ui/TASKLIST.md".to_owned(),
        line: 3,
        parent_id: None,
        section: Some("Phase 1".to_owned()),
        tag: None,
        assignee: None,
        references: vec!["#12".to_owned()],
        project_path: "packages/ui".to_owned(),
    });
    document.repository.commit_count = Some(12_345);
    document.stats.skipped_files = 2;
    document.stats.hidden_projects = 2;
    document.stats.by_role.insert("fixture".to_owned(), 2);
    document
}

/// A master with two categories and four submodules, one of which is not populated.
pub(crate) fn coditect_master() -> Document {
    let mut projects = vec![with_tasks(project(".", "Rollout Master", "coditect"), 89, 620)];
    let mut submodules = Vec::new();
    for (category, names) in
        [("cloud", ["cloud-backend", "cloud-frontend"]), ("docs", ["docs-site", "docs-training"])]
    {
        let above = format!("submodules/{category}");
        projects.push(Project { role: Role::Group, ..project(&above, category, "generic") });
        for (place, name) in names.into_iter().enumerate() {
            let path = format!("{above}/{name}");
            let populated = name != "docs-training";
            projects.push(Project {
                populated,
                parent_path: Some(above.clone()),
                submodule: Some(path.clone()),
                ..if populated {
                    with_tasks(project(&path, name, "coditect"), 4 + place as u64, 5)
                } else {
                    project(&path, name, "generic")
                }
            });
            submodules.push(SubmoduleLine {
                url: Some(format!("https://example.org/acme/{name}")),
                commit: Some(format!("{place}f").repeat(20)),
                populated,
                path,
            });
        }
    }
    projects[0].problems.push("frontmatter says complete; 531 of 620 boxes are open".to_owned());
    Document { submodules, ..document("/srv/master", projects) }
}

/// Names that a terminal would obey, and something wrong everywhere.
pub(crate) fn hostile_names() -> Document {
    let mut root = project(".", "evil\u{1b}[31mred\u{7}", "generic");
    root.problems.push("two manifests\nclaim one name".to_owned());
    let hidden = Project {
        version: Some("1.0\u{1b}]0;title\u{7}".to_owned()),
        role: Role::Docs,
        status: Status::OnHold,
        ..project("a\u{202e}gpj.exe", "two\nlines", "npm")
    };
    let long = project(
        &format!("{}/{}", "deep/".repeat(10).trim_end_matches('/'), "x".repeat(60)),
        "zero\u{200b}width",
        "rust",
    );
    let mut document = document("/srv/\u{1b}]8;;evil\u{1b}\\x", vec![root, hidden, long]);
    for number in 1..=6 {
        let at = format!("p{number}/package.json");
        document.problems.push(Problem::at(
            at,
            ProblemKind::BrokenManifest,
            "expected value at line 1 column 1",
        ));
    }
    document.problems.push(Problem::at("a\u{1b}b", ProblemKind::Unreadable, "permission denied"));
    document.problems.push(Problem::whole(ProblemKind::Head, "HEAD names a branch that does not exist"));
    document.repository.head = None;
    document.repository.dirty = true;
    document
}
