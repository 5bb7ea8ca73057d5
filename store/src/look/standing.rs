//! Where stored commits stand: is one there, does a ref reach it, is it on the default branch; and how all hang together.

use muster_model::ObjectId;

use crate::database::{ObjectIds, Row, Statement, statement};
use crate::words::{column, object_id};
use crate::{CommitId, RepositoryId, StoreError, Tenant, Timestamp};

const STANDINGS: Statement = statement!(both "commits/standings");
const GRAPH: Statement = statement!("commits/graph");

/// Ids of one statement.
const CHUNK: usize = 10_000;

/// How new commits stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// No ref reaches them yet: lists leave them out until a look settles.
    pub unreachable_since: Option<Timestamp>,
    /// They are on the default branch.
    pub on_default_since: Option<Timestamp>,
}

impl Standing {
    /// Nobody sees them until a look settles.
    pub fn unseen(now: Timestamp) -> Self {
        Self { unreachable_since: Some(now), on_default_since: None }
    }

    /// For the first history of a repository, where there is nothing that they could contradict: shown at once.
    pub fn first(is_on_default: bool, now: Timestamp) -> Self {
        Self { unreachable_since: None, on_default_since: is_on_default.then_some(now) }
    }
}

/// Where a stored commit stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommitStanding {
    /// Its name.
    pub sha: ObjectId,
    /// Its id.
    pub id: CommitId,
    /// Its paths are known; of one whose are not they may be read later.
    pub paths_complete: bool,
    /// Some ref reaches it.
    pub is_reachable: bool,
    /// The default branch reaches it.
    pub is_on_default: bool,
}

/// A stored commit and its parents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphCommit {
    /// Its name.
    pub sha: ObjectId,
    /// Its id.
    pub id: CommitId,
    /// In recorded order, stored or not.
    pub parents: Vec<ObjectId>,
    /// Some ref reaches it.
    pub is_reachable: bool,
    /// The default branch reaches it.
    pub is_on_default: bool,
}

impl Tenant {
    /// Where those of `ids` stand that are stored, in any order.
    pub async fn commit_standings(
        &self,
        repository: RepositoryId,
        ids: &[ObjectId],
    ) -> Result<Vec<CommitStanding>, StoreError> {
        let mut found = Vec::with_capacity(ids.len());
        let mut transaction = self.read().await?;
        for chunk in ids.chunks(CHUNK) {
            let query = transaction.query(STANDINGS).bind(repository.0).bind(ObjectIds(chunk));
            for row in transaction.fetch_all(query.planned_anew()).await? {
                found.push(CommitStanding {
                    sha: object_id(row.bytes("sha")?)?,
                    id: CommitId(row.int("id")?),
                    paths_complete: row.flag("paths_complete")?,
                    is_reachable: row.flag("is_reachable")?,
                    is_on_default: row.flag("is_on_default")?,
                });
            }
        }
        Ok(found)
    }

    /// The next commits of a repository's history by name, behind `after`; at most so many.
    pub async fn commit_graph(
        &self,
        repository: RepositoryId,
        after: Option<ObjectId>,
        limit: usize,
    ) -> Result<Vec<GraphCommit>, StoreError> {
        let mut transaction = self.read().await?;
        let after = after.as_ref().map_or(&[][..], ObjectId::as_bytes);
        let query = transaction.query(GRAPH).bind(repository.0).bind(after).bind(column(limit));
        transaction.fetch_all(query).await?.iter().map(graph_commit).collect()
    }
}

fn graph_commit(row: &Row) -> Result<GraphCommit, StoreError> {
    let sha = object_id(row.bytes("sha")?)?;
    let parents = row.bytes("parents")?.chunks(sha.as_bytes().len());
    Ok(GraphCommit {
        sha,
        id: CommitId(row.int("id")?),
        parents: parents.map(object_id).collect::<Result<_, _>>()?,
        is_reachable: row.flag("is_reachable")?,
        is_on_default: row.flag("is_on_default")?,
    })
}
