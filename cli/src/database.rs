//! The database of one run, opened once; its futures are waited for where they are made.

use anyhow::{Context as _, Result, bail};
use muster_store::{DatabaseUrl, Store, Tenant};

use crate::context::Context;

/// An open database and the runtime that drives it.
#[derive(Debug)]
pub(crate) struct Database {
    runtime: tokio::runtime::Runtime,
    store: Store,
}

impl Database {
    /// Opens the database that the settings name; a file is made on first use.
    pub(crate) fn open(context: &Context) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let url: DatabaseUrl = context.settings.database()?.parse()?;
        let store = runtime.block_on(Store::open(&url))?;
        Ok(Self { runtime, store })
    }

    /// Opens the database that the settings name, which has to be there: nothing is made to be read.
    pub(crate) fn open_existing(context: &Context) -> Result<Self> {
        if let DatabaseUrl::Sqlite(path) = context.settings.database()?.parse()?
            && !path.exists()
        {
            bail!("open the database {}: it is not there yet; muster scan PATH makes it", path.display());
        }
        Self::open(context)
    }

    /// The open database itself.
    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// The tenant that the settings name.
    pub(crate) fn tenant(&self, context: &Context) -> Result<Tenant> {
        let name = &context.settings.tenant;
        let found = self.wait(self.store.tenant_by_name_or_create_default(name, context.now()));
        found?.with_context(|| format!("find the tenant {name}: there is none of that name in this database"))
    }

    /// Waits for something.
    pub(crate) fn wait<T>(&self, step: impl Future<Output = T>) -> T {
        self.runtime.block_on(step)
    }
}
