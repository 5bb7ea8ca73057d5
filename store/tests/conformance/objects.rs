//! Laws of what a provider reports: issues and pull requests, repositories, who may see them, installations.

use muster_model::{
    Access, Digest, Gone, ProviderId, ProviderTask, ProviderTime, PullRequestFacts, Rank, Reference,
    Relation, RepositoryAccess, RepositoryFacts, TaskKind, TaskState, Version,
};
use muster_store::{
    Caps, Connection, JobFilter, Lease, LinkAnswer, LinkQuestion, NewJob, NewTenant, Provider, Reported,
    Repository, RepositoryFilter, Store, StoreError, TaskFilter, TaskRecord, TaskReference, Tenant,
    TenantLimits, TextSource,
};

use crate::audit::ada;
use crate::examples::{LATER, NOW, ODD, first_change, id, tenant};
use crate::laws::{Law, law};

pub(crate) const BASE: &str = "https://github.com";
pub(crate) const REPOSITORY: i64 = 5_000_000_123;
pub(crate) const INSTALLATION: i64 = 7;

pub(crate) fn laws() -> Vec<Law> {
    vec![
        law("put_provider_task", "the larger report holds, as a whole", the_larger_task_holds),
        law("put_provider_task", "one that is gone is closed, even if it was never there", tombstones),
        law("put_provider_task", "report, lease, change and fetch are one", one_with_the_lease),
        law("put_repository_report", "the larger report holds, and the address follows the name", renamed),
        law("put_repository_report", "one that is gone rests, and may come back", gone_and_back),
        law("put_access", "granted is connected and looked at, withdrawn rests", granted_and_withdrawn),
        law("put_access", "one too many is refused, and all of it", one_too_many),
    ]
}

pub(crate) fn provider_id(number: i64) -> ProviderId {
    ProviderId::new(number).unwrap()
}

pub(crate) fn version(millis: i64, rank: Rank, digest: u8) -> Version {
    Version { time: ProviderTime::from_millis(millis), rank, digest: Digest([digest; 16]) }
}

/// An issue; its digest is that of its time.
pub(crate) fn issue(number: u64, at: i64, state: TaskState) -> ProviderTask {
    ProviderTask {
        repository: provider_id(REPOSITORY),
        number,
        id: ProviderId::new(9_000_000_000 + at),
        version: version(at, if state == TaskState::Done { Rank::Closed } else { Rank::Open }, at as u8),
        state,
        gone: None,
        title: format!("{ODD} {at}"),
        body: ODD.to_owned(),
        author: Some(ODD.to_owned()),
        assignees: vec![format!("a{at}"), "b".to_owned()],
        labels: vec![ODD.to_owned()],
        opened_at: ProviderTime::from_millis(-1),
        closed_at: ProviderTime::UNKNOWN,
        url: Some(format!("https://github.com/acme/one/issues/{number}")),
        pull_request: None,
    }
}

pub(crate) fn pull_request(number: u64, at: i64, head: u32) -> ProviderTask {
    ProviderTask {
        pull_request: Some(PullRequestFacts {
            head_ref: "fix/12-x".to_owned(),
            head_sha: Some(id(head)),
            head_repository: None,
            from_fork: true,
            base_ref: "main".to_owned(),
            base_sha: Some(id(1)),
            merge_commit: None,
            merged: false,
            draft: true,
        }),
        ..issue(number, at, TaskState::InProgress)
    }
}

pub(crate) fn reference(target: &str, relation: Relation) -> TaskReference {
    let rule = "number".to_owned();
    let reference = Reference { start: 0, end: 3, target: target.to_owned(), relation, rule };
    TaskReference { source: TextSource::Body, reference, matched: target.to_owned(), in_doubt: false }
}

pub(crate) fn no_links(_: &LinkQuestion) -> LinkAnswer {
    LinkAnswer::default()
}

/// A connected repository at GitHub.
pub(crate) async fn connected(tenant: &Tenant) -> Repository {
    let connection = Connection {
        provider: Some((Provider::GitHub, REPOSITORY)),
        full_name: Some("Acme/one"),
        clone_url: Some("https://github.com/Acme/one.git"),
        ..Connection::default()
    };
    tenant.connect_repository(&connection, NOW, &ada()).await.unwrap()
}

async fn put(tenant: &Tenant, task: &ProviderTask) -> Reported {
    tenant.put_provider_task(Provider::GitHub, task, &[], no_links, None, LATER).await.unwrap()
}

async fn tasks(tenant: &Tenant) -> Vec<TaskRecord> {
    tenant.list_tasks(&TaskFilter { closed: true, ..TaskFilter::default() }).await.unwrap().items
}

