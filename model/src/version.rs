//! Which of two reports about the same thing holds, whatever order they arrive in.
//!
//! No counter of ours decides, for it would count arrivals. What a report says about itself does: its time at the
//! provider, then how final it is, then a digest of its content. The last means nothing, but it is the same
//! everywhere: of two different reports of one second every worker keeps the same one.

use std::cmp::Ordering;
use std::fmt;

use serde::{Serialize, Serializer};

use crate::ProviderTime;

/// How final a report is. Ordered: a later word is kept over an earlier one of the same time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rank {
    /// It is there: an open issue, an active installation, a repository.
    #[default]
    Open,
    /// It is over for now: a closed issue, a merged pull request, a suspended installation.
    Closed,
    /// It is gone for good: deleted, transferred away, uninstalled, withdrawn.
    Deleted,
}

impl Rank {
    /// A number that sorts as the ranks do: for a column that is compared.
    pub fn sort_key(self) -> i64 {
        match self {
            Self::Open => 0,
            Self::Closed => 1,
            Self::Deleted => 2,
        }
    }
}

/// The first half of a SHA-256 of what a report says. Compares by bytes; shown as 32 lower-case hexadecimal digits.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest(pub [u8; 16]);

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What a report says about its own place among all reports of the same thing. The larger one holds; the order of
/// the fields is the order of comparison, so three columns compared in this order say the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Version {
    /// When the thing last changed, at the provider.
    pub time: ProviderTime,
    /// How final that is.
    pub rank: Rank,
    /// Of the content: settles the rest.
    pub digest: Digest,
}

/// Compares two reports of the same thing: `Greater` where the first one holds, `Equal` where they say the same.
pub fn merge_order(one: &Version, other: &Version) -> Ordering {
    let key = |version: &Version| (version.time.sort_key(), version.rank.sort_key(), version.digest.0);
    key(one).cmp(&key(other))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Few values, so that ties are frequent.
    fn version() -> impl Strategy<Value = Version> {
        let time = prop_oneof![
            Just(ProviderTime::UNKNOWN),
            (0_i64..3).prop_map(ProviderTime::from_millis),
            any::<i64>().prop_map(ProviderTime::from_millis)
        ];
        let rank = prop_oneof![Just(Rank::Open), Just(Rank::Closed), Just(Rank::Deleted)];
        (time, rank, 0_u8..3).prop_map(|(time, rank, digest)| Version {
            time,
            rank,
            digest: Digest([digest; 16]),
        })
    }

    /// What a store does with each report: keep the larger.
    fn settle(reports: &[Version]) -> Option<Version> {
        reports.iter().copied().reduce(|kept, next| match merge_order(&next, &kept) {
            Ordering::Greater => next,
            Ordering::Less | Ordering::Equal => kept,
        })
    }

    #[test]
    fn time_before_rank_before_digest() {
        let at = |millis, rank, digest| Version {
            time: ProviderTime::from_millis(millis),
            rank,
            digest: Digest([digest; 16]),
        };
        let ascending = [
            Version::default(),
            Version { rank: Rank::Deleted, ..Version::default() },
            at(1, Rank::Open, 9),
            at(1, Rank::Closed, 0),
            at(1, Rank::Closed, 1),
            at(1, Rank::Deleted, 0),
            at(2, Rank::Open, 0),
        ];
        assert!(ascending.is_sorted_by(|one, other| merge_order(one, other) == Ordering::Less));
    }

    proptest! {
        #[test]
        fn any_two_compare_and_the_other_way_round_says_the_opposite(one in version(), other in version()) {
            prop_assert_eq!(merge_order(&one, &other), merge_order(&other, &one).reverse());
            prop_assert_eq!(merge_order(&one, &other) == Ordering::Equal, one == other);
            prop_assert_eq!(merge_order(&one, &other), one.cmp(&other), "as three columns compare");
        }

        #[test]
        fn it_is_an_order(one in version(), two in version(), three in version()) {
            if merge_order(&one, &two).is_le() && merge_order(&two, &three).is_le() {
                prop_assert!(merge_order(&one, &three).is_le());
            }
        }

        #[test]
        fn order_and_repetition_of_reports_do_not_matter(
            (reports, shuffled) in prop::collection::vec(version(), 1..8).prop_flat_map(|reports| {
                let repeated = [reports.clone(), reports.clone()].concat();
                (Just(reports), Just(repeated).prop_shuffle())
            }),
            cut in 0_usize..8,
        ) {
            let settled = settle(&reports);
            prop_assert_eq!(settle(&shuffled), settled);
            // Two workers that each saw a part agree once their results are put together.
            let (some, rest) = shuffled.split_at(cut.min(shuffled.len()));
            let parts: Vec<Version> = [settle(some), settle(rest)].into_iter().flatten().collect();
            prop_assert_eq!(settle(&parts), settled);
        }
    }
}
