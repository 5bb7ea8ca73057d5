//! The tools that know better, where they are installed: names, versions and members are equal.
//!
//! cargo is always there, for it builds this test. Whichever other tool is missing is named at the end of `scripts/test`
//! and its test passes: nobody can be asked to install four package managers.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use muster_model::{depth, join};
use serde_json::Value;

use crate::case::{Case, Node};

/// Name, version and directory of a member.
type Member = (String, Option<String>, String);

fn write(case: &Case) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, node) in &case.nodes {
        if let Node::File(content) = node {
            let file = folder.path().join(path);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, content).unwrap();
        }
    }
    folder
}

/// Adds a line to the summary of `scripts/test`.
#[expect(clippy::disallowed_methods, reason = "scripts/test names the file of its summary in a variable")]
fn tell_not_run(line: &str) {
    if let Some(summary) = std::env::var_os("MUSTER_NOT_RUN") {
        let mut file = std::fs::OpenOptions::new().append(true).open(summary).unwrap();
        file.write_all(format!("{line}\n").as_bytes()).unwrap();
    }
}

/// What the tool prints; `None` where it is not installed.
fn ask(folder: &Path, program: &str, arguments: &[&str]) -> Option<String> {
    let shown = format!("{program} {}", arguments.join(" "));
    match Command::new(program).args(arguments).current_dir(folder).output() {
        Err(_) => {
            tell_not_run(&format!("oracle `{shown}`: {program} is not installed"));
            None
        }
        Ok(output) => {
            let errors = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{shown}: {errors}");
            Some(String::from_utf8(output.stdout).unwrap())
        }
    }
}

/// The root, if a manifest of this detector names it, and the members of its workspace.
fn found(case: &Case, detector: &str) -> BTreeSet<Member> {
    let projects = case.assemble().projects;
    let ours = projects
        .iter()
        .filter(|project| project.project_type == detector)
        .filter(|project| project.path == "." || project.workspace_path.as_deref() == Some("."));
    let named = ours.filter(|project| project.manifests[0].name.is_some());
    named.map(|project| (project.name.clone(), project.version.clone(), project.path.clone())).collect()
}

fn member(value: &Value, folder: &Path, path: &str) -> Member {
    let text = |key: &str| value[key].as_str().map(str::to_owned);
    let root = folder.canonicalize().unwrap();
    let path = Path::new(path);
    let inside = path.strip_prefix(&root).or_else(|_| path.strip_prefix(folder)).unwrap();
    let inside = inside.to_str().unwrap();
    (
        text("name").unwrap(),
        text("version"),
        if inside.is_empty() { ".".to_owned() } else { inside.to_owned() },
    )
}

fn package(name: &str, rest: &str) -> String {
    format!("[package]\nname = \"{name}\"\nedition = \"2021\"\n{rest}")
}

#[test]
fn cargo_lists_the_same_packages() {
    let mut case = Case::default()
        .file(
            "Cargo.toml",
            "[package]\nname = \"root\"\nversion.workspace = true\n[workspace]\nmembers = [\"crates/*\", \"tools/kept\"]\n\
             exclude = [\"crates/old\", \"tools\"]\n[workspace.package]\nversion = \"3.1.0\"\n\
             [workspace.dependencies]\nshared = { path = \"shared\" }\nunused = { path = \"unused\" }\n\
             [dependencies]\ndirect = { path = \"direct\" }\n",
        )
        .file("crates/a/Cargo.toml", package("a", "version.workspace = true\n[dev-dependencies]\nshared.workspace = true\n"))
        .file("crates/.dot/Cargo.toml", package("dot", "version = \"0.0.1\"\n"))
        .file("crates/old/Cargo.toml", package("old", "version = \"9.0.0\"\n"))
        .file("crates/a/fuzz/Cargo.toml", package("fuzz", "version = \"0.1.0\"\n"))
        .file("tools/kept/Cargo.toml", package("kept", "version = \"1.0.0\"\n"))
        .file("tools/other/Cargo.toml", package("other", "version = \"1.0.0\"\n"))
        .file("shared/Cargo.toml", package("shared", "version = \"0.2.0\"\n"))
        .file("unused/Cargo.toml", package("unused", "version = \"0.2.0\"\n"))
        .file(
            "direct/Cargo.toml",
            package("direct", "version = \"0.3.0\"\n[target.'cfg(unix)'.build-dependencies]\ndeep = { path = \"deep\" }\n"),
        )
        .file("direct/deep/Cargo.toml", package("deep", "version = \"0.4.0\"\n"));
    let manifests: Vec<String> =
        case.nodes.keys().filter(|path| path.ends_with("Cargo.toml")).cloned().collect();
    for manifest in manifests {
        let source = join(muster_model::parent(&manifest).unwrap(), "src/lib.rs");
        case = case.file(source, "");
    }
    let folder = write(&case);
    let arguments = ["metadata", "--no-deps", "--offline", "--format-version", "1"];
    let Some(said) = ask(folder.path(), "cargo", &arguments) else { return };
    let said: Value = serde_json::from_str(&said).unwrap();
    let packages = said["packages"].as_array().unwrap().iter().map(|package| {
        let manifest = Path::new(package["manifest_path"].as_str().unwrap());
        member(package, folder.path(), manifest.parent().unwrap().to_str().unwrap())
    });
    assert_eq!(found(&case, "rust"), packages.collect());
}

