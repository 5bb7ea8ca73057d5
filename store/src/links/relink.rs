//! Taking notes away: every source that speaks of a noted target is looked at as a whole, and what differs is written.
//!
//! As a whole, for two references of one source may mean one task, and the stronger one makes the link. A link that no longer
//! holds is withdrawn, and comes back as the same row; one to a file's task that is gone stays as it was.

use std::collections::{BTreeMap, BTreeSet};

use super::evidence::matched;
use super::question::{LinkAnswer, LinkQuestion, ResolveLinks, SourceId};
use crate::changes::{self, ChangeKind, NewChange};
use crate::database::{Row, Rows, Statement, TenantTransaction, Urgency, statement};
use crate::queue::enqueue_in;
use crate::words::column;
use crate::{NewJob, StoreError, TaskId, Tenant, Timestamp};

const DROP_IDLE: Statement = statement!(both "stale_targets/drop_idle");
const COMMITS: Statement = statement!(both "stale_targets/commits");
const PULL_REQUESTS: Statement = statement!(both "stale_targets/pull_requests");
const DONE: Statement = statement!("stale_targets/done");
const ADVANCE: Statement = statement!("stale_targets/advance");
const ANY: Statement = statement!("stale_targets/any");
const OF_COMMITS: Statement = statement!(both "links/of_commits");
const OF_PULL_REQUESTS: Statement = statement!(both "links/of_pull_requests");
const LAST_ID: Statement = statement!("links/last_id");
const ADD: Statement = statement!(both "links/add");
const RESTATE: Statement = statement!("links/restate");
const WITHDRAW: Statement = statement!(both "links/withdraw");
const RESOLVE_COMMIT: Statement = statement!(both "links/resolve_commit");
const RESOLVE_TASK: Statement = statement!(both "links/resolve_task");

/// Sources that are looked at in the transaction that makes it necessary.
const FEW: usize = 200;
/// Sources that are loaded at once.
const AT_ONCE: usize = 500;

/// What a step of linking left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Relinked {
    /// Links that were made, came back or were withdrawn.
    pub changed: usize,
    /// There is more to look at.
    pub more: bool,
}

impl Tenant {
    /// Does one step of linking, over some `limit` sources. To be called until nothing is left; whatever is written meanwhile is
    /// noted and found.
    pub async fn relink(
        &self,
        limit: usize,
        resolve: ResolveLinks,
        now: Timestamp,
    ) -> Result<Relinked, StoreError> {
        let mut reading = self.read().await?;
        let query = reading.query(ANY);
        if reading.fetch_optional(query).await?.is_none() {
            return Ok(Relinked::default());
        }
        drop(reading);
        let mut transaction = self.write(Urgency::Batch).await?;
        let query = transaction.query(DROP_IDLE).planned_anew();
        transaction.execute(query).await?;
        let relinked = relink_in(&mut transaction, limit, resolve, now).await?;
        if relinked.changed > 0 {
            changes::append(&mut transaction, &NewChange::seen(ChangeKind::Link, None, now)).await?;
        }
        transaction.commit().await?;
        Ok(relinked)
    }
}

/// Does the small rest in the transaction that made it necessary; where it is more than that, a job does it.
pub(crate) async fn relink_some(
    transaction: &mut TenantTransaction,
    resolve: ResolveLinks,
    now: Timestamp,
) -> Result<(), StoreError> {
    if relink_in(transaction, FEW, resolve, now).await?.more {
        enqueue_in(transaction, &[NewJob::link(now)], now).await?;
    }
    Ok(())
}

/// Looks at one pull request, whose references are others now.
pub(crate) async fn relink_pull_request(
    transaction: &mut TenantTransaction,
    task: TaskId,
    resolve: ResolveLinks,
    now: Timestamp,
) -> Result<(), StoreError> {
    relink_sources(transaction, &[], &[task.0], resolve, now).await.map(drop)
}

