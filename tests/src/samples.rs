//! Files that random trees and histories are made of: every kind of manifest, task list, source and configuration,
//! each in a few states, broken ones included.

/// Contents of task lists, of sources, and of every kind of manifest.
const TASKS: [&str; 4] = [
    "- [ ] A-1 one\n- [ ] A-2 two\n  - [x] inner\n",
    "- [ ] A-2 two\n- [x] A-1 one\n- [ ] A-1 one\n",
    "# Head\n\n- [~] free text\n- [ ] free text\n",
    "---\nstatus: complete\n---\n# Head (done)\n\n- [ ] free text\n",
];
const SOURCE: [&str; 3] = ["// TODO: one\n// FIXME(me): two\n", "# TODO: three\n// TODO: one\n", "x\n"];
const NPM: [&str; 4] = [
    "{\"name\": \"n\"}",
    "{\"name\": \"w\", \"workspaces\": [\"a\", \"vendor/*\"]}",
    "{\"name\": \"w\", \"workspaces\": [\"a/*\", \"tests/**\"], \"version\": \"1.0.0\"}",
    "{\"name\": ",
];
const CARGO: [&str; 4] = [
    "[package]\nname = \"p\"\nversion.workspace = true\n",
    "[workspace]\nmembers = [\"a/*\", \"vendor/m\"]\n[workspace.package]\nversion = \"3.0.0\"\n",
    "[package]\nname = \"root\"\nversion = \"0.1.0\"\n[workspace]\nmembers = [\"a/b\"]\n",
    "[workspace",
];
const SETUP: [&str; 2] = [
    "[metadata]\nname = s\nversion = attr: a.main.__version__\n",
    "[metadata]\nname = s\nversion = file: vendor/m/VERSION\n",
];
const VERSION: [&str; 3] = ["__version__ = '1'\n# TODO: next\n", "__version__ = '2'\n", "3.0\n"];
const PNPM: [&str; 2] = ["packages:\n  - 'packages/*'\n  - '!a'\n", "packages: [a, 'vendor/**']\n"];
const PYPROJECT: [&str; 3] = [
    "[project]\nname = \"p\"\ndynamic = [\"version\"]\n[tool.setuptools.dynamic]\nversion = {attr = \"a.main.__version__\"}\n",
    "[tool.uv.workspace]\nmembers = [\"a\", \"examples/*\"]\n",
    "[tool.poetry]\nname = \"q\"\r\nversion = \"1\"\r\n",
];
const GO: [&str; 2] = ["module example.org/g\n", "module (\n"];
const IGNORE: [&str; 2] = ["*.js\n/a/b/\n", "*\n!*.md\n"];
const RULES: [&str; 3] = [
    "tasklists = [\"**/*.py\"]\n[roles]\n\"a/**\" = \"example\"\n",
    "[[detector]]\nname = \"v\"\nproject_type = \"v\"\nfiles = [\"VERSION\"]\n",
    "[",
];
const ATTRIBUTES: [&str; 3] = ["*.md eol=crlf\n*.py filter=lfs\n", "*.rs ident\n", "* -text\n"];
const MODULES: [&str; 2] = [
    "[submodule \"x\"]\n\tpath = x\n\turl = https://example.org/x.git\n",
    "[submodule \"y\"]\n\tpath = a/y\n\turl = ../y.git\n",
];

/// Names and what may stand in files of that name.
pub(crate) const FILES: [(&str, &[&str]); 17] = [
    ("package.json", &NPM),
    ("pnpm-workspace.yaml", &PNPM),
    ("TASKLIST.md", &TASKS),
    ("tasklist-with-checkboxes.md", &TASKS),
    ("PROJECT-PLAN.md", &TASKS),
    ("Cargo.toml", &CARGO),
    ("setup.cfg", &SETUP),
    ("pyproject.toml", &PYPROJECT),
    ("go.mod", &GO),
    ("main.py", &VERSION),
    ("VERSION", &VERSION),
    ("lib.rs", &SOURCE),
    ("index.js", &SOURCE),
    (".muster.toml", &RULES),
    (".gitattributes", &ATTRIBUTES),
    (".gitmodules", &MODULES),
    (".gitignore", &IGNORE),
];

/// Directories, some of which say what lies in them.
pub(crate) const DIRECTORIES: [&str; 12] = [
    "",
    "",
    "a/",
    "a/b/",
    "a/docs/project-management/",
    "packages/caf\u{e9}/",
    "vendor/m/",
    "a/node_modules/n/",
    "tests/fixtures/f/",
    "examples/e/",
    "docs/",
    ".coditect/",
];

/// The content that a number chooses for a file.
pub(crate) fn content(file: usize, number: usize) -> &'static str {
    let contents = FILES[file].1;
    contents[number % contents.len()]
}
