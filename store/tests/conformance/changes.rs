//! Laws of changes: numbered as they became visible, followed without a gap.

use std::collections::BTreeSet;
use std::time::Duration;

use muster_store::{ChangeKind, DatabaseUrl, Retention, Store, StoreError, Tenant, TenantId, Timestamp};

use crate::connections::connected;
use crate::examples::{NOW, named, tenant};
use crate::laws::{Law, law};
use crate::scratch::ScratchDatabase;

pub(crate) fn laws() -> Vec<Law> {
    vec![
        law("change_seq", "it counts a tenant's own changes", counted),
        law("list_changes", "whoever follows gets every seq once, or is told that some are gone", followed),
        law("listen_to_changes", "who follows is woken by what is committed, and told whose it is", woken),
        law("list_changes", "nobody sees a seq before all smaller ones", in_order_while_written),
    ]
}

async fn seqs(tenant: &Tenant, after: i64, limit: usize) -> (Vec<i64>, bool) {
    let changes = tenant.list_changes(after, limit).await.unwrap();
    (changes.changes.iter().map(|change| change.seq).collect(), changes.has_gap)
}

async fn counted(store: Store) {
    let (acme, other) = (tenant(&store).await, named(&store, "other").await);
    assert_eq!(acme.change_seq().await.unwrap(), 0);
    connected(&acme, "a").await;
    connected(&other, "a").await;
    connected(&acme, "b").await;
    assert_eq!((acme.change_seq().await.unwrap(), other.change_seq().await.unwrap()), (2, 1));
    let nobody = store.tenant(TenantId::new(NOW)).change_seq().await;
    assert!(matches!(nobody, Err(StoreError::NoSuchTenant)), "{nobody:?}");
}

async fn followed(store: Store) {
    let (acme, other) = (tenant(&store).await, named(&store, "other").await);
    assert_eq!(seqs(&acme, 0, 10).await, (vec![], false));
    let mut ids = Vec::new();
    for key in ["a", "b", "c", "d", "e"] {
        ids.push(connected(&acme, key).await);
    }
    connected(&other, "a").await;
    let first = acme.list_changes(0, 1).await.unwrap().changes[0];
    assert_eq!((first.seq, first.repository, first.kind), (1, Some(ids[0]), ChangeKind::Repository));
    assert_eq!((first.pushed_at, first.received_at, first.visible_at), (None, None, NOW));
    assert_eq!(seqs(&acme, 0, 10).await, (vec![1, 2, 3, 4, 5], false));
    assert_eq!(seqs(&acme, 2, 2).await, (vec![3, 4], false));
    assert_eq!(seqs(&acme, 5, 2).await, (vec![], false));
    for never in [6, i64::MAX, -1] {
        assert!(seqs(&acme, never, 2).await.1, "{never} was never given");
    }
    assert_eq!(seqs(&other, 0, 10).await, (vec![1], false));
    // The first two go.
    let late = Timestamp(NOW.0 + 1);
    let none = Retention { changes: Duration::ZERO, ..Retention::default() };
    assert_eq!(acme.prune_changes(late, &none, 2).await.unwrap(), 2);
    assert_eq!(seqs(&acme, 2, 2).await, (vec![3, 4], false));
    assert_eq!(seqs(&acme, 3, 2).await, (vec![4, 5], false));
    for before in [0, 1] {
        assert!(seqs(&acme, before, 2).await.1, "{before}");
    }
    // And all others.
    acme.prune_changes(late, &none, 10).await.unwrap();
    assert_eq!(acme.list_changes(5, 2).await.unwrap().latest, 5);
    assert_eq!((seqs(&acme, 5, 2).await, seqs(&acme, 4, 2).await), ((vec![], false), (vec![], true)));
    connected(&acme, "f").await;
    assert_eq!((seqs(&acme, 5, 2).await, seqs(&acme, 4, 2).await.1), ((vec![6], false), true));
}

async fn woken(_: Store) {
    let folder = tempfile::tempdir().unwrap();
    let database = ScratchDatabase::new().await;
    for (url, tells) in [(DatabaseUrl::Sqlite(folder.path().join("store.db")), false), (database.url(), true)]
    {
        let store = Store::open(&url).await.unwrap();
        let acme = tenant(&store).await;
        let mut wakeups = store.listen_to_changes(&url).await.unwrap();
        for key in ["a", "b"] {
            connected(&acme, key).await;
            assert_eq!(wakeups.wait().await.unwrap(), tells.then_some(acme.id()));
        }
        let nothing = tokio::time::timeout(Duration::ZERO, wakeups.wait()).await;
        assert!(nothing.is_err(), "nothing was noted since");
        store.close().await;
    }
    database.remove().await;
}

async fn in_order_while_written(store: Store) {
    const WRITERS: usize = 8;
    const EACH: usize = 5;
    let acme = tenant(&store).await;
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let acme = acme.clone();
            tokio::spawn(async move {
                for n in 0..EACH {
                    connected(&acme, &format!("{writer}/{n}")).await;
                }
            })
        })
        .collect();
    let (mut after, mut seen) = (0, BTreeSet::new());
    while seen.len() < WRITERS * EACH {
        let changes = acme.list_changes(after, 3).await.unwrap();
        assert!(!changes.has_gap);
        for change in changes.changes {
            assert_eq!(change.seq, after + 1);
            after = change.seq;
            assert!(seen.insert(change.repository));
        }
        tokio::task::yield_now().await;
    }
    for writer in writers {
        writer.await.unwrap();
    }
}
