//! Messages that are read again, because task keys came that they may hold.
//!
//! Most keys have no shape that tells them from other words, so a message is read against those that are known. The commit is
//! often older than the task.

use std::collections::BTreeMap;

use muster_model::Reference;

use super::append::write_references;
use crate::database::{Statement, Urgency, statement};
use crate::links::note_targets;
use crate::words::{column, word};
use crate::{CommitId, RepositoryId, StoreError, Tenant};

const SAYING: Statement = statement!(both "commits/saying");
const REFERENCES: Statement = statement!(both "commits/references");
const DROP: Statement = statement!(both "commits/drop_references");

/// A message, and what it was last found to refer to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredMessage {
    /// Whose.
    pub commit: CommitId,
    /// The whole of it.
    pub message: String,
    /// In order of place.
    pub references: Vec<Reference>,
}

impl Tenant {
    /// The next messages of a repository's commits, behind `after`, that hold one of these texts; at most so many.
    pub async fn messages_that_hold(
        &self,
        repository: RepositoryId,
        texts: &[String],
        after: Option<CommitId>,
        limit: usize,
    ) -> Result<Vec<StoredMessage>, StoreError> {
        let mut transaction = self.read().await?;
        let query = transaction.query(SAYING).bind(repository.0).bind(after.map_or(0, |id| id.0));
        let rows = transaction.fetch_all(query.bind(texts).bind(column(limit))).await?;
        let mut found = BTreeMap::new();
        for row in &rows {
            let commit = CommitId(row.int("id")?);
            found.insert(
                commit.0,
                StoredMessage { commit, message: row.text("message")?, references: vec![] },
            );
        }
        let ids: Vec<i64> = found.keys().copied().collect();
        let query = transaction.query(REFERENCES).bind(&ids[..]);
        for row in transaction.fetch_all(query).await? {
            let reference = Reference {
                start: usize::try_from(row.int("span_start")?).unwrap_or_default(),
                end: usize::try_from(row.int("span_end")?).unwrap_or_default(),
                target: row.text("target")?,
                relation: word(row.word("relation")?)?,
                rule: row.text("rule")?,
            };
            if let Some(message) = found.get_mut(&row.int("commit_id")?) {
                message.references.push(reference);
            }
        }
        Ok(found.into_values().collect())
    }

    /// Replaces what messages refer to; links follow. Small lists, for it is one transaction.
    pub async fn put_references(&self, read: &[(CommitId, Vec<Reference>)]) -> Result<(), StoreError> {
        if read.is_empty() {
            return Ok(());
        }
        let mut transaction = self.write(Urgency::Batch).await?;
        let ids: Vec<i64> = read.iter().map(|(commit, _)| commit.0).collect();
        let query = transaction.query(REFERENCES).bind(&ids[..]);
        let mut stale: BTreeMap<String, i64> = BTreeMap::new();
        let mut note = |target: &str, commit: i64| {
            stale.entry(target.to_owned()).and_modify(|first| *first = commit.min(*first)).or_insert(commit);
        };
        for row in transaction.fetch_all(query).await? {
            note(&row.text("target")?, row.int("commit_id")?);
        }
        for (commit, references) in read {
            references.iter().for_each(|reference| note(&reference.target, commit.0));
        }
        transaction.write_list(DROP, &ids, |query| query).await?;
        let rows = read.iter().flat_map(|(commit, references)| {
            references.iter().enumerate().map(|(place, reference)| (commit.0, place, reference))
        });
        write_references(&mut transaction, &rows.collect::<Vec<_>>()).await?;
        note_targets(&mut transaction, &stale.into_iter().collect::<Vec<_>>()).await?;
        transaction.commit().await
    }
}
