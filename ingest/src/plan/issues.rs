//! `issues`: an issue is now like this. Every action carries the whole issue, so all mean the same but two: after
//! `deleted` and `transferred` it is gone from here.

use muster_model::{Change, Gone, ProviderId, ProviderTask, Rank, Version};

use super::digest::digest;
use super::{Dead, Event, Ignored, Meaning, state, unknown_action};
use crate::payload::{Issue, Payload};

pub(super) fn plan(action: Option<&str>, payload: &Payload<'_>) -> Meaning {
    let root = payload.root();
    let gone = match action {
        Some(
            "assigned" | "closed" | "demilestoned" | "edited" | "labeled" | "locked" | "milestoned"
            | "opened" | "pinned" | "reopened" | "typed" | "unassigned" | "unlabeled" | "unlocked"
            | "unpinned" | "untyped",
        ) => None,
        Some("deleted") => Some(Gone::Deleted),
        Some("transferred") => {
            let changes = root.object("changes");
            let to = changes.object("new_repository").id("id");
            Some(Gone::Transferred { to, number: changes.object("new_issue").number("number") })
        }
        _ => return Err(unknown_action(Event::Issues, action)),
    };
    let issue = Issue::read(&root.object("issue"));
    // It does occur: a milestone given to a pull request is told as `issues` with `milestoned`.
    if issue.is_pull_request {
        return Err(Ignored::PullRequestAsIssue.into());
    }
    let lacks = |field| Dead::Lacks { event: Event::Issues.as_str(), field };
    let repository = payload.names().repository.ok_or(lacks("repository.id"))?;
    let task = task_of_issue(repository, issue, action, gone).ok_or(lacks("issue.number"))?;
    Ok(vec![Change::Task(Box::new(task))])
}

/// The report that an issue makes, from an event or from GitHub's API; none if it has no number.
///
/// `action` settles the state where the issue does not say it.
pub fn task_of_issue(
    repository: ProviderId,
    issue: Issue,
    action: Option<&str>,
    gone: Option<Gone>,
) -> Option<ProviderTask> {
    let state = state::of_issue(&issue, action);
    let reported = issue.reported;
    let mut task = ProviderTask {
        repository,
        number: reported.number?,
        id: reported.id,
        version: Version {
            time: reported.updated_at.or(reported.closed_at).or(reported.created_at),
            rank: if gone.is_some() { Rank::Deleted } else { state::rank(state) },
            ..Version::default()
        },
        state,
        gone,
        title: reported.title.unwrap_or_default(),
        body: reported.body.unwrap_or_default(),
        author: reported.author,
        assignees: reported.assignees,
        labels: reported.labels,
        opened_at: reported.created_at,
        closed_at: reported.closed_at,
        url: reported.url,
        pull_request: None,
    };
    task.version.digest = digest(&task);
    Some(task)
}
