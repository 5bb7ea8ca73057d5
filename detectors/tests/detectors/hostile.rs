//! Trees that are made to be slow or to break something: every one ends, with a problem that says what was left out.
//!
//! Nothing is timed. What bounds the work is counted inside, so a bound that is gone shows as a test that does not end.

use muster_model::ProblemKind;

use crate::case::{Case, Node};

fn has_limit(case: &Case) -> bool {
    case.assemble().problems.iter().any(|problem| problem.kind == ProblemKind::LimitReached)
}

fn list(texts: impl Iterator<Item = String>) -> String {
    texts.map(|text| format!("\"{text}\"")).collect::<Vec<_>>().join(",")
}

#[test]
fn ten_thousand_patterns_over_fifty_thousand_directories() {
    let patterns = list((0..10_000).map(|number| format!("**/*{number}*/**/x*y")));
    let mut case =
        Case::default().file("package.json", format!("{{\"name\":\"m\",\"workspaces\":[{patterns}]}}"));
    for number in 0..50_000 {
        case = case.file(format!("p{}/q{number}/package.json", number % 100), r#"{"name":"a"}"#);
    }
    assert!(has_limit(&case));
}

#[test]
fn many_workspaces_with_many_patterns() {
    let patterns = list((0..200).map(|number| format!("*[{number}]*")));
    let text = format!("{{\"name\":\"m\",\"workspaces\":[{patterns}]}}");
    let mut case = Case::default();
    for number in 0..2_000 {
        case = case.file(format!("p{number}/package.json"), text.as_str());
    }
    assert!(has_limit(&case));
}

#[test]
fn workspaces_nested_a_thousand_deep() {
    let mut case = Case::default();
    let mut directory = String::from("a");
    for _ in 0..1_000 {
        case = case.file(format!("{directory}/package.json"), r#"{"name":"m","workspaces":["**","!b"]}"#);
        case = case.file(format!("{directory}/Cargo.toml"), "[workspace]\nmembers=['**']\nexclude=['b']\n");
        directory.push_str("/a");
    }
    let assembly = case.assemble();
    assert_eq!(assembly.projects.len(), 1_001);
}

#[test]
fn path_dependencies_in_a_ring() {
    let mut case = Case::default().file("Cargo.toml", "[workspace]\nmembers=['p0']\n");
    for number in 0..500 {
        let text = format!(
            "[package]\nname='p{number}'\nworkspace='../p{0}'\n[dependencies]\nn={{path='../p{0}'}}\nr={{path='..'}}\n",
            (number + 1) % 500
        );
        case = case.file(format!("p{number}/Cargo.toml"), text);
    }
    let projects = case.assemble().projects;
    assert_eq!(projects.iter().filter(|project| project.workspace_path.as_deref() == Some(".")).count(), 500);
}

#[test]
fn roles_that_match_everything_slowly() {
    let stars = "**/a/".repeat(60);
    let patterns = (0..200).map(|number| format!("'{stars}x{number}' = 'docs'\n"));
    let mut case = Case::default().file(".muster.toml", format!("[roles]\n{}", patterns.collect::<String>()));
    for number in 0..300 {
        case = case.file(format!("{}d{number}/package.json", "a/".repeat(150)), r#"{"name":"a"}"#);
    }
    assert!(has_limit(&case));
}

#[test]
fn a_million_entries_of_one_manifest() {
    let lines = |text: &str| text.repeat((1 << 20) / text.len());
    let case = Case::default()
        .file(
            "a/Cargo.toml",
            format!(
                "[dependencies]\n{}",
                (0..40_000).map(|n| format!("d{n}.path='../{n}'\n")).collect::<String>()
            ),
        )
        .file("b/Cargo.toml", lines("[[a.b]]\n"))
        .file("c/package.json", format!("[{}", lines("{},")))
        .file("d/package.json", format!("{{\"name\":\"{}\"}}", lines("x").split_at(1 << 19).0))
        .file("e/setup.py", lines("setup("))
        .file("f/setup.py", lines("setup(name='x',"))
        .file("g/setup.cfg", lines("[metadata]\nname=x\n"))
        .file("h/setup.cfg", format!("[metadata]\nname=x\n{}", lines(" y\n")))
        .file("i/go.mod", lines("module (\n"))
        .file("j/pnpm-workspace.yaml", format!("packages:\n{}", lines("- a\n")))
        .file("k/pyproject.toml", lines("[a]\n"))
        .file("l/Cargo.toml", lines("a.b.c=1\n"))
        .file("m/pnpm-workspace.yaml", lines("a: &a [*a]\n"))
        .file("n/pnpm-workspace.yaml", lines("? "))
        .file("o/pyproject.toml", format!("a=\"{}", lines("\\u0041")));
    assert!(case.assemble().projects.len() > 10);
}

#[test]
fn a_thousand_files_ask_for_the_same() {
    let mut case = Case::default().file("VERSION", "1\n").file("x/../VERSION", "2\n");
    for number in 0..1_000 {
        case = case.file(
            format!("p{number}/setup.cfg"),
            "[metadata]\nname=a\nversion = file: ../VERSION, ../../VERSION\n",
        );
    }
    let projects = case.assemble().projects;
    assert!(projects[1..].iter().all(|project| project.version.as_deref() == Some("1")));
}

#[test]
fn odd_paths_are_names_like_others() {
    let mut case = Case::default();
    for path in
        ["a\\b/package.json", "[x]/package.json", "ü é/package.json", "%FF/package.json", " /package.json"]
    {
        case = case.file(path, r#"{"private":true,"scripts":{}}"#);
    }
    case.nodes.insert("deep/".repeat(900) + "package.json", Node::File(b"{\"name\":\"deep\"}".to_vec()));
    let projects = case.assemble().projects;
    assert_eq!(projects.len(), 7);
    assert!(projects.iter().any(|project| project.path == "[x]" && project.name == "[x]"));
}
