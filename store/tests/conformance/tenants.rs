//! Laws of opening and of tenants.

use muster_store::{DatabaseUrl, Store, TenantId};

use crate::examples::{NOW, first_change, tenant};
use crate::laws::{Law, fresh, law};

pub(crate) fn laws() -> Vec<Law> {
    vec![
        law("open", "what was written is there when the database is opened again", opened_again),
        law("close", "a closed database can be opened again at once", opened_again),
        law("create_tenant", "a name belongs to one tenant", one_name_one_tenant),
        law("tenant_by_name_or_create_default", "only the default tenant is made unasked", default_alone),
        law("list_tenants", "tenants come by name", by_name),
        law("tenant", "a tenant that is not there has no rows", nobody_has_nothing),
        law("id", "a handle knows its tenant", nobody_has_nothing),
    ]
}

async fn opened_again(_: Store) {
    let folder = tempfile::tempdir().unwrap();
    let url = DatabaseUrl::Sqlite(folder.path().join("new/folder/store.db"));
    let store = Store::open(&url).await.unwrap();
    let id = tenant(&store).await.id();
    store.close().await;
    let store = Store::open(&url).await.unwrap();
    assert_eq!(tenant(&store).await.id(), id);
}

async fn one_name_one_tenant(store: Store) {
    let first = store.create_tenant("acme", NOW).await.unwrap().id();
    assert_eq!(store.create_tenant("acme", NOW).await.unwrap().id(), first);
    assert_ne!(store.create_tenant("other", NOW).await.unwrap().id(), first);
    assert!(store.create_tenant("", NOW).await.is_err());
}

async fn default_alone(store: Store) {
    assert!(store.tenant_by_name_or_create_default("acme", NOW).await.unwrap().is_none());
    let made = store.tenant_by_name_or_create_default("default", NOW).await.unwrap().unwrap().id();
    let found = store.tenant_by_name_or_create_default("default", NOW).await.unwrap().unwrap().id();
    assert_eq!(made, found);
    let acme = tenant(&store).await.id();
    assert_eq!(store.tenant_by_name_or_create_default("acme", NOW).await.unwrap().unwrap().id(), acme);
}

async fn by_name(store: Store) {
    for name in ["b", "a", "c"] {
        store.create_tenant(name, NOW).await.unwrap();
    }
    let tenants = store.list_tenants().await.unwrap();
    let names: Vec<_> = tenants.iter().map(|tenant| (tenant.name.as_str(), tenant.created_at)).collect();
    assert_eq!(names, [("a", NOW), ("b", NOW), ("c", NOW)]);
}

async fn nobody_has_nothing(store: Store) {
    let nobody = TenantId::new(NOW);
    let handle = store.tenant(nobody);
    assert_eq!(handle.id(), nobody);
    assert!(handle.list_repositories(&Default::default()).await.unwrap().items.is_empty());
    assert!(handle.apply_state(&first_change("k"), NOW).await.is_err(), "its rows would belong to nobody");
}

#[tokio::test]
#[cfg(unix)]
async fn a_new_file_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new/store.db");
    let store = Store::open(&DatabaseUrl::Sqlite(path.clone())).await.unwrap();
    tenant(&store).await;
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
    assert_eq!(mode(&path.with_file_name("store.db-wal")), 0o600);
}

#[tokio::test]
async fn a_file_that_is_not_ours_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    let text = "these are not the rows that you are looking for\n".repeat(100);
    std::fs::write(&path, &text).unwrap();
    let error = Store::open(&DatabaseUrl::Sqlite(path.clone())).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "open the database: the file belongs to another program; give another path"
    );
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    let error = Store::open(&DatabaseUrl::Sqlite(folder.path().into())).await.unwrap_err();
    assert!(error.to_string().contains("give another with --database"), "{error}");
    drop(fresh().await);
}
