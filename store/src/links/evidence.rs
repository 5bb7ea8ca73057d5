//! The text that a rule matched: stored with pull requests, and read from a commit's message only where a link is made.

use std::collections::{BTreeMap, BTreeSet};

use super::question::{LinkQuestion, SourceId, WantedLink};
use crate::StoreError;
use crate::database::{Statement, TenantTransaction, statement};

const MESSAGES: Statement = statement!(both "commits/messages");

/// Messages that are held at once: each may be of a mebibyte.
const MESSAGES_AT_ONCE: usize = 64;

/// The text of each of these links.
pub(super) async fn matched(
    transaction: &mut TenantTransaction,
    question: &LinkQuestion,
    links: &[WantedLink],
) -> Result<Vec<String>, StoreError> {
    let commits: BTreeSet<i64> = links
        .iter()
        .filter_map(|link| match question.sources[link.source].id {
            SourceId::Commit(id) => Some(id.0),
            SourceId::PullRequest(_) => None,
        })
        .collect();
    let commits: Vec<i64> = commits.into_iter().collect();
    let mut spans: BTreeMap<(i64, i64, i64), String> = BTreeMap::new();
    for chunk in commits.chunks(MESSAGES_AT_ONCE) {
        let query = transaction.query(MESSAGES).bind(chunk);
        let mut messages = BTreeMap::new();
        for row in transaction.fetch_all(query).await? {
            messages.insert(row.int("id")?, row.text("message")?);
        }
        for link in links {
            let source = &question.sources[link.source];
            let SourceId::Commit(id) = source.id else { continue };
            let Some(message) = messages.get(&id.0) else { continue };
            let (start, end) = source.mentions[link.mention].span;
            let text = usize::try_from(start).ok().zip(usize::try_from(end).ok());
            let text = text.and_then(|(start, end)| message.get(start..end)).unwrap_or_default();
            spans.insert((id.0, start, end), text.to_owned());
        }
    }
    let text = |link: &WantedLink| {
        let source = &question.sources[link.source];
        let mention = &source.mentions[link.mention];
        match (source.id, &mention.matched) {
            (SourceId::Commit(id), _) => spans.get(&(id.0, mention.span.0, mention.span.1)).cloned(),
            (SourceId::PullRequest(_), matched) => matched.clone(),
        }
    };
    Ok(links.iter().map(|link| text(link).unwrap_or_default()).collect())
}
