//! Laws of keys and of what they seal.

use std::sync::Arc;

use muster_store::{
    OpenError, Rewrapped, SecretError, Store, StoreError, SystemRandom, Tenant, WrappingKey, WrappingKeys,
};

use crate::examples::{LATER, NOW, actor, first_change, named, new_tenant};
use crate::laws::{Law, law};

pub(crate) fn laws() -> Vec<Law> {
    vec![
        law("with_keys", "a key that a tenant needs and that was not given is named", wrong_key),
        law("with_keys", "without keys everything works that touches no secret", without_keys),
        law("wrapping_keys_in_use", "tenants are counted by the key that they need", rotated),
        law("wrapping_key", "a data key comes with the tenant, or with the first secret", made_on_need),
        law("rewrap_data_key", "secrets open before and after, and a second time changes nothing", rotated),
        law("set_webhook_secret", "a secret is opened as it was set, in its own place alone", set_and_opened),
        law("webhook_secret", "a repository without a secret has none", set_and_opened),
    ]
}

pub(crate) fn new_key() -> WrappingKey {
    WrappingKey::generate(&SystemRandom).unwrap()
}

pub(crate) fn copy(keys: &WrappingKeys) -> WrappingKeys {
    WrappingKeys::parse(keys.to_text().expose()).unwrap()
}

pub(crate) async fn open(store: &Store, keys: &WrappingKeys) -> Result<Store, OpenError> {
    store.clone().with_keys(copy(keys), Arc::new(SystemRandom)).await
}

async fn secret(tenant: &Tenant) -> Option<Vec<u8>> {
    let repository = tenant.find_repository_by_source_key("k").await.unwrap().unwrap().id;
    tenant.webhook_secret(repository).await.unwrap().map(|secret| secret.expose().to_vec())
}

/// A tenant with a repository whose secret is its own name.
async fn with_secret(store: &Store, name: &str) -> Tenant {
    let tenant = named(store, name).await;
    let applied = tenant.apply_state(&first_change("k"), NOW).await.unwrap();
    tenant.set_webhook_secret(applied.repository, name.as_bytes(), &actor(), NOW).await.unwrap();
    tenant
}

async fn wrong_key(store: Store) {
    let (right, wrong) = (WrappingKeys::new(new_key()), WrappingKeys::new(new_key()));
    with_secret(&open(&store, &right).await.unwrap(), "acme").await;
    let refused = open(&store, &wrong).await.unwrap_err();
    let expected = format!(
        "open the database with these keys: the data keys of 1 of its tenants are wrapped with key {right}, and given \
         is {wrong}; add that key to the key file, behind the current one (muster key status says more)"
    );
    assert_eq!(refused.to_string(), expected);
    assert!(open(&store, &wrong.rotated_to(new_key()).rotated_to(new_key())).await.is_err());
    assert!(open(&store, &right.rotated_to(new_key())).await.is_ok(), "a former key will do");
}

async fn without_keys(store: Store) {
    let keys = WrappingKeys::new(new_key());
    let id = with_secret(&open(&store, &keys).await.unwrap(), "acme").await.id();
    let tenant = store.tenant(id);
    let repository = tenant.find_repository_by_source_key("k").await.unwrap().unwrap().id;
    let refused = [
        tenant.webhook_secret(repository).await.map(drop),
        tenant.set_webhook_secret(repository, b"x", &actor(), NOW).await,
    ];
    for refused in refused {
        assert!(matches!(refused, Err(StoreError::NoWrappingKey)), "{refused:?}");
    }
    assert_eq!(tenant.usage().await.unwrap().repositories, 1);
    let other = named(&store, "other").await;
    assert_eq!(other.wrapping_key().await.unwrap(), None);
    assert_eq!(store.delete_tenant(other.id()).await.unwrap(), 1);
}

