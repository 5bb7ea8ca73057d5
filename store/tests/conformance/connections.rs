//! Laws of connections: repositories that are looked at by themselves, their tokens and their hooks.

use muster_store::{
    APP_HOOK, AppHookRecord, Connection, ConnectionFilter, HookKey, HookRefusals, NewDelivery, NewTenant,
    Provider, RepositoryId, Store, StoreError, SystemRandom, Tenant, TenantId, TenantLimits, Timestamp,
    WrappingKeys,
};

use crate::audit::{ada, log};
use crate::examples::{LATER, NOW, first_change, named, tenant};
use crate::keys::{new_key, open};
use crate::laws::{Law, law};

pub(crate) fn laws() -> Vec<Law> {
    vec![
        law("connect_repository", "one that was scanned before keeps its row", adopted),
        law("connect_repository", "one too many is refused, and taken when another has gone", quota),
        law(
            "disconnect_repository",
            "what reads a repository goes, and what is stored of it stays",
            disconnected,
        ),
        law("disconnect_repository", "the id that its own hook has said is forgotten", forgotten),
        law("find_connection", "it is found by its id, connected or not, by its own tenant", listed),
        law("list_connections", "those that are connected, a page at a time, and no other tenant's", listed),
        law("set_access_token", "a token opens as it was set, in its own place alone", tokens),
        law("access_token", "a repository without a token has none", tokens),
        law("rotate_webhook_secret", "the secret before is accepted until it is dropped", rotated),
        law("drop_previous_webhook_secret", "the present one stays", rotated),
        law("webhook_secrets", "the present one comes first", rotated),
        law("list_hooks", "each tells of its last delivery and its last refusal", hooks),
        law("note_hook_refusals", "numbers add up, and a hook that is not there is passed over", hooks),
        law("app_hook", "the App's address is one for the database, and its refusals are nobody else's", app),
    ]
}

/// A connection of that address.
pub(crate) fn connection(address: &str) -> Connection<'_> {
    Connection { clone_url: Some(address), full_name: Some("owner/one"), ..Connection::default() }
}

pub(crate) async fn connected(tenant: &Tenant, key: &str) -> RepositoryId {
    tenant.connect_repository(&connection(key), NOW, &ada()).await.unwrap().id
}

async fn adopted(store: Store) {
    let acme = tenant(&store).await;
    let scanned = acme.apply_state(&first_change("k"), NOW).await.unwrap();
    for at in [NOW, LATER] {
        let repository = acme.connect_repository(&connection("k"), at, &ada()).await.unwrap();
        assert_eq!((repository.id, repository.revision), (scanned.repository, scanned.revision));
        assert_eq!(repository.facts.head, first_change("k").facts.head);
    }
    let new = acme.connect_repository(&connection("l"), LATER, &ada()).await.unwrap();
    assert_eq!((new.id, new.facts.head), (RepositoryId(2), None));
    let listed = acme.list_connections(&ConnectionFilter::default()).await.unwrap().items;
    let times: Vec<_> = listed.iter().map(|record| record.connected_at).collect();
    assert_eq!(times, [Some(NOW), Some(LATER)], "since the first time");
    assert_eq!(acme.change_seq().await.unwrap(), 3, "each is told to whoever follows");
    let told: Vec<_> = log(&acme).await.into_iter().map(|entry| entry.action).collect();
    assert_eq!(told, ["repository.connect"; 3]);
}

async fn quota(store: Store) {
    let limits = TenantLimits { max_repositories: Some(1), ..TenantLimits::default() };
    let new = NewTenant { subdomain: "small".to_owned(), limits, ..NewTenant::default() };
    let small = store.create_tenant(&new, NOW).await.unwrap();
    let first = connected(&small, "k").await;
    let refused = small.connect_repository(&connection("l"), NOW, &ada()).await;
    assert!(
        matches!(refused, Err(StoreError::QuotaReached { what: "repositories", limit: 1 })),
        "{refused:?}"
    );
    assert_eq!(small.list_connections(&ConnectionFilter::default()).await.unwrap().items.len(), 1);
    assert!(small.disconnect_repository(first, NOW, &ada()).await.unwrap());
    connected(&small, "l").await;
    let again = small.connect_repository(&connection("k"), NOW, &ada()).await;
    assert!(matches!(again, Err(StoreError::QuotaReached { .. })), "{again:?}");
}

