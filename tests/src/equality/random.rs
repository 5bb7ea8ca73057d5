//! Small random trees: names out of a small alphabet, so that manifests, task lists, sources, vendored directories
//! and attributes meet in every way.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::made::Made;

const DIRECTORIES: [&str; 10] =
    ["a", "b", "packages", "node_modules", "vendor", "examples", "tests", "fixtures", "docs", "caf\u{e9}"];
const FILES: [&str; 15] = [
    "package.json",
    "Cargo.toml",
    "pyproject.toml",
    "setup.cfg",
    "go.mod",
    "TASKLIST.md",
    "tasklist-with-checkboxes.md",
    "PROJECT-PLAN.md",
    "lib.rs",
    "main.py",
    "index.js",
    ".gitattributes",
    ".gitignore",
    ".muster.toml",
    "pnpm-workspace.yaml",
];
const LINES: [&str; 16] = [
    "- [ ] T1 open",
    "- [x] T2 done",
    "// TODO: one",
    "# FIXME(me): two",
    "{\"name\": \"n\", \"workspaces\": [\"packages/*\", \"vendor/*\"]}",
    "{\"name\": \"m\", \"version\": \"1.0.0\"}",
    "[package]\nname = \"c\"",
    "[workspace]\nmembers = [\"*\", \"packages/*\"]",
    "[project]\nname = \"p\"",
    "packages:\n  - '*'",
    "*.md text eol=crlf",
    "*.rs ident",
    "b/",
    "tasklists = [\"**/x.md\"]",
    "---",
    "\u{fc} $Id$ \r",
];

#[derive(Clone, Debug)]
enum Stands {
    File(Vec<usize>),
    Link(usize),
    Gitlink,
}

fn stands() -> impl Strategy<Value = Stands> {
    prop_oneof![
        12 => prop::collection::vec(0..LINES.len(), 0..5).prop_map(Stands::File),
        1 => (0..DIRECTORIES.len()).prop_map(Stands::Link),
        1 => Just(Stands::Gitlink),
    ]
}

fn tree() -> impl Strategy<Value = Vec<(Vec<usize>, usize, Stands)>> {
    prop::collection::vec(
        (prop::collection::vec(0..DIRECTORIES.len(), 0..3), 0..FILES.len(), stands()),
        0..16,
    )
}

/// Puts a tree into the folder; an entry for whose path there is no room is left out.
fn put(made: &Made, tree: &[(Vec<usize>, usize, Stands)]) {
    for (directories, file, stands) in tree {
        let directory: String = directories.iter().map(|place| format!("{}/", DIRECTORIES[*place])).collect();
        let path = format!("{directory}{}", FILES[*file]);
        if made.root.join(&path).symlink_metadata().is_ok() {
            continue;
        }
        match stands {
            Stands::File(lines) => {
                let text: String = lines.iter().map(|line| format!("{}\n", LINES[*line])).collect();
                made.write(&path, text);
            }
            Stands::Link(target) => made.link(&path, DIRECTORIES[*target]),
            Stands::Gitlink => {}
        }
    }
}

fn gitlinks(made: &Made, tree: &[(Vec<usize>, usize, Stands)]) {
    for (directories, file, _) in tree.iter().filter(|(.., stands)| matches!(stands, Stands::Gitlink)) {
        let directory: String = directories.iter().map(|place| format!("{}/", DIRECTORIES[*place])).collect();
        let entry = format!("160000,{},{directory}link-{file}", "3".repeat(40));
        made.tries(&["update-index", "--add", "--cacheinfo", &entry]);
    }
}

#[test]
fn any_small_tree() {
    // The cases are the same in every run: a failure is one that everybody sees.
    let random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let config = Config { cases: 24, failure_persistence: None, max_shrink_iters: 60, ..Config::default() };
    let checked = TestRunner::new_with_rng(config, random).run(&tree(), |tree| {
        let made = Made::new();
        put(&made, &tree);
        made.git(&["add", "--all", "--force"]);
        gitlinks(&made, &tree);
        made.record("random");
        // Written anew by git, as a clone would have it.
        made.git(&["read-tree", "--empty"]);
        made.git(&["reset", "--quiet", "--hard"]);
        made.assert_folder_is_commit();
        Ok(())
    });
    checked.unwrap();
}
