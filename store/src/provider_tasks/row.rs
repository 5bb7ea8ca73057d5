//! A report as rows.

use std::collections::BTreeSet;

use muster_model::{Gone, ProviderTask, ProviderTime, Reference, TaskKind};

use crate::StoreError;
use crate::database::{Query, Rows};
use crate::report::bind_version;
use crate::words::column;

/// Targets that are kept with a task, as a file's task keeps those of its line.
const MOST_NAMED: usize = 100;

/// Where in a pull request a reference stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TextSource {
    /// Its title.
    Title,
    /// Its text.
    Body,
    /// The name of its branch.
    Branch,
}

impl TextSource {
    /// The word of the column.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Body => "body",
            Self::Branch => "branch",
        }
    }
}

/// What an issue or pull request refers to, once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskReference {
    /// In which of its texts.
    pub source: TextSource,
    /// What, and how.
    pub reference: Reference,
    /// The text that the rule matched.
    pub matched: String,
    /// It has not the shape of a reference: it is one where there is such a task.
    pub in_doubt: bool,
}

/// The targets of those references that are sure, in order, each once, as JSON.
pub(super) fn named(references: &[TaskReference]) -> Result<String, StoreError> {
    let mut seen = BTreeSet::new();
    let sure = references.iter().filter(|found| !found.in_doubt);
    let targets = sure.map(|found| found.reference.target.as_str());
    let first: Vec<&str> = targets.filter(|target| seen.insert(*target)).take(MOST_NAMED).collect();
    Ok(serde_json::to_string(&first)?)
}

/// Binds what `provider_tasks/put` wants behind the repository.
pub(super) fn bind(query: Query, number: i64, task: &ProviderTask) -> Result<Query, StoreError> {
    let pull_request = task.pull_request.as_ref();
    let (gone, moved_to) = match &task.gone {
        None => (None, None),
        Some(Gone::Deleted) => (Some("deleted"), None),
        Some(Gone::Transferred { to, number }) => (Some("transferred"), place(*to, *number)),
    };
    let known = |time: ProviderTime| time.millis();
    let query = query.bind(number).bind(task.id.map(muster_model::ProviderId::get));
    let query = bind_version(query, &task.version)
        .bind(gone)
        .bind(moved_to.as_deref())
        .bind(&task.body)
        .bind(task.author.as_deref())
        .bind(serde_json::to_string(&task.assignees)?.as_str())
        .bind(serde_json::to_string(&task.labels)?.as_str())
        .bind(known(task.opened_at))
        .bind(known(task.closed_at))
        .bind(task.url.as_deref());
    let sha = |id: Option<muster_model::ObjectId>| id.map(|id| id.as_bytes().to_vec());
    let (head, base) =
        (sha(pull_request.and_then(|p| p.head_sha)), sha(pull_request.and_then(|p| p.base_sha)));
    let merge = sha(pull_request.and_then(|p| p.merge_commit));
    Ok(query
        .bind(pull_request.map(|p| p.head_ref.as_str()))
        .bind(head.as_deref())
        .bind(pull_request.and_then(|p| p.head_repository).map(muster_model::ProviderId::get))
        .bind(pull_request.map(|p| p.from_fork))
        .bind(pull_request.map(|p| p.base_ref.as_str()))
        .bind(base.as_deref())
        .bind(merge.as_deref())
        .bind(pull_request.map(|p| p.merged))
        .bind(pull_request.map(|p| p.draft)))
}

/// Where a moved issue is now: `<repository's id>#<number>`, as far as that is said.
fn place(to: Option<muster_model::ProviderId>, number: Option<u64>) -> Option<String> {
    let to = to.map_or_else(String::new, |to| to.to_string());
    let number = number.map_or_else(String::new, |number| format!("#{number}"));
    Some(to + &number).filter(|place| !place.is_empty())
}

/// The columns of `task_references/add`, in its order.
pub(super) fn reference_columns<'a, 'b>(
    rows: Rows<'a, (usize, &'b TaskReference)>,
) -> Result<Rows<'a, (usize, &'b TaskReference)>, StoreError> {
    Ok(rows
        .int(|(place, _)| column(*place))
        .text(|(_, found)| found.source.as_str())
        .int(|(_, found)| column(found.reference.start))
        .int(|(_, found)| column(found.reference.end))
        .text(|(_, found)| &found.reference.target)
        .text(|(_, found)| found.reference.relation.as_str())
        .text(|(_, found)| &found.reference.rule)
        .text(|(_, found)| &found.matched))
}

/// Only what a pull request says makes links; an issue's references are kept with the issue.
pub(super) fn makes_links(task: &ProviderTask) -> bool {
    task.kind() == TaskKind::PullRequest
}
