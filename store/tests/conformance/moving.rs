//! Laws of export and import. More of them, and transfers, in `store/tests/moving`.

use std::io::Cursor;

use muster_store::{
    CommitFilter, ImportOptions, Imported, Standing, Store, SystemRandom, TaskFilter, Tenant,
};

use crate::examples::{LATER, NOW, commit, first_change, named};
use crate::laws::{Law, law};

pub(crate) fn laws() -> Vec<Law> {
    vec![
        law("export", "the same rows are the same bytes, and reading changes nothing", same_bytes),
        law("import_tenant", "what was exported is listed again, letter for letter", listed_again),
        law("import_tenant", "a copy is another tenant, and of the first nothing is touched", copies),
    ]
}

fn quiet(_: &str, _: u64) {}

async fn filled(store: &Store) -> Tenant {
    let tenant = named(store, "acme").await;
    let applied = tenant.apply_state(&first_change("k"), NOW).await.unwrap();
    let rows: Vec<_> = (0..5).map(|n| commit(n, &["a/x", "b"])).collect();
    tenant.append_commits(applied.repository, &rows, Standing::default()).await.unwrap();
    tenant
}

async fn exported(tenant: &Tenant) -> Vec<u8> {
    let mut out = Vec::new();
    tenant.export(&mut out, None, NOW, &quiet).await.unwrap();
    out
}

async fn import(store: &Store, export: &[u8], copy_as: Option<&str>) -> Imported {
    let options = ImportOptions { copy_as, keys: None, random: &SystemRandom, now: LATER, actor: None };
    store.import_tenant(&mut Cursor::new(export), options, &quiet).await.unwrap()
}

async fn assert_same_lists(one: &Tenant, other: &Tenant) {
    let (commits, tasks) = (CommitFilter::default(), TaskFilter::default());
    assert_eq!(one.list_commits(&commits).await.unwrap(), other.list_commits(&commits).await.unwrap());
    assert_eq!(one.list_tasks(&tasks).await.unwrap(), other.list_tasks(&tasks).await.unwrap());
    let projects = Default::default();
    assert_eq!(one.list_projects(&projects).await.unwrap(), other.list_projects(&projects).await.unwrap());
    let repositories = Default::default();
    let (one, other) =
        (one.list_repositories(&repositories).await, other.list_repositories(&repositories).await);
    assert_eq!(one.unwrap(), other.unwrap());
}

async fn same_bytes(store: Store) {
    let tenant = filled(&store).await;
    let first = exported(&tenant).await;
    assert!(exported(&tenant).await == first);
    assert!(first.ends_with(b"\"}}\n"));
}

async fn listed_again(store: Store) {
    let tenant = filled(&store).await;
    let (other, _folder) = crate::laws::fresh().await;
    let imported = import(&other, &exported(&tenant).await, None).await;
    assert_eq!((imported.tenant, imported.left_behind), (tenant.id(), vec![]));
    assert_same_lists(&tenant, &other.tenant(imported.tenant)).await;
}

async fn copies(store: Store) {
    let tenant = filled(&store).await;
    let before = exported(&tenant).await;
    let imported = import(&store, &before, Some("copy")).await;
    assert_ne!(imported.tenant, tenant.id());
    assert_same_lists(&tenant, &store.tenant(imported.tenant)).await;
    assert!(exported(&tenant).await == before);
    let id = store.tenant_by_subdomain("copy").await.unwrap().unwrap().id;
    assert_eq!(id, imported.tenant);
}
