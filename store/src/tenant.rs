//! The handle of one tenant, which every method of a tenant hangs on.

use std::sync::Arc;

use crate::database::{Pool, TenantTransaction, Urgency};
use crate::keys::Keys;
use crate::{Store, StoreError, TenantId};

/// One tenant of one database: what the methods of repositories, projects, tasks and commits hang on.
#[derive(Clone, Debug)]
pub struct Tenant {
    pub(crate) pool: Pool,
    pub(crate) id: TenantId,
    pub(crate) keys: Option<Arc<Keys>>,
}

impl Store {
    /// The handle of a tenant. Nothing is looked up: rows of an id that is not there are simply none.
    pub fn tenant(&self, id: TenantId) -> Tenant {
        Tenant { pool: self.pool.clone(), id, keys: self.keys.clone() }
    }
}

impl Tenant {
    /// Which tenant this is.
    pub fn id(&self) -> TenantId {
        self.id
    }

    /// A transaction that writes.
    pub(crate) async fn write(&self, urgency: Urgency) -> Result<TenantTransaction, StoreError> {
        self.pool.write(self.id, urgency).await
    }

    /// A transaction that reads one state of the database.
    pub(crate) async fn read(&self) -> Result<TenantTransaction, StoreError> {
        self.pool.read(self.id).await
    }
}
