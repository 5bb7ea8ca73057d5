//! Laws of opening and of tenants.

use std::path::Path;

use muster_store::{
    Connections, DatabaseUrl, Examination, NewTenant, OpenError, PlanTier, Store, StoreError, TenantId,
    TenantLimits, Verdict,
};

use crate::examples::{NOW, first_change, named, new_tenant, tenant};
use crate::laws::{Law, fresh, fresh_postgres, law};
use crate::scratch::ScratchDatabase;

pub(crate) fn laws() -> Vec<Law> {
    vec![
        law("open", "what was written is there when the database is opened again", opened_again),
        law("open_with", "no more connections are kept than were asked for", few_connections),
        law("migrate", "an empty database gets every table, and a second time nothing", migrated_once),
        law("schema_status", "what is missing is named, without changing anything", missing_is_named),
        law(
            "run_time_roles",
            "the roles are named with what they may use, and none on SQLite",
            roles_are_named,
        ),
        law("brought_from", "whoever opens an older file first says where it stood", brought_by_the_first),
        law(
            "examine",
            "a healthy database is said to be fine, and one without tables what it lacks",
            examined,
        ),
        law("close", "a closed database can be opened again at once", opened_again),
        law("create_tenant_by", "a name belongs to one tenant", one_name_one_tenant),
        law("create_tenant", "a name belongs to one tenant", one_name_one_tenant),
        law("tenant_by_subdomain", "what a tenant was made with is read back", record_is_kept),
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

async fn few_connections(_: Store) {
    let folder = tempfile::tempdir().unwrap();
    let one = Connections { most: 1, ..Connections::default() };
    for url in [DatabaseUrl::Sqlite(folder.path().join("store.db")), ScratchDatabase::new().await.url()] {
        let store = Store::open_with(&url, one).await.unwrap();
        let tenant = tenant(&store).await;
        let read = async || tenant.list_repositories(&Default::default()).await.unwrap().items.len();
        assert_eq!(tokio::join!(read(), read(), read()), (0, 0, 0));
    }
}

/// A database without tables on each engine; on PostgreSQL as the owner opens it.
async fn without_tables(folder: &Path) -> [DatabaseUrl; 2] {
    let path = folder.join("store.db");
    std::fs::write(&path, "").unwrap();
    [DatabaseUrl::Sqlite(path), ScratchDatabase::without_tables().await.owner_url()]
}

async fn migrated_once(_: Store) {
    let folder = tempfile::tempdir().unwrap();
    for url in without_tables(folder.path()).await {
        let before = Store::migrate(&url).await.unwrap();
        assert_eq!((before.found, before.missing.len() as i64), (0, before.known));
        let again = Store::migrate(&url).await.unwrap();
        assert_eq!((again.found, again.missing), (before.known, vec![]));
        Store::open(&url).await.unwrap().close().await;
    }
}

async fn missing_is_named(_: Store) {
    let folder = tempfile::tempdir().unwrap();
    for url in without_tables(folder.path()).await {
        for _ in 0..2 {
            let status = Store::schema_status(&url).await.unwrap();
            assert_eq!((status.found, status.missing[0]), (0, (1, "tenants")));
        }
        if matches!(url, DatabaseUrl::Postgres(_)) {
            assert!(matches!(Store::open(&url).await, Err(OpenError::NoSchema)));
        }
    }
    let missing = DatabaseUrl::Sqlite(folder.path().join("missing.db"));
    assert!(matches!(Store::schema_status(&missing).await, Err(OpenError::File { .. })));
    assert!(!folder.path().join("missing.db").exists());
}

async fn roles_are_named(_: Store) {
    let folder = tempfile::tempdir().unwrap();
    let file = DatabaseUrl::Sqlite(folder.path().join("store.db"));
    assert_eq!(Store::run_time_roles(&file).await.unwrap(), []);
    let database = ScratchDatabase::new().await;
    for url in [database.url(), database.owner_url()] {
        let roles = Store::run_time_roles(&url).await.unwrap();
        let names: Vec<_> = roles.iter().map(|role| role.name.as_str()).collect();
        assert_eq!(names, ["muster_app", "muster_queue", "muster_operator"]);
        assert!(roles.iter().all(|role| role.is_there && role.may_be_taken), "{roles:?}");
        let [app, queue, operator] = [&roles[0], &roles[1], &roles[2]];
        assert!(app.tables > 10 && app.functions > 10, "{app:?}");
        assert_eq!((queue.tables, queue.functions, operator.tables), (2, 1, 0));
        assert!(operator.functions > 0);
    }
    database.remove().await;
}

async fn brought_by_the_first(_: Store) {
    let folder = tempfile::tempdir().unwrap();
    let url = DatabaseUrl::Sqlite(folder.path().join("store.db"));
    let first = Store::open(&url).await.unwrap();
    let before = first.brought_from().unwrap();
    assert_eq!((before.found, before.missing.len() as i64), (0, before.known));
    assert_eq!(Store::open(&url).await.unwrap().brought_from(), None);
    let (store, database) = fresh_postgres().await;
    assert_eq!(store.brought_from(), None);
    database.remove().await;
}

async fn examined(_: Store) {
    // A file that a test has made has the rights that the system gives.
    let is_fine = |found: &Examination| {
        found.checks.iter().all(|c| c.verdict != Verdict::Wrong || c.subject == "permissions")
    };
    let folder = tempfile::tempdir().unwrap();
    for url in without_tables(folder.path()).await {
        let is_file = matches!(url, DatabaseUrl::Sqlite(_));
        let before = Store::examine(&url).await;
        assert_eq!(is_fine(&before), is_file, "a file is brought up to date when it is opened: {before:?}");
        assert_eq!(Store::schema_status(&url).await.unwrap().found, 0, "nothing was changed");
        Store::migrate(&url).await.unwrap();
        let after = Store::examine(&url).await;
        assert!(is_fine(&after) && after.checks.len() > 4, "{after:?}");
    }
    let missing = DatabaseUrl::Sqlite(folder.path().join("missing.db"));
    assert!(Store::examine(&missing).await.is_fine());
    assert!(!folder.path().join("missing.db").exists());
}

async fn one_name_one_tenant(store: Store) {
    let first = named(&store, "acme").await.id();
    let again = store.create_tenant(&new_tenant("acme"), NOW).await;
    assert!(matches!(again, Err(StoreError::AlreadyThere)), "{again:?}");
    assert_ne!(named(&store, "other").await.id(), first);
    for name in ["", "A", "a b", "-a", "a-", "a.b", "ä", &"a".repeat(64)] {
        let made = store.create_tenant(&new_tenant(name), NOW).await;
        assert!(matches!(made, Err(StoreError::NotALabel)), "{name}");
    }
    assert_eq!(store.list_tenants().await.unwrap().len(), 2);
}

async fn record_is_kept(store: Store) {
    let limits = TenantLimits { max_users: Some(3), max_projects: None, max_repositories: Some(0) };
    let organization_name = "Acme, Incorporated \0".to_owned();
    let plan_tier = PlanTier::Pro;
    let new = NewTenant { subdomain: "acme".to_owned(), organization_name, plan_tier, limits };
    let id = store.create_tenant(&new, NOW).await.unwrap().id();
    let record = store.tenant_by_subdomain("acme").await.unwrap().unwrap();
    assert_eq!((record.id, record.created_at, record.suspended_at), (id, NOW, None));
    assert_eq!((record.plan_tier, record.limits), (new.plan_tier, new.limits));
    assert_eq!((record.organization_name, record.subdomain), (new.organization_name, new.subdomain));
    assert_eq!(store.tenant_by_subdomain("ACME").await.unwrap(), None);
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
        named(&store, name).await;
    }
    let tenants = store.list_tenants().await.unwrap();
    let names: Vec<_> = tenants.iter().map(|tenant| (tenant.subdomain.as_str(), tenant.created_at)).collect();
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
    assert_eq!(error.to_string(), format!("open the database {}", folder.path().display()));
    drop(fresh().await);
}
