//! The secret that a repository's hook signs its deliveries with, sealed in the repository's row.

use serde_json::json;

use crate::audit_log::{Entry, append};
use crate::database::{Statement, Urgency, statement};
use crate::{Actor, RepositoryId, RowKey, Secret, StoreError, Tenant, Timestamp};

const SET: Statement = statement!("repositories/set_webhook_secret");
const GET: Statement = statement!("repositories/webhook_secret");

/// Where it stands: what is sealed for one repository does not open for another.
pub(super) fn place(repository: RepositoryId) -> (&'static str, &'static str, RowKey<'static>) {
    ("repositories", "webhook_secret", RowKey::Number(repository.0))
}

impl Tenant {
    /// Stores the secret of a repository's webhook, sealed, in place of the one before.
    pub async fn set_webhook_secret(
        &self,
        repository: RepositoryId,
        secret: &[u8],
        actor: &Actor,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.write(Urgency::Answer).await?;
        let sealed = self.seal_secret(&mut transaction, place(repository), secret, now).await?;
        let query = transaction.query(SET).bind(repository.0).bind(&sealed[..]);
        if transaction.execute(query).await? == 0 {
            return Err(StoreError::NoSuchRepository);
        }
        let entry = Entry {
            at: now,
            actor,
            action: "repository.set_webhook_secret",
            subject: format!("repository:{repository}"),
            details: json!({}),
        };
        append(&mut transaction, &entry).await?;
        transaction.commit().await
    }

    /// The secret of a repository's webhook; `None` where none was set.
    pub async fn webhook_secret(&self, repository: RepositoryId) -> Result<Option<Secret>, StoreError> {
        let mut transaction = self.read().await?;
        let query = transaction.query(GET).bind(repository.0);
        let row = transaction.fetch_optional(query).await?.ok_or(StoreError::NoSuchRepository)?;
        let Some(sealed) = row.maybe_bytes("webhook_secret")? else { return Ok(None) };
        Ok(Some(self.open_secret(&mut transaction, place(repository), sealed).await?))
    }
}
