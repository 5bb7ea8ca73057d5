//! Which connected repository is meant: by its id, its name, `owner/name` or its address.

use anyhow::{Context as _, Result, bail};
use muster_scanner::wire::{Policy, RemoteAddress, without_user_info};
use muster_store::{ConnectionFilter, ConnectionRecord, StoreError, Tenant};

use crate::database::Database;

/// Every connected repository, those that were removed among them.
pub(super) fn all(database: &Database, tenant: &Tenant) -> Result<Vec<ConnectionRecord>, StoreError> {
    let mut filter = ConnectionFilter { removed: true, ..ConnectionFilter::default() };
    let mut all = Vec::new();
    loop {
        let page = database.wait(tenant.list_connections(&filter))?;
        all.extend(page.items);
        filter.after = page.next;
        if filter.after.is_none() {
            return Ok(all);
        }
    }
}

/// The one that is meant.
pub(super) fn find(database: &Database, tenant: &Tenant, text: &str) -> Result<ConnectionRecord> {
    let shown = without_user_info(text);
    let looked_for = || format!("find the repository {shown}");
    let mut known = all(database, tenant).with_context(looked_for)?;
    let address = RemoteAddress::parse(text, &Policy { allow_local: true, ..Policy::default() });
    let key = address.map(|address| address.source_key()).ok();
    // The surest first: a repository may be called `7`.
    let ways: [&dyn Fn(&ConnectionRecord) -> bool; 4] = [
        &|one| one.id.to_string() == text,
        &|one| one.source_key == text || key.as_ref().is_some_and(|key| is_at(one, key)),
        &|one| one.full_name.as_ref().is_some_and(|name| name.eq_ignore_ascii_case(text)),
        &|one| one.name == text,
    ];
    for way in ways {
        let found: Vec<_> = known.iter().filter(|one| way(one)).map(|one| one.id).collect();
        match found[..] {
            [] => {}
            [id] => {
                known.retain(|one| one.id == id);
                return known.pop().with_context(looked_for);
            }
            _ => {
                let ids: Vec<_> = found.iter().map(ToString::to_string).collect();
                bail!(
                    "find the repository {shown}: there are {} of that name; give one of the ids {}",
                    ids.len(),
                    ids.join(", ")
                );
            }
        }
    }
    bail!("find the repository {shown}: none like that is connected; muster repo list shows those that are")
}

/// The same, which has to be connected now.
pub(super) fn find_active(database: &Database, tenant: &Tenant, text: &str) -> Result<ConnectionRecord> {
    let found = find(database, tenant, text)?;
    if found.is_active && found.connected_at.is_some() {
        return Ok(found);
    }
    let name = shown(&found);
    let Some(url) = &found.clone_url else { bail!("take {name}: it is not connected any more") };
    bail!("take {name}: it is not connected any more; muster repo connect {url} takes it up again")
}

fn is_at(one: &ConnectionRecord, key: &str) -> bool {
    let policy = Policy { allow_local: true, ..Policy::default() };
    let known_as = |url: &str| RemoteAddress::parse(url, &policy).is_ok_and(|url| url.source_key() == key);
    one.clone_url.as_deref().is_some_and(known_as)
}

/// What it is called in words.
pub(super) fn shown(repository: &ConnectionRecord) -> String {
    repository.full_name.clone().unwrap_or_else(|| repository.name.clone())
}
