//! What a fetch or a look that failed calls for: another try, the end of a limit, or a person.

use muster_engine::{FetchError, FetchTrouble, LookError};
use muster_store::{StoreError, Timestamp};

use crate::work::{JobFailure, Remedy};

/// The shortest and the longest that a remote may have us wait, in seconds: it says a number, and we need not believe any. No attempt
/// is counted, so one that says 0 for ever is not asked once a second for ever.
const LEAST_WAIT: u64 = 30;
const MOST_WAIT: u64 = 60 * 60;

/// Of a fetch. The message is a person's sentence, without user info, for the address has none.
pub(super) fn of_fetch(address: &str, error: &FetchError, now: Timestamp) -> JobFailure {
    let trouble = FetchTrouble::from(error);
    let message = format!("failed to fetch {address}: {error}");
    let remedy = match trouble {
        FetchTrouble::Forbidden | FetchTrouble::TooLarge => Remedy::Permanent,
        FetchTrouble::Limited(seconds) => {
            Remedy::Limited(Timestamp(now.0 + seconds.clamp(LEAST_WAIT, MOST_WAIT) as i64 * 1000))
        }
        // What is not there, or refuses, may be there in a minute: a provider tells of a repository before it serves it.
        FetchTrouble::Gone
        | FetchTrouble::Refused
        | FetchTrouble::Unreachable
        | FetchTrouble::Slow
        | FetchTrouble::Garbage
        | FetchTrouble::Here
        | FetchTrouble::Cancelled => Remedy::Retry,
    };
    JobFailure { cause: trouble.as_str().into(), message, remedy }
}

/// Of a look.
pub(super) fn of_look(error: &LookError) -> JobFailure {
    let message = format!("failed to look at the repository: {error}");
    match error {
        LookError::Store(StoreError::NoSuchRepository | StoreError::NoSuchTenant) => {
            JobFailure::permanent("repository gone", message)
        }
        LookError::Store(StoreError::Suspended { .. }) => JobFailure::permanent("tenant suspended", message),
        LookError::Store(_) => JobFailure::retry("database", message),
        LookError::TooManyCommits(_) => JobFailure::permanent("pull request too large", message),
        LookError::NotLookedAt => JobFailure::retry("not looked at yet", message),
        LookError::Cancelled => JobFailure::retry("cancelled", message),
        LookError::Open(_)
        | LookError::Scan(_)
        | LookError::Refs(_)
        | LookError::Damaged(_)
        | LookError::NoRepository => JobFailure::retry("mirror", message),
    }
}
