//! Reports of a provider: which one holds, and what became of one.
//!
//! No counter of ours decides, and no time of ours: a report carries its place among all reports of the same thing. The larger
//! one replaces the other as a whole, so any order and any repetition of reports leave the same rows.

use muster_model::{Digest, ProviderTime, Rank, Version, merge_order};

use crate::StoreError;
use crate::database::{Query, Row};

/// What became of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Reported {
    /// It holds now.
    Taken,
    /// One that says the same, or a later one, was here before: only the lease was settled.
    Outdated,
    /// The lease did not hold any more: nothing was changed. Another does the work or has done it.
    LeaseLost,
}

/// Binds a version as three values.
pub(crate) fn bind_version(query: Query, version: &Version) -> Query {
    query.bind(version.time.sort_key()).bind(version.rank.sort_key()).bind(&version.digest.0[..])
}

/// The version of a row; `None` where nobody has reported yet.
pub(crate) fn version_of(row: &Row) -> Result<Option<Version>, StoreError> {
    let Some(time) = row.maybe_int("report_time")? else { return Ok(None) };
    let time = if time == ProviderTime::UNKNOWN.sort_key() {
        ProviderTime::UNKNOWN
    } else {
        ProviderTime::from_millis(time)
    };
    let rank = [Rank::Open, Rank::Closed, Rank::Deleted]
        .into_iter()
        .find(|rank| row.int("report_rank").is_ok_and(|stored| stored == rank.sort_key()));
    let digest = row.maybe_bytes("report_digest")?.and_then(|bytes| bytes.try_into().ok());
    match rank.zip(digest) {
        Some((rank, digest)) => Ok(Some(Version { time, rank, digest: Digest(digest) })),
        None => Err(StoreError::Damaged("a report has no place among others")),
    }
}

/// True where the report replaces what is stored.
pub(crate) fn holds(report: &Version, stored: Option<&Version>) -> bool {
    stored.is_none_or(|stored| merge_order(report, stored).is_gt())
}
