//! Small random trees, in which manifests, task lists, sources, vendored directories and attributes meet in every
//! way.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::made::Made;
use crate::samples::{DIRECTORIES, FILES, content};

#[derive(Clone, Debug)]
enum Stands {
    File(usize),
    WithCrlf(usize),
    Link(usize),
    Gitlink,
}

/// A directory, a file in it, and what stands there.
type Entry = (usize, usize, Stands);

fn stands() -> impl Strategy<Value = Stands> {
    prop_oneof![
        10 => any::<usize>().prop_map(Stands::File),
        2 => any::<usize>().prop_map(Stands::WithCrlf),
        1 => (0..DIRECTORIES.len()).prop_map(Stands::Link),
        1 => Just(Stands::Gitlink),
    ]
}

fn tree() -> impl Strategy<Value = Vec<Entry>> {
    prop::collection::vec((0..DIRECTORIES.len(), 0..FILES.len(), stands()), 0..30)
}

/// Puts a tree into the folder; an entry for whose path there is no room is left out.
fn put(made: &Made, tree: &[Entry]) {
    for (directory, file, stands) in tree {
        let path = format!("{}{}", DIRECTORIES[*directory], FILES[*file].0);
        // Git itself takes no link for one of its own files.
        let is_git = path.contains("/.git") || path.starts_with(".git");
        if made.root.join(&path).symlink_metadata().is_ok() {
            continue;
        }
        match stands {
            Stands::File(number) => made.write(&path, content(*file, *number)),
            Stands::WithCrlf(number) => made.write(&path, content(*file, *number).replace('\n', "\r\n")),
            Stands::Link(target) if !is_git => made.link(&path, &format!("../{}", DIRECTORIES[*target])),
            Stands::Link(_) | Stands::Gitlink => {}
        }
    }
}

fn gitlinks(made: &Made, tree: &[Entry]) {
    for (directory, file, _) in tree.iter().filter(|(.., stands)| matches!(stands, Stands::Gitlink)) {
        let entry = format!("160000,{},{}link-{file}", "3".repeat(40), DIRECTORIES[*directory]);
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
