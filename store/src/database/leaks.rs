//! Nothing of a tenant stays behind on a connection: not its name, not its role, not its transaction.
//!
//! The pool has one connection here, so whoever comes next has the one that was used before.

use super::{Pool, Role, Urgency, statement};
use crate::address::DatabaseUrl;
use crate::{Connections, NewTenant, Store, StoreError, TenantId, Timestamp};

use crate::scratch::ScratchDatabase;

const NOW: Timestamp = Timestamp(1_700_000_000_000);
/// One connection, and all the patience that a busy machine may need.
const ONE: Connections = Connections {
    most: 1,
    patience: std::time::Duration::from_secs(60),
    lock_patience: std::time::Duration::from_secs(60),
};

/// A store with one connection, and a tenant that has a row.
async fn with_a_row(url: &DatabaseUrl) -> (Store, TenantId) {
    let store = Store::open_with(url, ONE).await.unwrap();
    let new = NewTenant { subdomain: "acme".to_owned(), ..NewTenant::default() };
    let tenant = store.create_tenant(&new, NOW).await.unwrap().id();
    let mut transaction = store.pool.write(tenant, Urgency::Answer).await.unwrap();
    add_repository(&mut transaction, "k").await.unwrap();
    transaction.commit().await.unwrap();
    (store, tenant)
}

async fn add_repository(transaction: &mut super::TenantTransaction, key: &str) -> Result<(), StoreError> {
    let none: Option<&str> = None;
    let query =
        transaction.query(statement!("repositories/create")).bind(key).bind(key).bind(none).bind(none);
    let query = query.bind(None::<&[u8]>).bind(false).bind(false).bind(1_i64).bind(NOW.0);
    transaction.fetch_one(query).await.map(drop)
}

/// The ways in which a transaction can end. Each leaves the connection to the pool.
async fn every_end(store: &Store, tenant: TenantId, mut look: impl AsyncFnMut(&'static str)) {
    let pool = &store.pool;
    let write = async || pool.write(tenant, Urgency::Answer).await.unwrap();

    let mut transaction = write().await;
    add_repository(&mut transaction, "committed").await.unwrap();
    transaction.commit().await.unwrap();
    look("after a commit").await;

    drop(pool.read(tenant).await.unwrap());
    look("after reading").await;

    let mut transaction = write().await;
    add_repository(&mut transaction, "dropped").await.unwrap();
    drop(transaction);
    look("after a drop").await;

    let mut transaction = write().await;
    add_repository(&mut transaction, "k").await.unwrap_err();
    drop(transaction);
    look("after an error").await;

    let panicking = {
        let pool = pool.clone();
        async move {
            let mut transaction = pool.write(tenant, Urgency::Answer).await.unwrap();
            add_repository(&mut transaction, "panicked").await.unwrap();
            panic!("in the middle of a transaction");
        }
    };
    assert!(tokio::spawn(panicking).await.unwrap_err().is_panic());
    look("after a panic").await;

    // Dropped while the engine works: the answer to the statement is still on its way.
    for steps in 1..12 {
        let mut half = Box::pin(async {
            let mut transaction = pool.write(tenant, Urgency::Answer).await?;
            add_repository(&mut transaction, "half").await?;
            std::future::pending::<Result<(), StoreError>>().await
        });
        for _ in 0..steps {
            let once = std::future::poll_fn(|context| std::task::Poll::Ready(half.as_mut().poll(context)));
            assert!(once.await.is_pending());
            tokio::task::yield_now().await;
        }
        drop(half);
        look("after a drop in the middle").await;
    }

    drop(pool.global(Role::Operator).await.unwrap());
    look("after the operator's work").await;
}

#[tokio::test]
async fn on_postgresql_the_next_user_finds_neither_role_nor_tenant() {
    let database = ScratchDatabase::new().await;
    let (store, tenant) = with_a_row(&database.url()).await;
    let Pool::Postgres(raw, ..) = &store.pool else { unreachable!("the address is PostgreSQL's") };
    let mut connection = raw.acquire().await.unwrap();
    let server: i32 =
        sqlx::query_scalar("select pg_backend_pid()").fetch_one(&mut *connection).await.unwrap();
    drop(connection);
    let mut looked = 0;
    every_end(&store, tenant, async |when| {
        let mut connection = raw.acquire().await.unwrap();
        let (pid, role, user, login, set): (i32, String, String, String, Option<String>) = sqlx::query_as(
            "select pg_backend_pid(), current_setting('role'), current_user::text, session_user::text,
                nullif(current_setting('app.current_tenant_id', true), '')",
        )
        .fetch_one(&mut *connection)
        .await
        .unwrap();
        assert_eq!(pid, server, "{when}: the same connection");
        assert_eq!((role.as_str(), set), ("none", None), "{when}");
        assert_eq!(user, login, "{when}");
        drop(connection);
        // And as the run-time role without a tenant nothing is seen.
        let mut transaction = store.pool.read_global(Role::App).await.unwrap();
        let count = statement!(postgres "tenants/list");
        let query = transaction.statement(count);
        assert_eq!(transaction.fetch_all(query).await.unwrap().len(), 1, "{when}");
        drop(transaction);
        let mut bare = raw.begin().await.unwrap();
        sqlx::query("set local role muster_app").execute(&mut *bare).await.unwrap();
        let seen: i64 =
            sqlx::query_scalar("select count(*) from repositories").fetch_one(&mut *bare).await.unwrap();
        assert_eq!(seen, 0, "{when}");
        looked += 1;
    })
    .await;
    let kept = store.tenant(tenant).list_repositories(&Default::default()).await.unwrap().items;
    let keys: Vec<_> = kept.iter().map(|listing| listing.repository.facts.source_key.as_str()).collect();
    assert_eq!(keys, ["committed", "k"]);
    println!("looked {looked} times at the connection that was used before");
    store.close().await;
    database.remove().await;
}

#[tokio::test]
async fn on_sqlite_the_next_user_finds_no_open_transaction() {
    let folder = tempfile::tempdir().unwrap();
    let (store, tenant) = with_a_row(&DatabaseUrl::Sqlite(folder.path().join("store.db"))).await;
    let other = store.tenant(TenantId::new(NOW));
    every_end(&store, tenant, async |when| {
        // A transaction that was left open would refuse the next `begin`, and a turn that was kept would never come.
        drop(store.pool.write(other.id(), Urgency::Answer).await.unwrap());
        assert_eq!(other.list_repositories(&Default::default()).await.unwrap().items, [], "{when}");
    })
    .await;
    let kept = store.tenant(tenant).list_repositories(&Default::default()).await.unwrap().items;
    assert_eq!(kept.len(), 2);
}
