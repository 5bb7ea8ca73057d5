//! Which refs there are, compared with those that are stored. Pure.

use std::collections::{BTreeMap, HashSet};

use muster_model::ObjectId;
use muster_store::{RefChange, StoredRef};

/// What stands at the tips after a look.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tips {
    /// Every ref that is there, by full name.
    pub(crate) refs: BTreeMap<String, ObjectId>,
    /// The commit whose history counts as the default branch's.
    pub(crate) default: Option<ObjectId>,
}

impl Tips {
    /// Of a mirror: what is there now, and the heads of pull requests that were stored before, for a usual fetch leaves them
    /// alone.
    pub(crate) fn of_mirror(
        mut refs: BTreeMap<String, ObjectId>,
        default: Option<ObjectId>,
        stored: &[StoredRef],
    ) -> Self {
        refs.retain(|name, _| !is_pull(name));
        let pulls = live(stored).filter(|stored| is_pull(&stored.name));
        refs.extend(pulls.map(|stored| (stored.name.clone(), stored.tip)));
        Self { refs, default }
    }

    /// Of a scan, which sees one line and nothing of the others: those stay as they were. A folder without a branch has
    /// `HEAD`, and only as long as it has none. `is_whole`: everything that the tip reaches is stored.
    pub(crate) fn of_line(name: &str, tip: Option<ObjectId>, is_whole: bool, stored: &[StoredRef]) -> Self {
        let kept =
            live(stored).filter(|stored| stored.name != "HEAD" && (tip.is_some() || stored.name != name));
        let mut refs: BTreeMap<_, _> = kept.map(|stored| (stored.name.clone(), stored.tip)).collect();
        if let Some(tip) = tip.filter(|_| is_whole) {
            refs.insert(name.to_owned(), tip);
        }
        Self { refs, default: tip }
    }

    /// The commits at the tips, each once.
    pub(crate) fn commits(&self) -> HashSet<ObjectId> {
        self.refs.values().copied().chain(self.default).collect()
    }

    /// What is to be written for the stored refs to be these.
    pub(crate) fn changes(&self, stored: &[StoredRef]) -> Vec<RefChange> {
        let before: BTreeMap<&str, ObjectId> =
            live(stored).map(|stored| (stored.name.as_str(), stored.tip)).collect();
        let put = self.refs.iter().filter(|(name, tip)| before.get(name.as_str()) != Some(tip));
        let put = put.map(|(name, tip)| RefChange { name: name.clone(), tip: Some(*tip) });
        let gone = before.keys().filter(|name| !self.refs.contains_key(**name));
        put.chain(gone.map(|name| RefChange { name: (*name).to_owned(), tip: None })).collect()
    }
}

/// The stored refs that are there.
pub(crate) fn live(stored: &[StoredRef]) -> impl Iterator<Item = &StoredRef> {
    stored.iter().filter(|stored| stored.deleted_at.is_none())
}

fn is_pull(name: &str) -> bool {
    name.starts_with("refs/pull/")
}

#[cfg(test)]
mod tests {
    use muster_store::Timestamp;

    use super::*;

    fn id(n: u8) -> ObjectId {
        ObjectId::from_bytes(&[n; 20]).unwrap()
    }

    fn stored(refs: &[(&str, u8, bool)]) -> Vec<StoredRef> {
        let one = |(name, tip, live): &(&str, u8, bool)| StoredRef {
            name: (*name).to_owned(),
            tip: id(*tip),
            deleted_at: (!live).then_some(Timestamp(1)),
        };
        refs.iter().map(one).collect()
    }

    fn told(tips: &Tips, stored: &[StoredRef]) -> String {
        let one =
            |change: RefChange| format!("{}={}", change.name, change.tip.map_or(0, |tip| tip.as_bytes()[0]));
        tips.changes(stored).into_iter().map(one).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_mirror_says_all_but_what_pull_requests_have() {
        let before = stored(&[
            ("refs/heads/a", 1, true),
            ("refs/heads/b", 2, true),
            ("refs/heads/old", 3, false),
            ("refs/pull/7/head", 4, true),
        ]);
        let now = [("refs/heads/a", 5), ("refs/heads/old", 3), ("refs/pull/9/head", 6), ("refs/tags/v1", 1)];
        let now = now.map(|(name, tip)| (name.to_owned(), id(tip)));
        let tips = Tips::of_mirror(BTreeMap::from(now), Some(id(5)), &before);
        assert_eq!(told(&tips, &before), "refs/heads/a=5 refs/heads/old=3 refs/tags/v1=1 refs/heads/b=0");
        assert!(tips.commits().contains(&id(4)));
    }

    #[test]
    fn a_line_leaves_the_others_alone() {
        let before = stored(&[("HEAD", 1, true), ("refs/heads/a", 2, true)]);
        let line = |name, tip, whole| told(&Tips::of_line(name, tip, whole, &before), &before);
        assert_eq!(line("refs/heads/b", Some(id(3)), true), "refs/heads/b=3 HEAD=0");
        assert_eq!(line("HEAD", Some(id(3)), true), "HEAD=3");
        assert_eq!(line("refs/heads/a", Some(id(3)), false), "HEAD=0", "not all that it reaches is stored");
        assert_eq!(line("refs/heads/a", None, true), "HEAD=0 refs/heads/a=0");
    }
}
