//! Learning which repository of the provider one is that was connected by its address: the first delivery of its own hook says
//! its id, and from then on the id is the identity.

use super::{Repository, address, find_by_provider};
use crate::database::{Statement, TenantTransaction, Urgency, statement};
use crate::repository::connect::known_by;
use crate::{Provider, RepositoryId, StoreError, Tenant};

const GET: Statement = statement!("repositories/get");
const FIND_UNCLAIMED: Statement = statement!(both "repositories/find_unclaimed");
const LEARN: Statement = statement!("repositories/learn");

impl Tenant {
    /// Notes a repository's id at the provider, once. Gives the row; `None` where it has another id already, or another
    /// repository of the tenant has this one. Whoever calls has made sure that it was the repository's own hook that said it.
    pub async fn learn_provider_id(
        &self,
        repository: RepositoryId,
        provider: Provider,
        id: i64,
    ) -> Result<Option<Repository>, StoreError> {
        let mut transaction = self.write(Urgency::State).await?;
        let learnt = learn(&mut transaction, repository, provider, id).await?;
        transaction.commit().await?;
        Ok(learnt)
    }

    /// The same for the connected repository of an address whose id is not known yet: an installation says what it is called, and
    /// so which address is its. `None` where there is no such repository.
    pub async fn learn_by_address(
        &self,
        clone_url: &str,
        provider: Provider,
        id: i64,
    ) -> Result<Option<Repository>, StoreError> {
        // Most often there is none, and nothing to write.
        let mut transaction = self.read().await?;
        let query = transaction.query(FIND_UNCLAIMED).bind(address::key(clone_url));
        let Some(row) = transaction.fetch_optional(query).await? else { return Ok(None) };
        let found = Repository::from_row(&row)?;
        if found.provided.connected_at.is_none() {
            return Ok(None);
        }
        drop(transaction);
        let mut transaction = self.write(Urgency::State).await?;
        let learnt = learn(&mut transaction, found.id, provider, id).await?;
        transaction.commit().await?;
        Ok(learnt)
    }
}

async fn learn(
    transaction: &mut TenantTransaction,
    repository: RepositoryId,
    provider: Provider,
    id: i64,
) -> Result<Option<Repository>, StoreError> {
    let query = transaction.query(GET).bind(repository.0);
    let row = transaction.fetch_optional(query).await?.ok_or(StoreError::NoSuchRepository)?;
    let known = Repository::from_row(&row)?;
    if known.provided.id.is_some() {
        return Ok(Some(known).filter(|known| known.provided.id == Some((provider, id))));
    }
    if find_by_provider(transaction, provider, id).await?.is_some() {
        return Ok(None);
    }
    let key = address::is_address(&known.facts.source_key).then(|| known_by(provider, id));
    let query = transaction.query(LEARN).bind(repository.0).bind(key.as_deref());
    let query = query.bind(provider.as_str()).bind(id);
    Ok(Some(Repository::from_row(&transaction.fetch_one(query).await?)?))
}
