//! What must hold for every tree.

use std::collections::BTreeSet;

use muster_detectors::{AssembleInput, Ruleset};
use muster_model::{Project, ancestors, join, parent};
use proptest::prelude::*;

use crate::case::{Case, Node};

/// Every file name that some detector reads.
const NAMES: &[&str] = &[
    "TASKLIST.md",
    "PROJECT-PLAN.md",
    "TASKLIST-WITH-CHECKBOXES.md",
    ".coditect/project.yml",
    "package.json",
    "pnpm-workspace.yaml",
    "lerna.json",
    "pyproject.toml",
    "setup.cfg",
    "setup.py",
    "requirements.txt",
    "Cargo.toml",
    "go.mod",
    ".muster.toml",
];

const DIRECTORIES: &[&str] = &[
    ".",
    "a",
    "a/b",
    "a/b/c",
    "a-b",
    "packages/x",
    "packages/y",
    "packages/x/nested",
    "test/t",
    "vendor/v",
    "vendor/v/node_modules/n",
    "docs/project-management",
    "submodules/core",
    "submodules/core/deep",
    "{{t}}",
];

fn contents(name: &str) -> &'static [&'static str] {
    match name {
        "TASKLIST.md" | "PROJECT-PLAN.md" | "TASKLIST-WITH-CHECKBOXES.md" => {
            &["- [ ] a\n- [x] b\n", "---\ntitle: T - Task List\nstatus: on-hold\n---\n- [x] a\n", "{{x}}"]
        }
        ".coditect/project.yml" => &["project:\n  name: P\n", "project: ["],
        "package.json" => &[
            r#"{"name":"n","version":"1"}"#,
            r#"{"name":"w","workspaces":["packages/*","test/*","vendor/*"]}"#,
            r#"{"workspaces":["**"]}"#,
            r#"{"type":"module"}"#,
            "{",
        ],
        "pnpm-workspace.yaml" => &["packages: ['**', '!test/**']", "packages: x"],
        "lerna.json" => &[r#"{"packages":["a/*"]}"#],
        "pyproject.toml" => &[
            "[project]\nname='p'\ndynamic=['version']\n[tool.setuptools.dynamic]\nversion={file='VERSION'}\n",
            "[tool.uv.workspace]\nmembers=['**']\nexclude=['a']\n",
            "",
        ],
        "setup.cfg" => &["[metadata]\nname = c\nversion = attr: m.V\n", "[flake8]\n"],
        "setup.py" => &["setup(name='s', version='2')"],
        "requirements.txt" => &["x"],
        "Cargo.toml" => &[
            "[package]\nname='r'\nversion.workspace=true\n",
            "[workspace]\nmembers=['**']\nexclude=['a']\n[workspace.package]\nversion='7'\n",
            "[package]\nname='d'\n[dependencies]\nx={path='../../vendor/v'}\n[workspace]\n",
            "[package]\nname='o'\nworkspace='..'\n",
        ],
        "go.mod" => &["module example.com/m\n", ""],
        _ => &["[roles]\n'a/**'='docs'\n'packages/x'='example'\n", "tasklists=['**/notes.md']\n"],
    }
}

fn a_file() -> impl Strategy<Value = (String, Node)> {
    (prop::sample::select(DIRECTORIES), prop::sample::select(NAMES), any::<prop::sample::Index>()).prop_map(
        |(directory, name, index)| {
            let content = *index.get(contents(name));
            (join(directory, name), Node::File(content.into()))
        },
    )
}

fn other() -> impl Strategy<Value = (String, Node)> {
    prop::sample::select(vec![
        ("submodules/core/one".to_owned(), Node::Gitlink),
        ("submodules/docs/two".to_owned(), Node::Gitlink),
        ("vendor/g".to_owned(), Node::Gitlink),
        ("a/b/x.rs".to_owned(), Node::File(b"// TODO: x\n".to_vec())),
        ("a/__init__.py".to_owned(), Node::File(Vec::new())),
        ("a/notes.md".to_owned(), Node::File(b"- [x] n\n".to_vec())),
        ("VERSION".to_owned(), Node::File(b"9\n".to_vec())),
        ("package.json".to_owned(), Node::Symlink),
        ("a/Cargo.toml".to_owned(), Node::Unread(9_000_000)),
    ])
}

prop_compose! {
    fn trees()(
        files in prop::collection::vec(prop_oneof![8 => a_file(), 2 => other()], 0..24),
        all in any::<bool>(),
    ) -> Case {
        Case { nodes: files.into_iter().collect(), all, ..Case::default() }
    }
}

fn find<'p>(projects: &'p [Project], path: &str) -> Option<&'p Project> {
    projects.iter().find(|project| project.path == path)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn at_most_one_project_a_directory_and_the_nearest_above_is_the_parent(case in trees()) {
        let projects = case.assemble().projects;
        let paths: BTreeSet<&str> = projects.iter().map(|project| project.path.as_str()).collect();
        prop_assert_eq!(paths.len(), projects.len());
        prop_assert!(paths.contains("."));
        prop_assert!(projects.is_sorted_by_key(|project| &project.path));
        for project in &projects {
            let nearest = ancestors(&project.path).find(|above| paths.contains(above));
            prop_assert_eq!(project.parent_path.as_deref(), nearest);
            prop_assert!(project.workspace_path.as_deref().is_none_or(|root| paths.contains(root)));
            prop_assert!(project.workspace_path.as_deref() != Some(&project.path));
        }
    }

    #[test]
    fn the_list_holds_exactly_what_the_totals_count(case in trees()) {
        let assembly = case.assemble();
        for project in &assembly.projects {
            let own = assembly.tasks.iter().filter(|task| task.project_path == project.path);
            let boxes = own.clone().filter(|task| task.found.kind == muster_model::TaskKind::Checkbox).count();
            prop_assert_eq!(boxes as u64, project.total_tasks);
            prop_assert_eq!((own.count() - boxes) as u64, project.todo_count);
        }
        prop_assert!(assembly.tasks.is_sorted_by_key(|task| (&task.path, task.found.line)));
        for (at, task) in assembly.tasks.iter().enumerate() {
            prop_assert!(task.parent.is_none_or(|parent| parent < at && assembly.tasks[parent].path == task.path));
        }
    }

    #[test]
    fn the_order_of_reading_does_not_matter((case, order) in trees().prop_flat_map(|case| {
        let paths: Vec<String> = case.nodes.keys().cloned().collect();
        (Just(case), Just(paths).prop_shuffle())
    })) {
        let muster = match case.nodes.get(".muster.toml") {
            Some(Node::File(text)) => Some(text.as_slice()),
            _ => None,
        };
        let (ruleset, _) = Ruleset::new(None, muster);
        let (extracts, answers) = case.read(&ruleset, order.iter());
        let (shuffled, _) = case.join(&ruleset, &extracts, &answers, &[]);
        let (again, _) = case.join(&ruleset, &extracts, &answers, &[]);
        let (extracts, answers) = case.read(&ruleset, case.nodes.keys());
        let (straight, _) = case.join(&ruleset, &extracts, &answers, &[]);
        prop_assert_eq!(&shuffled, &straight);
        prop_assert_eq!(&shuffled, &again);
    }

    #[test]
    fn what_is_read_besides_changes_nothing_that_is_not_asked_for(case in trees()) {
        let muster = match case.nodes.get(".muster.toml") {
            Some(Node::File(text)) => Some(text.as_slice()),
            _ => None,
        };
        let (ruleset, _) = Ruleset::new(None, muster);
        let (some, everything) = (Case { all: false, ..case.clone() }, Case { all: true, ..case });
        let (extracts, answers) = everything.read(&ruleset, everything.nodes.keys());
        let (from_everything, _) = some.join(&ruleset, &extracts, &answers, &[]);
        let (extracts, answers) = some.read(&ruleset, some.nodes.keys());
        let (from_some, _) = some.join(&ruleset, &extracts, &answers, &[]);
        prop_assert_eq!(from_everything, from_some);
    }

    #[test]
    fn a_weaker_manifest_leaves_the_stronger_one_be(
        case in trees(),
        directory in prop::sample::select(&["a", "packages/x", "."][..]),
        strong in prop::sample::select(&["TASKLIST.md", "package.json", "pyproject.toml", "Cargo.toml"][..]),
        weak in prop::sample::select(&["requirements.txt", "go.mod", "Cargo.toml", "setup.cfg"][..]),
    ) {
        let rank = |name: &str| NAMES.iter().position(|known| *known == name);
        prop_assume!(rank(weak) > rank(strong) || weak == "requirements.txt");
        let weaker = join(directory, weak);
        prop_assume!(!case.nodes.contains_key(&weaker));
        let base = Case { all: true, ..case };
        let without = base.file(join(directory, strong), contents(strong)[0]);
        let with = without.clone().file(&weaker, contents(weak)[0]);
        let (without, with) = (without.assemble(), with.assemble());
        prop_assert_eq!(without.projects.len(), with.projects.len());
        for (old, new) in without.projects.iter().zip(&with.projects) {
            let mut new = new.clone();
            if new.path == directory {
                let place = new.manifests.iter().position(|manifest| manifest.path == weaker);
                let place = place.expect("every manifest of a project is listed");
                let (stronger, weaker_still) = (&new.manifests[..place], &new.manifests[place + 1..]);
                prop_assert!(old.name == new.name || stronger.iter().all(|manifest| manifest.name.is_none()));
                prop_assert!(
                    old.version == new.version || stronger.iter().all(|manifest| manifest.version.is_none())
                );
                let was_open = old.description.is_none() || !weaker_still.is_empty();
                prop_assert!(old.description == new.description || was_open);
                if old.workspace_path != new.workspace_path {
                    new.role = old.role;
                }
                new.workspace_path.clone_from(&old.workspace_path);
                new.name.clone_from(&old.name);
                new.version.clone_from(&old.version);
                new.description.clone_from(&old.description);
                new.manifests.clone_from(&old.manifests);
                new.problems.clone_from(&old.problems);
            }
            prop_assert_eq!(old, &new);
        }
        prop_assert_eq!(without.tasks, with.tasks);
    }

    #[test]
    fn nothing_panics_on_arbitrary_bytes(
        name in prop::sample::select(NAMES),
        content in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..400),
            "[\\[\\]{}()\"'#=:,.\\\\a-c\n\r\t *!|&<-]{0,200}".prop_map(String::into_bytes),
        ],
    ) {
        let case = Case::default().file(name, content.clone()).file("a/package.json", "{}").file("a/x.py", content);
        let assembly = case.assemble();
        prop_assert!(find(&assembly.projects, ".").is_some());
        let (ruleset, _) = Ruleset::new(std::str::from_utf8(b"").ok(), None);
        for directory in [".", "a", "a/x.py", "../..", "", "b"] {
            let (entries, empty) = (case.entries(), Default::default());
            let input = AssembleInput {
                repository_name: "r",
                entries: &entries,
                extracts: &empty,
                answers: &Default::default(),
                submodules: &[],
                all: false,
            };
            ruleset.explain(&input, directory);
        }
    }

    #[test]
    fn interest_says_what_extract_reads(path in "[a-zA-Z./{}-]{1,24}", content in prop::collection::vec(any::<u8>(), 0..80)) {
        prop_assume!(path != ".");
        let (ruleset, _) = Ruleset::new(None, None);
        let interest = ruleset.interest(&path);
        let extract = ruleset.extract(&path, &content);
        prop_assert!(interest.manifest || extract.manifests.is_empty() && extract.checkboxes.is_empty());
        prop_assert!(interest.source || extract.comments.is_empty() && extract.skipped.is_none());
        prop_assert!(parent(&path).is_some());
    }
}