async fn relink_in(
    transaction: &mut TenantTransaction,
    limit: usize,
    resolve: ResolveLinks,
    now: Timestamp,
) -> Result<Relinked, StoreError> {
    let query = transaction.query(COMMITS).bind(column(limit)).planned_anew();
    let rows = transaction.fetch_all(query).await?;
    let mut commits = BTreeSet::new();
    for row in &rows {
        commits.insert(row.int("commit_id")?);
    }
    let last = match rows.last() {
        Some(row) if rows.len() >= limit => Some((row.text("target")?, row.int("commit_id")?)),
        _ => None,
    };
    let upto = last.as_ref().map(|(target, _)| target.as_str());
    let query = transaction.query(PULL_REQUESTS).bind(upto).planned_anew();
    let rows = transaction.fetch_all(query).await?;
    let pull_requests = rows.iter().map(|row| row.int("task_id")).collect::<Result<Vec<_>, _>>()?;
    let commits: Vec<i64> = commits.into_iter().collect();
    let mut changed = 0;
    for chunk in commits.chunks(AT_ONCE) {
        changed += relink_sources(transaction, chunk, &[], resolve, now).await?;
    }
    for chunk in pull_requests.chunks(AT_ONCE) {
        changed += relink_sources(transaction, &[], chunk, resolve, now).await?;
    }
    let query = transaction.query(DONE).bind(upto);
    transaction.execute(query).await?;
    if let Some((target, commit)) = &last {
        let query = transaction.query(ADVANCE).bind(target).bind(commit + 1);
        transaction.execute(query).await?;
    }
    Ok(Relinked { changed, more: last.is_some() })
}

/// A stored link.
struct Stored {
    id: i64,
    relation: String,
    rule: String,
    matched: String,
    key: Option<String>,
    holds: bool,
    /// Its task was in a file and is gone.
    is_gone: bool,
    /// It is wanted.
    stays: bool,
}

type Key = (SourceId, i64, &'static str);

/// Gives the number of links that changed.
async fn relink_sources(
    transaction: &mut TenantTransaction,
    commits: &[i64],
    pull_requests: &[i64],
    resolve: ResolveLinks,
    now: Timestamp,
) -> Result<usize, StoreError> {
    let question = LinkQuestion::load(transaction, commits, pull_requests).await?;
    let answer = resolve(&question);
    let mut stored: BTreeMap<(SourceId, i64), Vec<Stored>> = BTreeMap::new();
    for (statement, ids, of) in [
        (OF_COMMITS, commits, commit as fn(i64) -> SourceId),
        (OF_PULL_REQUESTS, pull_requests, pull_request),
    ] {
        if ids.is_empty() {
            continue;
        }
        let query = transaction.query(statement).bind(ids);
        for row in transaction.fetch_all(query).await? {
            let key = (of(row.int("source_id")?), row.int("task_id")?);
            stored.entry(key).or_default().push(Stored::from_row(&row)?);
        }
    }
    let text = matched(transaction, &question, &answer.links).await?;
    let (mut new, mut restated) = (Vec::new(), Vec::new());
    for (link, text) in answer.links.iter().zip(text) {
        let source = &question.sources[link.source];
        let mention = &source.mentions[link.mention];
        let task = question.candidates[link.candidate].task.0;
        let key: Key = (source.id, task, mention.relation.as_str());
        let rule =
            if link.ambiguous { format!("{}.{AMBIGUOUS}", mention.rule) } else { mention.rule.clone() };
        let known = stored.get_mut(&(source.id, task));
        let known = known.and_then(|all| all.iter_mut().find(|stored| stored.relation == key.2));
        match known {
            Some(known) => {
                let same = known.holds && known.rule == rule && known.matched == text;
                known.stays = true;
                if !same {
                    restated.push((known.id, rule, text));
                }
            }
            None => new.push((key, rule, text)),
        }
    }
    let gone = stored.values().flatten().filter(|link| link.holds && !link.stays && !link.is_gone);
    let gone: Vec<i64> = gone.map(|stored| stored.id).collect();
    let changed = new.len() + restated.len() + gone.len();
    write(transaction, &new, &restated, &gone, now).await?;
    let kept: BTreeSet<(SourceId, &str)> = stored
        .iter()
        .flat_map(|((source, _), links)| links.iter().map(|link| (*source, link)))
        .filter(|(_, link)| link.holds && link.is_gone)
        .filter_map(|(source, link)| Some((source, link.key.as_deref()?)))
        .collect();
    mark_resolved(transaction, &question, &answer, &kept).await?;
    Ok(changed)
}

/// What ends the rule of a link that is one of several candidates.
pub(super) const AMBIGUOUS: &str = "ambiguous";

fn commit(id: i64) -> SourceId {
    SourceId::Commit(crate::CommitId(id))
}

fn pull_request(id: i64) -> SourceId {
    SourceId::PullRequest(TaskId(id))
}

impl Stored {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.int("id")?,
            relation: row.text("relation")?,
            rule: row.text("rule")?,
            matched: row.text("matched")?,
            holds: row.maybe_int("withdrawn_at")?.is_none(),
            key: row.maybe_text("key")?,
            is_gone: row.flag("gone")?,
            stays: false,
        })
    }
}

