//! Laws of plans, quotas and suspension.

use muster_store::{
    AuditFilter, BeyondQuota, NewTenant, PlanTier, ProjectChange, ProjectFilter, ProjectId, Standing,
    StateChange, Store, StoreError, Tenant, TenantChange, TenantLimits, TenantUsage,
};
use tokio::task::JoinSet;

use crate::examples::{LATER, NOW, actor, first_change, new_tenant, no_change, project, tenant};
use crate::laws::{Law, fresh, fresh_postgres, law};

pub(crate) fn laws() -> Vec<Law> {
    vec![
        law("change_tenant", "what is not mentioned stays, and a plan brings its limits", changed),
        law(
            "change_tenant",
            "a changed limit moves projects in and out of lists at once",
            limit_moves_projects,
        ),
        law("suspend_tenant", "a suspended tenant is found by the operator alone", suspended),
        law("take_up_tenant", "a tenant that was taken up again works as before", suspended),
        law("create_tenant_by", "what is done to a tenant is told in its audit log", recorded),
        law("apply_state", "one repository too many is refused and leaves nothing", one_too_many),
        law("apply_state", "a hundred at once make no more repositories than the quota", a_hundred_at_once),
        law("apply_state", "projects beyond the quota are stored, in order of their ids", beyond_the_quota),
        law("projects_beyond_quota", "without a limit none is beyond it", none_without_limit),
        law("usage", "every kind of row is counted", usage_counts),
    ]
}

async fn limited(store: &Store, limits: TenantLimits) -> Tenant {
    store.create_tenant(&NewTenant { limits, ..new_tenant("small") }, NOW).await.unwrap()
}

/// A first scan of a repository with these projects.
fn with_projects(key: &str, paths: &[&str]) -> StateChange {
    let new = |path: &&str| ProjectChange { id: None, project: project(path), left: None, reopened: false };
    StateChange {
        projects: paths.iter().map(new).collect(),
        project_count: paths.len(),
        tasks: vec![],
        ..first_change(key)
    }
}

async fn listed(tenant: &Tenant, over_quota: bool) -> Vec<String> {
    let filter = ProjectFilter { hidden: true, over_quota, ..ProjectFilter::default() };
    let page = tenant.list_projects(&filter).await.unwrap();
    page.items.into_iter().map(|record| record.project.path).collect()
}

async fn changed(store: Store) {
    let id = limited(&store, PlanTier::Free.limits()).await.id();
    let name = TenantChange { organization_name: Some("Small \0".into()), ..TenantChange::default() };
    store.change_tenant(id, &name, &actor(), NOW).await.unwrap();
    let pro =
        TenantChange { plan_tier: Some(PlanTier::Pro), max_users: Some(None), ..TenantChange::default() };
    let record = store.change_tenant(id, &pro, &actor(), NOW).await.unwrap();
    assert_eq!(store.tenant_by_subdomain("small").await.unwrap(), Some(record.clone()));
    assert_eq!((record.organization_name.as_str(), record.plan_tier), ("Small \0", PlanTier::Pro));
    assert_eq!(record.limits, TenantLimits { max_users: None, ..PlanTier::Pro.limits() });
    let nobody = muster_store::TenantId::new(NOW);
    assert!(matches!(store.change_tenant(nobody, &pro, &actor(), NOW).await, Err(StoreError::NoSuchTenant)));
}

async fn limit_moves_projects(store: Store) {
    let tenant = limited(&store, TenantLimits::default()).await;
    tenant.apply_state(&with_projects("k", &["a", "b", "c"]), NOW).await.unwrap();
    for (limit, expected) in
        [(Some(1), &["a"][..]), (Some(2), &["a", "b"]), (Some(0), &[]), (None, &["a", "b", "c"])]
    {
        let change = TenantChange { max_projects: Some(limit), ..TenantChange::default() };
        store.change_tenant(tenant.id(), &change, &actor(), NOW).await.unwrap();
        assert_eq!(listed(&tenant, false).await, expected, "{limit:?}");
        assert_eq!(listed(&tenant, true).await, ["a", "b", "c"]);
        let beyond = limit.map(|limit| BeyondQuota { projects: 3 - limit, limit });
        assert_eq!(tenant.projects_beyond_quota().await.unwrap(), beyond);
    }
}

