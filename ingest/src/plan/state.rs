//! GitHub's words for the state of an issue or pull request, and ours.

use muster_model::{ProviderTime, Rank, TaskState};

use crate::payload::{Issue, PullRequest, Reported};

/// Closed as not planned or as a duplicate is cancelled; closed otherwise is done.
pub(super) fn of_issue(issue: &Issue, action: Option<&str>) -> TaskState {
    if !is_closed(&issue.reported, action) {
        return TaskState::Open;
    }
    match issue.state_reason.as_deref() {
        Some("not_planned" | "duplicate") => TaskState::Cancelled,
        _ => TaskState::Done,
    }
}

/// Merged is done, closed without is cancelled, a draft is not begun.
pub(super) fn of_pull_request(pull_request: &PullRequest, action: Option<&str>) -> TaskState {
    if pull_request.merged {
        TaskState::Done
    } else if is_closed(&pull_request.reported, action) {
        TaskState::Cancelled
    } else if pull_request.draft {
        TaskState::Open
    } else {
        TaskState::InProgress
    }
}

/// How final a state is. The provider's: only what is closed there is done or cancelled here.
pub(super) fn rank(state: TaskState) -> Rank {
    match state {
        TaskState::Open | TaskState::InProgress | TaskState::Blocked => Rank::Open,
        TaskState::Done | TaskState::Cancelled => Rank::Closed,
    }
}

/// By the state that it says; where that is nothing we know, by what was just done to it, then by when it was closed.
fn is_closed(reported: &Reported, action: Option<&str>) -> bool {
    match (reported.state.as_deref(), action) {
        (Some("closed"), _) => true,
        (Some("open"), _) => false,
        (_, Some("closed")) => true,
        (_, Some("opened" | "reopened")) => false,
        _ => reported.closed_at != ProviderTime::UNKNOWN,
    }
}
