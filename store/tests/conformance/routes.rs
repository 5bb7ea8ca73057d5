//! Laws of hooks and installations: what leads a delivery to its tenant.

use muster_store::{HookKey, Provider, RepositoryId, Store, StoreError, SystemRandom, Tenant};

use crate::audit::{ada, log};
use crate::examples::{LATER, NOW, first_change, named, tenant};
use crate::laws::{Law, law};

pub(crate) fn laws() -> Vec<Law> {
    vec![
        law("find_hook", "an address leads to one repository of one tenant", one_way),
        law("add_hook", "a tenant gives addresses to its own repositories alone", own_repositories),
        law("remove_hook", "a tenant takes away its own addresses alone", own_addresses),
        law("find_installation", "an installation leads to whoever has claimed it", to_whoever_claimed),
        law("list_installations", "a tenant sees what it has claimed", listed_by_whoever_claimed),
        law("claim_installation", "what one tenant has claimed no other can", claimed_once),
    ]
}

async fn repository(tenant: &Tenant) -> RepositoryId {
    tenant.apply_state(&first_change("k"), NOW).await.unwrap().repository
}

fn key() -> HookKey {
    HookKey::generate(&SystemRandom).unwrap()
}

async fn one_way(store: Store) {
    let (acme, other) = (tenant(&store).await, named(&store, "other").await);
    let (mine, theirs) = (key(), key());
    acme.add_hook(repository(&acme).await, &mine, NOW, &ada()).await.unwrap();
    other.add_hook(repository(&other).await, &theirs, NOW, &ada()).await.unwrap();
    let route = store.find_hook(mine.as_str()).await.unwrap().unwrap();
    assert_eq!((route.tenant, route.repository, route.is_suspended), (acme.id(), RepositoryId(1), false));
    assert_eq!(store.find_hook(theirs.as_str()).await.unwrap().unwrap().tenant, other.id());
    for unknown in ["", "x", "a\0b", &mine.as_str()[1..], key().as_str()] {
        assert_eq!(store.find_hook(unknown).await.unwrap(), None);
    }
}

async fn own_repositories(store: Store) {
    let (acme, other) = (tenant(&store).await, named(&store, "other").await);
    let (repository, key) = (repository(&acme).await, key());
    let foreign = other.add_hook(repository, &key, NOW, &ada()).await;
    assert!(matches!(foreign, Err(StoreError::NoSuchRepository)));
    acme.add_hook(repository, &key, NOW, &ada()).await.unwrap();
    assert!(matches!(acme.add_hook(repository, &key, NOW, &ada()).await, Err(StoreError::AlreadyThere)));
    let told = log(&acme).await;
    assert_eq!(
        (told.len(), told[0].action.as_str(), told[0].subject.as_str()),
        (1, "hook.add", "repository:1")
    );
    assert!(!told[0].details.contains(key.as_str()) && told[0].details.contains(&key.as_str()[..8]));
}

async fn own_addresses(store: Store) {
    let (acme, other) = (tenant(&store).await, named(&store, "other").await);
    let key = key();
    acme.add_hook(repository(&acme).await, &key, NOW, &ada()).await.unwrap();
    assert!(!other.remove_hook(key.as_str(), NOW, &ada()).await.unwrap());
    assert!(store.find_hook(key.as_str()).await.unwrap().is_some());
    assert!(acme.remove_hook(key.as_str(), NOW, &ada()).await.unwrap());
    assert!(!acme.remove_hook(key.as_str(), NOW, &ada()).await.unwrap());
    assert_eq!(store.find_hook(key.as_str()).await.unwrap(), None);
    assert_eq!((log(&acme).await.len(), log(&other).await.len()), (2, 0));
}

async fn to_whoever_claimed(store: Store) {
    let acme = tenant(&store).await;
    let large = i64::MAX;
    assert_eq!(store.find_installation(Provider::GitHub, large).await.unwrap(), None);
    assert!(acme.claim_installation(Provider::GitHub, large, "Acme \u{202e}", NOW, &ada()).await.unwrap());
    let found = store.find_installation(Provider::GitHub, large).await.unwrap().unwrap();
    assert_eq!((found.tenant, found.account.as_str()), (Some(acme.id()), "Acme \u{202e}"));
    assert_eq!((found.suspended_at, found.removed_at, found.is_tenant_suspended), (None, None, false));
    assert_eq!(store.find_installation(Provider::GitHub, large - 1).await.unwrap(), None);
}

async fn listed_by_whoever_claimed(store: Store) {
    let (acme, other) = (tenant(&store).await, named(&store, "other").await);
    for (who, id) in [(&acme, 9), (&acme, 7), (&other, 8)] {
        assert!(who.claim_installation(Provider::GitHub, id, "Acme", NOW, &ada()).await.unwrap());
    }
    let listed = acme.list_installations().await.unwrap();
    assert_eq!(listed.iter().map(|one| one.id).collect::<Vec<_>>(), [7, 9]);
    let one = &listed[0];
    assert_eq!((one.provider, one.account.as_str(), one.created_at), (Provider::GitHub, "Acme", NOW));
    assert_eq!((one.suspended_at, one.removed_at), (None, None));
}

async fn claimed_once(store: Store) {
    let (acme, other) = (tenant(&store).await, named(&store, "other").await);
    let claim = async |who: &Tenant, account| {
        who.claim_installation(Provider::GitHub, 7, account, LATER, &ada()).await.unwrap()
    };
    let (one, two) = tokio::join!(claim(&acme, "one"), claim(&other, "two"));
    assert!(one != two, "of two at once one gets it");
    let (winner, loser) = if one { (&acme, &other) } else { (&other, &acme) };
    assert!(!claim(loser, "theirs").await && claim(winner, "renamed").await);
    let found = store.find_installation(Provider::GitHub, 7).await.unwrap().unwrap();
    assert_eq!((found.tenant, found.account.as_str()), (Some(winner.id()), "renamed"));
    assert_eq!((log(winner).await.len(), log(loser).await.len()), (2, 0));
}