async fn suspended(store: Store) {
    let tenant = tenant(&store).await;
    let applied = tenant.apply_state(&first_change("k"), NOW).await.unwrap();
    assert!(store.suspend_tenant(tenant.id(), &actor(), NOW).await.unwrap());
    assert!(!store.suspend_tenant(tenant.id(), &actor(), LATER).await.unwrap(), "it was suspended before");
    let record = store.tenant_by_subdomain("acme").await.unwrap().unwrap();
    assert_eq!(record.suspended_at, Some(NOW));
    let refused = [
        store.tenant_by_name_or_create_default("acme", NOW).await.map(drop),
        tenant.apply_state(&no_change("k", &applied), NOW).await.map(drop),
    ];
    for refused in refused {
        assert_eq!(
            refused.unwrap_err().to_string(),
            "work with tenant acme: it is suspended; muster tenant suspend --undo acme takes it up again"
        );
    }
    let rename = TenantChange { organization_name: Some("Acme".into()), ..TenantChange::default() };
    assert_eq!(
        store.change_tenant(tenant.id(), &rename, &actor(), NOW).await.unwrap().suspended_at,
        Some(NOW)
    );
    assert!(store.take_up_tenant(tenant.id(), &actor(), LATER).await.unwrap());
    assert!(!store.take_up_tenant(tenant.id(), &actor(), LATER).await.unwrap());
    assert!(store.tenant_by_name_or_create_default("acme", NOW).await.unwrap().is_some());
    tenant.apply_state(&no_change("k", &applied), LATER).await.unwrap();
    let nobody = muster_store::TenantId::new(NOW);
    assert!(matches!(store.suspend_tenant(nobody, &actor(), NOW).await, Err(StoreError::NoSuchTenant)));
}

async fn one_too_many(store: Store) {
    let limits = TenantLimits { max_repositories: Some(1), ..TenantLimits::default() };
    let tenant = limited(&store, limits).await;
    let first = tenant.apply_state(&first_change("one"), NOW).await.unwrap();
    let refused = tenant.apply_state(&first_change("two"), NOW).await.unwrap_err();
    assert!(matches!(refused, StoreError::QuotaReached { what: "repositories", limit: 1 }));
    let said = "add to the 1 repository that this tenant may have; raise the limit (muster tenant change NAME --max-repositories N), or remove one that is no longer needed";
    assert_eq!(refused.to_string(), said);
    assert_eq!(tenant.find_repository_by_source_key("two").await.unwrap(), None);
    // One that is there is no longer counted as new, and the same one again is another scan that came first.
    tenant.apply_state(&no_change("one", &first), LATER).await.unwrap();
    assert!(matches!(tenant.apply_state(&first_change("one"), NOW).await, Err(StoreError::StateMoved)));
    let usage = tenant.usage().await.unwrap();
    assert_eq!((usage.repositories, usage.projects), (1, 1));
}

async fn a_hundred_at_once(store: Store) {
    let limits = TenantLimits { max_repositories: Some(7), ..TenantLimits::default() };
    let tenant = limited(&store, limits).await;
    assert_eq!(connect_a_hundred(&[tenant]).await, 7);
}

/// A hundred repositories at once, by these handles in turn; gives how many were connected.
async fn connect_a_hundred(handles: &[Tenant]) -> usize {
    let mut attempts = JoinSet::new();
    for n in 0..100 {
        let tenant = handles[n % handles.len()].clone();
        attempts.spawn(async move { tenant.apply_state(&first_change(&format!("k{n}")), NOW).await });
    }
    let outcomes = attempts.join_all().await;
    let refused = |outcome: &&Result<_, StoreError>| {
        matches!(outcome, Err(StoreError::QuotaReached { what: "repositories", limit: 7 }))
    };
    let connected = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    assert_eq!(connected + outcomes.iter().filter(refused).count(), 100, "{outcomes:?}");
    let listed = handles[0].list_repositories(&Default::default()).await.unwrap().items.len();
    assert_eq!(listed, connected);
    connected
}

/// As several programs see it: none knows of the others' turns.
async fn through_several_pools(stores: &[Store]) {
    let limits = TenantLimits { max_repositories: Some(7), ..TenantLimits::default() };
    let id = limited(&stores[0], limits).await.id();
    let handles: Vec<_> = stores.iter().map(|store| store.tenant(id)).collect();
    assert_eq!(connect_a_hundred(&handles).await, 7);
}

#[tokio::test]
async fn a_quota_holds_between_programs() {
    let (first, folder) = fresh().await;
    let url = muster_store::DatabaseUrl::Sqlite(folder.path().join("store.db"));
    through_several_pools(&[first, Store::open(&url).await.unwrap(), Store::open(&url).await.unwrap()]).await;
    let (first, database) = fresh_postgres().await;
    let url = database.url();
    through_several_pools(&[first, Store::open(&url).await.unwrap(), Store::open(&url).await.unwrap()]).await;
    database.remove().await;
}

