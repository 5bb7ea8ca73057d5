//! Trees whose projects depend on what lies elsewhere in the tree: workspaces, vendored directories, configuration.

use crate::made::Made;

#[test]
fn vendored_directories_that_are_committed() {
    let made = Made::new();
    made.write("package.json", "{\"name\": \"app\"}");
    made.write("index.js", "// TODO: ours\n");
    for path in
        ["node_modules/left", "vendor/right", "third_party/down", "web/node_modules/up/node_modules/in"]
    {
        made.write(format!("{path}/package.json"), "{\"name\": \"theirs\", \"version\": \"1.0.0\"}");
        made.write(format!("{path}/index.js"), "// TODO: theirs\n");
        made.write(format!("{path}/TASKLIST.md"), "- [ ] T1 theirs\n");
    }
    made.write("node_modules/left/large.js", "x".repeat(2 << 20));
    made.commit("vendored");
    let document = made.assert_folder_is_commit();
    assert_eq!(document.projects.len(), 1, "{:?}", document.projects);
    assert_eq!(document.tasks.len(), 1);
}

#[test]
fn vendored_line_ends_do_not_count() {
    let made = Made::new();
    made.write(".gitattributes", "* text=auto eol=crlf\n");
    made.write("package.json", "{\n\"name\": \"app\"\n}\n");
    made.write("node_modules/x/index.js", "// one\n// two\n");
    made.commit("vendored");
    made.remove("node_modules/x/index.js");
    made.remove("package.json");
    made.git(&["reset", "--quiet", "--hard"]);
    made.assert_folder_is_commit();
}

#[test]
fn vendored_members_of_a_workspace() {
    let made = Made::new();
    made.write(
        "Cargo.toml",
        "[workspace]\nmembers = [\"app\", \"vendor/member\"]\n[workspace.package]\nversion = \"2.0.0\"\n",
    );
    made.write("app/Cargo.toml", "[package]\nname = \"app\"\nversion.workspace = true\n");
    for name in ["member", "stranger"] {
        made.write(
            format!("vendor/{name}/Cargo.toml"),
            format!("[package]\nname = \"{name}\"\nversion = \"1.0.0\"\n"),
        );
        made.write(format!("vendor/{name}/src/lib.rs"), "// TODO: in vendor\n");
        made.write(format!("vendor/{name}/TASKLIST.md"), "- [ ] T1\n");
    }
    made.commit("vendored member");
    let document = made.assert_folder_is_commit();
    assert!(document.projects.iter().any(|project| project.path == "vendor/member"));
    assert!(!document.projects.iter().any(|project| project.path == "vendor/stranger"));
}

#[test]
fn workspaces_inside_workspaces() {
    let made = Made::new();
    made.write(
        "package.json",
        "{\"name\": \"outer\", \"workspaces\": {\"packages\": [\"packages/*\", \"!packages/no\"]}}",
    );
    made.write("packages/a/package.json", "{\"name\": \"a\", \"workspaces\": [\"inner/*\"]}");
    made.write("packages/a/inner/b/package.json", "{\"name\": \"b\"}");
    made.write("packages/no/package.json", "{\"name\": \"no\"}");
    made.write("rust/Cargo.toml", "[workspace]\nmembers = [\"crates/**\"]\nexclude = [\"crates/x\"]\n");
    made.write("rust/crates/x/Cargo.toml", "[package]\nname = \"x\"\n[workspace]\n");
    made.write("rust/crates/y/Cargo.toml", "[package]\nname = \"y\"\n");
    made.write("py/pyproject.toml", "[project]\nname = \"py\"\ndynamic = [\"version\"]\n[tool.uv.workspace]\nmembers = [\"m/*\"]\n[tool.setuptools.dynamic]\nversion = {attr = \"py.__version__\"}\n");
    made.write("py/py/__init__.py", "__version__ = \"3.1\"\n");
    made.write("py/m/z/pyproject.toml", "[project]\nname = \"z\"\nversion = \"1\"\n");
    made.write("go.mod", "module example.org/x\n");
    made.write("go.work", "go 1.22\nuse ./tool\n");
    made.write("tool/go.mod", "module example.org/x/tool\n");
    made.commit("workspaces");
    let document = made.assert_folder_is_commit();
    let version = document.projects.iter().find(|project| project.path == "py").unwrap().version.as_deref();
    assert_eq!(version, Some("3.1"));
}

#[test]
fn files_that_manifests_point_at() {
    let made = Made::new();
    made.write(".gitattributes", "*.py text eol=crlf\nVERSION text eol=crlf\n");
    made.write("setup.cfg", "[metadata]\nname = pointed\nversion = attr: pkg.about.__version__\n");
    made.write("pkg/about.py", "\"\"\"About.\n\"\"\"\n__version__ = '9.8'\n");
    made.write("other/pyproject.toml", "[project]\nname = \"other\"\ndynamic = [\"version\"]\n[tool.setuptools.dynamic]\nversion = {file = \"VERSION\"}\n");
    made.write("other/VERSION", "7.6\n");
    made.commit("pointed at");
    for path in ["pkg/about.py", "other/VERSION"] {
        made.remove(path);
    }
    made.git(&["reset", "--quiet", "--hard"]);
    let document = made.assert_folder_is_commit();
    let versions: Vec<_> =
        document.projects.iter().filter_map(|project| project.version.as_deref()).collect();
    assert_eq!(versions, ["9.8", "7.6"]);
}

#[test]
fn what_a_repository_says_of_itself() {
    let made = Made::new();
    made.write(
        ".muster.toml",
        "tasklists = [\"plans/*.md\"]\n\n[roles]\n\"demo/**\" = \"example\"\n\n\
         [[detector]]\nname = \"deno\"\nproject_type = \"deno\"\nfiles = [\"deno.json\"]\nformat = \"json\"\n\
         [detector.fields]\nname = \"name\"\n",
    );
    made.write("plans/year.md", "- [ ] T1 plan\n");
    made.write("demo/package.json", "{\"name\": \"demo\"}");
    made.write("svc/deno.json", "{\"name\": \"svc\"}");
    made.commit("configured");
    let document = made.assert_folder_is_commit();
    assert_eq!(document.tasks.len(), 1, "{:?}", document.problems);
    made.write(".muster.toml", "a = 1\n[[detector]]\n");
    made.commit("configured badly");
    assert!(!made.assert_folder_is_commit().problems.is_empty());
}

#[test]
fn coditect_places_and_broken_manifests() {
    let made = Made::new();
    made.write(".coditect/project.yml", "project:\n  name: Master\n  version: 1.0.0\n");
    made.write(
        "docs/project-management/tasklist.md",
        "---\ntitle: Tasks\nstatus: complete\n---\n- [x] T1\n- [ ] T2\n",
    );
    made.write("PROJECT-PLAN.md", "- [ ] not counted\n");
    made.write("sub/TASKLIST.template.md", "- [ ] {{ name }}\n");
    made.write("broken/package.json", "{\"name\": ");
    made.write("broken/Cargo.toml", "[package\n");
    made.write("bom/package.json", "\u{feff}{\"name\": \"bom\"}");
    made.write("binary/TASKLIST.md", b"- [ ] T1\0\n\xff\xfe\n");
    made.commit("coditect");
    let document = made.assert_folder_is_commit();
    assert_eq!(document.projects[0].total_tasks, 2, "{:?}", document.projects[0]);
}
