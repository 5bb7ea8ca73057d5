//! Taking a connection back.

use serde_json::json;

use crate::audit_log::{Entry, append};
use crate::changes::{self, ChangeKind, NewChange};
use crate::database::{Statement, TenantTransaction, Urgency, statement};
use crate::repository::{Repository, address_key, known_by};
use crate::{Actor, HookKey, RepositoryId, StoreError, Tenant, Timestamp};

const DISCONNECT: Statement = statement!("connections/disconnect");
const GET: Statement = statement!("repositories/get");
const FIND: Statement = statement!("repositories/find");
const FORGET_ID: Statement = statement!("connections/forget_id");
const LIST_HOOKS: Statement = statement!(both "hooks/list");
const REMOVE_HOOK: Statement = statement!(both "hooks/remove");

impl Tenant {
    /// Stops a repository: its hooks, its token and its secrets go, and it is no longer active. What is stored of it stays, but
    /// for the id that its own hook has said: one that was made anew at the provider, or a hook that said another's, would be
    /// refused for ever.
    /// False where it is not connected.
    pub async fn disconnect_repository(
        &self,
        repository: RepositoryId,
        now: Timestamp,
        actor: &Actor,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.write(Urgency::Answer).await?;
        forget_id(&mut transaction, repository).await?;
        let query = transaction.query(DISCONNECT).bind(repository.0);
        if transaction.execute(query).await? == 0 {
            return Ok(false);
        }
        let query = transaction.query(LIST_HOOKS);
        let mut hooks = Vec::new();
        for row in transaction.fetch_all(query).await? {
            if row.int("repository_id")? == repository.0 {
                hooks.push(row.text("hook_key")?);
            }
        }
        for hook in &hooks {
            let query = transaction.query(REMOVE_HOOK).bind(hook);
            transaction.fetch_optional(query).await?;
        }
        let hooks: Vec<_> = hooks.iter().map(|hook| HookKey::prefix(hook)).collect();
        let entry = Entry {
            at: now,
            actor,
            action: "repository.disconnect",
            subject: format!("repository:{repository}"),
            details: json!({ "hooks": hooks }),
        };
        append(&mut transaction, &entry).await?;
        let change = NewChange {
            repository: Some(repository),
            kind: ChangeKind::Repository,
            pushed_at: None,
            received_at: None,
            visible_at: now,
        };
        changes::append(&mut transaction, &change).await?;
        transaction.commit().await?;
        Ok(true)
    }
}

/// A repository that was known by its id is known by its address again, unless another one is by now.
async fn forget_id(transaction: &mut TenantTransaction, repository: RepositoryId) -> Result<(), StoreError> {
    let query = transaction.query(GET).bind(repository.0);
    let Some(row) = transaction.fetch_optional(query).await? else { return Ok(()) };
    let known = Repository::from_row(&row)?;
    let Some((provider, id)) = known.provided.id else { return Ok(()) };
    let mut key = known.facts.source_key.as_str();
    if key == known_by(provider, id) {
        let Some(address) = known.facts.clone_url.as_deref() else { return Ok(()) };
        key = address_key(address);
        let query = transaction.query(FIND).bind(key);
        if transaction.fetch_optional(query).await?.is_some() {
            return Ok(());
        }
    }
    let query = transaction.query(FORGET_ID).bind(repository.0).bind(key);
    transaction.execute(query).await.map(drop)
}
