//! Which project a changed path belongs to: the longest matching prefix among the repository's projects, open or
//! closed, by present or former path.
//!
//! Where two projects claim the same path the open one by its present path wins, then the open one by a former path,
//! then the closed ones in the same order, then the younger. A pure function of the rows, so that the cache can be
//! dropped and rebuilt.

use std::collections::{BTreeSet, HashMap};

use muster_model::ancestors;

/// A path that a project claims. Claims compare by strength.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Claim {
    pub(super) open: bool,
    pub(super) present: bool,
    pub(super) project: i64,
}

/// The claims of one repository's projects.
#[derive(Debug, Default)]
pub(super) struct Ownership {
    claims: HashMap<String, Claim>,
    longest: usize,
}

impl Ownership {
    pub(super) fn claim(&mut self, path: String, claim: Claim) {
        self.longest = self.longest.max(path.len());
        let held = self.claims.entry(path).or_insert(claim);
        *held = claim.max(*held);
    }

    /// The project that a path belongs to. Prefixes longer than any claim are passed over unlooked at, so that a
    /// path of many segments costs no more than its length.
    pub(super) fn owner(&self, path: &str) -> Option<i64> {
        std::iter::once(path)
            .chain(ancestors(path))
            .filter(|prefix| prefix.len() <= self.longest)
            .find_map(|prefix| self.claims.get(prefix))
            .map(|claim| claim.project)
    }

    /// The projects of a commit's paths, each once, in order.
    pub(super) fn owners<'a>(&self, paths: impl IntoIterator<Item = &'a str>) -> BTreeSet<i64> {
        paths.into_iter().filter_map(|path| self.owner(path)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_prefix_by_whole_segments_wins() {
        let mut ownership = Ownership::default();
        for (path, project) in [(".", 1), ("a", 2), ("a/b", 3)] {
            ownership.claim(path.into(), Claim { open: true, present: true, project });
        }
        let owner = |path| ownership.owner(path);
        assert_eq!(
            (owner("a/b/c"), owner("a/b"), owner("a/bc"), owner("x")),
            (Some(3), Some(3), Some(2), Some(1))
        );
        assert_eq!(ownership.owners(["a/b/c", "a/b/d", "x"]), BTreeSet::from([1, 3]));
    }

    #[test]
    fn open_before_closed_present_before_former_younger_before_older() {
        let claims =
            [(false, false, 9), (false, true, 8), (true, false, 7), (true, true, 5), (true, true, 6)];
        for rotation in 0..claims.len() {
            let mut ownership = Ownership::default();
            for n in 0..claims.len() {
                let (open, present, project) = claims[(n + rotation) % claims.len()];
                ownership.claim("a".into(), Claim { open, present, project });
            }
            assert_eq!((ownership.owner("a"), ownership.owner("b")), (Some(6), None));
        }
    }
}
