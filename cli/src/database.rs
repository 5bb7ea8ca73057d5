//! The database of one run, opened once; its futures are waited for where they are made.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use muster_store::{DatabaseUrl, Store, SystemRandom, Tenant, WrappingKeys};
use tokio::runtime::{Builder, Runtime};

use crate::context::Context;
use crate::keys;

/// How long the end of a command waits for connections to close.
const CLOSING: Duration = Duration::from_secs(5);

/// An open database and the runtime that drives it.
#[derive(Debug)]
pub(crate) struct Database {
    runtime: Runtime,
    store: Store,
}

/// What drives the futures of one run.
pub(crate) fn runtime() -> io::Result<Runtime> {
    Builder::new_current_thread().enable_all().build()
}

impl Database {
    /// Opens the database that the settings name, with the keys that they name; a file is made on first use.
    pub(crate) fn open(context: &Context) -> Result<Self> {
        let keys = keys::read(&context.settings.key_source())?;
        let database = Self::open_without_keys(context)?;
        match keys {
            Some(keys) => database.with_keys(keys),
            None => Ok(database),
        }
    }

    /// The same on all processors, for what serves many at once.
    pub(crate) fn open_to_serve(context: &Context) -> Result<Self> {
        let keys = keys::read(&context.settings.key_source())?;
        let database = Self::open_on(Builder::new_multi_thread().enable_all().build()?, context)?;
        if let Some(keys) = keys {
            return database.with_keys(keys);
        }
        // Without it no secret of a hook and no token could be read: every delivery would be refused.
        let in_use = database.wait(database.store.wrapping_keys_in_use())?;
        if let Some((needed, _)) = in_use.first() {
            bail!(
                "read the secrets of this database: they are sealed with wrapping key {needed}, and no key is given; name the file \
                 that holds it in MUSTER_KEY_FILE (a new key would not open them)"
            );
        }
        Ok(database)
    }

    /// The same without keys: what is sealed stays closed.
    pub(crate) fn open_without_keys(context: &Context) -> Result<Self> {
        Self::open_on(runtime()?, context)
    }

    fn open_on(runtime: Runtime, context: &Context) -> Result<Self> {
        let url: DatabaseUrl = context.settings.database()?.parse()?;
        let store = runtime.block_on(Store::open(&url))?;
        if let Some(before) = store.brought_from().filter(|before| before.found > 0) {
            let (found, known) = (before.found, before.known);
            context.say(&format!("the database's schema was brought from {found} to {known}"));
        }
        Ok(Self { runtime, store })
    }

    /// The same database with other keys than it was opened with, which have to be all that it needs.
    pub(crate) fn with_keys(mut self, keys: WrappingKeys) -> Result<Self> {
        let opened = self.store.clone().with_keys(keys, Arc::new(SystemRandom));
        self.store = self.runtime.block_on(opened)?;
        Ok(self)
    }

    /// Opens the database that the settings name, which has to be there: nothing is made to be read.
    pub(crate) fn open_existing(context: &Context) -> Result<Self> {
        Self::refuse_missing(context)?;
        Self::open(context)
    }

    /// Refuses a file that is not there.
    pub(crate) fn refuse_missing(context: &Context) -> Result<()> {
        if let DatabaseUrl::Sqlite(path) = context.settings.database()?.parse()?
            && !path.exists()
        {
            bail!("open the database {}: it is not there yet; muster scan PATH makes it", path.display());
        }
        Ok(())
    }

    /// The open database itself.
    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// The tenant that the settings name, to work with: a suspended one is refused.
    pub(crate) fn tenant(&self, context: &Context) -> Result<Tenant> {
        let name = &context.settings.tenant;
        let found = self.wait(self.store.tenant_by_name_or_create_default(name, context.now()));
        found?.with_context(|| format!("find the tenant {name}: there is none of that name in this database"))
    }

    /// The same, suspended or not: for what an operator needs to see of any tenant.
    pub(crate) fn tenant_even_suspended(&self, context: &Context) -> Result<Tenant> {
        match self.wait(self.store.tenant_by_subdomain(&context.settings.tenant))? {
            Some(record) => Ok(self.store.tenant(record.id)),
            None => self.tenant(context),
        }
    }

    /// Waits for something.
    pub(crate) fn wait<T>(&self, step: impl Future<Output = T>) -> T {
        self.runtime.block_on(step)
    }
}

impl Drop for Database {
    /// Closes it, so that an SQLite file is whole without what stood beside it. A connection that does not come back is
    /// not waited for: the process ends anyway.
    fn drop(&mut self) {
        let closing = self.store.clone().close();
        _ = self.runtime.block_on(async { tokio::time::timeout(CLOSING, closing).await });
    }
}
