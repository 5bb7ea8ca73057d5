//! Changing the secret of a webhook: GitHub knows one and has no overlap, so the one before is accepted beside the present
//! one until it is dropped.

use serde_json::{Value, json};

use super::webhook;
use crate::audit_log::{Entry, append};
use crate::database::{Statement, TenantTransaction, Urgency, statement};
use crate::{Actor, RepositoryId, RowKey, Secret, StoreError, Tenant, Timestamp};

const GET: Statement = statement!("repositories/webhook_secrets");
const ROTATE: Statement = statement!("repositories/rotate_webhook_secret");
const DROP: Statement = statement!("repositories/drop_previous_secret");

fn previous(repository: RepositoryId) -> (&'static str, &'static str, RowKey<'static>) {
    ("repositories", "webhook_secret_previous", RowKey::Number(repository.0))
}

/// Writes down what was done to the secrets of a repository.
async fn note(
    transaction: &mut TenantTransaction,
    action: &'static str,
    repository: RepositoryId,
    details: Value,
    actor: &Actor,
    at: Timestamp,
) -> Result<(), StoreError> {
    let entry = Entry { at, actor, action, subject: format!("repository:{repository}"), details };
    append(transaction, &entry).await.map(drop)
}

impl Tenant {
    /// Puts a new secret in place of the present one of a repository's webhook, which is kept as the previous one. The one
    /// that was the previous one until now is gone.
    pub async fn rotate_webhook_secret(
        &self,
        repository: RepositoryId,
        secret: &[u8],
        actor: &Actor,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.write(Urgency::Answer).await?;
        let query = transaction.query(GET).bind(repository.0);
        let row = transaction.fetch_optional(query).await?.ok_or(StoreError::NoSuchRepository)?;
        let kept = match row.maybe_bytes("webhook_secret")? {
            // What is sealed opens in its own place alone, so it is sealed anew for the other column.
            Some(sealed) => {
                let open = self.open_secret(&mut transaction, webhook::place(repository), sealed).await?;
                Some(self.seal_secret(&mut transaction, previous(repository), open.expose(), now).await?)
            }
            None => None,
        };
        let sealed = self.seal_secret(&mut transaction, webhook::place(repository), secret, now).await?;
        let query = transaction.query(ROTATE).bind(repository.0).bind(&sealed[..]).bind(kept.as_deref());
        transaction.execute(query).await?;
        let (action, details) = ("repository.rotate_webhook_secret", json!({ "keeps": kept.is_some() }));
        note(&mut transaction, action, repository, details, actor, now).await?;
        transaction.commit().await
    }

    /// Drops the previous secret of a repository's webhook: false where there is none.
    pub async fn drop_previous_webhook_secret(
        &self,
        repository: RepositoryId,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.write(Urgency::Answer).await?;
        let query = transaction.query(DROP).bind(repository.0);
        if transaction.execute(query).await? == 0 {
            return Ok(false);
        }
        let action = "repository.drop_previous_webhook_secret";
        note(&mut transaction, action, repository, json!({}), actor, now).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// The secrets that a repository's webhook may sign with, the present one first.
    pub async fn webhook_secrets(&self, repository: RepositoryId) -> Result<Vec<Secret>, StoreError> {
        let mut transaction = self.read().await?;
        let query = transaction.query(GET).bind(repository.0);
        let row = transaction.fetch_optional(query).await?.ok_or(StoreError::NoSuchRepository)?;
        let columns = [
            ("webhook_secret", webhook::place(repository)),
            ("webhook_secret_previous", previous(repository)),
        ];
        let mut secrets = Vec::new();
        for (column, place) in columns {
            if let Some(sealed) = row.maybe_bytes(column)? {
                secrets.push(self.open_secret(&mut transaction, place, sealed).await?);
            }
        }
        Ok(secrets)
    }
}
