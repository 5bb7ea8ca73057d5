//! Rotation: a tenant's data key is wrapped anew, one small row in a transaction of its own.
//!
//! The data key itself stays, and with it all that it sealed. So a rotation may be cut off anywhere: each tenant's key
//! is wrapped with the old key or with the new one, and both are at hand until the old one is dropped.

use serde_json::json;

use super::data_key;
use crate::audit_log::{Entry, append};
use crate::database::{Statement, Urgency, statement};
use crate::{Actor, DataKey, StoreError, Tenant, Timestamp};

const REWRAP: Statement = statement!(both "keys/rewrap");

/// What became of a tenant's data key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rewrapped {
    /// It is wrapped with the current key now.
    Now,
    /// It was already.
    Before,
    /// The tenant has none, or is not there.
    NoKey,
}

impl Tenant {
    /// Wraps the tenant's data key with the current one of the keys that the database was opened with.
    pub async fn rewrap_data_key(&self, actor: &Actor, now: Timestamp) -> Result<Rewrapped, StoreError> {
        let keys = self.keys()?;
        let mut transaction = self.write(Urgency::Answer).await?;
        let Some(old) = data_key::stored(&mut transaction).await? else { return Ok(Rewrapped::NoKey) };
        let current = keys.wrapping.current();
        if old.with == current.id() {
            return Ok(Rewrapped::Before);
        }
        let key = DataKey::unwrap(&keys.wrapping, self.id, &old.bytes, old.with)?;
        let wrapped = key.wrap(current, self.id, &*keys.random)?;
        let id = current.id().to_string();
        let query = transaction.query(REWRAP).bind(&old.bytes[..]).bind(&wrapped[..]).bind(id.as_str());
        transaction.execute(query).await?;
        let entry = Entry {
            at: now,
            actor,
            action: "tenant.rewrap_key",
            subject: format!("tenant:{}", self.id),
            details: json!({ "from": old.with.to_string(), "to": id }),
        };
        append(&mut transaction, &entry).await?;
        transaction.commit().await?;
        Ok(Rewrapped::Now)
    }
}