async fn disconnected(store: Store) {
    let store = open(&store, &WrappingKeys::new(new_key())).await.unwrap();
    let (acme, other) = (tenant(&store).await, named(&store, "other").await);
    let scanned = acme.apply_state(&first_change("k"), NOW).await.unwrap().repository;
    let (gone, kept) = (connected(&acme, "k").await, connected(&acme, "l").await);
    assert_eq!(gone, scanned);
    let keys: Vec<_> = (0..3).map(|_| HookKey::generate(&SystemRandom).unwrap()).collect();
    for (key, repository) in keys.iter().zip([gone, gone, kept]) {
        acme.add_hook(repository, key, NOW, &ada()).await.unwrap();
        acme.set_access_token(repository, Some(b"t"), &ada(), NOW).await.unwrap();
        acme.rotate_webhook_secret(repository, b"s", &ada(), NOW).await.unwrap();
    }
    assert!(!other.disconnect_repository(gone, NOW, &ada()).await.unwrap(), "no other tenant's");
    assert!(acme.disconnect_repository(gone, LATER, &ada()).await.unwrap());
    assert!(!acme.disconnect_repository(gone, LATER, &ada()).await.unwrap(), "once");
    assert!(acme.access_token(gone).await.unwrap().is_none());
    assert!(acme.webhook_secrets(gone).await.unwrap().is_empty());
    assert_eq!(acme.webhook_secrets(kept).await.unwrap().len(), 1);
    let hooks = acme.list_hooks().await.unwrap();
    assert_eq!(hooks.iter().map(|hook| hook.key.as_str()).collect::<Vec<_>>(), [keys[2].as_str()]);
    assert_eq!(store.find_hook(keys[0].as_str()).await.unwrap(), None);
    assert_eq!(acme.usage().await.unwrap().tasks, 2, "what is stored stays");
    let all = ConnectionFilter { removed: true, ..ConnectionFilter::default() };
    let listed = acme.list_connections(&all).await.unwrap().items;
    let states: Vec<_> =
        listed.iter().map(|record| (record.id, record.is_active, record.connected_at)).collect();
    assert_eq!(states, [(gone, false, None), (kept, true, Some(NOW))]);
    let told = log(&acme).await.pop().unwrap();
    assert_eq!((told.action.as_str(), told.subject.as_str()), ("repository.disconnect", "repository:1"));
    assert_eq!(connected(&acme, "k").await, gone, "the same row again");
}

async fn forgotten(store: Store) {
    let acme = tenant(&store).await;
    let address = "https://github.com/acme/one";
    let of = |id: Option<i64>, installation| Connection {
        provider: id.map(|id| (Provider::GitHub, id)),
        clone_url: Some(address),
        installation,
        ..Connection::default()
    };
    let connect = async |connection| acme.connect_repository(&connection, NOW, &ada()).await.unwrap();
    let id = connect(of(None, None)).await.id;
    let learn = async |number| acme.learn_provider_id(id, Provider::GitHub, number).await.unwrap();
    assert!(learn(5).await.is_some() && learn(6).await.is_none());
    assert!(acme.disconnect_repository(id, NOW, &ada()).await.unwrap());
    let again = connect(of(None, None)).await;
    assert_eq!((again.id, again.provided.id, again.facts.source_key.as_str()), (id, None, address));
    assert_eq!(learn(6).await.unwrap().facts.source_key, "github:6", "it was made anew at the provider");

    // What an installation reads is what it says that it is.
    let read = Connection { clone_url: Some("https://github.com/acme/two"), ..of(Some(7), Some(1)) };
    let read = connect(read).await;
    assert!(acme.disconnect_repository(read.id, NOW, &ada()).await.unwrap());
    let after = acme.find_repository(read.id).await.unwrap().unwrap();
    assert_eq!(after.provided.id, Some((Provider::GitHub, 7)));
}

