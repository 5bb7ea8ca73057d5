//! What is read of an issue or a pull request. GitHub's API gives the same objects, so a resync reads them here too.

use muster_model::{ObjectId, ProviderId, ProviderTime};

use super::{BODY, NAME, Object, TITLE, WORD};

/// What an issue and a pull request have in common.
#[derive(Clone, Debug)]
pub struct Reported {
    /// The id of the issue or pull request.
    pub id: Option<ProviderId>,
    /// `#12`.
    pub number: Option<u64>,
    /// At most 1,024 characters.
    pub title: Option<String>,
    /// At most 65,536 characters.
    pub body: Option<String>,
    /// Login; none for a deleted account.
    pub author: Option<String>,
    /// Logins.
    pub assignees: Vec<String>,
    /// Names.
    pub labels: Vec<String>,
    /// `open` or `closed`.
    pub state: Option<String>,
    /// When it was opened.
    pub created_at: ProviderTime,
    /// When anything about it last changed.
    pub updated_at: ProviderTime,
    /// When it was closed.
    pub closed_at: ProviderTime,
    /// Its page.
    pub url: Option<String>,
}

impl Reported {
    fn read(object: &Object<'_>) -> Self {
        let mut assignees = object.names("assignees", "login");
        if assignees.is_empty() {
            // Older servers name one alone.
            assignees.extend(object.object("assignee").text("login", NAME));
        }
        Self {
            id: object.id("id"),
            number: object.number("number"),
            title: object.text("title", TITLE),
            body: object.text("body", BODY),
            author: object.object("user").text("login", NAME),
            assignees,
            labels: object.names("labels", "name"),
            state: object.text("state", WORD),
            created_at: object.time("created_at"),
            updated_at: object.time("updated_at"),
            closed_at: object.time("closed_at"),
            url: object.page("html_url"),
        }
    }
}

/// An issue.
#[derive(Clone, Debug)]
pub struct Issue {
    /// What it shares with pull requests.
    pub reported: Reported,
    /// Why it was closed: `completed`, `not_planned`, `duplicate`, or why it is open: `reopened`.
    pub state_reason: Option<String>,
    /// GitHub's API lists pull requests among issues, marked by this.
    pub is_pull_request: bool,
}

impl Issue {
    /// From the object `issue`, or from an entry of the API's list.
    pub fn read(object: &Object<'_>) -> Self {
        Self {
            reported: Reported::read(object),
            state_reason: object.text("state_reason", WORD),
            is_pull_request: object.has_object("pull_request"),
        }
    }
}

/// A pull request.
#[derive(Clone, Debug)]
pub struct PullRequest {
    /// What it shares with issues.
    pub reported: Reported,
    /// Not ready for review.
    pub draft: bool,
    /// It is in.
    pub merged: bool,
    /// What the merge made, or a trial of it.
    pub merge_commit: Option<ObjectId>,
    /// What asks to be merged.
    pub head: Branch,
    /// Where to.
    pub base: Branch,
}

/// One end of a pull request.
#[derive(Clone, Debug)]
pub struct Branch {
    /// Name, without `refs/heads/`.
    pub name: Option<String>,
    /// Its tip.
    pub commit: Option<ObjectId>,
    /// None where it was deleted.
    pub repository: Option<ProviderId>,
}

impl PullRequest {
    /// From the object `pull_request`, or from an entry of the API's list.
    pub fn read(object: &Object<'_>) -> Self {
        // Lists of the API leave `merged` out and say when.
        let merged_at = object.time("merged_at");
        Self {
            reported: Reported::read(object),
            draft: object.flag("draft").unwrap_or(false),
            merged: object.flag("merged").unwrap_or(merged_at != ProviderTime::UNKNOWN),
            merge_commit: object.commit("merge_commit_sha"),
            head: Branch::read(&object.object("head")),
            base: Branch::read(&object.object("base")),
        }
    }
}

impl Branch {
    fn read(object: &Object<'_>) -> Self {
        Self {
            name: object.text("ref", NAME),
            commit: object.commit("sha"),
            repository: object.object("repo").id("id"),
        }
    }
}
