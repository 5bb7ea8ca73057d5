//! What is done to a server itself: it is started anew, crashes, has no connection left, runs out of disk, or lets the
//! run-time role see everything.

use muster_store::{DatabaseUrl, Standing, Store, StoreError};
use sqlx::{Connection as _, PgConnection};

use crate::disk::SmallDisk;
use crate::examples::{NOW, commit, first_change, tenant};
use crate::own_server::OwnServer;
use crate::scratch::run;
use crate::{HURRIED, PATIENT, not_run, refused};

/// One test for all: making a cluster takes longer than each of them.
#[tokio::test]
async fn a_server_of_its_own_may_suffer_anything() {
    let Some(server) = OwnServer::start() else {
        not_run(
            "a PostgreSQL server that is started anew, is full or has no connection left: no initdb and pg_ctl",
        );
        return;
    };
    let mut superuser = connect(&server, "postgres").await;
    run(&mut superuser, "create role owner login createrole").await;
    run(&mut superuser, "create database m owner owner").await;
    Store::migrate(&url(&server, "owner", "m")).await.unwrap();
    run(&mut superuser, "create role service login noinherit; grant muster_app, muster_operator to service")
        .await;
    superuser.close().await.unwrap();

    it_is_started_anew(&server).await;
    it_has_no_connection_left(&server).await;
    a_role_sees_everything(&server).await;
    its_disk_is_full(&server).await;
}

fn url(server: &OwnServer, role: &str, database: &str) -> DatabaseUrl {
    server.address(role, database).as_str().parse().unwrap()
}

async fn connect(server: &OwnServer, database: &str) -> PgConnection {
    PgConnection::connect(server.address("muster", database).as_str()).await.unwrap()
}

async fn it_is_started_anew(server: &OwnServer) {
    let store = Store::open_with(&url(server, "service", "m"), HURRIED).await.unwrap();
    let writing = tenant(&store).await;
    let repository = writing.apply_state(&first_change("k"), NOW).await.unwrap().repository;
    for (n, mode) in (0..).zip(["fast", "immediate"]) {
        server.stop(mode);
        let said = refused(&url(server, "service", "m")).await;
        assert!(said.starts_with("reach the database server: "), "{said}");
        let failed = writing
            .append_commits(repository, &[commit(n, &["a/x"])], Standing::default())
            .await
            .unwrap_err();
        assert!(matches!(failed, StoreError::Unreachable(_)), "{failed:?}");
        server.start_again("");
        writing.append_commits(repository, &[commit(n, &["a/x"])], Standing::default()).await.unwrap();
        // And once more, with sessions that the server ends while nobody looks.
        server.stop(mode);
        server.start_again("");
        assert_eq!(
            writing.list_repositories(&Default::default()).await.unwrap().items[0].commits,
            u64::from(n) + 1
        );
    }
    store.close().await;
}

async fn it_has_no_connection_left(server: &OwnServer) {
    let store = Store::open_with(&url(server, "service", "m"), PATIENT).await.unwrap();
    let reading = tenant(&store).await;
    let mut held = Vec::new();
    while let Ok(connection) = PgConnection::connect(server.address("muster", "m").as_str()).await {
        held.push(connection);
    }
    let sentence = "get a connection to the database: the server has none left; lower the number of processes or raise its max_connections";
    assert_eq!(refused(&url(server, "service", "m")).await, sentence);
    // The store has a connection, and goes on with it.
    assert_eq!(reading.list_repositories(&Default::default()).await.unwrap().items.len(), 1);
    for connection in held {
        connection.close().await.unwrap();
    }
    loop {
        match Store::open_with(&url(server, "service", "m"), PATIENT).await {
            Ok(opened) => break opened.close().await,
            // The server takes them off its list in its own time.
            Err(error) => assert_eq!(error.to_string(), sentence),
        }
    }
    store.close().await;
}

async fn a_role_sees_everything(server: &OwnServer) {
    let mut superuser = connect(server, "m").await;
    for (with, without) in [("bypassrls", "nobypassrls"), ("superuser", "nosuperuser")] {
        run(&mut superuser, &format!("alter role muster_app {with}")).await;
        assert_eq!(
            refused(&url(server, "service", "m")).await,
            "work as muster_app: row-level security does not hold it back, for it is a superuser or has BYPASSRLS: alter role ... nosuperuser nobypassrls"
        );
        let said = Store::migrate(&url(server, "owner", "m")).await.unwrap_err().to_string();
        assert!(
            said.starts_with("make the roles that muster runs as: the role muster_app has ")
                && said.ends_with("(Let a superuser run: alter role muster_app nosuperuser nobypassrls)"),
            "{said}"
        );
        run(&mut superuser, &format!("alter role muster_app {without}")).await;
        Store::open_with(&url(server, "service", "m"), PATIENT).await.unwrap().close().await;
    }
    superuser.close().await.unwrap();
}

async fn its_disk_is_full(server: &OwnServer) {
    let Some(disk) = SmallDisk::mount(32) else {
        not_run("a full disk under PostgreSQL: mounting a small one takes root");
        return;
    };
    let folder = disk.path.join("tablespace");
    std::fs::create_dir(&folder).unwrap();
    server.give(&folder);
    let mut superuser = connect(server, "postgres").await;
    run(&mut superuser, &format!("create tablespace small location '{}'", folder.display())).await;
    run(&mut superuser, "create database full_disk owner owner tablespace small").await;
    Store::migrate(&url(server, "owner", "full_disk")).await.unwrap();
    let store = Store::open_with(&url(server, "service", "full_disk"), PATIENT).await.unwrap();
    let writing = tenant(&store).await;
    let repository = writing.apply_state(&first_change("k"), NOW).await.unwrap().repository;
    disk.fill();
    let rows = |first: u32| -> Vec<_> { (first..first + 500).map(|n| commit(n, &["a/x", "b/y"])).collect() };
    let mut first = 0;
    let failed = loop {
        match writing.append_commits(repository, &rows(first), Standing::default()).await {
            Ok(_) => first += 500,
            Err(error) => break error,
        }
    };
    assert!(matches!(failed, StoreError::DiskFull), "{failed:?}");
    let listed = writing.list_repositories(&Default::default()).await.unwrap();
    assert_eq!(listed.items[0].commits, u64::from(first));
    disk.make_room();
    writing.append_commits(repository, &rows(first), Standing::default()).await.unwrap();
    store.close().await;
    run(&mut superuser, "drop database full_disk with (force)").await;
    run(&mut superuser, "drop tablespace small").await;
    superuser.close().await.unwrap();
}
