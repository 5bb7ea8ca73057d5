//! Following changes: those behind a seq, and whether any in between can no longer be told.

use super::ChangeKind;
use crate::database::{Row, Statement, TenantTransaction, statement};
use crate::words::{column, word};
use crate::{MAX_PAGE, RepositoryId, StoreError, Tenant, Timestamp};

const LIST: Statement = statement!("changes/list");
const BOUNDS: Statement = statement!(both "changes/bounds");

/// A change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangeRecord {
    /// Its number: larger than those of all that became visible before.
    pub seq: i64,
    /// Of which repository.
    pub repository: Option<RepositoryId>,
    /// What became visible.
    pub kind: ChangeKind,
    /// When it was made at the provider.
    pub pushed_at: Option<Timestamp>,
    /// When we heard of it.
    pub received_at: Option<Timestamp>,
    /// Since when it shows.
    pub visible_at: Timestamp,
}

/// The changes behind a seq.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangesAfter {
    /// In the order of their seqs, from the one that was asked behind.
    pub changes: Vec<ChangeRecord>,
    /// Some behind that one are no longer kept, or it was never given here: whoever followed has to look at everything anew.
    pub has_gap: bool,
    /// The last seq that was given.
    pub latest: i64,
}

impl ChangeRecord {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        let time = |column| Ok::<_, StoreError>(row.maybe_int(column)?.map(Timestamp));
        Ok(Self {
            seq: row.int("seq")?,
            repository: row.maybe_int("repository_id")?.map(RepositoryId),
            kind: word(row.word("kind")?)?,
            pushed_at: time("pushed_at")?,
            received_at: time("received_at")?,
            visible_at: Timestamp(row.int("visible_at")?),
        })
    }
}

/// The last seq that was given, and the first that is still kept.
async fn bounds(transaction: &mut TenantTransaction) -> Result<(i64, Option<i64>), StoreError> {
    let query = transaction.query(BOUNDS);
    let row = transaction.fetch_optional(query).await?.ok_or(StoreError::NoSuchTenant)?;
    Ok((row.int("change_seq")?, row.maybe_int("first_kept")?))
}

impl Tenant {
    /// The last seq that was given to a change of this tenant; 0 before the first.
    pub async fn change_seq(&self) -> Result<i64, StoreError> {
        let mut transaction = self.read().await?;
        Ok(bounds(&mut transaction).await?.0)
    }

    /// At most `limit` changes behind a seq (0: from the first on), and whether any in between are no longer kept.
    pub async fn list_changes(&self, after: i64, limit: usize) -> Result<ChangesAfter, StoreError> {
        let mut transaction = self.read().await?;
        let query = transaction.query(LIST).bind(after).bind(column(limit.clamp(1, MAX_PAGE)));
        let rows = transaction.fetch_all(query).await?;
        let changes: Vec<_> = rows.iter().map(ChangeRecord::from_row).collect::<Result<_, _>>()?;
        // What follows without a gap needs no second look.
        if let (Some(first), Some(last)) = (changes.first(), changes.last())
            && first.seq == after.saturating_add(1)
            && changes.len() < limit
        {
            return Ok(ChangesAfter { has_gap: false, latest: last.seq, changes });
        }
        let (latest, first_kept) = bounds(&mut transaction).await?;
        let is_behind = after < latest && first_kept.is_none_or(|first| first > after.saturating_add(1));
        Ok(ChangesAfter { has_gap: is_behind || after > latest || after < 0, latest, changes })
    }
}
