//! The ids of stored things: a UUID for tenants, small numbers within a tenant for the rest.
//!
//! Numbers are counted per tenant, not per database. They tell one tenant nothing about another, a tenant keeps them
//! when it is moved, and they take one to four bytes where a row names another.

use std::fmt;

use uuid::Uuid;

use crate::{StoreError, Timestamp};

/// A tenant: a UUID of version 7, so that ids sort by the time of creation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TenantId(pub Uuid);

impl TenantId {
    /// A new id that carries the time and is random besides.
    pub fn new(now: Timestamp) -> Self {
        let milliseconds = u64::try_from(now.0).unwrap_or_default();
        let (seconds, rest) = (milliseconds / 1000, milliseconds % 1000);
        let moment = uuid::Timestamp::from_unix(uuid::NoContext, seconds, (rest * 1_000_000) as u32);
        Self(Uuid::new_v7(moment))
    }

    pub(crate) fn from_stored(bytes: &[u8]) -> Result<Self, StoreError> {
        Uuid::from_slice(bytes).map(Self).map_err(|_| StoreError::Damaged("a tenant's id is not a UUID"))
    }
}

impl fmt::Display for TenantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

macro_rules! numbers {
    ($($(#[$doc:meta])* $name:ident),*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

numbers!(
    /// A repository of one tenant.
    RepositoryId,
    /// A project of one tenant.
    ProjectId,
    /// A task of one tenant.
    TaskId,
    /// A stored commit of one tenant.
    CommitId,
    /// A scan of one tenant.
    ScanId,
    /// A link of one tenant.
    LinkId,
    /// A user of one tenant.
    UserId,
    /// An API token of one tenant.
    TokenId,
    /// The place of an entry in the audit log of one tenant: from 1, without gaps.
    AuditSeq,
    /// A delivery of the database: it is recorded before its tenant is known.
    DeliveryId,
    /// A job of the database.
    JobId
);