async fn listed(store: Store) {
    let (acme, other) = (tenant(&store).await, named(&store, "other").await);
    acme.apply_state(&first_change("scanned"), NOW).await.unwrap();
    for key in ["a", "b", "c"] {
        connected(&acme, key).await;
    }
    let theirs = connected(&other, "a").await;
    let mut filter = ConnectionFilter { limit: 2, ..ConnectionFilter::default() };
    let mut keys = Vec::new();
    loop {
        let page = acme.list_connections(&filter).await.unwrap();
        keys.push(page.items.into_iter().map(|record| record.source_key).collect::<Vec<_>>());
        filter.after = page.next;
        if filter.after.is_none() {
            break;
        }
    }
    assert_eq!(keys, [vec!["a", "b"], vec!["c"]]);
    for id in 1..=4 {
        let found = acme.find_connection(RepositoryId(id)).await.unwrap().unwrap();
        assert_eq!((found.id.0, found.connected_at.is_some()), (id, id != 1));
    }
    assert_eq!(acme.find_connection(RepositoryId(5)).await.unwrap(), None);
    assert_eq!(other.find_connection(RepositoryId(2)).await.unwrap(), None);
    let record = other.list_connections(&ConnectionFilter::default()).await.unwrap().items.remove(0);
    assert_eq!((record.id, record.full_name.as_deref()), (theirs, Some("owner/one")));
    assert_eq!((record.has_token, record.has_secret, record.has_previous_secret), (false, false, false));
    assert_eq!((record.head, record.waiting_since, record.installation), (None, None, None));
}

async fn tokens(store: Store) {
    let without = store.clone();
    let store = open(&store, &WrappingKeys::new(new_key())).await.unwrap();
    let acme = tenant(&store).await;
    let (one, other) = (connected(&acme, "a").await, connected(&acme, "b").await);
    let token = async |id| acme.access_token(id).await.unwrap().map(|token| token.expose().to_vec());
    assert_eq!(token(one).await, None);
    for plain in [&b"ghp_x"[..], b"", b"\0\xff"] {
        acme.set_access_token(one, Some(plain), &ada(), LATER).await.unwrap();
        assert_eq!((token(one).await.as_deref(), token(other).await), (Some(plain), None));
    }
    assert!(acme.list_connections(&ConnectionFilter::default()).await.unwrap().items[0].has_token);
    let refused = without.tenant(acme.id()).set_access_token(one, Some(b"x"), &ada(), NOW).await;
    assert!(matches!(refused, Err(StoreError::NoWrappingKey)), "{refused:?}");
    acme.set_access_token(one, None, &ada(), LATER).await.unwrap();
    assert_eq!(token(one).await, None);
    let missing = RepositoryId(99);
    let refused = [
        acme.access_token(missing).await.map(drop),
        acme.set_access_token(missing, None, &ada(), NOW).await,
        named(&store, "third").await.set_access_token(one, None, &ada(), NOW).await,
    ];
    assert!(refused.iter().all(|r| matches!(r, Err(StoreError::NoSuchRepository))), "{refused:?}");
    for entry in log(&acme).await {
        assert!(!entry.details.contains("ghp"), "{}", entry.details);
    }
}

async fn rotated(store: Store) {
    let store = open(&store, &WrappingKeys::new(new_key())).await.unwrap();
    let acme = tenant(&store).await;
    let id = connected(&acme, "a").await;
    let secrets = async || -> Vec<String> {
        let secrets = acme.webhook_secrets(id).await.unwrap();
        secrets.iter().map(|secret| String::from_utf8(secret.expose().to_vec()).unwrap()).collect()
    };
    assert!(secrets().await.is_empty());
    assert!(!acme.drop_previous_webhook_secret(id, &ada(), NOW).await.unwrap());
    for (secret, wanted) in [("1", vec!["1"]), ("2", vec!["2", "1"]), ("3", vec!["3", "2"])] {
        acme.rotate_webhook_secret(id, secret.as_bytes(), &ada(), NOW).await.unwrap();
        assert_eq!(secrets().await, wanted);
    }
    acme.set_webhook_secret(id, b"4", &ada(), NOW).await.unwrap();
    assert_eq!(secrets().await, ["4", "2"], "whoever sets one anew does not touch the other");
    assert!(acme.list_connections(&ConnectionFilter::default()).await.unwrap().items[0].has_previous_secret);
    assert!(acme.drop_previous_webhook_secret(id, &ada(), LATER).await.unwrap());
    assert!(!acme.drop_previous_webhook_secret(id, &ada(), LATER).await.unwrap());
    assert_eq!(secrets().await, ["4"]);
    let missing = acme.rotate_webhook_secret(RepositoryId(99), b"x", &ada(), NOW).await;
    assert!(matches!(missing, Err(StoreError::NoSuchRepository)), "{missing:?}");
}

