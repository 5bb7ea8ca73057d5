//! A thousand writes at once, of several kinds, by several tenants, through two stores as two processes would have
//! them: none waits for another in a circle, and all succeed.

use std::sync::Arc;

use muster_store::{RebuildMark, RepositoryId, Standing, StateChange, Store, StoreError, Tenant, Timestamp};
use sqlx::Connection as _;
use tokio::task::JoinSet;

use crate::PATIENT;
use crate::examples::{NOW, commit, first_change, id, named, new_tenant, settle_line};
use crate::scratch::ScratchDatabase;

const WRITES: u32 = 1000;
const TENANTS: u32 = 5;
const REPOSITORIES: u32 = 4;

/// What a scan does: loads the state, changes it, and begins again where another scan was faster.
async fn scan(tenant: &Tenant, key: &str, n: u32) -> Result<(), StoreError> {
    loop {
        let known = tenant.find_repository_by_source_key(key).await?;
        let mut change: StateChange = first_change(key);
        if let Some(known) = known {
            change.base = Some((known.id, known.revision));
            change.projects.clear();
            change.submodules.as_mut().unwrap().clear();
            change.facts.head = Some(id(n));
        }
        match tenant.apply_state(&change, NOW).await {
            Err(StoreError::StateMoved) => {}
            applied => return applied.map(drop),
        }
    }
}

/// The n-th write: which kind, of whom and where follow from its number.
async fn write(store: &Store, tenant: Tenant, repository: RepositoryId, n: u32) -> Result<(), StoreError> {
    let key = format!("k{}", n / 7 % REPOSITORIES);
    match n % 7 {
        0 | 1 => scan(&tenant, &key, n).await,
        2 | 3 => {
            let first = n / 3;
            let rows: Vec<_> = (first..first + 20).rev().map(|n| commit(n, &["a/x", "b/y", "c"])).collect();
            tenant.append_commits(repository, &rows, Standing::default()).await.map(drop)
        }
        4 => tenant.rebuild_commit_projects(repository, RebuildMark::default()).await.map(drop),
        5 => {
            let name = format!("refs/heads/{}", n % 5);
            loop {
                let whole = n.is_multiple_of(2);
                match settle_line(&tenant, repository, &name, Some(n), whole).await {
                    Err(StoreError::StateMoved) => {}
                    settled => return settled.map(drop),
                }
            }
        }
        _ => store
            .create_tenant(&new_tenant(&format!("new-{n}")), Timestamp(NOW.0 + i64::from(n)))
            .await
            .map(drop),
    }
}

#[tokio::test]
async fn a_thousand_writes_at_once_never_lock_each_other_out() {
    let database = ScratchDatabase::new().await;
    let stores = [
        Arc::new(Store::open_with(&database.url(), PATIENT).await.unwrap()),
        Arc::new(Store::open_with(&database.url(), PATIENT).await.unwrap()),
    ];
    let mut places = Vec::new();
    for tenant in 0..TENANTS {
        let tenant = named(&stores[0], &format!("t{tenant}")).await;
        for repository in 0..REPOSITORIES {
            let change = first_change(&format!("k{repository}"));
            places.push((tenant.id(), tenant.apply_state(&change, NOW).await.unwrap().repository));
        }
    }
    let mut writes = JoinSet::new();
    for n in 0..WRITES {
        let store = Arc::clone(&stores[n as usize % 2]);
        let (tenant, repository) = places[(n as usize * 31) % places.len()];
        let tenant = store.tenant(tenant);
        writes.spawn(async move { (n, write(&store, tenant, repository, n).await) });
    }
    let mut done = 0;
    while let Some(joined) = writes.join_next().await {
        let (n, written) = joined.unwrap();
        written.unwrap_or_else(|error| panic!("write {n}: {error}"));
        done += 1;
    }
    assert_eq!(done, WRITES);
    for store in stores {
        Arc::into_inner(store).unwrap().close().await;
    }
    // A session counts its deadlocks for all to see when it ends.
    let mut server = database.superuser().await;
    loop {
        let others: i64 = sqlx::query_scalar(
            "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
                and backend_type = 'client backend'",
        )
        .fetch_one(&mut server)
        .await
        .unwrap();
        if others == 0 {
            break;
        }
    }
    let deadlocks: i64 =
        sqlx::query_scalar("select deadlocks from pg_stat_database where datname = current_database()")
            .fetch_one(&mut server)
            .await
            .unwrap();
    assert_eq!(deadlocks, 0);
    server.close().await.unwrap();
    database.remove().await;
}
