//! The data key of one tenant: made with the first need, and kept wrapped in the tenant's one row of `data_keys`.

use super::{Keys, key_id};
use crate::database::{Statement, TenantTransaction, statement};
use crate::{DataKey, Place, RowKey, Secret, StoreError, Tenant, Timestamp, WrappingKeyId};

const GET: Statement = statement!(both "keys/get");
const PUT: Statement = statement!(both "keys/put");

/// A data key as it is kept.
pub(super) struct Wrapped {
    pub(super) bytes: Vec<u8>,
    pub(super) with: WrappingKeyId,
}

/// The tenant's data key as it is kept, where it has one.
pub(super) async fn stored(transaction: &mut TenantTransaction) -> Result<Option<Wrapped>, StoreError> {
    let query = transaction.query(GET);
    let Some(row) = transaction.fetch_optional(query).await? else { return Ok(None) };
    Ok(Some(Wrapped { bytes: row.bytes("wrapped")?.to_vec(), with: key_id(row.word("wrapping_key")?)? }))
}

impl Tenant {
    /// The wrapping key that the tenant's data key is wrapped with; `None` where the tenant has no data key yet.
    pub async fn wrapping_key(&self) -> Result<Option<WrappingKeyId>, StoreError> {
        let mut transaction = self.read().await?;
        Ok(stored(&mut transaction).await?.map(|wrapped| wrapped.with))
    }

    pub(super) fn keys(&self) -> Result<&Keys, StoreError> {
        self.keys.as_deref().ok_or(StoreError::NoWrappingKey)
    }

    /// The tenant's data key, made where it has none. The transaction has to write.
    pub(crate) async fn data_key_or_new(
        &self,
        transaction: &mut TenantTransaction,
        now: Timestamp,
    ) -> Result<DataKey, StoreError> {
        let keys = self.keys()?;
        if let Some(key) = self.data_key(transaction).await? {
            return Ok(key);
        }
        let key = DataKey::generate(&*keys.random)?;
        let current = keys.wrapping.current();
        let wrapped = key.wrap(current, self.id, &*keys.random)?;
        let query = transaction.query(PUT).bind(&wrapped[..]).bind(current.id().to_string().as_str());
        transaction.execute(query.bind(now.0)).await?;
        Ok(key)
    }

    /// The tenant's data key, where it has one.
    async fn data_key(&self, transaction: &mut TenantTransaction) -> Result<Option<DataKey>, StoreError> {
        let keys = self.keys()?;
        let Some(wrapped) = stored(transaction).await? else { return Ok(None) };
        Ok(Some(DataKey::unwrap(&keys.wrapping, self.id, &wrapped.bytes, wrapped.with)?))
    }

    /// A secret as it is to be stored in that column of that row.
    pub(crate) async fn seal_secret(
        &self,
        transaction: &mut TenantTransaction,
        (table, column, row): (&str, &str, RowKey<'_>),
        plain: &[u8],
        now: Timestamp,
    ) -> Result<Vec<u8>, StoreError> {
        let key = self.data_key_or_new(transaction, now).await?;
        let place = Place { tenant: self.id, table, column, row };
        Ok(key.seal(&place, plain, &*self.keys()?.random)?)
    }

    /// The secret that is stored in that column of that row.
    pub(crate) async fn open_secret(
        &self,
        transaction: &mut TenantTransaction,
        (table, column, row): (&str, &str, RowKey<'_>),
        sealed: &[u8],
    ) -> Result<Secret, StoreError> {
        let key = self.data_key(transaction).await?;
        let key = key.ok_or(StoreError::Damaged("a secret is stored, and its tenant has no data key"))?;
        Ok(key.open(&Place { tenant: self.id, table, column, row }, sealed)?)
    }
}