async fn made_on_need(store: Store) {
    let keys = WrappingKeys::new(new_key());
    let current = Some(keys.current().id());
    let early = store.create_tenant(&new_tenant("early"), NOW).await.unwrap().id();
    let store = open(&store, &keys).await.unwrap();
    assert_eq!(store.tenant(early).wrapping_key().await.unwrap(), None);
    let late = with_secret(&store, "late").await;
    assert_eq!(late.wrapping_key().await.unwrap(), current);
    let early = store.tenant(early);
    let repository = early.apply_state(&first_change("k"), NOW).await.unwrap().repository;
    early.set_webhook_secret(repository, b"x", &actor(), NOW).await.unwrap();
    assert_eq!(early.wrapping_key().await.unwrap(), current);
}

async fn set_and_opened(store: Store) {
    let store = open(&store, &WrappingKeys::new(new_key())).await.unwrap();
    let acme = with_secret(&store, "acme").await;
    let other = acme.apply_state(&first_change("l"), NOW).await.unwrap().repository;
    assert!(acme.webhook_secret(other).await.unwrap().is_none());
    assert_eq!(secret(&acme).await.unwrap(), b"acme");
    let repository = acme.find_repository_by_source_key("k").await.unwrap().unwrap().id;
    for plain in [&b""[..], b"\0\xff", &[7; 5000]] {
        acme.set_webhook_secret(repository, plain, &actor(), LATER).await.unwrap();
        assert_eq!(secret(&acme).await.unwrap(), plain);
    }
    assert!(acme.webhook_secret(other).await.unwrap().is_none());
    let missing = muster_store::RepositoryId(99);
    let refused = [
        acme.webhook_secret(missing).await.map(drop),
        acme.set_webhook_secret(missing, b"x", &actor(), NOW).await,
        with_secret(&store, "third").await.webhook_secret(other).await.map(drop),
    ];
    assert!(
        refused.iter().all(|refused| matches!(refused, Err(StoreError::NoSuchRepository))),
        "{refused:?}"
    );
}

async fn rotated(store: Store) {
    let old = WrappingKeys::new(new_key());
    let new = copy(&old).rotated_to(new_key());
    let (old_id, new_id) = (old.current().id(), new.current().id());
    let before = open(&store, &old).await.unwrap();
    for name in ["a", "b", "c"] {
        with_secret(&before, name).await;
    }
    let keyless = store.create_tenant(&new_tenant("d"), NOW).await.unwrap().id();
    let after = open(&store, &new).await.unwrap();
    assert_eq!(after.tenant(keyless).rewrap_data_key(&actor(), LATER).await.unwrap(), Rewrapped::NoKey);
    let mut records = store.list_tenants().await.unwrap();
    records.retain(|record| record.id != keyless);
    for (done, record) in (0..).zip(records) {
        let mut in_use = vec![(old_id, 3 - done), (new_id, done)];
        in_use.retain(|(_, tenants)| *tenants > 0);
        in_use.sort();
        assert_eq!(store.wrapping_keys_in_use().await.unwrap(), in_use);
        // Cut off here, both keys are still needed; a program that has the old one alone does not start.
        assert_eq!(open(&store, &old).await.is_ok(), done == 0);
        let tenant = after.tenant(record.id);
        assert_eq!(secret(&tenant).await.unwrap(), record.subdomain.as_bytes());
        assert_eq!(tenant.rewrap_data_key(&actor(), LATER).await.unwrap(), Rewrapped::Now);
        assert_eq!(tenant.rewrap_data_key(&actor(), LATER).await.unwrap(), Rewrapped::Before);
        assert_eq!(secret(&tenant).await.unwrap(), record.subdomain.as_bytes());
        // A program that was opened before the rotation has no key for it, and says so.
        let stale = before.tenant(record.id);
        let repository = stale.find_repository_by_source_key("k").await.unwrap().unwrap().id;
        let refused = stale.webhook_secret(repository).await.unwrap_err();
        assert!(matches!(refused, StoreError::Secret(SecretError::UnknownKey { .. })), "{refused}");
    }
    assert_eq!(store.wrapping_keys_in_use().await.unwrap(), [(new_id, 3)]);
}
