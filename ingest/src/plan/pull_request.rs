//! `pull_request`: a pull request is now like this. Every action carries the whole, so all mean the same.

use muster_model::{Change, ProviderId, ProviderTask, PullRequestFacts, Version};

use super::digest::digest;
use super::{Dead, Event, Meaning, state, unknown_action};
use crate::payload::{Payload, PullRequest};

pub(super) fn plan(action: Option<&str>, payload: &Payload<'_>) -> Meaning {
    match action {
        Some(
            "assigned"
            | "auto_merge_disabled"
            | "auto_merge_enabled"
            | "closed"
            | "converted_to_draft"
            | "demilestoned"
            | "dequeued"
            | "edited"
            | "enqueued"
            | "labeled"
            | "locked"
            | "merged"
            | "milestoned"
            | "opened"
            | "ready_for_review"
            | "reopened"
            | "review_request_removed"
            | "review_requested"
            | "synchronize"
            | "unassigned"
            | "unlabeled"
            | "unlocked",
        ) => {}
        _ => return Err(unknown_action(Event::PullRequest, action)),
    }
    let lacks = |field| Dead::Lacks { event: Event::PullRequest.as_str(), field };
    let repository = payload.names().repository.ok_or(lacks("repository.id"))?;
    let pull_request = PullRequest::read(&payload.root().object("pull_request"));
    let task = task_of_pull_request(repository, pull_request, action).ok_or(lacks("pull_request.number"))?;
    Ok(vec![Change::Task(Box::new(task))])
}

/// The report that a pull request makes, from an event or from GitHub's API; none if it has no number.
///
/// `action` settles the state where the pull request does not say it.
pub fn task_of_pull_request(
    repository: ProviderId,
    pull_request: PullRequest,
    action: Option<&str>,
) -> Option<ProviderTask> {
    let state = state::of_pull_request(&pull_request, action);
    let PullRequest { reported, draft, merged, merge_commit, head, base } = pull_request;
    let mut task = ProviderTask {
        repository,
        number: reported.number?,
        id: reported.id,
        version: Version {
            time: reported.updated_at.or(reported.closed_at).or(reported.created_at),
            rank: state::rank(state),
            ..Version::default()
        },
        state,
        gone: None,
        title: reported.title.unwrap_or_default(),
        body: reported.body.unwrap_or_default(),
        author: reported.author,
        assignees: reported.assignees,
        labels: reported.labels,
        opened_at: reported.created_at,
        closed_at: reported.closed_at,
        url: reported.url,
        pull_request: Some(PullRequestFacts {
            head_ref: head.name.unwrap_or_default(),
            head_sha: head.commit,
            head_repository: head.repository,
            from_fork: head.repository != Some(repository),
            base_ref: base.name.unwrap_or_default(),
            base_sha: base.commit,
            merge_commit,
            merged,
            draft,
        }),
    };
    task.version.digest = digest(&task);
    Some(task)
}
