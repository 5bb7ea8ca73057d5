//! Every stored commit of a repository, and which of them tips reach. The long way: right whatever was stored before.

use std::collections::HashMap;

use muster_model::ObjectId;
use muster_store::{CommitMarks, GraphCommit, RepositoryId, StoreError, Tenant};

/// Commits of one page.
const PAGE: usize = 20_000;

/// The stored history of a repository.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    places: HashMap<ObjectId, u32>,
    commits: Vec<GraphCommit>,
}

impl Graph {
    /// Loads all of it.
    pub(crate) async fn load(tenant: &Tenant, repository: RepositoryId) -> Result<Self, StoreError> {
        let (mut graph, mut after) = (Self::default(), None);
        loop {
            let page = tenant.commit_graph(repository, after, PAGE).await?;
            after = page.last().map(|commit| commit.sha);
            let is_last = page.len() < PAGE;
            graph.extend(page);
            if is_last {
                return Ok(graph);
            }
        }
    }

    fn extend(&mut self, commits: Vec<GraphCommit>) {
        for commit in commits {
            self.places.insert(commit.sha, self.commits.len() as u32);
            self.commits.push(commit);
        }
    }

    /// True for each commit that one of `tips` reaches.
    fn reached(&self, tips: impl IntoIterator<Item = ObjectId>) -> Vec<bool> {
        let mut reached = vec![false; self.commits.len()];
        let mut left: Vec<u32> = tips.into_iter().filter_map(|tip| self.places.get(&tip).copied()).collect();
        while let Some(place) = left.pop() {
            if !std::mem::replace(&mut reached[place as usize], true) {
                let parents = &self.commits[place as usize].parents;
                left.extend(parents.iter().filter_map(|parent| self.places.get(parent)));
            }
        }
        reached
    }

    /// What has to be marked for every commit to stand as these tips have it. Each list is sorted.
    pub(crate) fn marks(
        &self,
        tips: impl IntoIterator<Item = ObjectId>,
        default: Option<ObjectId>,
    ) -> CommitMarks {
        let (reached, on_default) = (self.reached(tips), self.reached(default));
        let mut marks = CommitMarks::default();
        for (place, commit) in self.commits.iter().enumerate() {
            match (reached[place], commit.is_reachable) {
                (true, false) => marks.reached.push(commit.id),
                (false, true) => marks.lost.push(commit.id),
                _ => {}
            }
            match (on_default[place], commit.is_on_default) {
                (true, false) => marks.joined.push(commit.id),
                (false, true) => marks.left.push(commit.id),
                _ => {}
            }
        }
        for list in [&mut marks.reached, &mut marks.lost, &mut marks.joined, &mut marks.left] {
            list.sort_unstable();
        }
        marks
    }
}

#[cfg(test)]
mod tests {
    use muster_store::CommitId;

    use super::*;

    fn id(n: u8) -> ObjectId {
        ObjectId::from_bytes(&[n; 20]).unwrap()
    }

    #[test]
    fn what_differs_is_marked_and_nothing_else() {
        // 1 - 2 - 3 (was the default), 2 - 4 - 5 (is), 6 alone; the parent 9 of 1 is not stored.
        let rows = [
            (1, vec![9], true, true),
            (2, vec![1], true, true),
            (3, vec![2], true, true),
            (4, vec![2], true, false),
            (5, vec![4], false, false),
            (6, vec![], true, false),
        ];
        let mut graph = Graph::default();
        graph.extend(
            rows.map(|(n, parents, is_reachable, is_on_default)| GraphCommit {
                sha: id(n),
                id: CommitId(i64::from(n)),
                parents: parents.into_iter().map(id).collect(),
                is_reachable,
                is_on_default,
            })
            .into(),
        );
        let ids = |list: &[i64]| list.iter().map(|n| CommitId(*n)).collect::<Vec<_>>();
        let marks = graph.marks([id(5)], Some(id(5)));
        let wanted =
            CommitMarks { reached: ids(&[5]), lost: ids(&[3, 6]), joined: ids(&[4, 5]), left: ids(&[3]) };
        assert_eq!(marks, wanted);
        assert!(graph.marks([id(3), id(4), id(6), id(7)], Some(id(3))).is_empty());
    }
}
