//! Databases that take no writes: what is there can be read, a write says why, and an open store writes again when it
//! may.

use std::process::Command;

use muster_store::{DatabaseUrl, Store, StoreError};
use sqlx::Connection as _;

use crate::examples::{NOW, first_change, named, tenant};
use crate::scratch::{ScratchDatabase, run};
use crate::{PATIENT, is_root, not_run};

const PATH: &str = "path=";

#[tokio::test]
async fn a_database_that_was_put_to_read_only_is_read_and_written_again_later() {
    let database = ScratchDatabase::new().await;
    let store = Store::open_with(&database.url(), PATIENT).await.unwrap();
    let tenant = tenant(&store).await;
    tenant.apply_state(&first_change("before"), NOW).await.unwrap();
    let mut server = database.superuser().await;
    let put = async |server: &mut sqlx::PgConnection, word: &str| {
        let statement =
            format!("alter database {} set default_transaction_read_only = {word}", database.name());
        run(server, &statement).await;
    };
    put(&mut server, "on").await;
    let opened = Store::open_with(&database.url(), PATIENT).await.unwrap();
    let reading = opened.tenant(tenant.id());
    assert_eq!(reading.list_repositories(&Default::default()).await.unwrap().items.len(), 1);
    for failed in [
        reading.apply_state(&first_change("after"), NOW).await.map(drop),
        opened.create_tenant(&crate::examples::new_tenant("other"), NOW).await.map(drop),
    ] {
        let error = failed.unwrap_err();
        assert!(matches!(error, StoreError::ServerReadOnly(_)), "{error:?}");
        assert_eq!(
            error.to_string(),
            "write to the database: the server takes no writes (transactions are read-only); use the address of the primary, or ask who runs it why default_transaction_read_only is on"
        );
    }
    put(&mut server, "off").await;
    // The connections of before are still read-only: they are not used again.
    reading.apply_state(&first_change("after"), NOW).await.unwrap();
    named(&opened, "other").await;
    assert_eq!(tenant.list_repositories(&Default::default()).await.unwrap().items.len(), 2);
    server.close().await.unwrap();
    database.remove().await;
}

/// The child: an open store whose file becomes read-only and writable again. Not as root, who may write anywhere.
#[tokio::test]
async fn child_writes_to_a_file_that_becomes_read_only() {
    let Some(path) = std::env::args().find_map(|argument| argument.strip_prefix(PATH).map(str::to_owned))
    else {
        return;
    };
    let permit = |mode: &str| {
        // SQLite makes the files beside it with the rights of the file itself.
        let beside = ["", "-wal", "-shm"].map(|end| format!("{path}{end}"));
        let there = beside.iter().filter(|path| std::path::Path::new(path).exists());
        assert!(Command::new("chmod").arg(mode).args(there).status().unwrap().success());
    };
    let url = DatabaseUrl::Sqlite(path.clone().into());
    let store = Store::open_with(&url, PATIENT).await.unwrap();
    let first = tenant(&store).await;
    first.apply_state(&first_change("before"), NOW).await.unwrap();
    store.close().await;

    permit("0400");
    let store = Store::open_with(&url, PATIENT).await.unwrap();
    let reading = store.tenant(first.id());
    assert_eq!(reading.list_repositories(&Default::default()).await.unwrap().items.len(), 1);
    let failed = reading.apply_state(&first_change("after"), NOW).await.unwrap_err();
    assert_eq!(
        failed.to_string(),
        "write to the database: it is read-only; check the permissions of the file, of those beside it (-wal, -shm) and of their directory"
    );
    permit("0600");
    reading.apply_state(&first_change("after"), NOW).await.unwrap();
    assert_eq!(reading.list_repositories(&Default::default()).await.unwrap().items.len(), 2);
    println!("\nread-only and back");
}

#[test]
fn a_file_that_is_read_only_is_read_and_written_again_later() {
    let folder = tempfile::tempdir().unwrap();
    let program = std::env::current_exe().unwrap();
    let mut command = Command::new(&program);
    if is_root() {
        command = Command::new("setpriv");
        command.args(["--reuid", "65534", "--regid", "65534", "--clear-groups", "--"]).arg(&program);
        let opened = Command::new("chown").arg("65534:65534").arg(folder.path()).status().unwrap().success();
        let mut trial = Command::new("setpriv");
        trial
            .args(["--reuid", "65534", "--regid", "65534", "--clear-groups", "--", "test", "-x"])
            .arg(&program);
        if !opened || !trial.status().is_ok_and(|status| status.success()) {
            not_run(
                "a read-only SQLite file: as root, who may write anywhere; run the tests as somebody else",
            );
            return;
        }
    }
    let output = command
        .args(["--exact", "read_only::child_writes_to_a_file_that_becomes_read_only", "--nocapture"])
        .arg(format!("{PATH}{}", folder.path().join("store.db").display()))
        .env("TMPDIR", folder.path())
        .current_dir(folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("\nread-only and back"), "{said}{}", String::from_utf8_lossy(&output.stderr));
}