async fn beyond_the_quota(store: Store) {
    let limits = TenantLimits { max_projects: Some(3), ..TenantLimits::default() };
    let tenant = limited(&store, limits).await;
    let mut hidden = project("a");
    hidden.role = muster_model::Role::Fixture;
    let mut first = with_projects("one", &["a", "b", "c"]);
    first.projects[0].project = hidden;
    let one = tenant.apply_state(&first, NOW).await.unwrap();
    assert_eq!(tenant.projects_beyond_quota().await.unwrap(), None, "a fixture takes up no room");
    tenant.apply_state(&with_projects("two", &["d", "e", "f"]), NOW).await.unwrap();
    assert_eq!(listed(&tenant, false).await, ["a", "b", "c", "d"]);
    assert_eq!(listed(&tenant, true).await, ["a", "b", "c", "d", "e", "f"]);
    let beyond = |projects| Some(BeyondQuota { projects, limit: 3 });
    assert_eq!(tenant.projects_beyond_quota().await.unwrap(), beyond(2));

    let gone = StateChange { closed_projects: vec![ProjectId(2)], ..no_change("one", &one) };
    let one = tenant.apply_state(&gone, LATER).await.unwrap();
    assert_eq!(listed(&tenant, false).await, ["a", "c", "d", "e"], "who came next takes the room");
    assert_eq!(tenant.projects_beyond_quota().await.unwrap(), beyond(1));

    let again = ProjectChange { id: Some(ProjectId(2)), project: project("b"), left: None, reopened: true };
    let back = StateChange { projects: vec![again], ..no_change("one", &one) };
    tenant.apply_state(&back, LATER).await.unwrap();
    assert_eq!(listed(&tenant, false).await, ["a", "b", "c", "d"], "an old id comes before younger ones");
}

async fn none_without_limit(store: Store) {
    let tenant = limited(&store, TenantLimits::default()).await;
    tenant.apply_state(&with_projects("k", &["a", "b"]), NOW).await.unwrap();
    assert_eq!(tenant.projects_beyond_quota().await.unwrap(), None);
    let nobody = store.tenant(muster_store::TenantId::new(NOW));
    assert!(matches!(nobody.projects_beyond_quota().await, Err(StoreError::NoSuchTenant)));
}

async fn usage_counts(store: Store) {
    let tenant = limited(&store, TenantLimits { max_projects: Some(1), ..TenantLimits::default() }).await;
    assert_eq!(tenant.usage().await.unwrap(), TenantUsage::default());
    let applied = tenant.apply_state(&first_change("k"), NOW).await.unwrap();
    tenant.apply_state(&with_projects("l", &["a"]), NOW).await.unwrap();
    let rows = [crate::examples::commit(0, &["a/x"])];
    tenant.append_commits(applied.repository, &rows, Standing::default()).await.unwrap();
    let expected =
        TenantUsage { users: 0, repositories: 2, projects: 2, over_quota: 1, tasks: 2, commits: 1 };
    assert_eq!(tenant.usage().await.unwrap(), expected);
}

async fn recorded(store: Store) {
    let id = store.create_tenant_by(&new_tenant("told"), &actor(), NOW).await.unwrap().id();
    let plan = TenantChange { plan_tier: Some(PlanTier::Pro), ..TenantChange::default() };
    store.change_tenant(id, &plan, &actor(), NOW).await.unwrap();
    assert!(store.suspend_tenant(id, &actor(), NOW).await.unwrap());
    assert!(!store.suspend_tenant(id, &actor(), NOW).await.unwrap(), "what changes nothing is not told");
    assert!(store.take_up_tenant(id, &actor(), LATER).await.unwrap());
    let filter = AuditFilter { oldest_first: true, ..AuditFilter::default() };
    let entries = store.tenant(id).audit_entries(&filter).await.unwrap().items;
    let told: Vec<_> = entries.iter().map(|entry| (entry.actor.as_str(), entry.action.as_str())).collect();
    let actions = ["tenant.create", "tenant.change", "tenant.suspend", "tenant.take_up"];
    assert_eq!(told, actions.map(|action| ("cli:ada", action)));
    assert!(entries.iter().all(|entry| entry.subject == format!("tenant:{id}")));
    assert_eq!(store.tenant(id).verify_audit_log(None).await.unwrap().fault, None);
}
