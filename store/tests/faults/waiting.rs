//! Nobody waits for ever: a writer who gets no turn is told so, and the turn of one that has stopped passes on.

use muster_store::{Connections, DatabaseUrl, Store, StoreError};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection as _, SqliteConnection};

use crate::examples::{NOW, first_change, named, tenant};
use crate::scratch::ScratchDatabase;
use crate::{HURRIED, PATIENT};

#[tokio::test]
async fn a_writer_that_gets_no_turn_on_postgresql_is_told_and_others_are_not_held_up() {
    let database = ScratchDatabase::new().await;
    let one_connection = Connections { most: 2, ..HURRIED };
    let store = Store::open_with(&database.url(), one_connection).await.unwrap();
    let (busy, idle) = (named(&store, "busy").await, named(&store, "idle").await);
    let mut other = database.superuser().await;
    let mut holding = other.begin().await.unwrap();
    sqlx::query("select pg_advisory_xact_lock(hashtextextended($1, 0))")
        .bind(busy.id().to_string())
        .execute(&mut *holding)
        .await
        .unwrap();
    // Ten that wait take one connection in all: the other tenant reads and writes meanwhile.
    let change = first_change("k");
    let waiting = async {
        let (a, b, c) = tokio::join!(
            busy.apply_state(&change, NOW),
            busy.apply_state(&change, NOW),
            busy.apply_state(&change, NOW)
        );
        for failed in [a, b, c] {
            assert!(matches!(failed, Err(StoreError::Busy)), "{failed:?}");
        }
    };
    let working = async {
        idle.apply_state(&change, NOW).await.unwrap();
        idle.list_repositories(&Default::default()).await.unwrap();
    };
    tokio::join!(waiting, working);
    holding.rollback().await.unwrap();
    busy.apply_state(&change, NOW).await.unwrap();
    store.close().await;
    other.close().await.unwrap();
    database.remove().await;
}

#[tokio::test]
async fn a_writer_that_gets_no_turn_on_sqlite_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let store = Store::open_with(&DatabaseUrl::Sqlite(path.clone()), HURRIED).await.unwrap();
    let tenant = tenant(&store).await;
    let mut other =
        SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(&path)).await.unwrap();
    let holding = other.begin_with("begin immediate").await.unwrap();
    let failed = tenant.apply_state(&first_change("k"), NOW).await.unwrap_err();
    assert_eq!(
        failed.to_string(),
        "get the database's write lock: another process holds it; try again when it has finished"
    );
    assert!(tenant.list_repositories(&Default::default()).await.unwrap().items.is_empty());
    holding.rollback().await.unwrap();
    tenant.apply_state(&first_change("k"), NOW).await.unwrap();
}

#[tokio::test]
async fn all_connections_of_the_process_in_use_is_said_so() {
    let database = ScratchDatabase::new().await;
    let one = Connections { most: 1, ..HURRIED };
    let store = Store::open_with(&database.url(), one).await.unwrap();
    let (busy, other) = (named(&store, "busy").await, named(&store, "other").await);
    let mut server = database.superuser().await;
    let mut holding = server.begin().await.unwrap();
    sqlx::query("select pg_advisory_xact_lock(hashtextextended($1, 0))")
        .bind(busy.id().to_string())
        .execute(&mut *holding)
        .await
        .unwrap();
    let long = Connections { lock_patience: PATIENT.lock_patience, ..one };
    let long = Store::open_with(&database.url(), long).await.unwrap();
    let (busy, other) = (long.tenant(busy.id()), long.tenant(other.id()));
    let change = first_change("k");
    let mut writing = Box::pin(busy.apply_state(&change, NOW));
    let all = Default::default();
    let reading = other.list_repositories(&all);
    let failed = tokio::select! {
        biased;
        written = &mut writing => panic!("{written:?}"),
        failed = reading => failed,
    };
    let failed = failed.map(drop).unwrap_err();
    assert!(matches!(failed, StoreError::NoConnectionFree), "{failed:?}");
    holding.rollback().await.unwrap();
    writing.await.unwrap();
    other.list_repositories(&Default::default()).await.unwrap();
    for store in [store, long] {
        store.close().await;
    }
    server.close().await.unwrap();
    database.remove().await;
}