fn delivered<'a>(hook: &'a str, guid: &'a str, tenant: Option<TenantId>, at: Timestamp) -> NewDelivery<'a> {
    NewDelivery {
        hook,
        guid,
        tenant,
        event: "push",
        headers: "{}",
        fair_hint: None,
        received_at: at,
        body_hash: [0; 32],
        body: b"{}",
        packed_from: None,
    }
}

async fn app(store: Store) {
    let queue = store.queue().await.unwrap();
    assert_eq!(queue.app_hook().await.unwrap(), AppHookRecord::default());
    let refused = |hook: &str, code: &str, at, number| HookRefusals {
        hook: hook.to_owned(),
        code: code.to_owned(),
        at,
        number,
    };
    store.note_hook_refusals(&[refused(APP_HOOK, "signature_missing", NOW, 3)]).await.unwrap();
    let acme = tenant(&store).await;
    let hook = HookKey::generate(&SystemRandom).unwrap();
    acme.add_hook(connected(&acme, "a").await, &hook, NOW, &ada()).await.unwrap();
    store
        .note_hook_refusals(&[
            refused(hook.as_str(), "content_type_refused", LATER, 5),
            refused(APP_HOOK, "signature_refused", LATER, 1),
        ])
        .await
        .unwrap();
    queue.record(&[delivered(hook.as_str(), "g1", Some(acme.id()), LATER)]).await.unwrap();
    let refused = AppHookRecord {
        refused: Some(("signature_refused".to_owned(), LATER)),
        refusals: 4,
        ..AppHookRecord::default()
    };
    assert_eq!(queue.app_hook().await.unwrap(), refused);
    assert_eq!(acme.list_hooks().await.unwrap()[0].refusals, 5);
    for (guid, tenant, at) in [("g1", None, LATER), ("g2", Some(acme.id()), NOW)] {
        queue.record(&[delivered(APP_HOOK, guid, tenant, at)]).await.unwrap();
    }
    let heard = AppHookRecord { has_delivered: true, delivered_at: Some(LATER), ..refused };
    assert_eq!(queue.app_hook().await.unwrap(), heard);
}

async fn hooks(store: Store) {
    let (acme, other) = (tenant(&store).await, named(&store, "other").await);
    let (first, second) = (connected(&acme, "a").await, connected(&acme, "b").await);
    let theirs = connected(&other, "a").await;
    let key = || HookKey::generate(&SystemRandom).unwrap();
    let (busy, silent, foreign) = (key(), key(), key());
    acme.add_hook(first, &busy, NOW, &ada()).await.unwrap();
    acme.add_hook(second, &silent, LATER, &ada()).await.unwrap();
    other.add_hook(theirs, &foreign, NOW, &ada()).await.unwrap();
    let queue = store.queue().await.unwrap();
    for (guid, at) in [("g1", NOW), ("g2", LATER)] {
        queue.record(&[delivered(busy.as_str(), guid, Some(acme.id()), at)]).await.unwrap();
    }
    store.note_hook_refusals(&[]).await.unwrap();
    for (code, at, number) in [("unauthorized", NOW, 3), ("content_type", LATER, 1)] {
        let refused = |hook: &HookKey| HookRefusals {
            hook: hook.as_str().to_owned(),
            code: code.to_owned(),
            at,
            number,
        };
        store.note_hook_refusals(&[refused(&silent), refused(&key())]).await.unwrap();
    }
    assert_eq!(queue.app_hook().await.unwrap(), AppHookRecord::default());
    let hooks = acme.list_hooks().await.unwrap();
    assert_eq!(hooks.len(), 2, "no other tenant's");
    let (one, two) = (&hooks[0], &hooks[1]);
    assert_eq!((one.key.as_str(), one.repository, one.created_at), (busy.as_str(), first, NOW));
    assert_eq!(
        (one.has_delivered, one.delivered_at, &one.refused, one.refusals),
        (true, Some(LATER), &None, 0)
    );
    assert_eq!((two.repository, two.has_delivered, two.delivered_at), (second, false, None));
    assert_eq!((two.refused.clone(), two.refusals), (Some(("content_type".to_owned(), LATER)), 4));
    assert_eq!((two.prefix(), two.prefix().len()), (&silent.as_str()[..8], 8));
}
