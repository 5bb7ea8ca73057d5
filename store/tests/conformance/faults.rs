//! Files that cannot be used: each is answered in one sentence, and left as it was.

use std::path::{Path, PathBuf};

use muster_store::{DatabaseUrl, Standing, Store, StoreError};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};
use tempfile::TempDir;

use crate::examples::{NOW, commit, first_change, tenant};

async fn raw(path: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
    SqliteConnection::connect_with(&options).await.unwrap()
}

async fn execute(path: &Path, statement: &'static str) {
    let mut connection = raw(path).await;
    sqlx::query(statement).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

async fn refused(path: &Path) -> String {
    Store::open(&DatabaseUrl::Sqlite(path.into())).await.unwrap_err().to_string()
}

/// A closed database with a repository and 300 commits.
async fn filled() -> (PathBuf, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let store = Store::open(&DatabaseUrl::Sqlite(path.clone())).await.unwrap();
    let tenant = tenant(&store).await;
    let applied = tenant.apply_state(&first_change("k"), NOW).await.unwrap();
    let rows: Vec<_> = (0..300).map(|n| commit(n, &["a/x", "b/y"])).collect();
    tenant.append_commits(applied.repository, &rows, Standing::default()).await.unwrap();
    store.close().await;
    (path, folder)
}

#[tokio::test]
async fn a_newer_schema_is_refused() {
    let (path, _folder) = filled().await;
    let newer = "insert into _sqlx_migrations values (9999, 'later', '2100-01-01', true, x'00', 0)";
    execute(&path, newer).await;
    let known = Store::schema_status(&DatabaseUrl::Sqlite(path.clone())).await.unwrap().known;
    assert_eq!(
        refused(&path).await,
        format!(
            "open the database: its schema is number 9999 and this program knows up to {known}; use the newer muster"
        )
    );
}

#[tokio::test]
async fn another_programs_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bookmarks.db");
    execute(&path, "create table bookmarks (address text)").await;
    let answer = "open the database: the file belongs to another program; give another path";
    assert_eq!(refused(&path).await, answer);
    execute(&path, "create table _sqlx_migrations (version integer)").await;
    execute(&path, "pragma application_id = 7").await;
    assert_eq!(refused(&path).await, answer);
}

#[tokio::test]
async fn a_migration_that_was_altered_is_refused() {
    let (path, _folder) = filled().await;
    execute(&path, "delete from _sqlx_migrations where version > 14").await;
    execute(&path, "update _sqlx_migrations set checksum = x'00' where version = 1").await;
    let answer = refused(&path).await;
    assert!(answer.starts_with("bring the database's schema up to date: "), "{answer}");
}

#[tokio::test]
async fn two_that_open_a_new_file_at_once_both_get_it() {
    let folder = tempfile::tempdir().unwrap();
    let url = DatabaseUrl::Sqlite(folder.path().join("store.db"));
    let (one, two, three) = tokio::join!(Store::open(&url), Store::open(&url), Store::open(&url));
    let id = tenant(&one.unwrap()).await.id();
    assert_eq!((tenant(&two.unwrap()).await.id(), tenant(&three.unwrap()).await.id()), (id, id));
}

#[tokio::test]
async fn a_damaged_file_is_said_to_be_damaged() {
    let (path, folder) = filled().await;
    let whole = std::fs::read(&path).unwrap();
    let mut said = 0;
    for page in 1..whole.len() / 4096 {
        let mut bytes = whole.clone();
        bytes[page * 4096..page * 4096 + 2048].fill(0xfe);
        let path = folder.path().join(format!("damaged-{page}.db"));
        std::fs::write(&path, bytes).unwrap();
        let Ok(store) = Store::open(&DatabaseUrl::Sqlite(path)).await else { continue };
        let tenants = store.list_tenants().await;
        let Some(id) = tenants.ok().and_then(|tenants| tenants.first().map(|tenant| tenant.id)) else {
            continue;
        };
        match store.tenant(id).list_commits(&Default::default()).await {
            Err(StoreError::Corrupt) => said += 1,
            Err(StoreError::Damaged(_) | StoreError::Other(_)) | Ok(_) => {}
            Err(error) => panic!("{error:?}"),
        }
        store.close().await;
    }
    assert!(said > 0, "no damage was noticed");
}

#[tokio::test]
async fn a_transaction_that_is_dropped_leaves_nothing() {
    let (path, _folder) = filled().await;
    let store = Store::open(&DatabaseUrl::Sqlite(path)).await.unwrap();
    let tenant = tenant(&store).await;
    let repository = tenant.find_repository_by_source_key("k").await.unwrap().unwrap().id;
    let rows: Vec<_> = (300..900).map(|n| commit(n, &["a/x", "new"])).collect();
    let appending = tenant.append_commits(repository, &rows, Standing::default());
    // A future that is dropped half-way is what Ctrl-C makes of a save.
    let mut appending = Box::pin(appending);
    for _ in 0..3 {
        let once = std::future::poll_fn(|context| std::task::Poll::Ready(appending.as_mut().poll(context)));
        assert!(once.await.is_pending());
        tokio::task::yield_now().await;
    }
    drop(appending);
    assert_eq!(tenant.list_repositories(&Default::default()).await.unwrap().items[0].commits, 300);
    assert_eq!(tenant.append_commits(repository, &rows, Standing::default()).await.unwrap().new, 600);
}