#[test]
fn npm_lists_the_same_workspaces() {
    let name = |name: &str| format!("{{ \"name\": \"{name}\", \"version\": \"1.{}.0\" }}", name.len());
    let case = Case::default()
        .file(
            "package.json",
            r#"{ "name": "mono", "version": "1.0.0",
                 "workspaces": ["./packages/*/", "!packages/skipped", "{apps,libs}/**", "test/x?", "tools"] }"#,
        )
        .file("packages/a/package.json", name("a"))
        .file("packages/a/deep/package.json", name("a-deep"))
        .file("packages/skipped/package.json", name("skipped"))
        .file("packages/.hidden/package.json", name("hidden"))
        .file("packages/words/readme.md", "no package\n")
        .file("apps/web/package.json", name("web"))
        .file("libs/ui/buttons/package.json", name("buttons"))
        .file("test/x1/package.json", name("x1"))
        .file("test/y1/package.json", name("y1"))
        .file("tools/package.json", name("tools"));
    let folder = write(&case);
    // `npm query` reads the installed tree: without dependencies, installing only makes links.
    let install = ["install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund"];
    if ask(folder.path(), "npm", &install).is_none() {
        return;
    }
    let Some(said) = ask(folder.path(), "npm", &["query", ".workspace"]) else { return };
    let said: Value = serde_json::from_str(&said).unwrap();
    let listed: BTreeSet<Member> = said
        .as_array()
        .unwrap()
        .iter()
        .map(|package| member(package, folder.path(), package["realpath"].as_str().unwrap()))
        .collect();
    let members = found(&case, "npm").into_iter().filter(|(_, _, path)| depth(path) > 0);
    assert_eq!(members.collect::<BTreeSet<_>>(), listed);
}

#[test]
fn pnpm_lists_the_same_packages() {
    let name = |name: &str| format!("{{ \"name\": \"{name}\", \"version\": \"1.{}.0\" }}", name.len());
    let case = Case::default()
        .file("package.json", r#"{ "name": "mono", "version": "1.0.0" }"#)
        .file("pnpm-workspace.yaml", "packages:\n  - '!**/test/**'\n  - 'packages/**'\n  - tools/\n")
        .file("packages/a/package.json", name("a"))
        .file("packages/a/test/package.json", name("a-test"))
        .file("packages/deep/down/package.json", name("down"))
        .file("tools/package.json", name("tools"))
        .file("other/package.json", name("other"));
    let folder = write(&case);
    let Some(said) = ask(folder.path(), "pnpm", &["ls", "-r", "--depth", "-1", "--json"]) else { return };
    let said: Value = serde_json::from_str(&said).unwrap();
    let listed = said.as_array().unwrap().iter();
    let listed = listed.map(|package| member(package, folder.path(), package["path"].as_str().unwrap()));
    assert_eq!(found(&case, "npm"), listed.collect());
}

#[test]
fn uv_lists_the_same_members() {
    let project = |name: &str| format!("[project]\nname = \"{name}\"\nversion = \"1.{}.0\"\n", name.len());
    let root = project("mono")
        + "[tool.uv.workspace]\nmembers = [\"packages/*\", \"one\"]\nexclude = [\"packages/old\"]\n";
    let case = Case::default()
        .file("pyproject.toml", root)
        .file("packages/a/pyproject.toml", project("a"))
        .file("packages/old/pyproject.toml", project("old"))
        .file("one/pyproject.toml", project("one"))
        .file("two/pyproject.toml", project("two"));
    let folder = write(&case);
    let Some(said) = ask(folder.path(), "uv", &["workspace", "list", "--offline"]) else { return };
    let listed: BTreeSet<String> = said.lines().map(str::to_owned).collect();
    let members: BTreeSet<String> = found(&case, "python").into_iter().map(|(name, _, _)| name).collect();
    assert_eq!(members, listed);
}