/// A claimed job of the tenant's.
async fn lease(store: &Store, tenant: &Tenant) -> Lease {
    let job = NewJob { kind: "apply".to_owned(), ..NewJob::default() };
    tenant.enqueue(&[job], NOW).await.unwrap();
    let queue = store.queue().await.unwrap();
    let caps = Caps { per_tenant: 100, long: 100, lost: 1 };
    let claimed = queue.claim("w", 1, NOW, LATER, caps).await.unwrap();
    claimed[0].lease
}

async fn jobs(tenant: &Tenant) -> Vec<String> {
    let all = tenant.list_jobs(&JobFilter::default()).await.unwrap().items;
    let mut all: Vec<_> = all.into_iter().map(|job| format!("{} {}", job.kind, job.payload)).collect();
    all.retain(|job| !job.starts_with("apply"));
    all.sort();
    all
}

async fn the_larger_task_holds(store: Store) {
    let acme = tenant(&store).await;
    let one = connected(&acme).await;
    assert_eq!(put(&acme, &issue(12, 2, TaskState::Done)).await, Reported::Taken);
    assert_eq!(put(&acme, &issue(12, 2, TaskState::Done)).await, Reported::Outdated);
    assert_eq!(put(&acme, &issue(12, 1, TaskState::Open)).await, Reported::Outdated);
    assert_eq!(put(&acme, &issue(3, 1, TaskState::Open)).await, Reported::Taken);
    let rows = tasks(&acme).await;
    let shown: Vec<_> = rows.iter().map(|row| (row.found.key.as_deref().unwrap(), row.found.state)).collect();
    assert_eq!(shown, [("#3", TaskState::Open), ("#12", TaskState::Done)], "by number");
    let twelve = &rows[1];
    assert_eq!((twelve.repository, twelve.found.kind, twelve.found.line), (one.id, TaskKind::Issue, 0));
    assert_eq!(twelve.found.title, format!("{ODD} 2"));
    assert_eq!(twelve.found.assignee.as_deref(), Some("a2"));
    let facts = twelve.provided.as_ref().unwrap();
    assert_eq!((facts.number, facts.labels.as_slice()), (12, &[ODD.to_owned()][..]));
    let mut bare = issue(12, 3, TaskState::Open);
    (bare.author, bare.url, bare.assignees, bare.labels) = (None, None, vec![], vec![]);
    assert_eq!(put(&acme, &bare).await, Reported::Taken);
    let row = tasks(&acme).await.remove(1);
    assert_eq!((row.id, row.found.state, row.found.assignee), (twelve.id, TaskState::Open, None));
    assert_eq!(row.provided.unwrap().url, None, "what a report does not say is not known");
    assert_eq!(acme.change_seq().await.unwrap(), 4, "connected, and three that were taken");
    let mut foreign = issue(1, 1, TaskState::Open);
    foreign.repository = provider_id(1);
    let refused = acme.put_provider_task(Provider::GitHub, &foreign, &[], no_links, None, NOW).await;
    assert!(matches!(refused, Err(StoreError::NoSuchRepository)));
}

async fn tombstones(store: Store) {
    let acme = tenant(&store).await;
    connected(&acme).await;
    let gone = |number, at, gone| ProviderTask {
        gone: Some(gone),
        version: version(at, Rank::Deleted, 0),
        ..issue(number, at, TaskState::Open)
    };
    assert_eq!(put(&acme, &gone(1, 2, Gone::Deleted)).await, Reported::Taken);
    assert_eq!(put(&acme, &issue(1, 1, TaskState::Open)).await, Reported::Outdated);
    assert_eq!(put(&acme, &issue(2, 1, TaskState::Done)).await, Reported::Taken);
    let moved = Gone::Transferred { to: Some(provider_id(8)), number: Some(3) };
    assert_eq!(put(&acme, &gone(2, 2, moved)).await, Reported::Taken);
    let rows = tasks(&acme).await;
    let shown: Vec<_> = rows.iter().map(|row| (row.found.state, row.closed_at)).collect();
    assert_eq!(shown, [(TaskState::Open, Some(LATER)), (TaskState::Open, Some(LATER))]);
    assert_eq!(acme.list_tasks(&TaskFilter::default()).await.unwrap().items, []);
    assert_eq!(put(&acme, &issue(1, 3, TaskState::Open)).await, Reported::Taken);
    assert_eq!(tasks(&acme).await[0].closed_at, None, "it was brought back");
}