async fn write(
    transaction: &mut TenantTransaction,
    new: &[(Key, String, String)],
    restated: &[(i64, String, String)],
    gone: &[i64],
    now: Timestamp,
) -> Result<(), StoreError> {
    transaction.write_list(WITHDRAW, gone, |query| query.bind(now.0)).await?;
    for (id, rule, matched) in restated {
        let query = transaction.query(RESTATE).bind(*id).bind(rule).bind(matched);
        transaction.execute(query).await?;
    }
    if new.is_empty() {
        return Ok(());
    }
    let first = transaction.last_id(LAST_ID).await? + 1;
    let new: Vec<_> = new.iter().zip(first..).collect();
    transaction
        .write_rows(
            ADD,
            &new,
            |query| query.bind(now.0),
            |rows| {
                Ok(rows
                    .int(|(_, id)| *id)
                    .int(|(((_, task, _), ..), _)| *task)
                    .text(|(((source, ..), ..), _)| match source {
                        SourceId::Commit(_) => "commit",
                        SourceId::PullRequest(_) => "pull_request",
                    })
                    .maybe_int(|(((source, ..), ..), _)| match source {
                        SourceId::Commit(id) => Some(id.0),
                        SourceId::PullRequest(_) => None,
                    })
                    .maybe_int(|(((source, ..), ..), _)| match source {
                        SourceId::Commit(_) => None,
                        SourceId::PullRequest(id) => Some(id.0),
                    })
                    .text(|(((.., relation), ..), _)| relation)
                    .text(|((_, rule, _), _)| rule)
                    .text(|((.., text), _)| text))
            },
        )
        .await?;
    Ok(())
}

/// Marks the references whose target a link says; `kept`: what links say to tasks that are gone.
async fn mark_resolved(
    transaction: &mut TenantTransaction,
    question: &LinkQuestion,
    answer: &LinkAnswer,
    kept: &BTreeSet<(SourceId, &str)>,
) -> Result<(), StoreError> {
    let resolved: BTreeSet<(usize, usize)> = answer.resolved.iter().copied().collect();
    let (mut of_commits, mut of_tasks) = (Vec::new(), Vec::new());
    for (at, source) in question.sources.iter().enumerate() {
        for (place, mention) in source.mentions.iter().enumerate() {
            let is_resolved =
                resolved.contains(&(at, place)) || kept.contains(&(source.id, mention.target.as_str()));
            if is_resolved != mention.resolved {
                match source.id {
                    SourceId::Commit(id) => of_commits.push((id.0, mention.place, is_resolved)),
                    SourceId::PullRequest(id) => of_tasks.push((id.0, mention.place, is_resolved)),
                }
            }
        }
    }
    for (statement, rows) in [(RESOLVE_COMMIT, of_commits), (RESOLVE_TASK, of_tasks)] {
        for is_resolved in [true, false] {
            let rows: Vec<(i64, i64)> =
                rows.iter().filter(|row| row.2 == is_resolved).map(|row| (row.0, row.1)).collect();
            transaction.write_rows(statement, &rows, |query| query.bind(is_resolved), pairs).await?;
        }
    }
    Ok(())
}

fn pairs(rows: Rows<'_, (i64, i64)>) -> Result<Rows<'_, (i64, i64)>, StoreError> {
    Ok(rows.int(|(id, _)| *id).int(|(_, place)| *place))
}
