//! From references to links: which task each reference of a source means, and which of several makes the link.
//!
//! A source and a task are joined once. Of several references that mean the task the one that is sure wins, then the strongest
//! relation, then the first. What is ambiguous is kept with its candidates and claims nothing.

use std::collections::BTreeMap;

use muster_model::Relation;

use crate::resolve::{Place, Resolution, TaskIndex, resolve};

/// Candidates that are kept of an ambiguous reference, the first in order: a key of a template stands in dozens of projects,
/// and a list of dozens tells nothing more.
pub const MAX_CANDIDATES: usize = 10;

/// One reference of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mention<'a> {
    /// `#12`, `owner/repo#12`, a key, or a commit's id.
    pub target: &'a str,
    /// How it is spoken of.
    pub relation: Relation,
}

/// A link that should be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link<Id> {
    /// The place of the reference in its source.
    pub mention: usize,
    /// The task.
    pub task: Id,
    /// Several tasks may be meant, and this is one of them.
    pub ambiguous: bool,
}

/// What the references of one source come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Linked<Id> {
    /// One for each task, by task.
    pub links: Vec<Link<Id>>,
    /// The places of the references that mean something.
    pub resolved: Vec<usize>,
}

/// Joins one source to the tasks that it speaks of, but never to itself.
pub fn link<R: Copy + Eq, Id: Copy + Ord>(
    own: Option<Id>,
    place: Place<'_, R>,
    mentions: &[Mention<'_>],
    tasks: &TaskIndex<R, Id>,
) -> Linked<Id> {
    let mut best: BTreeMap<Id, (bool, Relation, usize)> = BTreeMap::new();
    let mut resolved = Vec::new();
    for (at, mention) in mentions.iter().enumerate() {
        let (hits, sure) = match resolve(mention.target, place, tasks) {
            Resolution::None => continue,
            Resolution::One(task) => (vec![task], true),
            Resolution::Ambiguous(all) => (all, false),
        };
        let meant = hits.into_iter().take(MAX_CANDIDATES).filter(|task| Some(*task) != own);
        let before = resolved.len();
        for task in meant {
            if resolved.len() == before {
                resolved.push(at);
            }
            let held = best.entry(task).or_insert((sure, mention.relation, at));
            if (sure, mention.relation) > (held.0, held.1) {
                *held = (sure, mention.relation, at);
            }
        }
    }
    let links = best.into_iter().map(|(task, (sure, _, mention))| Link { mention, task, ambiguous: !sure });
    Linked { links: links.collect(), resolved }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sure_before_strong_before_first_and_never_itself() {
        let mut index = TaskIndex::default();
        index.call(1, "acme/one");
        for (target, project, id) in
            [("#1", ".", 1), ("#2", ".", 2), ("K1", "a", 3), ("K1", "b", 4), ("K2", "a", 5)]
        {
            index.insert(target, 1, project, id);
        }
        let place = Place { repository: 1, touched_projects: &[] };
        let said = |mentions: &[(&'static str, Relation)]| {
            let mentions: Vec<_> =
                mentions.iter().map(|(target, relation)| Mention { target, relation: *relation }).collect();
            let linked = link(Some(2), place, &mentions, &index);
            let links: Vec<_> =
                linked.links.iter().map(|link| (link.mention, link.task, link.ambiguous)).collect();
            (links, linked.resolved)
        };
        use Relation::{Closes, Mentions};
        assert_eq!(said(&[("#1", Mentions), ("acme/one#1", Closes)]), (vec![(1, 1, false)], vec![0, 1]));
        assert_eq!(said(&[("#1", Mentions), ("#1", Mentions)]), (vec![(0, 1, false)], vec![0, 1]));
        assert_eq!(said(&[("#2", Closes), ("#3", Closes), ("abcdef1", Mentions)]), (vec![], vec![]));
        assert_eq!(
            said(&[("K1", Closes), ("K2", Mentions)]),
            (vec![(0, 3, true), (0, 4, true), (1, 5, false)], vec![0, 1])
        );
    }

    #[test]
    fn few_of_many_candidates_are_kept() {
        let mut index = TaskIndex::default();
        (0..100).for_each(|id| index.insert("T1.1", 1, &format!("p{id}"), id));
        let mentions = [Mention { target: "T1.1", relation: Relation::Closes }];
        let place = Place { repository: 1, touched_projects: &[] };
        let linked = link(None, place, &mentions, &index);
        assert_eq!(
            linked.links.iter().map(|link| link.task).collect::<Vec<_>>(),
            (0..10).collect::<Vec<_>>()
        );
    }
}