async fn one_with_the_lease(store: Store) {
    let acme = tenant(&store).await;
    let one = connected(&acme).await;
    let held = lease(&store, &acme).await;
    let late = Lease { number: held.number - 1, ..held };
    let task = pull_request(5, 1, 40);
    let put = async |task: &ProviderTask, lease| {
        let references = [reference("#12", Relation::Closes)];
        acme.put_provider_task(Provider::GitHub, task, &references, no_links, lease, LATER).await.unwrap()
    };
    assert_eq!(put(&task, Some(late)).await, Reported::LeaseLost);
    assert_eq!((tasks(&acme).await.len(), jobs(&acme).await.len()), (0, 0));
    assert_eq!(put(&task, Some(held)).await, Reported::Taken);
    assert_eq!(put(&task, Some(held)).await, Reported::LeaseLost);
    let fetch = format!(r#"pull {{"number":5,"repository":{}}}"#, one.id);
    assert_eq!(jobs(&acme).await, std::slice::from_ref(&fetch));
    let held = lease(&store, &acme).await;
    assert_eq!(put(&task, Some(held)).await, Reported::Outdated, "the lease is ended all the same");
    assert_eq!(put(&task, Some(held)).await, Reported::LeaseLost);
    let row = tasks(&acme).await.remove(0);
    assert_eq!((row.found.kind, row.found.references), (TaskKind::PullRequest, vec!["#12".to_owned()]));
    let facts = row.provided.unwrap();
    assert_eq!((facts.draft, facts.merged), (Some(true), Some(false)));
    let mut other = pull_request(5, 2, 40);
    other.labels = vec![];
    _ = put(&other, None).await;
    assert_eq!(jobs(&acme).await, std::slice::from_ref(&fetch), "neither end moved");
    _ = put(&pull_request(5, 3, 41), None).await;
    assert_eq!(jobs(&acme).await, [fetch], "ten pushes, one fetch");
}

pub(crate) fn repository_report(at: i64, rank: Rank, name: &str) -> RepositoryFacts {
    RepositoryFacts {
        id: provider_id(REPOSITORY),
        version: version(at, rank, at as u8),
        full_name: Some(name.to_owned()),
        owner: Some(provider_id(at)),
        default_branch: Some(format!("main{}", at % 2)),
        private: Some(at % 2 == 0),
        archived: None,
        url: Some(ODD.to_owned()),
    }
}

async fn report(tenant: &Tenant, facts: &RepositoryFacts) -> Reported {
    let provider = Provider::GitHub;
    tenant.put_repository_report(provider, facts, BASE, Some(no_links), None, LATER).await.unwrap()
}

pub(crate) async fn one(tenant: &Tenant) -> Repository {
    tenant.find_repository_by_provider(Provider::GitHub, REPOSITORY).await.unwrap().unwrap()
}

async fn renamed(store: Store) {
    let acme = tenant(&store).await;
    let before = connected(&acme).await;
    assert_eq!(report(&acme, &repository_report(4, Rank::Open, "other/two")).await, Reported::Taken);
    assert_eq!(report(&acme, &repository_report(4, Rank::Open, "other/two")).await, Reported::Outdated);
    assert_eq!(report(&acme, &repository_report(3, Rank::Deleted, "acme/one")).await, Reported::Outdated);
    let now = one(&acme).await;
    let facts = &now.facts;
    assert_eq!((now.id, facts.source_key.as_str()), (before.id, "github:5000000123"));
    assert_eq!(facts.clone_url.as_deref(), Some("https://github.com/other/two.git"));
    assert_eq!((facts.name.as_str(), now.provided.full_name.as_deref()), ("two", Some("other/two")));
    assert_eq!((now.provided.private, now.provided.archived), (Some(true), None));
    assert_eq!((now.provided.owner, now.provided.url.as_deref()), (Some(4), Some(ODD)));
    assert_eq!(now.provided.default_branch.as_deref(), Some("main0"));
    assert_eq!(jobs(&acme).await, [format!(r#"look {{"repository":{}}}"#, now.id)], "another default branch");
    let held = lease(&store, &acme).await;
    let late = Lease { number: held.number - 1, ..held };
    let facts = repository_report(5, Rank::Open, "x/y");
    let lost = acme.put_repository_report(Provider::GitHub, &facts, BASE, None, Some(late), LATER).await;
    assert_eq!(lost.unwrap(), Reported::LeaseLost);
    assert_eq!(one(&acme).await, now);
    let foreign = RepositoryFacts { id: provider_id(1), ..facts };
    let refused = acme.put_repository_report(Provider::GitHub, &foreign, BASE, None, None, LATER).await;
    assert!(matches!(refused, Err(StoreError::NoSuchRepository)));
}

async fn gone_and_back(store: Store) {
    let acme = tenant(&store).await;
    connected(&acme).await;
    let activity = async || {
        let now = one(&acme).await;
        (now.is_active, now.provided.gone_at)
    };
    assert_eq!(report(&acme, &repository_report(1, Rank::Deleted, "acme/one")).await, Reported::Taken);
    assert_eq!(activity().await, (false, Some(LATER)));
    let access = access(2, INSTALLATION, Access::Granted);
    assert_eq!(put_access(&acme, &access).await, Reported::Taken);
    assert_eq!(activity().await, (false, Some(LATER)), "access does not bring it back");
    assert_eq!(report(&acme, &repository_report(3, Rank::Open, "acme/one")).await, Reported::Taken);
    assert_eq!(activity().await, (true, None));
}

pub(crate) fn access(at: i64, installation: i64, access: Access) -> RepositoryAccess {
    let rank = if access == Access::Granted { Rank::Open } else { Rank::Deleted };
    RepositoryAccess {
        installation: provider_id(installation),
        repository: provider_id(REPOSITORY),
        full_name: Some("acme/one".to_owned()),
        access,
        version: version(at, rank, at as u8),
    }
}

async fn put_access(tenant: &Tenant, report: &RepositoryAccess) -> Reported {
    tenant.put_access(Provider::GitHub, report, BASE, None, LATER).await.unwrap()
}

async fn granted_and_withdrawn(store: Store) {
    let acme = tenant(&store).await;
    let withdrawn = access(1, INSTALLATION, Access::Withdrawn);
    assert_eq!(put_access(&acme, &withdrawn).await, Reported::Taken);
    assert_eq!(
        acme.list_repositories(&RepositoryFilter::default()).await.unwrap().items,
        [],
        "nothing to rest"
    );
    assert_eq!(put_access(&acme, &access(2, INSTALLATION, Access::Granted)).await, Reported::Taken);
    let now = one(&acme).await;
    assert_eq!(now.facts.clone_url.as_deref(), Some("https://github.com/acme/one"));
    assert_eq!((now.is_active, now.provided.installation), (true, Some(INSTALLATION)));
    assert_eq!(now.provided.connected_at, Some(LATER));
    let first = acme.list_jobs(&JobFilter::default()).await.unwrap().items.remove(0);
    assert_eq!((first.kind.as_str(), first.long, first.installation), ("look", true, Some(INSTALLATION)));
    assert_eq!(first.priority, muster_store::Priority::Backfill);
    assert_eq!(put_access(&acme, &withdrawn).await, Reported::Outdated);
    assert_eq!(put_access(&acme, &access(2, 3, Access::Granted)).await, Reported::Taken);
    assert_eq!(put_access(&acme, &access(3, INSTALLATION, Access::Withdrawn)).await, Reported::Taken);
    assert_eq!((one(&acme).await.is_active, one(&acme).await.provided.installation), (true, Some(3)));
    assert_eq!(put_access(&acme, &access(3, 3, Access::Withdrawn)).await, Reported::Taken);
    assert_eq!((one(&acme).await.is_active, one(&acme).await.provided.installation), (false, None));
    assert_eq!(put_access(&acme, &access(4, 3, Access::Granted)).await, Reported::Taken);
    assert_eq!((one(&acme).await.is_active, one(&acme).await.id), (true, now.id), "as it was");
    let held = lease(&store, &acme).await;
    let late = Lease { number: held.number - 1, ..held };
    let report = access(5, 3, Access::Withdrawn);
    let lost = acme.put_access(Provider::GitHub, &report, BASE, Some(late), LATER).await.unwrap();
    assert_eq!((lost, one(&acme).await.is_active), (Reported::LeaseLost, true));
}

async fn one_too_many(store: Store) {
    let limits = TenantLimits { max_repositories: Some(1), ..TenantLimits::default() };
    let new = NewTenant { subdomain: "small".to_owned(), limits, ..NewTenant::default() };
    let small = store.create_tenant(&new, NOW).await.unwrap();
    let other = small.apply_state(&first_change("https://github.com/acme/two"), NOW).await.unwrap();
    let report = access(1, INSTALLATION, Access::Granted);
    let held = lease(&store, &small).await;
    let refused = small.put_access(Provider::GitHub, &report, BASE, Some(held), LATER).await;
    assert!(
        matches!(refused, Err(StoreError::QuotaReached { what: "repositories", limit: 1 })),
        "{refused:?}"
    );
    assert!(jobs(&small).await.is_empty());
    assert!(small.disconnect_repository(other.repository, NOW, &ada()).await.unwrap());
    let taken = small.put_access(Provider::GitHub, &report, BASE, Some(held), LATER).await.unwrap();
    assert_eq!(taken, Reported::Taken, "nothing had been changed, the lease held");
}
