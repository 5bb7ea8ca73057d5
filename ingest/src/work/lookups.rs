//! What has to be looked up before a delivery can be planned: whose hook it came in by, and whose repository it speaks of.
//!
//! Ids of a payload are looked up within the tenant that the hook or the claimed installation names, never across tenants.

use muster_model::{Change, ProviderId, ProviderTime};
use muster_store::{
    DeliveryRecord, Provider, Repository, RepositoryId, Store, StoreError, Tenant, TenantId, Timestamp,
};

use crate::payload::Names;
use crate::plan::HookScope;

/// The hook of the App, in the column `hook`.
const APP: &str = "app";

/// Who speaks, with what is stored about him.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Speaker {
    /// What he may speak of.
    pub(super) scope: HookScope,
    /// Whose he is; `None` as long as nobody has claimed the installation.
    pub(super) tenant: Option<TenantId>,
    /// That tenant is suspended.
    pub(super) is_suspended: bool,
    /// The repository that is spoken of, where the tenant has it.
    pub(super) repository: Option<Repository>,
    /// The claimed installation that he speaks for.
    pub(super) installation: Option<ProviderId>,
    /// This delivery was the first to say which repository of the provider it is.
    pub(super) has_learnt: bool,
}

/// Who speaks in a delivery; `None` where its hook was taken away since.
///
/// `github` is the provider's own address.
pub(super) async fn speaker(
    store: &Store,
    delivery: &DeliveryRecord,
    names: &Names,
    github: &str,
) -> Result<Option<Speaker>, StoreError> {
    if delivery.hook == APP {
        app(store, names, github).await.map(Some)
    } else {
        hook(store, &delivery.hook, names).await
    }
}

async fn app(store: &Store, names: &Names, github: &str) -> Result<Speaker, StoreError> {
    let known = match names.installation {
        Some(id) => store.find_installation(Provider::GitHub, id.get()).await?,
        None => None,
    };
    let tenant = known.as_ref().and_then(|known| known.tenant);
    let repository = match (tenant, names.repository) {
        (Some(tenant), Some(id)) => known_or_learnt(&store.tenant(tenant), id, names, github).await?,
        _ => None,
    };
    let installation = names.installation.filter(|_| tenant.is_some());
    let connected = names.repository.filter(|_| repository.is_some());
    Ok(Speaker {
        scope: HookScope::App { claimed: installation, connected },
        tenant,
        is_suspended: known.is_some_and(|known| known.is_tenant_suspended),
        repository,
        installation,
        has_learnt: false,
    })
}

/// The repository of an id, or the one that was connected by the address that its name makes, which has that id from now on.
async fn known_or_learnt(
    tenant: &Tenant,
    id: ProviderId,
    names: &Names,
    github: &str,
) -> Result<Option<Repository>, StoreError> {
    let known = of_provider(tenant, id).await?;
    match &names.full_name {
        Some(name) if known.is_none() => {
            let url = format!("{}/{name}", github.trim_end_matches('/'));
            tenant.learn_by_address(&url, Provider::GitHub, id.get()).await
        }
        _ => Ok(known),
    }
}

async fn hook(store: &Store, key: &str, names: &Names) -> Result<Option<Speaker>, StoreError> {
    let Some(route) = store.find_hook(key).await? else { return Ok(None) };
    let tenant = store.tenant(route.tenant);
    let Some(mut repository) = tenant.find_repository(route.repository).await? else { return Ok(None) };
    let mut scope = scope(&repository);
    let mut has_learnt = false;
    // Its own hook is the first to say which repository of the provider it is; from then on only the id counts.
    if let (HookScope::Repository { id: None, .. }, Some(id)) = (&scope, names.repository)
        && scope.may_speak_of(names).is_ok()
    {
        scope = match tenant.learn_provider_id(repository.id, Provider::GitHub, id.get()).await? {
            Some(learnt) => {
                (repository, has_learnt) = (learnt, true);
                self::scope(&repository)
            }
            None => HookScope::Nobody,
        };
    }
    Ok(Some(Speaker {
        scope,
        tenant: Some(route.tenant),
        is_suspended: route.is_suspended,
        repository: Some(repository),
        installation: None,
        has_learnt,
    }))
}

/// What the hook of a repository may speak of.
fn scope(repository: &Repository) -> HookScope {
    let id = repository.provided.id.and_then(|(_, id)| ProviderId::new(id));
    let full_name = repository.provided.full_name.clone();
    let full_name = full_name.or_else(|| repository.facts.clone_url.as_deref().and_then(self::full_name));
    HookScope::Repository { id, full_name }
}

/// The tenant's repository of a provider's id.
pub(super) async fn of_provider(tenant: &Tenant, id: ProviderId) -> Result<Option<Repository>, StoreError> {
    tenant.find_repository_by_provider(Provider::GitHub, id.get()).await
}

/// `owner/name`, as the address of a repository at GitHub has it.
fn full_name(clone_url: &str) -> Option<String> {
    let path =
        clone_url.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map(|(_, path)| path)?;
    let path = path.trim_end_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    let (owner, name) = path.split_once('/')?;
    (!owner.is_empty() && !name.is_empty() && !name.contains('/')).then(|| path.to_owned())
}

/// Notes when a push was made and received: where freshness is measured from.
pub(super) async fn note_push(
    tenant: &Tenant,
    repository: RepositoryId,
    pushed_at: ProviderTime,
    received_at: Timestamp,
) -> Result<(), StoreError> {
    tenant.note_push(repository, pushed_at.millis().map(Timestamp), received_at).await
}

/// Applies what a delivery says although no tenant has claimed its installation: that the installation is there, so that
/// somebody can claim it.
pub(super) async fn meanwhile(store: &Store, changes: &[Change], now: Timestamp) -> Result<(), StoreError> {
    for change in changes {
        if let Change::Installation(facts) = change {
            store.report_installation(Provider::GitHub, facts, now).await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_read_from_the_address() {
        let of = |url| full_name(url);
        assert_eq!(of("https://github.com/acme/widgets.git").as_deref(), Some("acme/widgets"));
        assert_eq!(of("https://github.com/acme/widgets/").as_deref(), Some("acme/widgets"));
        for none in
            ["", "/srv/git/widgets.git", "https://host/widgets", "https://host/a/b/c", "https://host//b"]
        {
            assert_eq!(of(none), None, "{none}");
        }
    }
}
