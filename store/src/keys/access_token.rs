//! The token that a repository is fetched with, sealed in the repository's row.

use serde_json::json;

use crate::audit_log::{Entry, append};
use crate::database::{Statement, Urgency, statement};
use crate::{Actor, RepositoryId, RowKey, Secret, StoreError, Tenant, Timestamp};

const SET: Statement = statement!("repositories/set_access_token");
const GET: Statement = statement!("repositories/access_token");

fn place(repository: RepositoryId) -> (&'static str, &'static str, RowKey<'static>) {
    ("repositories", "access_token", RowKey::Number(repository.0))
}

impl Tenant {
    /// Stores the token that a repository is fetched with, sealed, in place of the one before; `None` takes it away.
    pub async fn set_access_token(
        &self,
        repository: RepositoryId,
        token: Option<&[u8]>,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.write(Urgency::Answer).await?;
        let sealed = match token {
            Some(token) => Some(self.seal_secret(&mut transaction, place(repository), token, now).await?),
            None => None,
        };
        let query = transaction.query(SET).bind(repository.0).bind(sealed.as_deref());
        if transaction.execute(query).await? == 0 {
            return Err(StoreError::NoSuchRepository);
        }
        let entry = Entry {
            at: now,
            actor,
            action: "repository.set_access_token",
            subject: format!("repository:{repository}"),
            details: json!({ "removed": token.is_none() }),
        };
        append(&mut transaction, &entry).await?;
        transaction.commit().await
    }

    /// The token that a repository is fetched with; `None` where none was set.
    pub async fn access_token(&self, repository: RepositoryId) -> Result<Option<Secret>, StoreError> {
        let mut transaction = self.read().await?;
        let query = transaction.query(GET).bind(repository.0);
        let row = transaction.fetch_optional(query).await?.ok_or(StoreError::NoSuchRepository)?;
        let Some(sealed) = row.maybe_bytes("access_token")? else { return Ok(None) };
        Ok(Some(self.open_secret(&mut transaction, place(repository), sealed).await?))
    }
}
