//! What `muster jobs` and `muster deliveries` have in common: the queue, and whose rows of it are meant.
//!
//! The tenant's alone, unless whoever sits at this machine asks for everybody's. What is another tenant's is then said to be
//! missing, as everywhere.

use std::collections::HashMap;

use anyhow::Result;
use muster_store::{Queue, TenantId};

use super::listing::Reader;
use crate::context::Context;

/// The queue, to be read and told what to run again.
pub(super) struct QueueReader<'a> {
    pub(super) reader: Reader<'a>,
    pub(super) queue: Queue,
    names: Option<HashMap<TenantId, String>>,
}

impl<'a> QueueReader<'a> {
    /// Opens it, for the tenant that the settings name or for all.
    pub(super) fn open(context: &'a Context, all_tenants: bool) -> Result<Self> {
        let reader = Reader::open_even_suspended(context)?;
        let queue = reader.wait(reader.store().queue())?;
        let mut names = None;
        if all_tenants {
            let tenants = reader.wait(reader.store().list_tenants())?;
            names = Some(tenants.into_iter().map(|tenant| (tenant.id, tenant.subdomain)).collect());
        }
        Ok(Self { reader, queue, names })
    }

    /// Everybody's rows are meant.
    pub(super) fn is_of_all(&self) -> bool {
        self.names.is_some()
    }

    /// A row of this tenant is meant.
    pub(super) fn means(&self, tenant: Option<TenantId>) -> bool {
        self.is_of_all() || tenant == Some(self.reader.tenant.id())
    }

    /// What the tenant of a row is called.
    pub(super) fn name(&self, tenant: Option<TenantId>) -> Option<&str> {
        match &self.names {
            Some(names) => names.get(&tenant?).map(String::as_str),
            None => Some(&self.reader.context.settings.tenant),
        }
    }

    /// The same where all rows of a table are of one tenant: nothing.
    pub(super) fn label(&self, tenant: Option<TenantId>) -> &str {
        if self.is_of_all() { self.name(tenant).unwrap_or("-") } else { "" }
    }
}
