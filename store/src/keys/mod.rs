//! The keys of an open database: what seals and opens the secrets of its tenants.
//!
//! They come in from outside when it is opened, and a key that some tenant needs and that is not among them is refused
//! then, not with the first secret. Without any keys everything works that touches no secret.

mod access_token;
mod data_key;
mod rotated_webhook;
mod rotation;
mod webhook;

pub use rotation::Rewrapped;

use std::fmt;
use std::sync::Arc;

use crate::database::{Role, Statement, statement};
use crate::words::count;
use crate::{OpenError, SecureRandom, Store, StoreError, WrappingKeyId, WrappingKeys};

const IN_USE: Statement = statement!(both "tenants/wrapping_keys");

/// The wrapping keys, and where new keys and nonces come from.
pub(crate) struct Keys {
    wrapping: WrappingKeys,
    random: Arc<dyn SecureRandom>,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.wrapping.fmt(f)
    }
}

impl Store {
    /// The same database with keys, for what is sealed in it.
    ///
    /// [`OpenError::WrongKey`] where a tenant's data key is wrapped with a key that is not among them.
    pub async fn with_keys(
        mut self,
        wrapping: WrappingKeys,
        random: Arc<dyn SecureRandom>,
    ) -> Result<Self, OpenError> {
        for (needed, tenants) in self.wrapping_keys_in_use().await? {
            if wrapping.find(needed).is_none() {
                return Err(OpenError::WrongKey { needed, tenants, given: wrapping.to_string() });
            }
        }
        self.keys = Some(Arc::new(Keys { wrapping, random }));
        Ok(self)
    }

    /// The wrapping keys that have to be at hand, each with the number of tenants whose data key it wraps.
    pub async fn wrapping_keys_in_use(&self) -> Result<Vec<(WrappingKeyId, u64)>, StoreError> {
        let mut transaction = self.pool.read_global(Role::App).await?;
        let query = transaction.statement(IN_USE);
        let rows = transaction.fetch_all(query).await?;
        rows.iter().map(|row| Ok((key_id(row.word("wrapping_key")?)?, count(row.int("tenants")?)))).collect()
    }
}

/// The id of a wrapping key as a column has it.
fn key_id(stored: &str) -> Result<WrappingKeyId, StoreError> {
    stored.parse().map_err(|_| StoreError::Damaged("the id of a wrapping key is not 16 hex digits"))
}
