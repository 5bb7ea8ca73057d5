//! What only issues and pull requests have, read back beside their tasks.

use std::collections::HashMap;

use crate::StoreError;
use crate::database::{Statement, TenantTransaction, statement};
use crate::words::{count, json};

const OF_TASKS: Statement = statement!(both "provider_tasks/of_tasks");

/// What an issue or pull request has beyond other tasks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderTaskFacts {
    /// What people call it by.
    pub number: u64,
    /// Where a person can see it. To show, never to contact.
    pub url: Option<String>,
    /// Account name; none for a deleted account.
    pub author: Option<String>,
    /// Names.
    pub labels: Vec<String>,
    /// Of a pull request: it is in. None for an issue.
    pub merged: Option<bool>,
    /// Of a pull request: it is not ready. None for an issue.
    pub draft: Option<bool>,
}

/// By task.
pub(crate) async fn facts_of(
    transaction: &mut TenantTransaction,
    tasks: &[i64],
) -> Result<HashMap<i64, ProviderTaskFacts>, StoreError> {
    let query = transaction.query(OF_TASKS).bind(tasks);
    let rows = transaction.fetch_all(query).await?;
    rows.iter()
        .map(|row| {
            let facts = ProviderTaskFacts {
                number: count(row.int("number")?),
                url: row.maybe_text("web_url")?,
                author: row.maybe_text("author")?,
                labels: json(&row.text("labels")?)?,
                merged: row.maybe_flag("merged")?,
                draft: row.maybe_flag("draft")?,
            };
            Ok((row.int("task_id")?, facts))
        })
        .collect()
}
