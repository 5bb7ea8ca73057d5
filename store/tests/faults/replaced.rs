//! An SQLite file that is moved away or replaced while it is open: what is written would be lost, so nothing is.

use muster_store::{DatabaseUrl, NewTenant, Store, StoreError};

use crate::examples::NOW;

#[tokio::test]
async fn nothing_is_written_to_a_file_that_is_not_at_its_path_any_more() {
    let folder = tempfile::tempdir().unwrap();
    let [path, aside, backup] = ["store.db", "aside.db", "backup.db"].map(|name| folder.path().join(name));
    let store = Store::open(&DatabaseUrl::Sqlite(path.clone())).await.unwrap();
    let write = async |name: &str| {
        let new = NewTenant { subdomain: name.to_owned(), ..NewTenant::default() };
        store.create_tenant(&new, NOW).await
    };
    write("one").await.unwrap();
    let queue = store.queue().await.unwrap();
    queue.probe().await.unwrap();

    std::fs::rename(&path, &aside).unwrap();
    assert!(matches!(write("two").await, Err(StoreError::FileReplaced)));
    assert!(matches!(queue.probe().await, Err(StoreError::FileReplaced)), "and whoever watches is told");
    std::fs::copy(&aside, &backup).unwrap();
    std::fs::rename(&backup, &path).unwrap();
    let refused = write("two").await.unwrap_err();
    assert!(matches!(refused, StoreError::FileReplaced));
    insta::assert_snapshot!(refused.to_string(), @"write to the database: its file was moved away, or another was put in its place, while it was open; stop every process that uses it, put the right file there, and start again");

    std::fs::rename(&aside, &path).unwrap();
    write("two").await.unwrap();
    queue.probe().await.unwrap();
    store.close().await;
}
