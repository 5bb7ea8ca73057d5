//! PgBouncer in transaction mode: every law holds through it, and nothing that one transaction sets meets the next.
//!
//! It hands a few connections of the server to whoever begins a transaction, so what stays behind on one of them would
//! be seen by another tenant. The summary of `scripts/test` says so where no PgBouncer was found.

use std::future::poll_fn;
use std::io::Write as _;
use std::task::Poll;

use muster_store::{RepositoryId, Standing, Store, Tenant};
use sqlx::{Connection as _, PgConnection};
use url::Url;

use crate::all;
use crate::examples::{NOW, commit, first_change, named};
use crate::scratch::{ScratchDatabase, pooler};

const ROUNDS: u32 = 100;

/// PgBouncer's address; where there is none a line is added to the summary.
#[expect(clippy::disallowed_methods, reason = "scripts/test names the file of its summary in a variable")]
fn pooler_or_not_run(what: &str) -> Option<Url> {
    let found = pooler();
    if let (None, Some(summary)) = (&found, std::env::var_os("MUSTER_NOT_RUN")) {
        let mut file = std::fs::OpenOptions::new().append(true).open(summary).unwrap();
        let line =
            format!("{what} through PgBouncer: none of 1.21 or newer was found (name one in PGBOUNCER)\n");
        file.write_all(line.as_bytes()).unwrap();
    }
    found
}

#[tokio::test]
async fn every_law_holds_through_pgbouncer() {
    let Some(pooler) = pooler_or_not_run("the laws of the store") else { return };
    for law in all() {
        let database = ScratchDatabase::new().await;
        let store = Store::open(&database.pooled_url(&pooler)).await.unwrap();
        println!("{}: {}", law.method, law.says);
        (law.holds)(store).await;
        database.remove().await;
    }
}

#[tokio::test]
async fn no_setting_outlives_its_transaction_on_a_shared_connection() {
    let Some(pooler) = pooler_or_not_run("the isolation of settings") else { return };
    let database = ScratchDatabase::new().await;
    let store = Store::open(&database.pooled_url(&pooler)).await.unwrap();
    let (one, two) = (named(&store, "one").await, named(&store, "two").await);
    for (tenant, key) in [(&one, "one"), (&two, "two")] {
        tenant.apply_state(&first_change(key), NOW).await.unwrap();
    }
    let stranger = database.pooled_service(&pooler).await;
    tokio::join!(
        ask(&one, "one"),
        ask(&two, "two"),
        write(&one, 0),
        write(&two, 0),
        break_off(&one),
        break_off(&two),
        look_on(stranger)
    );
    drop(store);
    database.remove().await;
}

/// A tenant sees its own repository and no other, whoever used the connection before.
async fn ask(tenant: &Tenant, key: &str) {
    for _ in 0..ROUNDS {
        let listed = tenant.list_repositories(&Default::default()).await.unwrap().items;
        let keys: Vec<_> = listed.iter().map(|item| item.repository.facts.source_key.as_str()).collect();
        assert_eq!(keys, [key]);
    }
}

async fn repository(tenant: &Tenant) -> RepositoryId {
    tenant.list_repositories(&Default::default()).await.unwrap().items[0].repository.id
}

async fn write(tenant: &Tenant, first: u32) {
    let repository = repository(tenant).await;
    for n in first..first + ROUNDS {
        let appended =
            tenant.append_commits(repository, &[commit(n, &["a/x"])], Standing::default()).await.unwrap();
        assert_eq!(appended.new, 1);
    }
}

/// Drops transactions in their middle, as somebody does who no longer waits.
async fn break_off(tenant: &Tenant) {
    let repository = repository(tenant).await;
    for n in 0..ROUNDS {
        let rows = [commit(ROUNDS + n, &["a/x"])];
        let mut writing = Box::pin(tenant.append_commits(repository, &rows, Standing::default()));
        for _ in 0..n % 7 {
            let once = poll_fn(|context| Poll::Ready(writing.as_mut().poll(context).is_ready()));
            if once.await {
                break;
            }
            tokio::task::yield_now().await;
        }
    }
}

/// What somebody finds who comes to a connection after others: no tenant, no role, no rows.
async fn look_on(mut connection: PgConnection) {
    for _ in 0..ROUNDS {
        let found: (String, String, String) = sqlx::query_as(
            "select session_user::text, current_user::text, coalesce(current_setting('app.current_tenant_id', true), '')",
        )
        .fetch_one(&mut connection)
        .await
        .unwrap();
        assert_eq!((found.0 == found.1, found.2.as_str()), (true, ""), "{found:?}");
        let mut transaction = connection.begin().await.unwrap();
        sqlx::query("set local role muster_app").execute(&mut *transaction).await.unwrap();
        let rows: i64 =
            sqlx::query_scalar("select count(*) from commits").fetch_one(&mut *transaction).await.unwrap();
        assert_eq!(rows, 0);
        transaction.rollback().await.unwrap();
    }
}
